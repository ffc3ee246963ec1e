/** What `gwc build` writes, in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleFiles, earlyFiles } from '../cli/output-files.js';
import { compile, type CompileOptions } from '../index.js';

export interface BuiltFolder { readonly path: string; readonly gateway: string; readonly client: string; remove(): void }

export async function buildFolder(document: string, options: CompileOptions): Promise<BuiltFolder> {
  const compilation = await compile(document, options);
  if (!compilation.bundle) throw new Error(`${document} does not build: ${compilation.diagnostics.filter((each) => each.severity === 'error').map((each) => `${each.code} ${each.message}`).join('; ')}`);
  const path = mkdtempSync(join(tmpdir(), 'gwc-built-'));
  for (const file of [...earlyFiles({ document: compilation.document!, clients: compilation.clients! }), ...bundleFiles(compilation, false)]) {
    mkdirSync(dirname(join(path, file.path)), { recursive: true });
    writeFileSync(join(path, file.path), file.text);
  }
  return { path, gateway: compilation.bundle.code, client: join(path, 'clients/typescript/index.js'), remove: () => rmSync(path, { recursive: true, force: true }) };
}
