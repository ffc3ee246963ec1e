/** Tells the gateway's own answers (throttled, not authorised, invalid request, …) from those of the service behind it. */

/** AWS's name of the error in kebab case, except for the first seven, which callers tell apart most. */
export type GatewayFaultKind =
  | 'throttled' | 'quota' | 'validation' | 'integration' | 'integration-timeout' | 'too-large' | 'unsupported-media-type'
  | 'bad-request' | 'unauthorized' | 'forbidden' | 'access-denied' | 'missing-authentication-token' | 'invalid-signature' | 'incomplete-signature'
  | 'expired-token' | 'not-found' | 'authorizer-configuration' | 'authorizer-failure' | 'internal-server-error' | 'service-unavailable' | (string & {});

export interface FieldFault {
  /** JSON Pointer (RFC 6901) into the body, or the name of a parameter; undefined when the gateway does not say. */
  readonly pointer: string | undefined;
  readonly in: 'body' | 'parameter';
  readonly message: string;
  /** The JSON Schema keyword that failed, when the gateway says. */
  readonly keyword: string | undefined;
}

export interface GatewayFault {
  readonly kind: GatewayFaultKind;
  /** `x-amzn-ErrorType` without its namespace, e.g. `TooManyRequestsException`; the `type` of problem details (RFC 9457). */
  readonly type: string | undefined;
  readonly message: string | undefined;
  /** What was wrong with the request, for kind 'validation'. */
  readonly fields: readonly FieldFault[];
}

/** What an HTTP API says without naming a type: the whole body is `{"message": <text>}`. */
const HTTP_API = /^(Bad Request|Unauthorized|Forbidden|Not Found|Request Entity Too Large|Too Many Requests|Internal Server Error|Service Unavailable|Gateway Timeout)$/;

export function requestIdOf(headers: Headers): string | undefined {
  return headers.get('x-amzn-requestid') ?? headers.get('apigw-requestid') ?? headers.get('x-request-id') ?? undefined;
}

/** `x-amzn-ErrorType` without a namespace in front or an address behind (`aws.api#TooManyRequestsException:http://…`). */
export function errorTypeOf(headers: Headers): string | undefined {
  return headers.get('x-amzn-errortype')?.split(':')[0]!.split('#').pop()!.trim() || undefined;
}

/** What the gateway says went wrong; undefined when the answer is the service's own. `body` is the parsed body. */
export function gatewayFault(status: number, headers: Headers, body: unknown): GatewayFault | undefined {
  const object = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const message = text(object['message']) ?? text(object['Message']);
  const type = errorTypeOf(headers);
  if (headers.get('content-type')?.includes('problem+json') && Array.isArray(object['errors'])) {
    const fields = object['errors'].map(fieldOf);
    if (fields.some((field) => field.pointer !== undefined)) return { kind: 'validation', type: type ?? text(object['type']), message: text(object['detail']) ?? text(object['title']), fields };
  }
  // A backend may use the same words, but not as the only thing it says in an answer without a type of its own.
  if (type === undefined && !(headers.has('apigw-requestid') && Object.keys(object).length === 1 && HTTP_API.test(message ?? ''))) return undefined;
  const fields = type ? fieldsOf(message) : [];
  return { kind: fields.length > 0 ? 'validation' : kindOf(status, type?.replace(/Exception$/, '') ?? message!, message), type, message, fields };
}

/** `name` is AWS's, in words or camel case. */
function kindOf(status: number, name: string, message: string | undefined): GatewayFaultKind {
  if (name === 'LimitExceeded') return 'quota';
  if (status === 413) return 'too-large';
  if (status === 415) return 'unsupported-media-type';
  if (status === 429) return 'throttled';
  if (status === 504) return /time/i.test(message ?? '') ? 'integration-timeout' : 'integration';
  return name.replace(/([a-z]) ?([A-Z])/g, '$1-$2').toLowerCase();
}

/** REST APIs name missing parameters and nothing else: `Missing required request parameters: [a, b]`, `Invalid request body`. */
function fieldsOf(message: string | undefined): FieldFault[] {
  const found = /^Invalid request body$|^Missing required request parameters: \[(.*)\]$/.exec(message ?? '');
  return (found?.[1]?.split(', ') ?? (found ? [undefined] : [])).map((pointer) => ({ pointer, in: pointer ? 'parameter' : 'body', message: message!, keyword: pointer && 'required' }));
}

function fieldOf(item: unknown): FieldFault {
  const field = (typeof item === 'object' && item !== null ? item : {}) as Readonly<Record<string, unknown>>;
  const parameter = text(field['parameter']) ?? text(field['name']);
  const pointer = text(field['pointer'])?.replace(/^#/, '');
  return { pointer: parameter ?? pointer, in: parameter === undefined ? 'body' : 'parameter', message: text(field['message']) ?? text(field['detail']) ?? '', keyword: text(field['keyword']) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
