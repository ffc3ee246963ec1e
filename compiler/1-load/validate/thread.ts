/** swagger-parser in a thread of its own: loading it costs more than using it on most documents. */
import { BackgroundThread } from '../../background-thread.js';
import type { ValidationJob, Verdict } from './validate-copy.js';

const thread = new BackgroundThread<ValidationJob, Verdict>(() => new URL('./validate-worker.js', import.meta.url));

/** Starts the thread ahead of the first document. */
export function prepareValidation(): void { thread.prepare(); }

/** What swagger-parser finds. */
export async function findFaults(job: ValidationJob): Promise<Verdict> {
  return (await thread.run(job)) ?? (await import('./validate-copy.js')).validateCopy(job);
}
