/** Tells the gateway's own answers (throttled, not authorised, invalid request, …) from those of the service behind it. */

/** AWS's name of the error in kebab case, except for the first seven, which callers tell apart most. */
export type GatewayFaultKind =
  | 'throttled' | 'quota' | 'validation' | 'integration' | 'integration-timeout' | 'too-large' | 'unsupported-media-type'
  | 'bad-request' | 'unauthorized' | 'forbidden' | 'access-denied' | 'missing-authentication-token' | 'invalid-signature' | 'incomplete-signature'
  | 'expired-token' | 'not-found' | 'authorizer-configuration' | 'authorizer-failure' | 'internal-server-error' | 'service-unavailable' | (string & {});

export interface FieldFault {
  /** 'parameter': the gateway does not say where it belongs. */
  readonly in: 'body' | 'path' | 'query' | 'header' | 'cookie' | 'parameter' | (string & {});
  readonly parameter: string | undefined;
  /** JSON Pointer (RFC 6901) into the body or the parameter's value; undefined when the gateway does not say. */
  readonly pointer: string | undefined;
  /** The JSON Schema keyword that failed, when the gateway says. */
  readonly keyword: string | undefined;
  readonly message: string;
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
  const object = objectOf(body);
  const type = errorTypeOf(headers);
  const message = ['message', 'Message', 'detail', 'title'].map((key) => text(object[key])).find(Boolean);
  const problems = headers.get('content-type')?.includes('problem+json') && Array.isArray(object['errors']) ? object['errors'].map(fieldOf) : undefined;
  const fields = problems ?? (type ? fieldsOf(message) : []);
  const own = type
    // A page of another origin may not see the type. gwc's problems are told by their shape,
    ?? (problems ? status === 400 && fields.every((field) => field.keyword)
    // an HTTP API's answers by having nothing else to say.
    : headers.has('apigw-requestid') && Object.keys(object).length === 1 && HTTP_API.test(message ?? ''));
  if (!own) return undefined;
  return { kind: fields.length > 0 && status === 400 ? 'validation' : kindOf(status, type?.replace(/Exception$/, '') ?? message!, message), type, message, fields };
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
function fieldsOf(message = ''): FieldFault[] {
  const found = /^Invalid request body$|^Missing required request parameters: \[(.*)\]$/.exec(message);
  return (found?.[1]?.split(', ') ?? (found ? [undefined] : [])).map((parameter) => ({ in: parameter ? 'parameter' : 'body', parameter, pointer: undefined, keyword: parameter && 'required', message }));
}

function fieldOf(item: unknown): FieldFault {
  const field = objectOf(item);
  const parameter = text(field['parameter']) ?? text(field['name']);
  return { in: text(field['in']) ?? (parameter ? 'parameter' : 'body'), parameter, pointer: text(field['pointer'])?.replace(/^#/, ''), keyword: text(field['keyword']), message: text(field['message']) ?? text(field['detail']) ?? '' };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value ? (value as Readonly<Record<string, unknown>>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
