/** What can be thrown. An HTTP answer is thrown only by `unwrap`; a call itself throws only when there is no answer to give back. */
import type { FieldFault, GatewayFault } from './gateway-fault.js';
import type { Answer, ErrorOf, Failure } from './result.js';

/** The operation answered, but not with a success that the document declares. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly operation: string;
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
  readonly requestId: string | undefined;
  readonly gateway: GatewayFault | undefined;

  constructor(answer: Failure<number, unknown>) {
    const said = answer.gateway?.message ?? messageIn(answer.body);
    super(`${answer.operation} answered ${answer.status}${said ? `: ${said}` : ''}${answer.requestId ? ` (request ${answer.requestId})` : ''}`);
    this.operation = answer.operation;
    this.status = answer.status;
    this.body = answer.body;
    this.headers = answer.headers;
    this.requestId = answer.requestId;
    this.gateway = answer.gateway;
  }
}

/** The gateway turned the request down or could not reach the service; `gateway.kind` says why. */
export class GatewayError extends ApiError {
  override readonly name: string = 'GatewayError';
  declare readonly gateway: GatewayFault;
}

/** Too many requests per second (429). */
export class ThrottledError extends GatewayError {
  override readonly name: string = 'ThrottledError';
}

/** The usage plan's quota is used up (429): no retry helps before its period ends. */
export class QuotaExceededError extends GatewayError {
  override readonly name: string = 'QuotaExceededError';
}

/** The gateway found the request invalid (400) before it reached the service. */
export class RequestRejectedError extends GatewayError {
  override readonly name: string = 'RequestRejectedError';
  get fields(): readonly FieldFault[] {
    return this.gateway.fields;
  }
}

/** No answer: the connection failed. `cause` is what fetch threw. */
export class TransportError extends Error {
  override readonly name: string = 'TransportError';
  declare readonly operation: string;
  declare readonly attempts: number;

  constructor(operation: string, attempts: number, message: string, cause?: unknown) {
    super(`${operation}: ${message} (attempt ${attempts})`, { cause });
    Object.assign(this, { operation, attempts });
  }
}

/** No answer in time. */
export class TimeoutError extends TransportError {
  override readonly name: string = 'TimeoutError';
}

/** A declared success whose body is not what its media type says. `text` is what arrived, cut after 1 000 characters. */
export class ResponseFormatError extends Error {
  override readonly name: string = 'ResponseFormatError';
  declare readonly operation: string;
  declare readonly status: number;
  declare readonly headers: Headers;
  declare readonly requestId: string | undefined;
  declare readonly text: string;

  constructor(answer: Omit<Answer<number, unknown>, 'body'>, text: string, cause: unknown) {
    super(`${answer.operation} answered ${answer.status}, but not with JSON`, { cause });
    Object.assign(this, answer, { text: text.slice(0, 1000) });
  }
}

/** The error `unwrap` throws for a failed answer. */
export function errorOf(answer: Failure<number, unknown>): ApiError {
  switch (answer.gateway?.kind) {
    case undefined: return new ApiError(answer);
    case 'throttled': return new ThrottledError(answer);
    case 'quota': return new QuotaExceededError(answer);
    case 'validation': return new RequestRejectedError(answer);
    default: return new GatewayError(answer);
  }
}

/**
 * Whether `error` was thrown by `unwrap`. With the operation as type argument, `status` tells the bodies apart:
 * `if (isApiError<typeof getPet>(error) && error.status === 404) error.body // typed`.
 */
export function isApiError<Operation extends (...args: never) => unknown>(error: unknown): error is ErrorOf<Operation> {
  return error instanceof ApiError;
}

function messageIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { message, detail, title } = body as Readonly<Record<string, unknown>>;
  return [message, detail, title].find((value): value is string => typeof value === 'string')?.slice(0, 300);
}
