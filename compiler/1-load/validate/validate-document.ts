/** swagger-parser's verdict on a document, with places in the user's files. */
import { Worker } from 'node:worker_threads';
import type { Diagnostic, Origin } from '../../diagnostics/define.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Document } from '../document.js';
import { parsePointer } from '../node.js';
import { notConforming } from './diagnostics.js';
import { singleCopy } from './single-copy.js';
import type { Finding, ValidationJob } from './validate-copy.js';

/**
 * Starts at once in a worker thread, so call it as early as possible and await it as late as possible. Needs no other phase. Never rejects on
 * what a user wrote.
 */
export async function validateDocument(document: Document): Promise<Diagnostic[]> {
  const worker = startWorker();
  const copy = singleCopy(document);
  const findings = await run(worker, { text: JSON.stringify(copy.value), version: document.version });
  const reporter = new Reporter();
  for (const { pointer, problem } of findings) {
    const origin: Origin = copy.origin(pointer);
    reporter.report(notConforming, origin, { version: document.version, path: parsePointer(origin.pointer).at(-1) ?? '', problem });
  }
  return reporter.diagnostics;
}

/** undefined where threads cannot be had; then the work is done here. */
function startWorker(): Worker | undefined {
  try { return new Worker(new URL('./worker.js', import.meta.url)); } catch { return undefined; }
}

async function run(worker: Worker | undefined, job: ValidationJob): Promise<Finding[]> {
  const answer = worker && await new Promise<{ findings?: Finding[] } | undefined>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
    worker.postMessage(job);
  });
  void worker?.terminate();
  if (answer?.findings) return answer.findings;
  const { validateCopy } = await import('./validate-copy.js');
  return validateCopy(job);
}
