/** Limits over all workers of `--workers N`, the primary's half: it holds what `shared-limits` asks about. */
import type { Cluster, Worker } from 'node:cluster';
import { ADMITTED, createLimits, decide, monotonicMicros, type Limits } from './limits.js';
import type { LimitsAnswer, LimitsQuestion } from './shared-limits.js';

/** Builds of a document whose limits are remembered: a new one may be rolled back, and workers that crash all at once come back to theirs. */
const KEPT = 4;

/** Without a callback a worker that has just died would be an uncaught error here. */
const IGNORE = (): void => {};

type Tell = (limits: Limits, operation: number, client: number, now: number) => string[];

/** Answers the workers of `cluster`. `tell` makes RateLimit fields. */
export function keepLimits(cluster: Pick<Cluster, 'on'>, tell: Tell | null): void {
  /** By layout, the one used last at the end. */
  const kept = new Map<string, Limits>();
  const joined = new WeakMap<Worker, Map<number, Limits>>();

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
      mine.set(of, limits);
    } else if ('leave' in message) {
      mine.delete(of);
    } else {
      const limits = mine.get(of);
      if (limits !== undefined) worker.send({ gwc: 'limits', of, answers: answer(limits, message.ask, tell) } satisfies LimitsAnswer, IGNORE);
    }
  });
}

function isQuestion(message: unknown): message is LimitsQuestion {
  return typeof message === 'object' && message !== null && (message as LimitsQuestion).gwc === 'limits';
}

function answer(limits: Limits, ask: readonly number[], tell: Tell | null): LimitsAnswer['answers'] {
  const micros = monotonicMicros();
  const now = Date.now();
  const answers: LimitsAnswer['answers'][number][] = [];
  for (let i = 0; i < ask.length; i += 4) {
    const operation = ask[i + 1]!, client = ask[i + 2]!;
    if (!(operation < limits.ofStage.length && client < limits.clients.length)) continue;
    const verdict = decide(limits, operation, client, micros, now);
    const wait = verdict === ADMITTED ? 0 : limits.wait === Infinity ? -1 : limits.wait;
    const fields = tell !== null && ask[i + 3] === 1 ? tell(limits, operation, client, now) : [];
    answers.push([ask[i]!, verdict, wait, verdict === ADMITTED ? -1 : limits.short, ...fields]);
  }
  return answers;
}
