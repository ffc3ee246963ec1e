/** Functions called over Lambda's Invoke API: AWS itself, or whatever speaks it (LocalStack, SAM, moto, a Lambda container's emulator). */
import { awsCredentials, credentialsInTime, type CredentialCache, type CredentialsFor } from '../aws/credentials.js';
import type { Exchange } from '../exchange.js';
import { errorMessage } from './error-message.js';
import { PAYLOAD_LIMIT, RESULT_LIMIT } from './limits.js';
import type { Invoke, LambdaResult } from './proxy.js';
import { parseFunction, type FunctionReference } from './reference.js';
import { requestId } from '../identifiers/request-id.js';
import { encodeRfc3986, signatureFields, type AwsCredentials } from '../aws/sigv4.js';
import { traceId } from '../identifiers/trace-id.js';
import type { Upstream, UpstreamResponse } from '../backends/upstream.js';
import { upstreamAt } from '../backends/upstreams.js';

/** Where and as what a function is called. */
export interface InvokeTarget {
  readonly upstream: Upstream;
  readonly host: string;
  /** Encoded. */
  readonly path: string;
  readonly query: string;
  readonly region: string;
  /** AWS takes nothing unsigned; emulators do. */
  readonly mustSign: boolean;
}

/** Lambda's largest answer; with a margin for what frames it. */
const ANSWER_LIMIT = RESULT_LIMIT + 65_536;
const NO_FIELDS: readonly string[] = [];
const TLS = { insecureSkipVerification: false };

/**
 * `reference`: ARN or name. `endpoint`: URL of an Invoke endpoint, '' for AWS or what AWS_ENDPOINT_URL_LAMBDA and AWS_ENDPOINT_URL say. A URL
 * with a path is called as it is. `region`: of the integration's uri, used when the reference and the environment have none.
 */
export function invokeFunction(reference: string, endpoint: string, region: string, credentials: CredentialsFor = awsCredentials): Invoke {
  let target: InvokeTarget | string | null = null;
  return (exchange, event, timeoutMs, done, raw) => {
    target ??= invokeTarget(reference, endpoint, region);
    if (typeof target === 'string') return done({ kind: 'configuration', detail: target });
    const body = raw?.payload ?? Buffer.from(JSON.stringify(event), 'utf8');
    if (body.length > PAYLOAD_LIMIT) return done({ kind: 'tooLarge' });
    const extra = raw === undefined ? NO_FIELDS : raw.type === 'RequestResponse' ? raw.fields : [...raw.fields, 'X-Amz-Invocation-Type', raw.type];
    call(exchange, target, body, extra, performance.now() + timeoutMs, credentials(target, exchange), false, done);
  };
}

function call(exchange: Exchange, target: InvokeTarget, body: Buffer, extra: readonly string[], deadline: number, cache: CredentialCache, again: boolean, done: (result: LambdaResult) => void): void {
  credentialsInTime(exchange, cache, deadline, (credentials, problem) => {
    if (isRefused(credentials, target, cache)) return done({ kind: 'configuration', detail: problem });
    const timeoutMs = Math.max(1, deadline - performance.now());
    const { upstream, host, path, query } = target;
    const fields = requestFields(exchange, target, body, extra, credentials);
    upstream.call({ method: 'POST', target: query === '' ? path : `${path}?${query}`, host, fields, body, timeoutMs }, ANSWER_LIMIT, (response) => {
      // Keys can end before their time, or be replaced: one more attempt with new ones. AWS refused, so nothing ran.
      if (response.status === 403 && credentials !== null && !again && areBadCredentials(response.fields.get('x-amzn-errortype') ?? response.body.toString('utf8', 0, 500))) {
        cache.forget(credentials);
        return call(exchange, target, body, extra, deadline, cache, true, done);
      }
      done(resultOf(response));
    }, (failure, detail) => done(failure === 'timeout' ? { kind: 'timeout', detail } : failure === 'protocol' ? { kind: 'broken', detail } : { kind: 'network', detail }));
  }, () => done({ kind: 'timeout', detail: 'no credentials in time' }));
}

/** AWS takes nothing unsigned. An emulator does, but where the integration names a role or the caller, it gets those or nothing. */
export function isRefused(credentials: AwsCredentials | null, target: InvokeTarget, cache: CredentialCache): boolean {
  return credentials === null && (target.mustSign || cache !== awsCredentials());
}

