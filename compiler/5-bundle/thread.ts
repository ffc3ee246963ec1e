/** rollup and esbuild in a thread of their own: they load while the document is read, and work while clients are generated. */
import { BackgroundThread } from '../background-thread.js';
import type { BundleJob, Bundled } from './bundle-gateway.js';

const thread = new BackgroundThread<BundleJob, Bundled>(() => new URL('./bundle-worker.js', import.meta.url));

/** Starts the thread ahead of the first job. */
export function prepareBundling(): void { thread.prepare(); }

export async function bundle(job: BundleJob): Promise<Bundled> {
  return (await thread.run(job)) ?? (await import('./bundle-gateway.js')).bundleGateway(job);
}
