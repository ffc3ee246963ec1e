/** `aws` integrations: a signed call of an AWS service and what comes back (integrations.md §9, errors.md §4). */
import type { ActionHeader } from './action.js';
import { awsCredentials, credentialsInTime, type CredentialCache, type CredentialsFor } from './credentials.js';
import type { AwsEndpoint, AwsService } from './endpoint.js';
import type { Exchange } from '../exchange.js';
import { requestId } from '../identifiers/request-id.js';
import { isS3, recode, signatureFields } from './sigv4.js';
import { traceId } from '../identifiers/trace-id.js';
import type { UpstreamFailure, UpstreamResponse } from '../backends/upstream.js';

/** 'configuration': no credentials, a role that may not be assumed, an endpoint that is none. */
export type AwsFailure = Exclude<UpstreamFailure, 'aborted'> | 'configuration';

type Respond = (exchange: Exchange, response: UpstreamResponse) => void;
type Failed = (exchange: Exchange, failure: AwsFailure, detail: string) => void;

/** API Gateway buffers 10 MB of a service's answer. */
const ANSWER_LIMIT = 10_485_760;

/** Written by the signature; a mapping of the same name is not sent. */
const OF_THE_SIGNATURE = /* @__PURE__ */ new Set(['authorization', 'x-amz-date', 'x-amz-security-token', 'host', 'content-length', 'transfer-encoding', 'connection']);

interface Call {
  readonly exchange: Exchange;
  readonly endpoint: AwsEndpoint;
  readonly credentials: CredentialCache;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Signed. */
  readonly fields: readonly string[];
  readonly body: Uint8Array | null;
  /** performance.now() ms. */
  readonly deadline: number;
  readonly respond: Respond;
  readonly failed: Failed;
}

/** `target`: path and query; `mapped`: flat fields; `action`: of a JSON service's action form. The body is `exchange.body`. */
export function callAws(exchange: Exchange, service: AwsService, credentials: CredentialsFor, method: string, target: string, mapped: readonly string[], action: ActionHeader | null, timeoutMs: number, respond: Respond, failed: Failed): void {
  const endpoint = service();
  if (typeof endpoint === 'string') return failed(exchange, 'configuration', endpoint);
  if (!target.startsWith('/')) return failed(exchange, 'configuration', 'AWS ARN for integration must contain path or action');
  const mark = target.indexOf('?');
  const written = endpoint.prefix + (mark < 0 ? target : target.slice(0, mark));
  const body = exchange.body !== null && exchange.body.length > 0 ? exchange.body : null;
  call({
    exchange, endpoint, method, body, respond, failed, credentials: credentials(endpoint, exchange),
    // S3 signs the path as it arrives there: it is sent in the form that leaves no doubt.
    path: isS3(endpoint.signingName) ? keyPath(written) : written,
    query: mark < 0 ? '' : target.slice(mark + 1),
    fields: fieldsOf(exchange, mapped, action, body),
    deadline: performance.now() + timeoutMs,
  }, false);
}

function call(each: Call, again: boolean): void {
  const { exchange, endpoint, credentials: cache, method, path, query, body, deadline, respond, failed } = each;
  credentialsInTime(exchange, cache, deadline, (credentials, problem) => {
    const timeoutMs = Math.max(1, deadline - performance.now());
    // An emulator takes requests without a signature, but a role that was refused is refused there too.
    if (credentials === null && (endpoint.mustSign || cache !== awsCredentials())) return failed(exchange, 'configuration', problem);
    const fields = [...each.fields];
    if (credentials !== null) fields.push(...signatureFields({ method, host: endpoint.host, path, query, fields, body: body ?? '' }, { region: endpoint.region, service: endpoint.signingName }, credentials, Date.now()));
    // Not signed: hops may change them.
    if (!has(fields, 'user-agent')) fields.push('User-Agent', `AmazonAPIGateway_${exchange.gateway.apiId}`);
    fields.push('X-Amzn-Trace-Id', traceId(exchange));
    endpoint.upstream.call({ method, target: query === '' ? path : `${path}?${query}`, host: endpoint.host, fields, body, timeoutMs }, ANSWER_LIMIT, (response) => {
      try {
        // Keys can end before their time, or be replaced: one more attempt with new ones. The service refused, so nothing was done.
        if (credentials !== null && !again && areBad(response)) {
          cache.forget(credentials);
          return call(each, true);
        }
        respond(exchange, response);
      } catch (error) { exchange.gateway.onFault(exchange, error); }
    }, (failure, detail) => { if (failure !== 'aborted') failed(exchange, failure, detail); });
  }, () => failed(exchange, 'timeout', 'no credentials in time'));
}

function fieldsOf(exchange: Exchange, mapped: readonly string[], action: ActionHeader | null, body: Uint8Array | null): string[] {
  const fields: string[] = [];
  for (let i = 0; i < mapped.length; i += 2) if (!OF_THE_SIGNATURE.has(mapped[i]!.toLowerCase())) fields.push(mapped[i]!, mapped[i + 1]!);
  if (!has(fields, 'accept')) fields.push('Accept', 'application/json');
  const isJson = action !== null && action.target !== '';
  if (isJson && !has(fields, 'x-amz-target')) fields.push('X-Amz-Target', action.target);
  if (!has(fields, 'content-type')) {
    if (isJson || (action !== null && body === null)) fields.push('Content-Type', action.contentType);
    else if (body !== null) fields.push('Content-Type', exchange.head.get('content-type') ?? 'application/json');
  }
  fields.push('X-Amzn-Apigateway-Api-Id', exchange.gateway.apiId);
  return fields;
}

function has(fields: readonly string[], name: string): boolean {
  for (let i = 0; i < fields.length; i += 2) if (fields[i]!.toLowerCase() === name) return true;
  return false;
}

/** What AWS answers to keys that are expired or not (yet) known, in JSON and XML. */
function areBad(response: UpstreamResponse): boolean {
  if (response.status !== 400 && response.status !== 401 && response.status !== 403) return false;
  return /ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|TokenRefreshRequired/.test(response.fields.get('x-amzn-errortype') ?? response.body.toString('utf8', 0, 500));
}

/** An S3 key's one spelling: every octet but the unreserved ones encoded once, slashes as they are. */
function keyPath(path: string): string {
  return path.split('/').map(recode).join('/').replaceAll('%2F', '/');
}

/** API Gateway's own lines; details hold no credential. */
export function logAwsFailure(exchange: Exchange, failure: AwsFailure, detail: string): void {
  const text = failure === 'timeout' ? `Execution failed due to a timeout error: ${detail}` : failure === 'configuration' ? `Execution failed due to configuration error: ${detail}` : `Execution failed due to configuration error or network error: ${detail}`;
  exchange.gateway.log(`(${requestId(exchange)}) ${text.replace(/[\0-\x1f\x7f\u2028\u2029]+/g, ' ').slice(0, 2_000)}`);
}
