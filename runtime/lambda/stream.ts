/** Lambda proxy integrations whose answers stream: a prelude of JSON, eight NULs, then the body as it comes (rest-pipeline.md §7). */
import type { Exchange, ReplyWatcher } from '../exchange.js';
import { hasContentType, mergedFields, objectOf, statusOf } from './answer.js';
import { REMAPPED } from './answer-rest.js';
import { explain, logInvocation, type LambdaFailure, type LambdaResult } from './proxy.js';
import { answerFields } from '../send.js';
import { traceId } from '../identifiers/trace-id.js';

export type StreamFailure = Exclude<LambdaResult, { readonly kind: 'returned' | 'answered' | 'accepted' }>;

/** Takes a function's output. onEnd or onFailed is the last thing it is told. */
export interface StreamSink {
  /** false: no more until `resume()` of the source. The piece is valid during the call only. */
  onPiece(piece: Uint8Array): boolean;
  onEnd(): void;
  onFailed(failure: StreamFailure): void;
}

export interface StreamSource {
  resume(): void;
  /** Nobody takes the rest. The function is not told: on Lambda it runs on too [D]. */
  cancel(): void;
}

/** A function that can be called for a stream. The sink may be told before this returns. */
export type InvokeStream = (exchange: Exchange, event: object, timeoutMs: number, sink: StreamSink) => StreamSource;

const DELIMITER = 8;
/** Of the prelude: status and fields, which have to fit into an answer's head anyway. */
const PRELUDE_LIMIT = 65_536;
/** Between two pieces, regional and private endpoints [D]. */
const IDLE_MS = 300_000;

export function streamLambda(exchange: Exchange, invoke: InvokeStream, event: object, timeoutMs: number, failed: (exchange: Exchange, failure: LambdaFailure) => void): void {
  const answer = new StreamAnswer(exchange, timeoutMs, failed);
  exchange.reply.watcher = answer;
  answer.start(invoke, event);
}

class StreamAnswer implements StreamSink, ReplyWatcher {
  private source: StreamSource | null = null;
  /** What has come of the prelude; null once it is complete. */
  private prelude: Buffer | null = Buffer.alloc(0);
  private isOver = false;
  private isPaused = false;
  private lastAt = performance.now();
  private readonly deadline: number;
  private timer: NodeJS.Timeout;

  constructor(private readonly exchange: Exchange, private readonly timeoutMs: number, private readonly failed: (exchange: Exchange, failure: LambdaFailure) => void) {
    this.deadline = performance.now() + timeoutMs;
    this.timer = setTimeout(() => this.check(), Math.min(timeoutMs, IDLE_MS));
  }

  start(invoke: InvokeStream, event: object): void {
    this.source = invoke(this.exchange, event, this.timeoutMs, this);
    if (this.isOver) this.source.cancel();
  }

  onPiece(piece: Uint8Array): boolean {
    if (this.isOver) return true;
    this.lastAt = performance.now();
    try {
      return this.prelude === null ? this.write(piece) : this.readPrelude(piece);
    } catch (error) { this.fault(error); return true; }
  }

  onEnd(): void {
    if (this.isOver) return;
    if (this.prelude !== null) return this.malformed();
    this.finish();
    this.exchange.reply.end();
  }

  onFailed(failure: StreamFailure): void {
    if (this.isOver) return;
    this.finish();
    try {
      const kind = explain(this.exchange, failure);
      if (this.exchange.reply.started) this.exchange.reply.abort();
      else this.failed(this.exchange, kind);
    } catch (error) { this.exchange.gateway.onFault(this.exchange, error); }
  }

  onClientGone(): void {
    if (this.isOver) return;
    this.finish();
    this.source?.cancel();
  }

  private readPrelude(piece: Uint8Array): boolean {
    const known = this.prelude!;
    const all = known.length === 0 ? Buffer.from(piece) : Buffer.concat([known, piece]);
    // The delimiter may have begun in the piece before.
    const end = all.indexOf(NULS, Math.max(0, known.length - DELIMITER + 1));
    if (end < 0 ? all.length > PRELUDE_LIMIT : end > PRELUDE_LIMIT) { this.malformed(); return true; }
    this.prelude = all;
    if (end < 0) return true;
    const head = readPrelude(all.toString('utf8', 0, end));
    if (head === null) { this.malformed(); return true; }
    this.prelude = null;
    const { exchange } = this;
    exchange.status = head.status;
    exchange.reply.begin(head.status, [...head.fields, 'X-Amzn-Trace-Id', traceId(exchange), ...answerFields(exchange)], -1, () => this.resume());
    return this.write(all.subarray(end + DELIMITER));
  }

  private write(piece: Uint8Array): boolean {
    if (piece.length === 0) return true;
    const flowing = this.exchange.reply.write(piece);
    this.isPaused = !flowing;
    return flowing;
  }

  private resume(): void {
    if (!this.isPaused || this.isOver) return;
    this.isPaused = false;
    this.lastAt = performance.now();
    this.source?.resume();
  }

  private malformed(): void {
    logInvocation(this.exchange, 'Execution failed due to configuration error: Malformed Lambda proxy response');
    this.finish();
    this.source?.cancel();
    try { this.failed(this.exchange, 'function'); } catch (error) { this.exchange.gateway.onFault(this.exchange, error); }
  }

  /** The integration's time is over, or nothing has come for too long; a client that does not read is the transport's affair. */
  private check(): void {
    const now = performance.now();
    const due = Math.min(this.deadline, this.isPaused ? now + IDLE_MS : this.lastAt + IDLE_MS);
    if (due > now + 1) { this.timer = setTimeout(() => this.check(), due - now); return; }
    const { source } = this;
    this.onFailed({ kind: 'timeout', detail: now < this.deadline ? `nothing came for ${IDLE_MS / 1_000} seconds` : 'the function did not finish in time' });
    source?.cancel();
  }

  private fault(error: unknown): void {
    this.finish();
    this.source?.cancel();
    this.exchange.gateway.onFault(this.exchange, error);
  }

  private finish(): void {
    this.isOver = true;
    this.prelude = null;
    clearTimeout(this.timer);
    this.exchange.reply.watcher = null;
  }
}

const NULS = /* @__PURE__ */ Buffer.alloc(DELIMITER);
const KEYS: ReadonlySet<string> = /* @__PURE__ */ new Set(['statusCode', 'headers', 'multiValueHeaders', 'cookies']);

/** `{statusCode, headers, multiValueHeaders, cookies}`, all optional; null for anything else. */
function readPrelude(text: string): { status: number; fields: string[] } | null {
  let value: unknown;
  try { value = JSON.parse(text); } catch { return null; }
  const prelude = objectOf(value);
  if (prelude === null) return null;
  for (const key in prelude) if (!KEYS.has(key)) return null;
  const cookies = prelude['cookies'] ?? [];
  if (!Array.isArray(cookies)) return null;
  const status = statusOf(prelude['statusCode'], 200);
  const fields = mergedFields(prelude['headers'], prelude['multiValueHeaders'], REMAPPED);
  const set = mergedFields(null, { 'Set-Cookie': cookies }, null);
  if (status < 0 || fields === null || set === null) return null;
  if (!hasContentType(fields)) fields.unshift('Content-Type', 'application/json');
  return { status, fields: [...fields, ...set] };
}
