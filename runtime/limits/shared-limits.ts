/**
 * Limits over all workers of `--workers N`, the worker's half: the primary process holds buckets and quotas and decides, so that N workers let in
 * exactly what one process would and a worker that dies takes nothing with it. Requests of one turn of the event loop travel in one message, alike ones
 * as a number. A refusal is remembered until the time it names: a client over its limit does not cost messages.
 */
import { randomInt } from 'node:crypto';
import type { Exchange } from '../exchange.js';
import { ADMITTED, monotonicMicros, THROTTLED, type Limits, type LimitsDeclaration, type Verdict } from './limits.js';
import { Refusals } from './refusals.js';
import { addField } from '../send.js';

/** The way to the primary process. */
export interface Primary {
  send(message: object): void;
  /** Calls `receive` for every message of the primary; returns how to stop that. */
  listen(receive: (message: unknown) => void): () => void;
}

export type Step = (exchange: Exchange) => void;

export interface LimitsKeeper {
  /** Its number in messages. */
  readonly of: number;
  /** Calls one of the steps when the primary has decided. `tell`: with RateLimit fields. */
  ask(exchange: Exchange, operation: number, client: number, tell: boolean, next: Step, throttled: Step, overQuota: Step): void;
  /** One more gateway uses it. */
  share(): void;
  /** What it remembers against the client may no longer be so. */
  forget(client: number): void;
  /** One less; after the last, once everything asked is answered, nothing is kept. */
  retire(): void;
  /** Has the primary go on with the quotas as they are here. */
  takeOver?(limits: Limits): void;
}

/**
 * Worker to primary. `ask` is flat: operation, client, how many such requests (0: one, with RateLimit fields). Answers come in the order of questions.
 * `quotas` is flat too: client, what its quota has left, when its period ends (Unix ms).
 */
export type LimitsQuestion =
  | { readonly gwc: 'limits'; readonly of: number; readonly stage: string; readonly declare: LimitsDeclaration }
  | { readonly gwc: 'limits'; readonly of: number; readonly ask: readonly number[] }
  | { readonly gwc: 'limits'; readonly of: number; readonly quotas: readonly number[] }
  | { readonly gwc: 'limits'; readonly of: number; readonly leave: true };

/**
 * Primary to worker. `answers` is flat, for each group of alike requests: how many of them, how many of those are let in, and for the others the verdict, the
 * wait in microseconds (-1: for ever) and the bucket that is short. `fields`: RateLimit fields of each request that wanted them.
 */
export interface LimitsAnswer { readonly gwc: 'limits'; readonly of: number; readonly answers: readonly number[]; readonly fields: readonly (readonly string[])[] }

/** An answer that does not come within this time lets the request pass, as API Gateway does when its usage plan check fails [D]. */
const PATIENCE_MS = 2_000;

export interface Question {
  readonly exchange: Exchange;
  readonly client: number;
  readonly tell: boolean;
  readonly next: Step;
  readonly throttled: Step;
  readonly overQuota: Step;
  /** When it was asked. */
  readonly micros: number;
}

export function joinKeeper(limits: Limits, declaration: LimitsDeclaration, stage: string, primary: Primary): LimitsKeeper {
  return new SharedLimits(limits, declaration, stage, primary);
}

class SharedLimits implements LimitsKeeper {
  /** Tells apart the keepers of one process; random, since every copy of a bundle has its own modules. */
  readonly of = randomInt(2 ** 47);
  private users = 1;
  /** What is not answered yet, from `first` on, in the order it was asked; true and false stand for what was served without an answer: `tell`. */
  private open: (Question | boolean)[] = [];
  private first = 0;
  private batch: number[] = [];
  private watch: NodeJS.Timeout | null = null;
  private readonly deaf: () => void;
  private readonly refusals: Refusals;

