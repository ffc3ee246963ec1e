/** `--workers N`: processes that share the listening port; one that dies is replaced. */
import type { ServeOptions } from './options.js';

/** A worker that dies sooner than this after its start is not replaced at once: a gateway that cannot start must not spin. */
const SHORT_LIFE_MS = 1_000;

/** In the primary process: starts the workers and returns true. In a worker: returns false, the caller serves. */
export async function becomePrimary(options: ServeOptions): Promise<boolean> {
  // Loaded only here: a gateway of one process starts without them.
  const [{ default: cluster }, { availableParallelism }] = await Promise.all([import('node:cluster'), import('node:os')]);
  if (cluster.isWorker) return false;
  // The kernel balances: handing sockets over from the primary costs three times as much on short connections.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const count = options.workers === 'auto' ? availableParallelism() : Number(options.workers);
  let stopping = false;
  const started = new Map<number, number>();
  const fork = (): void => { const worker = cluster.fork(); started.set(worker.id, Date.now()); };
  cluster.on('exit', (worker, code) => {
    const lived = Date.now() - (started.get(worker.id) ?? 0);
    started.delete(worker.id);
    if (stopping) { if (started.size === 0) process.exit(0); return; }
    if (code === 1 || code === 2) { stopping = true; process.exitCode = code; for (const other of Object.values(cluster.workers ?? {})) other?.kill('SIGTERM'); return; }
    process.stderr.write(`worker ${worker.process.pid} ended (${worker.process.signalCode ?? code}); starting another\n`);
    setTimeout(() => { if (!stopping) fork(); }, lived < SHORT_LIFE_MS ? SHORT_LIFE_MS : 0);
  });
  for (let i = 0; i < count; i++) fork();
  const drain = (): void => {
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  };
  process.once('SIGTERM', drain);
  process.once('SIGINT', drain);
  return true;
}
