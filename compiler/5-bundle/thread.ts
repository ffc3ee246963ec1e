/** rollup and esbuild in a thread of their own: they load while the document is read, and work while clients are generated. */
import { BackgroundThread } from '../background-thread.js';
import type { ValidatorPlan } from '../schema/validators.js';
import type { Memo } from '../memo.js';
import type { BundleJob, Bundled } from './bundle-gateway.js';

/** Jobs of the thread: a gateway to bundle; validators of the next one, to be compiled ahead. */
export type ThreadJob = BundleJob | { readonly validators: ValidatorPlan };

const thread = new BackgroundThread<ThreadJob, Bundled>(() => new URL('./bundle-worker.js', import.meta.url));

/** Starts the thread ahead of the first job. */
export function prepareBundling(): void { thread.prepare(); }

/** Has validators compiled while the gateway that calls them is still being made. */
export function compileAhead(validators: ValidatorPlan): void {
  void thread.run({ validators });
}

/** `last`: of the build before. A gateway whose text has not changed is not bundled again; modules of the user's own may always have changed. */
export async function bundle(job: BundleJob, last?: Memo<Promise<Bundled>>): Promise<Bundled> {
  if (!last || job.emitted.localFunctions.length > 0) return bundleNow(job);
  const bundled = await last.of(JSON.stringify(job), () => bundleNow(job));
  // A fault is said at its place in the document of this build.
  return bundled.bundle ? bundled : bundleNow(job);
}

async function bundleNow(job: BundleJob): Promise<Bundled> {
  return (await thread.run(job)) ?? (await import('./bundle-gateway.js')).bundleGateway(job);
}
