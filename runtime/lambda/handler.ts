/** A handler called with a Lambda context (Lambda Developer Guide, "Define Lambda function handler in Node.js"). */
import { randomUUID } from 'node:crypto';
import { invocationScope } from './console.js';
import type { FunctionIdentity } from './context.js';
import { oversized, RESULT_LIMIT } from './limits.js';
import type { LambdaResult } from './proxy.js';

type Handler = (event: object, context: object, callback: (error: unknown, value?: unknown) => void) => unknown;

/** `done` is called once: with what the handler gives, or with a timeout. `id`: the request id Lambda would give. */
export function runHandler(handler: unknown, event: object, identity: FunctionIdentity, timeoutMs: number, clientContext: unknown, done: (result: LambdaResult) => void, id: string = randomUUID()): void {
  const call = new Invocation(id, timeoutMs, done);
  if (typeof handler !== 'function') return call.fail(new Error(`the handler of ${identity.name} is not a function`));
  try {
    const result: unknown = invocationScope().run(id, handler as Handler, event, context(identity, id, call, clientContext), call.callback);
    if (isThenable(result)) result.then(call.succeed, call.fail);
    // Without a callback or context to answer with, nothing else can come: Lambda ends such a call with null.
    else if (handler.length < 2) call.succeed(undefined);
  } catch (error) { call.fail(error); }
}

class Invocation {
  readonly deadline: number;
  private readonly timer: NodeJS.Timeout;
  private isOver = false;

  constructor(private readonly id: string, timeoutMs: number, private readonly done: (result: LambdaResult) => void) {
    this.deadline = performance.now() + timeoutMs;
    this.timer = setTimeout(() => this.end({ kind: 'timeout', detail: 'the function did not answer in time' }), timeoutMs);
  }

  readonly succeed = (value: unknown): void => {
    if (this.isOver) return;
    let text: string | undefined;
    try {
      const answer = plainAnswer(value);
      if (answer !== null) return this.end({ kind: 'answered', answer });
      text = JSON.stringify(value);
    } catch (error) {
      const message = 'Unable to stringify response body';
      return this.end({ kind: 'functionError', message: `${message}: ${messageOf(error)}`, payload: errorPayload(new Error(message)), requestId: this.id });
    }
    // Undefined, and what JSON has no words for, is null on Lambda.
    text ??= 'null';
    if (text.length > RESULT_LIMIT / 3 && Buffer.byteLength(text) > RESULT_LIMIT) return this.end(oversized(this.id));
    this.end({ kind: 'returned', text, requestId: this.id });
  };

  readonly fail = (error: unknown): void => this.end({ kind: 'functionError', message: messageOf(error), payload: errorPayload(error), requestId: this.id });

  readonly callback = (error: unknown, value?: unknown): void => (error !== null && error !== undefined ? this.fail(error) : this.succeed(value));

  private end(result: LambdaResult): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.done(result);
  }
}

/** Results larger than this are measured as JSON. */
const SMALL_BODY = 1_000_000;

/**
 * An answer that JSON would change nothing about: written and parsed again it would be the same, and below the limit. The usual answer of a
 * handler is; for anything else, however unusual, null: that takes the way through JSON and comes out as from Lambda. A copy, of what JSON sees:
 * each property that can be enumerated, read once.
 */
export function plainAnswer(value: unknown): Record<string, unknown> | null {
  if (!isPlainObject(value)) return null;
  const answer: Record<string, unknown> = {};
  let hasStatus = false;
  for (const key in value) {
    const item = value[key];
    switch (key) {
      case 'statusCode': if (typeof item !== 'number' || !Number.isFinite(item)) return null; hasStatus = true; break;
      case 'body': if (typeof item !== 'string' || item.length > SMALL_BODY) return null; break;
      case 'isBase64Encoded': if (typeof item !== 'boolean') return null; break;
      case 'headers': if (!isPlainObject(item) || !holdsOnlyText(item)) return null; break;
      default: return null;
    }
    answer[key] = item;
  }
  return hasStatus ? answer : null;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Few and short: a head larger than that is measured. */
function holdsOnlyText(map: Record<string, unknown>): boolean {
  let size = 0;
  for (const key in map) {
    const item = map[key];
    if (typeof item !== 'string') return false;
    size += key.length + item.length;
  }
  return size < 65_536;
}

function context(identity: FunctionIdentity, id: string, call: Invocation, clientContext: unknown): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: identity.name,
    functionVersion: identity.version,
    invokedFunctionArn: identity.arn,
    memoryLimitInMB: identity.memory,
    awsRequestId: id,
    ...(clientContext === undefined ? {} : { clientContext }),
    logGroupName: identity.logGroupName,
    logStreamName: identity.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(call.deadline - performance.now())),
    done: call.callback,
    succeed: call.succeed,
    fail: (error?: unknown) => call.fail(error ?? 'handled'),
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Whatever was thrown: its text must not throw again. The words for what has none are those of Lambda's runtime. */
export function messageOf(error: unknown): string {
  try { return error instanceof Error ? String(error.message) : String((error as { toString(): unknown }).toString()); } catch { return 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack'; }
}

/** As Lambda's Node.js runtime reports it, but for the trace: where the code of a gateway lies is nobody's business. */
function errorPayload(error: unknown): string {
  return JSON.stringify({ errorType: typeOf(error), errorMessage: messageOf(error), trace: [] });
}

function typeOf(error: unknown): string {
  try { return error instanceof Error ? String(error.name) : error === undefined || error === null ? 'handled' : typeof error; } catch { return 'handled'; }
}
