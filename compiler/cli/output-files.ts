/** What a build writes: paths relative to the output folder. */
import { withoutKeyValues } from '../access/without-key-values.js';
import { documentHash } from '../document-hash.js';
import type { Compilation } from '../index.js';
import { normalisedDocument } from '../1-load/index.js';
import type { OutputFile } from './output-folder.js';

export function outputFiles(compilation: Compilation, keepSources: boolean): OutputFile[] {
  const { bundle, api, document, plan, emitted, clients } = compilation;
  const files: OutputFile[] = [
    { path: 'gateway.mjs', text: bundle!.code },
    { path: 'gateway.mjs.map', text: bundle!.map },
    { path: 'openapi.json', text: JSON.stringify(normalisedDocument(withoutKeyValues(document!))) + '\n' },
    { path: 'manifest.json', text: JSON.stringify({
      hash: bundle!.hash,
      document: documentHash(document!),
      title: api!.title,
      version: api!.version,
      flavour: api!.flavour,
      operations: plan!.handlers.map((handler) => ({ id: handler.operation, method: handler.method, path: handler.path })),
      modules: Object.fromEntries(bundle!.modules.map((module) => [module.module, module.bytes])),
    }, null, 1) + '\n' },
  ];
  for (const [language, generated] of clients ?? []) for (const file of generated) files.push({ path: `clients/${language}/${file.path}`, text: file.text });
  if (keepSources) for (const file of emitted!.files) files.push({ path: `sources/${file.path}`, text: file.text });
  return files;
}
