/** Entry of the validator thread. */
import { availableParallelism } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { Answer, Question } from './thread.js';
import { validateCopy } from './validate-copy.js';

parentPort!.on('message', ({ id, job }: Question) => {
  const answer = (findings?: Answer['findings']): void => parentPort!.postMessage({ id, ...(findings && { findings }) } satisfies Answer);
  validateCopy(job).then(answer, () => answer());
});

// While the main thread still reads the document, an empty one is validated: the first validation takes twice as long as the next ones.
if (availableParallelism() > 1) void validateCopy({ text: '{"openapi":"3.0.3","info":{"title":"","version":""},"paths":{}}', version: '3.0' });
