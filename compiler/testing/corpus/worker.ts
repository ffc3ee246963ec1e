/** A process that builds one document after another. What is wrong with one may cost this process; the next one starts another. */
import { buildDocument } from './build-document.js';
import type { CorpusDocument } from './documents.js';
import type { Outcome } from './outcome.js';

export interface CorpusJob { readonly document: CorpusDocument; readonly types: boolean; readonly calls: number }

process.on('message', ({ document, types, calls }: CorpusJob) => {
  void (async () => {
    const checkTypes = types ? (await import('./client-types.js')).checkClientTypes : undefined;
    const { compilation, ...built } = await buildDocument(document, { ...(checkTypes && { checkTypes }) });
    let outcome: Outcome = built;
    if (compilation && calls > 0) outcome = { ...built, trial: await (await import('./try-gateway.js')).tryGateway(compilation, calls) };
    process.send!({ outcome, rss: process.memoryUsage.rss() });
  })();
});
process.on('disconnect', () => process.exit());
