/** What a call gives back: one variant per declared status. `ok` is true exactly for the declared successes. */
import type { GatewayFault } from './gateway-fault.js';
import { errorOf, type ApiError } from './errors.js';
import type { HttpStatus } from './status.js';

export interface Answer<Status extends number, Body> {
  readonly status: Status;
  readonly body: Body;
  readonly headers: Headers;
  /** The gateway's id of this request (`x-amzn-RequestId`, `apigw-requestid`, `x-request-id`): quote it to the API's owners. */
  readonly requestId: string | undefined;
  /** Name of the operation that was called. */
  readonly operation: string;
}

export interface Success<Status extends number, Body> extends Answer<Status, Body> {
  readonly ok: true;
}

export interface Failure<Status extends number, Body> extends Answer<Status, Body> {
  readonly ok: false;
  /** Set when the gateway answered instead of the service behind it: why, and which fields. `body` is then the gateway's. */
  readonly gateway: GatewayFault | undefined;
}

/** Every status the document does not describe for this operation. */
export type Unexpected<Known extends number> = Failure<Exclude<HttpStatus, Known>, unknown>;

export type AnyResult = Success<number, unknown> | Failure<number, unknown>;

/** The result type of an operation: `ResultOf<typeof getPet>`. */
export type ResultOf<Operation extends (...args: never) => unknown> = Awaited<ReturnType<Operation>>;
/** The body of the declared successes. */
export type BodyOf<Result> = Result extends { readonly ok: true; readonly body: infer Body } ? Body : never;
type ErrorFor<Result> = Result extends Failure<infer Status, infer Body> ? ApiError & { readonly status: Status; readonly body: Body } : never;
/** What `unwrap` throws when the operation answers with anything but a declared success: `ErrorOf<typeof getPet>`. */
export type ErrorOf<Operation extends (...args: never) => unknown> = ErrorFor<ResultOf<Operation>>;

/** The body of a success; throws an `ApiError` for every other answer. Takes a result or the promise of one: `await unwrap(getPet(api, …))`. */
export async function unwrap<Result extends AnyResult>(result: Result | PromiseLike<Result>): Promise<BodyOf<Result>> {
  const answer: AnyResult = await result;
  if (answer.ok) return answer.body as BodyOf<Result>;
  throw errorOf(answer);
}
