/** A process that builds one document after another. What is wrong with one may cost this process; the next one starts another. */
import { buildDocument } from './build-document.js';
import type { CorpusDocument } from './documents.js';
import type { Outcome } from './outcome.js';

export interface CorpusJob {
  readonly document: CorpusDocument;
  /** Who type-checks the client: this repository's TypeScript, or the `tsc` at this path. */
  readonly types: 'own' | { readonly tsc: string } | null;
  readonly calls: number;
}

async function checkerOf(types: NonNullable<CorpusJob['types']>): Promise<(files: ReadonlyMap<string, string>) => readonly string[]> {
  if (types !== 'own') {
    const { checkNativeClientTypes } = await import('./native-client-types.js');
    return (files) => checkNativeClientTypes(types.tsc, files);
  }
  const { checkClientTypes } = await import('./client-types.js');
  return (files) => checkClientTypes(new Map([['client', files]])).get('client')!;
}

process.on('message', ({ document, types, calls }: CorpusJob) => {
  void (async () => {
    const checkTypes = types === null ? undefined : await checkerOf(types);
    const { compilation, ...built } = await buildDocument(document, { ...(checkTypes && { checkTypes }) });
    let outcome: Outcome = built;
    if (compilation && calls > 0) outcome = { ...built, trial: await (await import('./try-gateway.js')).tryGateway(compilation, calls) };
    process.send!({ outcome, rss: process.memoryUsage.rss() });
  })();
});
process.on('disconnect', () => process.exit());
