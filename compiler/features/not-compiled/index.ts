import { diagnostic } from '../../diagnostics/define.js';
import { code } from '../../code.js';
import type { Feature } from '../../feature.js';
import { closest } from '../../diagnostics/suggest.js';
import type { NotCompiledIntegration } from './ir.js';

const TYPES = ['http', 'http_proxy', 'aws', 'aws_proxy', 'mock'];
/** What consoles, frameworks and other gateways call them. */
const MEANT: Readonly<Record<string, string>> = { lambda: 'aws_proxy', lambdaproxy: 'aws_proxy', awslambda: 'aws_proxy', proxy: 'http_proxy', https: 'http_proxy', awsservice: 'aws' };

export const INTEGRATION_NOT_COMPILED = diagnostic<{ type: string; what: string }>({
  code: 'GWC2341', severity: 'warning',
  message: ({ type, what }) => `integration type ${type} (${what}) is not compiled yet: the operation answers 500`,
  hint: ({ what }) => (what === 'no uri' ? 'add uri: what the integration calls' : 'change the integration to http_proxy, or take it out and build with --mock to answer from examples'),
  help: 'Integrations without a uri, and `aws_proxy` with another service than Lambda, are read but not called. Such an operation answers as API Gateway does for a broken configuration: 500 `{"message": "Internal server error"}`.',
});

export const UNKNOWN_INTEGRATION_TYPE = diagnostic<{ type: string; suggestion: string | undefined }>({
  code: 'GWC2342', severity: 'error',
  message: ({ type }) => (type === '' ? 'the integration has no type' : `integration type '${type}' does not exist`),
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : `write type: one of ${TYPES.join(', ')}`),
  help: 'The `type` of an integration is one of http, http_proxy, aws, aws_proxy and mock, in any case. Lambda functions are called by `aws_proxy` (the whole request as an event) or `aws` (with mapping templates), URLs by `http_proxy` or `http`; write one of them.',
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
    // An unknown integrationSubtype has been reported by the slice that reads them.
    const isUnknownSubtype = type === 'aws_proxy' && node.get('integrationSubtype') !== undefined;
    if (!TYPES.includes(type)) reporter.report(UNKNOWN_INTEGRATION_TYPE, node.at('type')?.origin ?? node.keyOrigin, { type, suggestion: MEANT[type.replace(/[^a-z]/g, '')] ?? closest(type, TYPES) });
    else if (!isUnknownSubtype) reporter.report(INTEGRATION_NOT_COMPILED, node.at('type')!.origin, { type, what: describe(node.string('uri'), node.string('integrationSubtype')) });
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