  constructor(private readonly limits: Limits, declaration: LimitsDeclaration, stage: string, private readonly primary: Primary) {
    this.refusals = new Refusals(limits);
    this.deaf = primary.listen((message) => this.receive(message));
    this.tell({ gwc: 'limits', of: this.of, stage, declare: declaration });
  }

  ask(exchange: Exchange, operation: number, client: number, tell: boolean, next: Step, throttled: Step, overQuota: Step): void {
    const micros = monotonicMicros();
    // RateLimit fields want the primary's figures.
    if (!tell) {
      const verdict = this.refusals.find(operation, client, micros);
      if (verdict !== ADMITTED) return verdict === THROTTLED ? throttled(exchange) : overQuota(exchange);
    }
    this.open.push({ exchange, client, tell, next, throttled, overQuota, micros });
    const { batch } = this;
    const last = batch.length - 3;
    if (last < 0) setImmediate(() => this.flush());
    if (!tell && last >= 0 && batch[last] === operation && batch[last + 1] === client && batch[last + 2]! > 0) batch[last + 2]!++;
    else batch.push(operation, client, tell ? 0 : 1);
    this.watch ??= setTimeout(() => this.impatient(), PATIENCE_MS).unref();
  }

  share(): void { this.users++; }
  forget(client: number): void { this.refusals.forget(client); }

  takeOver(limits: Limits): void {
    const quotas = limits.clients.flatMap(({ quota }, client) => (quota === null ? [] : [client, quota.remaining, quota.end]));
    if (quotas.length > 0) this.tell({ gwc: 'limits', of: this.of, quotas });
  }

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
    const { gwc, of, answers, fields } = message as LimitsAnswer;
    if (gwc !== 'limits' || of !== this.of) return;
    let told = 0;
    for (let i = 0; i < answers.length; i += 5) {
      const count = answers[i]!, admitted = answers[i + 1]!, wait = answers[i + 3]! < 0 ? Infinity : answers[i + 3]!;
      for (let place = 0; place < count; place++) {
        const question = this.open[this.first++]!;
        if (typeof question === 'boolean') { if (question) told++; continue; }
        if (question.tell) for (let each = fields[told++]!, f = 0; f < each.length; f += 2) addField(question.exchange, each[f]!, each[f + 1]!);
        const verdict = place < admitted ? ADMITTED : (answers[i + 2] as Verdict);
        if (verdict !== ADMITTED) {
          this.limits.wait = wait;
          this.refusals.add(question.client, verdict, answers[i + 4]!, wait, question.micros);
        }
        conclude(question, verdict);
      }
    }
    if (this.first === this.open.length || this.first > 4_096) {
      this.open = this.open.slice(this.first);
      this.first = 0;
    }
    this.leaveWhenDone();
  }

  private impatient(): void {
    this.watch = null;
    const before = monotonicMicros() - PATIENCE_MS * 1000;
    for (let i = this.first; i < this.open.length; i++) {
      const question = this.open[i]!;
      if (typeof question === 'boolean') continue;
      if (question.micros > before) {
        this.watch = setTimeout(() => this.impatient(), Math.max(1, Math.ceil((question.micros - before) / 1000))).unref();
        break;
      }
      this.open[i] = question.tell;
      question.exchange.gateway.log('Usage Plan check failed due to an internal error: the primary process does not answer; the request is served');
      conclude(question, ADMITTED);
    }
    this.leaveWhenDone();
  }

  private leaveWhenDone(): void {
    if (this.users > 0 || this.open.length > this.first) return;
    this.deaf();
    this.tell({ gwc: 'limits', of: this.of, leave: true });
  }
}

/** Goes on with the request as was decided. */
export function conclude({ exchange, next, throttled, overQuota }: Question, verdict: Verdict): void {
  try {
    if (verdict === ADMITTED) next(exchange);
    else if (verdict === THROTTLED) throttled(exchange);
    else overQuota(exchange);
  } catch (error) {
    exchange.gateway.onFault(exchange, error);
  }
}
