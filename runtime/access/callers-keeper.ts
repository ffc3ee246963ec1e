/** Callers of a store that the primary process of `--workers` holds (a SQLite file): workers ask it, and it says when one changed. */
import type { Cluster, Worker } from 'node:cluster';
import { randomInt } from 'node:crypto';
import { CALLER_RECORD } from './caller-record.js';
import type { Primary } from '../limits/shared-limits.js';
import type { Store } from '../store/store.js';
import type { FindCaller } from './stored-callers.js';

/** Worker to primary; `of` is the worker's gateway, `ask` the number of the question. */
interface CallerQuestion { readonly gwc: 'caller'; readonly of: number; readonly ask: number; readonly accessKeyId: string }

/** Primary to worker. `value`: the record, absent when there is none; `failed`: nobody can tell. */
type CallerAnswer = { readonly gwc: 'caller' } & ({ readonly of: number; readonly answered: number; readonly value?: unknown; readonly failed?: string } | { readonly changed: true });

const PATIENCE_MS = 2_500;

/** Without a callback a worker that has just died would be an uncaught error here. */
const IGNORE = (): void => {};

/** The worker's half. `changed` is called when a caller may have changed, for as long as what is returned is held; it must not hold that itself. */
export function callerInPrimary(primary: Primary, changed: () => void): FindCaller {
  const of = randomInt(2 ** 40);
  const open = new Map<number, (answer: { readonly value?: unknown; readonly failed?: string }) => void>();
  let last = 0;
  const find: FindCaller = (accessKeyId) => new Promise((resolve, reject) => {
    const ask = ++last;
    const timer = setTimeout(() => { open.delete(ask); reject(new Error('the primary process does not answer')); }, PATIENCE_MS).unref();
    open.set(ask, ({ value, failed }) => {
      clearTimeout(timer);
      open.delete(ask);
      if (failed === undefined) resolve(value);
      else reject(new Error(failed));
    });
    // A closed channel: the primary is gone, and this worker ends too.
    try { primary.send({ gwc: 'caller', of, ask, accessKeyId } satisfies CallerQuestion); } catch { /* see above */ }
  });
  // A gateway whose place another took listens no more once nobody asks it.
  const self = new WeakRef(find);
  const deaf = primary.listen((text) => {
    if (self.deref() === undefined) return deaf();
    const message = text as CallerAnswer;
    if (message.gwc !== 'caller') return;
    if ('changed' in message) changed();
    else if (message.of === of) open.get(message.answered)?.(message);
  });
  return find;
}

/** The primary's half; `store` null: in memory there are none. */
export function keepCallers(cluster: Pick<Cluster, 'on' | 'workers'>, store: Store | null): void {
  cluster.on('message', (worker: Worker, message: unknown) => {
    if (!isQuestion(message)) return;
    const { of, ask, accessKeyId } = message;
    const answer = (rest: { readonly value?: unknown; readonly failed?: string }): void => void worker.send({ gwc: 'caller', of, answered: ask, ...rest } satisfies CallerAnswer, IGNORE);
    if (store === null) return answer({});
    store.get(CALLER_RECORD, accessKeyId).then((record) => answer({ value: record?.value }), (error: Error) => answer({ failed: error.message }));
  });
  store?.watch((kind) => {
    if (kind !== CALLER_RECORD) return;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.send({ gwc: 'caller', changed: true } satisfies CallerAnswer, IGNORE);
  });
}

function isQuestion(message: unknown): message is CallerQuestion {
  return typeof message === 'object' && message !== null && (message as CallerQuestion).gwc === 'caller' && typeof (message as CallerQuestion).accessKeyId === 'string';
}
