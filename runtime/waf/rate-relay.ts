/** Rates over all workers, the primary's half: it passes on what a worker counted. */
import type { Cluster, Worker } from 'node:cluster';
import type { RateMessage } from './shared-rates.js';

/** Without a callback a worker that has just died would be an uncaught error here. */
const IGNORE = (): void => {};

export function relayRates(cluster: Cluster): void {
  cluster.on('message', (from: Worker, message: unknown) => {
    if (typeof message !== 'object' || message === null || (message as RateMessage).gwc !== 'rates') return;
    for (const worker of Object.values(cluster.workers ?? {})) if (worker !== undefined && worker.id !== from.id) worker.send(message as RateMessage, IGNORE);
  });
}
