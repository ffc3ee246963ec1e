/** A process that builds one document after another. What is wrong with one may cost this process; the next one starts another. */
import { buildDocument } from './build-document.js';
import type { CorpusDocument } from './documents.js';

export interface CorpusJob { readonly document: CorpusDocument; readonly types: boolean }

process.on('message', ({ document, types }: CorpusJob) => {
  void (async () => {
    const checkTypes = types ? (await import('./client-types.js')).checkClientTypes : undefined;
    const { compilation: _, ...outcome } = await buildDocument(document, { ...(checkTypes && { checkTypes }) });
    process.send!({ outcome, rss: process.memoryUsage.rss() });
  })();
});
process.on('disconnect', () => process.exit());
