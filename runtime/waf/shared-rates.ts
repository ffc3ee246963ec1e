/**
 * Rates over all workers of `--workers N`: what one counts the others hear of, several times a second. A limit can be passed by what comes in between;
 * a worker that starts, in place of one that died, hears what is in the window.
 */
import type { Primary } from '../limits/shared-limits.js';
import { addToRate, type RateCounter } from './rate.js';

const EVERY_MS = 100;
/** Keys told at a time; more wait. */
const MOST_TOLD = 10_000, MOST_UNTOLD = 50_000;

/**
 * `counts`: worker to primary, and from there to all other workers; flat: key, requests. `join`: a worker begins to count, in slots of so many milliseconds; the
 * primary answers with what it `known` (rate.ts, ratesInWindow), in one message or several.
 */
export type RateMessage =
  | { readonly gwc: 'rates'; readonly of: string; readonly counts: readonly (string | number)[] }
  | { readonly gwc: 'rates'; readonly of: string; readonly join: number }
  | { readonly gwc: 'rates'; readonly of: string; readonly known: readonly (string | number)[]; readonly isLast: boolean };

export interface SharedRates {
  /** Without a primary there is one process, which counts everything itself. */
  share(counter: RateCounter, primary: Primary | undefined): void;
  end(): void;
}

export function sharedRates(): SharedRates {
  const counters = new Map<string, RateCounter>();
  /** Counters that the primary has not told yet what is in their window: what others count is in there, too. */
  const joining = new Set<string>();
  const ends: (() => void)[] = [];
  return {
    share(counter, primary) {
      if (primary === undefined) return;
      // One listener for all of them.
      if (counters.size === 0) ends.push(primary.listen((message) => receive(message, counters, joining)));
      counters.set(counter.id, counter);
      // The primary knows what this process counted before, under another gateway.
      counter.counts.clear();
      joining.add(counter.id);
      send(primary, { gwc: 'rates', of: counter.id, join: counter.slotMs });
      ends.push(tellWhatIsCounted(counter, primary));
    },
    end() { counters.clear(); joining.clear(); for (const end of ends.splice(0)) end(); },
  };
}

function receive(sent: unknown, counters: ReadonlyMap<string, RateCounter>, joining: Set<string>): void {
  if (typeof sent !== 'object' || sent === null || (sent as RateMessage).gwc !== 'rates') return;
  const message = sent as RateMessage;
  const counter = counters.get(message.of);
  if (counter === undefined) return;
  if ('known' in message) {
    if (!joining.has(message.of)) return;
    const { known, isLast } = message;
    for (let at = 0; at < known.length;) {
      const key = known[at] as string, end = at + 2 + 2 * (known[at + 1] as number);
      for (at += 2; at < end; at += 2) addToRate(counter, key, known[at + 1] as number, undefined, known[at] as number);
    }
    if (isLast) joining.delete(message.of);
  } else if ('counts' in message && !joining.has(message.of)) {
    for (let i = 0; i < message.counts.length; i += 2) addToRate(counter, message.counts[i] as string, message.counts[i + 1] as number);
  }
}

/** A channel that is closed: the primary is gone, and this worker ends too. */
function send(primary: Primary, message: RateMessage): void {
  try { primary.send(message); } catch { /* see above */ }
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
    send(primary, { gwc: 'rates', of: counter.id, counts });
  };
  counter.counted = (key) => {
    const before = untold.get(key);
    if (before === undefined && untold.size >= MOST_UNTOLD) return;
    untold.set(key, (before ?? 0) + 1);
    timer ??= setTimeout(tell, EVERY_MS).unref();
  };
  return () => {
    counter.counted = null;
    if (timer === null) return;
    clearTimeout(timer);
    tell();
    if (timer !== null) clearTimeout(timer);
  };
}
