/** From a document on disk to an Api, as `gwc build --mock` reads it. */
import { loadDocument } from '../../../1-load/index.js';
import { readApi } from '../../../2-read/read-api.js';
import { Sources } from '../../../diagnostics/locate.js';
import { Reporter } from '../../../diagnostics/report.js';
import type { Api } from '../../../ir.js';

export async function readDocument(path: string): Promise<Api> {
  const reporter = new Reporter();
  const cwd = process.cwd();
  const document = await loadDocument(path, { params: {}, overlays: [], cwd, sources: new Sources(cwd) }, reporter);
  if (!document) throw new Error(reporter.diagnostics.map(({ message }) => message).join('\n'));
  return readApi(document, { mock: true }, reporter);
}
