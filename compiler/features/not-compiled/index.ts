import { diagnostic } from '../../diagnostics/define.js';
import { code } from '../../code.js';
import type { Feature } from '../../feature.js';
import { closest } from '../../diagnostics/suggest.js';
import type { NotCompiledIntegration } from './ir.js';

const TYPES = ['http', 'http_proxy', 'aws', 'aws_proxy', 'mock'];

export const INTEGRATION_NOT_COMPILED = diagnostic<{ type: string; what: string }>({
  code: 'GWC2341', severity: 'warning',
  message: ({ type, what }) => `integration type ${type} (${what}) is not compiled yet: the operation answers 500`,
  hint: () => 'build with --mock to answer operations without an integration from examples, or change the integration to http_proxy',
  help: 'Integrations without a uri, and `aws_proxy` with another service than Lambda, are read but not called. Such an operation answers as API Gateway does for a broken configuration: 500 `{"message": "Internal server error"}`.',
});

export const UNKNOWN_INTEGRATION_TYPE = diagnostic<{ type: string; suggestion: string | undefined }>({
  code: 'GWC2342', severity: 'error',
  message: ({ type }) => `integration type "${type}" does not exist`,
  hint: ({ suggestion }) => (suggestion ? `did you mean ${suggestion}?` : `write one of ${TYPES.join(', ')}`),
  help: 'The `type` of an integration is one of http, http_proxy, aws, aws_proxy and mock, in any case.',
});

/** Integrations that are read but not compiled: they fail closed and say so at build time. */
export const notCompiled: Feature<NotCompiledIntegration> = {
  key: 'notCompiled',
  stage: 'integrate',
  integrationKinds: ['not_compiled'],
  diagnostics: { INTEGRATION_NOT_COMPILED, UNKNOWN_INTEGRATION_TYPE },
  readIntegration(raw, reporter) {
    const node = raw.node.get('x-amazon-apigateway-integration');
    if (!node) return undefined;
    const type = node.string('type')?.toLowerCase() ?? '';
    if (!TYPES.includes(type)) reporter.report(UNKNOWN_INTEGRATION_TYPE, (node.at('type') ?? node).origin, { type, suggestion: closest(type, TYPES) });
    else reporter.report(INTEGRATION_NOT_COMPILED, node.at('type')!.origin, { type, what: describe(node.string('uri'), node.string('integrationSubtype')) });
    return { kind: 'not_compiled', type, origin: node.origin };
  },
  summary: (part) => `${part.type}: not compiled, answers 500`,
  emit: (_part, operation, unit) => code`${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`,
};

function describe(uri: string | undefined, subtype: string | undefined): string {
  if (subtype) return subtype;
  const service = /^arn:[^:]*:apigateway:[^:]*:([^:]+):/.exec(uri ?? '')?.[1];
  return service ?? uri ?? 'no uri';
}