export function requestFields(exchange: Exchange, target: InvokeTarget, body: Buffer, extra: readonly string[], credentials: AwsCredentials | null): string[] {
  const fields = ['Content-Type', 'application/json', 'Accept', 'application/json', 'X-Amzn-Lambda-Integration-Tag', requestId(exchange), 'X-Amzn-Apigateway-Api-Id', exchange.gateway.apiId, ...extra];
  if (credentials !== null) fields.push(...signatureFields({ method: 'POST', host: target.host, path: target.path, query: target.query, fields, body }, { region: target.region, service: 'lambda' }, credentials, Date.now()));
  // Not signed: hops may change them.
  fields.push('User-Agent', `AmazonAPIGateway_${exchange.gateway.apiId}`, 'X-Amzn-Trace-Id', traceId(exchange));
  return fields;
}

/** `error`: the service's name for it. */
export function areBadCredentials(error: string): boolean {
  return /ExpiredToken|UnrecognizedClient|InvalidSignature|InvalidClientTokenId/.test(error);
}

function resultOf(response: UpstreamResponse): LambdaResult {
  const id = response.fields.get('x-amzn-requestid') ?? '-';
  const { status } = response;
  if (status === 202 || status === 204) return { kind: 'accepted', status, requestId: id, response };
  // Anything else is the service's own.
  if (status !== 200) return { kind: 'refused', status, requestId: id, detail: serviceMessage(response.body) };
  if (response.body.length > RESULT_LIMIT) return { kind: 'broken', detail: `the result is larger than ${RESULT_LIMIT} bytes` };
  const text = response.body.toString('utf8');
  return response.fields.get('x-amz-function-error') === undefined ? { kind: 'returned', text, requestId: id, response } : { kind: 'functionError', message: errorMessage(text), payload: text, requestId: id, response };
}

/** `{"Type": "User", "message": …}`, with a capital M from some. */
export function serviceMessage(body: Buffer): string {
  try {
    const value = JSON.parse(body.toString('utf8', 0, 65_536)) as Record<string, unknown> | null;
    const message = value?.['message'] ?? value?.['Message'];
    return typeof message === 'string' ? message.slice(0, 2_000) : '';
  } catch { return ''; }
}

/** A string says why there is none. */
export function invokeTarget(text: string, endpoint: string, uriRegion: string): InvokeTarget | string {
  const reference = parseFunction(text);
  if (reference === null) return `"${text.slice(0, 200)}" names no Lambda function`;
  const { env } = process;
  const region = knownRegion(reference) || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || reference.region || uriRegion;
  if (region === '') return `the region of function ${reference.name} is not known: set AWS_REGION`;
  const given = endpoint || env['AWS_ENDPOINT_URL_LAMBDA'] || env['AWS_ENDPOINT_URL'] || `https://lambda.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  let url: URL;
  try { url = new URL(given); } catch { return `the Lambda endpoint "${given.slice(0, 200)}" is no URL`; }
  const upstream = url.username !== '' || url.password !== '' ? null : upstreamAt(url.origin, TLS);
  if (upstream === null) return `the Lambda endpoint ${url.protocol}//${url.host} cannot be called`;
  const mustSign = /\.amazonaws\.com(?:\.cn)?$/.test(url.hostname);
  const common = { upstream, host: url.host, region, mustSign };
  if (url.pathname !== '/') return { ...common, path: url.pathname, query: url.search.slice(1) };
  // Emulators know functions by name; AWS needs the ARN where the function may be another account's.
  const name = mustSign && isKnownAccount(reference) ? `arn:${reference.partition}:lambda:${region}:${reference.account}:function:${reference.name}` : reference.name;
  return { ...common, path: `/2015-03-31/functions/${encodeRfc3986(name)}/invocations`, query: reference.qualifier === '' ? '' : `Qualifier=${encodeRfc3986(reference.qualifier)}` };
}

/** 000000000000 stands for an account a build did not know (`AWS::AccountId`); then the region was a default too. */
const isKnownAccount = ({ account }: FunctionReference): boolean => account !== '' && account !== '000000000000';
const knownRegion = (reference: FunctionReference): string => (isKnownAccount(reference) ? reference.region : '');
