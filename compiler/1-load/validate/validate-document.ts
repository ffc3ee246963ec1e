/** swagger-parser's verdict on a document, with places in the user's files. */
import type { Diagnostic, Origin } from '../../diagnostics/define.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Document } from '../document.js';
import { parsePointer } from '../node.js';
import { notConforming } from './diagnostics.js';
import { singleCopy } from './single-copy.js';
import { findFaults, prepareValidation } from './thread.js';
import type { ValidationCache } from './validation-cache.js';

/**
 * Starts at once in a worker thread, so call it as early as possible and await it as late as possible. Needs no other phase. Never rejects on
 * what a user wrote. One document at a time with the same `cache`.
 */
export async function validateDocument(document: Document, cache?: ValidationCache): Promise<Diagnostic[]> {
  prepareValidation();
  const copy = singleCopy(document);
  const value = cache ? cache.reduce(copy.value, document.version) : copy.value;
  const { findings, faulty } = await findFaults({ text: JSON.stringify(value), version: document.version });
  cache?.judged(faulty);
  const reporter = new Reporter();
  for (const { pointer, problem } of findings) {
    const origin: Origin = copy.origin(pointer);
    reporter.report(notConforming, origin, { version: document.version, path: nameOf(parsePointer(origin.pointer)), problem });
  }
  return reporter.diagnostics;
}

/** The key a value stands under; of an item of a list that of the list, too. */
function nameOf(tokens: readonly string[]): string {
  const last = tokens.at(-1) ?? '';
  return /^\d+$/.test(last) && tokens.length > 1 && !/^(?:responses|paths)$/.test(tokens.at(-2)!) ? `${tokens.at(-2)!}.${last}` : last;
}
