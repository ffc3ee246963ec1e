/** Rates over several workers, the primary's half: it passes on what a worker counted, and keeps it for workers that start later, in place of one that died. */
import type { Cluster, Worker } from 'node:cluster';
import { addToRate, rateCounter, ratesInWindow, SLOTS, type RateCounter } from './rate.js';
import type { RateMessage } from './shared-rates.js';

/** Without a callback a worker that has just died would be an uncaught error here. */
const IGNORE = (): void => {};
/** Of a flat list: more is told in several messages. */
const MOST_AT_ONCE = 60_000;

export function relayRates(cluster: Cluster): void {
  /** By the rule's id. */
  const kept = new Map<string, RateCounter>();
  cluster.on('message', (from: Worker, sent: unknown) => {
    if (typeof sent !== 'object' || sent === null || (sent as RateMessage).gwc !== 'rates') return;
    const message = sent as RateMessage;
    const counter = kept.get(message.of);
    if ('join' in message) {
      if (counter === undefined || counter.slotMs !== message.join) kept.set(message.of, rateCounter(message.of, 0, (message.join * SLOTS) / 1000));
      tellWhatIsKept(from, kept.get(message.of)!);
    } else if ('counts' in message) {
      if (counter !== undefined) for (let i = 0; i < message.counts.length; i += 2) addToRate(counter, message.counts[i] as string, message.counts[i + 1] as number);
      for (const worker of Object.values(cluster.workers ?? {})) if (worker !== undefined && worker.id !== from.id) worker.send(message, IGNORE);
    }
  });
}

/** All at once: what others count from now on comes behind it. */
function tellWhatIsKept(worker: Worker, counter: RateCounter): void {
  const known = ratesInWindow(counter);
  let at = 0;
  do {
    let end = at;
    while (end < known.length && end - at < MOST_AT_ONCE) end += 2 + 2 * (known[end + 1] as number);
    worker.send({ gwc: 'rates', of: counter.id, known: known.slice(at, end), isLast: end >= known.length } satisfies RateMessage, IGNORE);
    at = end;
  } while (at < known.length);
}
