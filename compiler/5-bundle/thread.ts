/** rollup and esbuild in a thread of their own: they load while the document is read, and work while clients are generated. */
import { availableParallelism } from 'node:os';
import { BackgroundThread } from '../background-thread.js';
import type { BundleJob, Bundled } from './bundle-gateway.js';

const thread = new BackgroundThread<BundleJob | 'warm up', Bundled | undefined>(() => new URL('./bundle-worker.js', import.meta.url));
let isWarm = false;

/** Starts the thread ahead of the first job. */
export function prepareBundling(): void { thread.prepare(); }

/** For documents that take longer to read than the tools take to get up to speed. */
export function warmUpBundling(): void {
  if (isWarm || availableParallelism() === 1) return;
  isWarm = true;
  void thread.run('warm up');
}

export async function bundle(job: BundleJob): Promise<Bundled> {
  return (await thread.run(job)) ?? (await import('./bundle-gateway.js')).bundleGateway(job);
}
