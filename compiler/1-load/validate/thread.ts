/** One worker thread for all validations of a process: `gwc dev` validates again and again, and loading the validator costs more than using it. */
import { Worker } from 'node:worker_threads';
import type { Finding, ValidationJob } from './validate-copy.js';

export interface Question { readonly id: number; readonly job: ValidationJob }
export interface Answer { readonly id: number; readonly findings?: readonly Finding[] }

class ValidatorThread {
  private readonly waiting = new Map<number, (answer: Answer | undefined) => void>();
  private readonly worker: Worker;
  private count = 0;
  isAlive = true;

  constructor() {
    this.worker = new Worker(new URL('./worker.js', import.meta.url));
    this.worker.on('message', (answer: Answer) => this.settle(answer.id, answer));
    this.worker.on('error', () => this.close());
    this.worker.on('exit', () => this.close());
    // An idle thread does not keep the process running. Listening for messages would: so this comes last.
    this.worker.unref();
  }

  /** undefined when the thread could not do it. */
  ask(job: ValidationJob): Promise<Answer | undefined> {
    const id = this.count++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.ref();
      this.worker.postMessage({ id, job } satisfies Question);
    });
  }

  private settle(id: number, answer: Answer | undefined): void {
    this.waiting.get(id)?.(answer);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker.unref();
  }

  private close(): void {
    this.isAlive = false;
    for (const id of [...this.waiting.keys()]) this.settle(id, undefined);
  }
}

let thread: ValidatorThread | undefined;

/** Starts the thread ahead of the first document; it loads the validator meanwhile. */
export function prepareValidation(): void {
  if (thread?.isAlive) return;
  // Where threads cannot be had the work is done on the main thread.
  try { thread = new ValidatorThread(); } catch { thread = undefined; }
}

/** What swagger-parser finds, computed in the thread if there is one. */
export async function findFaults(job: ValidationJob): Promise<readonly Finding[]> {
  prepareValidation();
  const answer = await thread?.ask(job);
  if (answer?.findings) return answer.findings;
  const { validateCopy } = await import('./validate-copy.js');
  return validateCopy(job);
}
