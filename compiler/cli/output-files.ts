/** What a build writes: paths relative to the output folder. */
import { withoutKeyValues } from '../access/without-key-values.js';
import { documentHash } from '../document-hash.js';
import type { Compilation, Generated } from '../index.js';
import { normalisedDocument } from '../1-load/index.js';
import type { OutputFile } from './output-folder.js';

/** What does not wait for the bundle. */
export function earlyFiles({ document, clients }: Generated): OutputFile[] {
  const files: OutputFile[] = [{ path: 'openapi.json', text: JSON.stringify(normalisedDocument(withoutKeyValues(document))) + '\n' }];
  for (const [language, generated] of clients) for (const file of generated) files.push({ path: `clients/${language}/${file.path}`, text: file.text });
  return files;
}

export function bundleFiles({ bundle, api, document, plan, emitted }: Compilation, keepSources: boolean): OutputFile[] {
  return [
    { path: 'gateway.mjs', text: bundle!.bytes.code },
    { path: 'gateway.mjs.map', text: bundle!.bytes.map },
    { path: 'manifest.json', text: JSON.stringify({
      hash: bundle!.hash,
      document: documentHash(document!),
      title: api!.title,
      version: api!.version,
      flavour: api!.flavour,
      operations: plan!.handlers.map((handler) => ({ id: handler.operation, method: handler.method, path: handler.path })),
      modules: Object.fromEntries(bundle!.modules.map((module) => [module.module, module.bytes])),
    }, null, 1) + '\n' },
    ...(keepSources ? emitted!.files.map((file) => ({ path: `sources/${file.path}`, text: file.text })) : []),
  ];
}
