/** swagger-parser in a thread of its own: loading it costs more than using it on most documents. */
import { BackgroundThread } from '../../background-thread.js';
import type { Finding, ValidationJob } from './validate-copy.js';

const thread = new BackgroundThread<ValidationJob, readonly Finding[]>(() => new URL('./validate-worker.js', import.meta.url));

/** Starts the thread ahead of the first document. */
export function prepareValidation(): void { thread.prepare(); }

/** What swagger-parser finds. */
export async function findFaults(job: ValidationJob): Promise<readonly Finding[]> {
  return (await thread.run(job)) ?? (await import('./validate-copy.js')).validateCopy(job);
}
