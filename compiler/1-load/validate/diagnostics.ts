import { clip } from '../../diagnostics/escape.js';
import { diagnostic } from '../../diagnostics/define.js';

export const notConforming = diagnostic<{ version: string; path: string; problem: string }>({
  code: 'GWC1050', severity: 'warning',
  message: ({ version, path, problem }) => `${path === '' ? 'the document' : `'${clip(path)}'`} does not follow OpenAPI ${version}: ${clip(problem, 300)}`,
  hint: () => 'see the specification at https://spec.openapis.org/oas/',
  help: 'swagger-parser, which gwc uses to validate documents, found that this part does not have the form that the OpenAPI specification gives it. Most such faults have a diagnostic of their own that says what to write; this is the net under them. It is a warning, because what gwc cannot work with has an error of its own.\n\nWhat API Gateway accepts beyond the specification is accepted: `{proxy+}`, `x-amazon-apigateway-any-method`, missing responses.',
});
