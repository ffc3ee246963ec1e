/** Entry of the worker thread: one job per message, answered with its findings. */
import { parentPort } from 'node:worker_threads';
import { validateCopy, type ValidationJob } from './validate-copy.js';

// Loading the validator takes longer than a small document needs: it starts before the first job arrives.
void import('@apidevtools/swagger-parser');
parentPort!.once('message', (job: ValidationJob) => {
  void validateCopy(job).then((findings) => parentPort!.postMessage({ findings }), (error: unknown) => parentPort!.postMessage({ error: String(error) }));
});
