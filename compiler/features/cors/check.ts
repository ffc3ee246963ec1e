/** The idioms of CORS in REST APIs (OPTIONS methods with mock integrations, gateway responses with headers), and what is easily forgotten in them. */
import type { Reporter } from '../../diagnostics/report.js';
import type { Api, Operation } from '../../feature.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import { ANSWERS_WITHOUT_CORS, ERRORS_WITHOUT_CORS, PREFLIGHT_GUARDED } from './diagnostics.js';

const ALLOW_ORIGIN = 'access-control-allow-origin';

export function checkCorsIdioms(api: Api, reporter: Reporter): void {
  const preflights = api.operations.filter((operation) => operation.method === 'OPTIONS' && (operation.integration.kind === 'mock' || sends(operation, /^access-control-allow-/i)));
  for (const operation of preflights) {
    const by = guardOf(operation);
    if (by !== undefined) reporter.report(PREFLIGHT_GUARDED, operation.origin, { path: operation.path.text, by });
  }
  // Where the gateway answers CORS itself, all its answers carry the headers.
  if (api.flavour !== 'rest' || api.parts.cors !== undefined) return;
  const allowing = preflights.filter((operation) => sends(operation, /^access-control-allow-origin$/i));
  for (const preflight of allowing) for (const operation of api.operations) {
    if (operation.path.text !== preflight.path.text || operation.method === 'OPTIONS') continue;
    const statuses = [...new Set((mappedResponses(operation) ?? []).filter((response) => !hasHeader(response, ALLOW_ORIGIN)).map(({ status }) => status))].sort();
    if (statuses.length > 0) reporter.report(ANSWERS_WITHOUT_CORS, operation.origin, { method: operation.method, path: operation.path.text, statuses: statuses.join(', ') });
  }
  const sender = allowing[0] ?? api.operations.find((operation) => sends(operation, /^access-control-allow-origin$/i));
  const types = ['DEFAULT_4XX', 'DEFAULT_5XX'].filter((type) => !Object.keys(api.parts.gatewayResponses?.byType[type]?.headers ?? {}).some((name) => name.toLowerCase() === ALLOW_ORIGIN));
  if (sender && types.length > 0) reporter.report(ERRORS_WITHOUT_CORS, sender.origin, { types: types.join(', ') });
}

/** Integration responses of mapped integrations; undefined: the backend says the headers. */
function mappedResponses({ integration }: Operation): readonly IntegrationResponse[] | undefined {
  return 'responses' in integration && !integration.kind.endsWith('_proxy') ? integration.responses : undefined;
}

function sends(operation: Operation, name: RegExp): boolean {
  return (mappedResponses(operation) ?? []).some((response) => response.headers.some((header) => name.test(header.name)));
}

function hasHeader(response: IntegrationResponse, lower: string): boolean {
  return response.headers.some(({ name }) => name.toLowerCase() === lower);
}

function guardOf({ parts }: Operation): string | undefined {
  const kind = parts.authorize?.alternatives[0]?.[0]?.kind;
  if (kind !== undefined) return kind === 'iam' ? 'a signature' : kind === 'key' ? 'an API key' : 'an authorizer';
  return parts.security !== undefined ? 'an authorizer' : parts.apiKey !== undefined ? 'an API key' : undefined;
}
