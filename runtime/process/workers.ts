/** `--workers N`: several processes on one port. The primary starts, replaces and ends them; it serves nothing itself. */
import { process } from '../this-process.js';
import type { Cluster, Worker } from 'node:cluster';

/** A worker that dies sooner than this after its start is replaced with a growing delay: a bundle that cannot start must not eat the machine. */
const STABLE_MS = 5_000;
const MAX_DELAY_MS = 10_000;

/**
 * In the primary: keeps `count` workers ('auto': one per core), passes SIGTERM and SIGINT on and exits when all are done; SIGHUP starts a new set,
 * which loads the bundle as it is now on disk, and drains each old worker once a new one listens. In a worker: calls `start`. Rejects when the
 * primary process cannot begin.
 */
export async function runWorkers(count: number | 'auto', start: () => Promise<unknown>, log: (line: string) => void, beginPrimary: (cluster: Cluster) => Promise<void> = async () => {}): Promise<void> {
  // Loaded only here: a gateway of one process starts without them.
  const { default: cluster } = await import('node:cluster');
  if (!cluster.isPrimary) {
    start().catch((error: unknown) => { log(String(error)); process.exit(1); });
    return;
  }
  // Each worker accepts by itself: handing every connection over costs a third of the rate on short ones. Not `reusePort`, where Node has it: each worker would
  // have a queue of its own, and what waits in it is reset when the worker is replaced.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  await beginPrimary(cluster);
  const wanted = count === 'auto' ? (await import('node:os')).availableParallelism() : count;
  const retiring = new Set<Worker>();
  const alive = (): Worker[] => Object.values(cluster.workers ?? {}) as Worker[];
  const endAll = (): void => { for (const worker of alive()) worker.process.kill('SIGTERM'); };
  let stopping = false;
  let listened = false;
  let delay = 0;

  const fork = (onListening?: () => void): void => {
    const started = Date.now();
    const worker = cluster.fork();
    let listens = false;
    worker.once('listening', () => { listened = listens = true; onListening?.(); });
    worker.once('exit', (code, signal) => {
      const retired = retiring.delete(worker);
      if (!listened && (code === 1 || code === 2)) {
        // It cannot start (a port, a variable, an option): nor can the next. Its message has been printed.
        stopping = true;
        process.exitCode = code;
        endAll();
      }
      if (stopping) {
        if (alive().length === 0) process.exit();
        return;
      }
      if (retired) return;
      if (onListening && !listens) {
        // The bundle that was to take over cannot start. The worker it was to replace serves on.
        log(`kept an old worker: the new one ended (${signal ?? code})`);
        return;
      }
      delay = Date.now() - started > STABLE_MS ? 0 : Math.min(MAX_DELAY_MS, delay * 2 + 100);
      log(`worker ${worker.process.pid!} ended (${signal ?? code}), a new one starts`);
      setTimeout(() => { if (!stopping) fork(); }, delay);
    });
  };

  const stop = (): void => {
    if (alive().length === 0) process.exit(0);
    stopping = true;
    endAll();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => {
    const old = alive().filter((worker) => !retiring.has(worker));
    log(`replacing ${old.length} workers`);
    for (let i = 0; i < wanted; i++) {
      fork(() => {
        const worker = old.pop();
        if (worker === undefined) return;
        retiring.add(worker);
        worker.process.kill('SIGTERM');
      });
    }
  });
  for (let i = 0; i < wanted; i++) fork();
}
