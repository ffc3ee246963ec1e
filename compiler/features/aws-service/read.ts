import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawOperation } from '../../feature.js';
import { checkTemplatesOnBytes, readPayloadRules } from '../../integration/content-handling.js';
import { readCredentials } from '../../integration/credentials/read.js';
import { readRequestParameters } from '../../integration/read-request-parameters.js';
import { readIntegrationResponses } from '../../integration/read-responses.js';
import { readTemplates } from '../../integration/read-templates.js';
import { INVALID_SERVICE_TIMEOUT, INVALID_SERVICE_URI, NOT_COMPILED_SERVICE_FIELD, UNKNOWN_ACTIONS, UNMAPPED_SERVICE_PLACEHOLDER } from './diagnostics.js';
import type { AwsServiceIntegration } from './ir.js';
import { actionProtocol } from './services.js';
import { parseServiceUri } from './uri.js';

export function readAwsService(raw: RawOperation, reporter: Reporter): AwsServiceIntegration | undefined {
  const node = raw.node.get('x-amazon-apigateway-integration');
  if (node?.string('type')?.toLowerCase() !== 'aws') return undefined;
  const uriNode = node.get('uri');
  // Published documents have their uris taken out: such an operation is nobody's, and says so.
  if (uriNode === undefined) return undefined;
  const text = typeof uriNode.value === 'string' ? uriNode.value : '';
  // Functions are somebody else's.
  if (/^arn:[^:]*:apigateway:[^:]*:lambda:/.test(text.trim())) return undefined;
  const uri = parseServiceUri(text);
  if ('problem' in uri) reporter.report(INVALID_SERVICE_URI, uriNode.origin, { problem: uri.problem });
  const requestParameters = readRequestParameters(raw, node, reporter);
  if (!('problem' in uri)) {
    if (uri.form === 'action' && actionProtocol(uri.name) === undefined && actionProtocol(uri.service) === undefined) reporter.report(UNKNOWN_ACTIONS, uriNode.origin, { service: uri.name });
    for (const part of [...uri.target, ...uri.query]) {
      if (part.kind !== 'placeholder' || requestParameters.some((mapping) => mapping.target === 'path' && mapping.name === part.name)) continue;
      reporter.report(UNMAPPED_SERVICE_PLACEHOLDER, uriNode.origin, { name: part.name });
    }
  }
  reportNotCompiled(node, reporter);
  const requestTemplates = readTemplates(node.get('requestTemplates'), reporter);
  const responses = readIntegrationResponses(node, raw.responses, reporter);
  const payload = readPayloadRules(node, raw.api);
  checkTemplatesOnBytes(payload, requestTemplates, 'request', reporter);
  for (const response of responses) checkTemplatesOnBytes({ ...payload, contentHandling: response.contentHandling }, response.templates, 'response', reporter);
  const passthrough = node.string('passthroughBehavior')?.toLowerCase();
  return {
    kind: 'aws_service',
    ...('problem' in uri ? {} : { uri }),
    httpMethod: (node.string('httpMethod') ?? 'ANY').toUpperCase(),
    credentials: readCredentials(node, reporter),
    timeoutMs: readTimeout(raw, node, reporter),
    requestParameters,
    requestTemplates,
    passthrough: passthrough === 'never' || passthrough === 'when_no_templates' ? passthrough : 'when_no_match',
    payload,
    responses,
    origin: uriNode.origin,
  };
}

export function readTimeout(raw: RawOperation, node: Node, reporter: Reporter): number {
  const usual = raw.api.flavour === 'rest' ? 29_000 : 30_000;
  const timeout = node.get('timeoutInMillis');
  if (!timeout) return usual;
  const value = Number(timeout.value);
  if (Number.isInteger(value) && value >= 50 && value <= 900_000) return value;
  reporter.report(INVALID_SERVICE_TIMEOUT, timeout.origin, { value: String(timeout.value), maximum: usual });
  return usual;
}

function reportNotCompiled(node: Node, reporter: Reporter): void {
  const note = (field: string, effect: string): void => {
    const at = node.at(field);
    if (at && at.value !== null && at.value !== '') reporter.report(NOT_COMPILED_SERVICE_FIELD, at.keyOrigin, { field, effect });
  };
  note('cacheKeyParameters', 'answers are not cached');
  if (node.string('connectionType')?.toUpperCase() === 'VPC_LINK') note('connectionType', 'the service is called directly');
}
