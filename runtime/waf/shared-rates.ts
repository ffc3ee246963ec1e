/** Rates over all workers of `--workers N`: what one counts the others hear of, several times a second. A limit can be passed by what comes in between. */
import type { Primary } from '../limits/shared-limits.js';
import { addToRate, type RateCounter } from './rate.js';

const EVERY_MS = 100;
/** Keys told at a time; more wait. */
const MOST_TOLD = 10_000, MOST_UNTOLD = 50_000;

/** Worker to primary, and from there to all other workers. `counts` is flat: key, requests. */
export interface RateMessage { readonly gwc: 'rates'; readonly of: string; readonly counts: readonly (string | number)[] }

export interface SharedRates {
  /** Without a primary there is one process, which counts everything itself. */
  share(counter: RateCounter, primary: Primary | undefined): void;
  end(): void;
}

export function sharedRates(): SharedRates {
  const counters = new Map<string, RateCounter>();
  const ends: (() => void)[] = [];
  return {
    share(counter, primary) {
      if (primary === undefined) return;
      // One listener for all of them.
      if (counters.size === 0) ends.push(primary.listen((message) => receive(message, counters)));
      counters.set(counter.id, counter);
      ends.push(tellWhatIsCounted(counter, primary));
    },
    end() { counters.clear(); for (const end of ends.splice(0)) end(); },
  };
}

function receive(message: unknown, counters: ReadonlyMap<string, RateCounter>): void {
  if (typeof message !== 'object' || message === null || (message as RateMessage).gwc !== 'rates') return;
  const { of, counts } = message as RateMessage;
  const counter = counters.get(of);
  if (counter !== undefined) for (let i = 0; i < counts.length; i += 2) addToRate(counter, counts[i] as string, counts[i + 1] as number);
}

/** Returns how to stop. */
function tellWhatIsCounted(counter: RateCounter, primary: Primary): () => void {
  const untold = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  const tell = (): void => {
    timer = null;
    const counts: (string | number)[] = [];
    for (const [key, amount] of untold) {
      if (counts.length >= 2 * MOST_TOLD) break;
      counts.push(key, amount);
      untold.delete(key);
    }
    if (untold.size > 0) timer = setTimeout(tell, EVERY_MS).unref();
    // A channel that is closed: the primary is gone, and this worker ends too.
    try { primary.send({ gwc: 'rates', of: counter.id, counts } satisfies RateMessage); } catch { /* see above */ }
  };
  counter.counted = (key) => {
    const before = untold.get(key);
    if (before === undefined && untold.size >= MOST_UNTOLD) return;
    untold.set(key, (before ?? 0) + 1);
    timer ??= setTimeout(tell, EVERY_MS).unref();
  };
  return () => { counter.counted = null; if (timer !== null) clearTimeout(timer); };
}
