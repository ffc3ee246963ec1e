/** Entry of the validator thread. */
import { parentPort } from 'node:worker_threads';
import type { Answer, Question } from './thread.js';
import { validateCopy } from './validate-copy.js';

// Loading the validator takes longer than a small document needs: it starts before the first job arrives.
void import('@apidevtools/swagger-parser');
parentPort!.on('message', ({ id, job }: Question) => {
  const answer = (findings?: Answer['findings']): void => parentPort!.postMessage({ id, ...(findings && { findings }) } satisfies Answer);
  validateCopy(job).then(answer, () => answer());
});
