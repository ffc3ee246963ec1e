import { clip } from '../../diagnostics/escape.js';
import { diagnostic } from '../../diagnostics/define.js';

/** What to write, for the problems that real documents have. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^has both /, 'keep one of them'],
  [/NOT have fewer than 1 /, 'write at least one, or leave the field out'],
  [/NOT have duplicate items/, 'remove the one that is there twice'],
  [/ is missing$/, 'add it'],
];

export const notConforming = diagnostic<{ version: string; path: string; problem: string }>({
  code: 'GWC1050', severity: 'warning',
  message: ({ version, path, problem }) => `${path === '' ? 'the document' : `'${clip(path)}'`} does not follow OpenAPI ${version}: ${clip(problem, 300)}`,
  hint: ({ problem }) => ADVICE.find(([pattern]) => pattern.test(problem))?.[1] ?? 'see the specification at https://spec.openapis.org/oas/',
  help: 'swagger-parser, which gwc uses to validate documents, found that this part does not have the form that the OpenAPI specification gives it. Most such faults have a diagnostic of their own that says what to write; this is the net under them. It is a warning, because what gwc cannot work with has an error of its own.\n\nWhat API Gateway accepts beyond the specification is accepted: `{proxy+}`, `x-amazon-apigateway-any-method`, missing responses.',
});
