import type { Diagnostic } from '../../diagnostics/define.js';
import { compile, type Compilation } from '../../index.js';
import type { CorpusDocument } from './documents.js';
import type { Outcome } from './outcome.js';

/** Codes that speak of gwc, not of the document: 9xxx, and a bundler that could not read what was generated. */
const OWN_FAULT = /^GWC[459]\d{3}$/;

export interface BuildDocumentOptions {
  /** Says what tsc finds in a client: path → text. */
  readonly checkTypes?: (files: ReadonlyMap<string, string>) => readonly string[];
}

/** Builds a document with `--mock`, gateway and TypeScript client, in memory. Never rejects. */
export async function buildDocument(document: CorpusDocument, options: BuildDocumentOptions = {}): Promise<Outcome & { compilation?: Compilation }> {
  const started = performance.now();
  const { name, bytes } = document;
  try {
    const compilation = await compile(document.path, { mock: true });
    const { api, bundle, clients, diagnostics } = compilation;
    const milliseconds = Math.round(performance.now() - started);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const own = errors.find(({ code }) => OWN_FAULT.test(code));
    const common = { name, bytes, milliseconds, operations: api?.operations.length, warnings: countCodes(diagnostics.filter(({ severity }) => severity === 'warning')) };
    if (own) return { ...common, result: 'crashed', crash: `${own.code} ${own.message}` };
    if (errors.length > 0) return { ...common, result: 'refused', errors: countCodes(errors), examples: firstOfEach(errors, compilation) };
    if (!bundle || !clients) return { ...common, result: 'crashed', crash: 'neither an error nor a gateway' };
    const typeErrors = options.checkTypes?.(new Map(clients.get('typescript')!.map(({ path, text }) => [path, text])));
    return { ...common, result: 'built', gatewayBytes: bundle.code.length, ...(typeErrors && { typeErrors }), compilation };
  } catch (error) {
    return { name, bytes, milliseconds: Math.round(performance.now() - started), result: 'crashed', crash: (error as Error).stack?.split('\n').slice(0, 4).join('\n') ?? String(error) };
  }
}

function countCodes(diagnostics: readonly Diagnostic[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of diagnostics) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function firstOfEach(errors: readonly Diagnostic[], { sources }: Compilation): Record<string, string> {
  const examples: Record<string, string> = {};
  for (const { code, message, origin } of errors) {
    if (examples[code] !== undefined) continue;
    const { line, column } = sources.locate(origin);
    examples[code] = `${line}:${column} ${origin.pointer} ${message}`.slice(0, 500);
  }
  return examples;
}
