/** Limits over all workers of `--workers N`, the primary's half: it holds what `shared-limits` asks about. */
import type { Cluster, Worker } from 'node:cluster';
import { ADMITTED, createLimits, decide, monotonicMicros, type Limits, type LimitsDeclaration, type Verdict } from './limits.js';
import type { LimitsAnswer, LimitsQuestion } from './shared-limits.js';

/** Builds of a document whose limits are remembered: a new one may be rolled back, and workers that crash all at once come back to theirs. */
const KEPT = 4;

/** Without a callback a worker that has just died would be an uncaught error here. */
const IGNORE = (): void => {};

export type Tell = (limits: Limits, operation: number, client: number, now: number) => string[];

export type Decision = Pick<LimitsAnswer, 'answers' | 'fields'>;

/** What decides for all workers where the limits are in a store. */
export type StoredDecider = (limits: Limits, declaration: LimitsDeclaration, stage: string) => (ask: readonly number[]) => Promise<Decision>;

interface Joined {
  readonly limits: Limits;
  readonly decide: ((ask: readonly number[]) => Promise<Decision>) | undefined;
  /** Answers leave in the order of the questions. */
  last: Promise<unknown>;
}

/** What a worker draws on, by the number of its keeper. */
export type LimitsOf = (worker: Worker, of: number) => Limits | undefined;

/** Answers the workers of `cluster`. `tell` makes RateLimit fields. */
export function keepLimits(cluster: Pick<Cluster, 'on'>, tell: Tell | null, stored: StoredDecider | null = null): LimitsOf {
  /** By layout, the one used last at the end. */
  const kept = new Map<string, Limits>();
  const deciders = new WeakMap<Limits, Joined['decide']>();
  const joined = new WeakMap<Worker, Map<number, Joined>>();

  cluster.on('message', (worker: Worker, message: unknown) => {
    if (!isQuestion(message)) return;
    const { of } = message;
    let mine = joined.get(worker);
    if (mine === undefined) joined.set(worker, (mine = new Map()));
    if ('declare' in message) {
      const fresh = createLimits(message.declare, message.stage, monotonicMicros(), Date.now());
      const limits = kept.get(fresh.layout) ?? fresh;
      kept.delete(limits.layout);
      kept.set(limits.layout, limits);
      for (const [layout] of kept) if (kept.size > KEPT) kept.delete(layout);
      if (stored !== null && !deciders.has(limits)) deciders.set(limits, stored(limits, message.declare, message.stage));
      mine.set(of, { limits, decide: deciders.get(limits), last: Promise.resolve() });
    } else if ('quotas' in message) {
      takeOver(mine.get(of)?.limits, message.quotas);
    } else if ('leave' in message) {
      mine.delete(of);
    } else {
      const member = mine.get(of);
      if (member === undefined) return;
      const send = (decision: Decision): void => void worker.send({ gwc: 'limits', of, ...decision } satisfies LimitsAnswer, IGNORE);
      if (member.decide === undefined) { send(decideAll(member.limits, message.ask, tell)); return; }
      const decision = member.decide(message.ask);
      member.last = member.last.then(() => decision).then(send);
    }
  });
  return (worker, of) => joined.get(worker)?.get(of)?.limits;
}

/** Each worker tells what it last knew: the least of it is the latest. */
function takeOver(limits: Limits | undefined, quotas: readonly number[]): void {
  for (let i = 0; i < quotas.length; i += 3) {
    const quota = limits?.clients[quotas[i]!]?.quota;
    if (quota) [quota.remaining, quota.end] = [quota.end === quotas[i + 2]! ? Math.min(quota.remaining, quotas[i + 1]!) : quotas[i + 1]!, quotas[i + 2]!];
  }
}

function isQuestion(message: unknown): message is LimitsQuestion {
  return typeof message === 'object' && message !== null && (message as LimitsQuestion).gwc === 'limits';
}

/** Alike requests are decided one after the other; once one is refused, so are the rest of the moment. */
export function decideAll(limits: Limits, ask: readonly number[], tell: Tell | null): Decision {
  const micros = monotonicMicros();
  const now = Date.now();
  const answers: number[] = [];
  const fields: string[][] = [];
  for (let i = 0; i < ask.length; i += 3) {
    const operation = ask[i]!, client = ask[i + 1]!, count = Math.max(1, ask[i + 2]!);
    // Not with the layout this worker declared: it gets an answer all the same, or it would wait for every later one too.
    if (!(operation < limits.ofStage.length && client < limits.clients.length)) { answers.push(count, count, ADMITTED, 0, -1); if (ask[i + 2] === 0) fields.push([]); continue; }
    let admitted = 0;
    let verdict: Verdict = ADMITTED;
    while (admitted < count && (verdict = decide(limits, operation, client, micros, now)) === ADMITTED) admitted++;
    answers.push(count, admitted, verdict, limits.wait === Infinity ? -1 : limits.wait, limits.short);
    if (ask[i + 2] === 0) fields.push(tell === null ? [] : tell(limits, operation, client, now));
  }
  return { answers, fields };
}
