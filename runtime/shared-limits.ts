/**
 * Limits over all workers of `--workers N`, the worker's half: the primary process holds buckets and quotas and decides, so that N workers let in
 * exactly what one process would and a worker that dies takes nothing with it. Requests of one turn of the event loop travel in one message.
 * A refusal is remembered until the time it names: a client over its limit does not cost messages.
 */
import { randomInt } from 'node:crypto';
import type { Exchange } from './exchange.js';
import { ADMITTED, monotonicMicros, OVER_QUOTA, refusal, THROTTLED, type Limits, type LimitsDeclaration, type Verdict } from './limits.js';
import { addField } from './send.js';
import { emptyBucket } from './token-bucket.js';

/** The way to the primary process. */
export interface Primary {
  send(message: object): void;
  /** Calls `receive` for every message of the primary; returns how to stop that. */
  listen(receive: (message: unknown) => void): () => void;
}

type Step = (exchange: Exchange) => void;

export interface LimitsKeeper {
  /** Calls one of the steps when the primary has decided. `tell`: with RateLimit fields. */
  ask(exchange: Exchange, operation: number, client: number, tell: boolean, next: Step, throttled: Step, overQuota: Step): void;
  /** One more gateway uses it. */
  share(): void;
  /** One less; after the last, once everything asked is answered, nothing is kept. */
  retire(): void;
}

/** Worker to primary. `ask` is flat: id, operation, client, 1 for RateLimit fields. */
export type LimitsQuestion =
  | { readonly gwc: 'limits'; readonly of: number; readonly stage: string; readonly declare: LimitsDeclaration }
  | { readonly gwc: 'limits'; readonly of: number; readonly ask: readonly number[] }
  | { readonly gwc: 'limits'; readonly of: number; readonly leave: true };

/** Primary to worker: per question `[id, verdict, wait in microseconds (-1: for ever), bucket that is short, …RateLimit fields]`. */
export interface LimitsAnswer { readonly gwc: 'limits'; readonly of: number; readonly answers: readonly (readonly [id: number, verdict: Verdict, wait: number, short: number, ...fields: string[]])[] }

/** An answer that does not come within this time lets the request pass, as API Gateway does when its usage plan check fails [D]. */
const PATIENCE_MS = 2_000;

interface Question {
  readonly exchange: Exchange;
  readonly client: number;
  readonly next: Step;
  readonly throttled: Step;
  readonly overQuota: Step;
  /** When it was asked, both clocks. */
  readonly micros: number;
  readonly now: number;
}

export function joinKeeper(limits: Limits, declaration: LimitsDeclaration, stage: string, primary: Primary): LimitsKeeper {
  return new SharedLimits(limits, declaration, stage, primary);
}

class SharedLimits implements LimitsKeeper {
  /** Tells apart the keepers of one process; random, since every copy of a bundle has its own modules. */
  private readonly of = randomInt(2 ** 47);
  private users = 1;
  private readonly open = new Map<number, Question>();
  private asked = 0;
  private batch: number[] = [];
  private watch: NodeJS.Timeout | null = null;
  private readonly deaf: () => void;

  constructor(private readonly limits: Limits, declaration: LimitsDeclaration, stage: string, private readonly primary: Primary) {
    this.deaf = primary.listen((message) => this.receive(message));
    this.tell({ gwc: 'limits', of: this.of, stage, declare: declaration });
  }

  ask(exchange: Exchange, operation: number, client: number, tell: boolean, next: Step, throttled: Step, overQuota: Step): void {
    const { limits } = this;
    const micros = monotonicMicros();
    const now = Date.now();
    // What the worker holds itself is never taken from; it is empty only where the primary said so. RateLimit fields want the primary's figures.
    if (!tell) {
      const verdict = refusal(limits, operation, client, micros, now);
      if (verdict !== ADMITTED) return verdict === THROTTLED ? throttled(exchange) : overQuota(exchange);
    }
    const id = this.asked = (this.asked + 1) % 0x7fff_ffff;
    this.open.set(id, { exchange, client, next, throttled, overQuota, micros, now });
    if (this.batch.length === 0) setImmediate(() => this.flush());
    this.batch.push(id, operation, client, tell ? 1 : 0);
    this.watch ??= setTimeout(() => this.impatient(), PATIENCE_MS).unref();
  }

  share(): void { this.users++; }

  retire(): void {
    this.users--;
    this.leaveWhenDone();
  }

  private flush(): void {
    const ask = this.batch;
    this.batch = [];
    this.tell({ gwc: 'limits', of: this.of, ask });
  }

  private tell(message: LimitsQuestion): void {
    // A channel that is closed: the primary is gone and this worker ends too; what is open is answered when patience ends.
    try { this.primary.send(message); } catch { /* see above */ }
  }

  private receive(message: unknown): void {
    const { gwc, of, answers } = message as LimitsAnswer;
    if (gwc !== 'limits' || of !== this.of) return;
    for (const [id, verdict, wait, short, ...fields] of answers) {
      const question = this.open.get(id);
      if (question === undefined) continue;
      this.open.delete(id);
      if (verdict !== ADMITTED) this.remember(question, verdict, wait < 0 ? Infinity : wait, short);
      for (let i = 0; i < fields.length; i += 2) addField(question.exchange, fields[i]!, fields[i + 1]!);
      conclude(question, verdict);
    }
    this.leaveWhenDone();
  }

  /** Counted from when it was asked: the primary decided later than that, so the time it named is not over before. */
  private remember(question: Question, verdict: Verdict, wait: number, short: number): void {
    const { limits } = this;
    limits.wait = wait;
    if (verdict === THROTTLED && short >= 0) emptyBucket(limits.buckets, short, question.micros, wait);
    const quota = verdict === OVER_QUOTA && question.client >= 0 ? limits.clients[question.client]!.quota : null;
    if (quota !== null) {
      quota.remaining = 0;
      quota.end = question.now + wait / 1000;
    }
  }

  private impatient(): void {
    this.watch = null;
    const before = monotonicMicros() - PATIENCE_MS * 1000;
    for (const [id, question] of this.open) {
      if (question.micros > before) {
        this.watch = setTimeout(() => this.impatient(), Math.max(1, Math.ceil((question.micros - before) / 1000))).unref();
        break;
      }
      this.open.delete(id);
      question.exchange.gateway.log('Usage Plan check failed due to an internal error: the primary process does not answer; the request is served');
      conclude(question, ADMITTED);
    }
    this.leaveWhenDone();
  }

  private leaveWhenDone(): void {
    if (this.users > 0 || this.open.size > 0) return;
    this.deaf();
    this.tell({ gwc: 'limits', of: this.of, leave: true });
  }
}

function conclude({ exchange, next, throttled, overQuota }: Question, verdict: Verdict): void {
  try {
    if (verdict === ADMITTED) next(exchange);
    else if (verdict === THROTTLED) throttled(exchange);
    else overQuota(exchange);
  } catch (error) {
    exchange.gateway.onFault(exchange, error);
  }
}
