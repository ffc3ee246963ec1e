/** package.json of the client. */
import type { SdkModel } from '../model.js';
import { oneLine } from './text.js';

/** `Pet Store (v2)` → `pet-store-v2-client`: a name npm accepts, whatever the title. */
export function packageName(title: string): string {
  const slug = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 100).replace(/-+$/, '');
  return slug === '' ? 'api-client' : /(^|-)client$/.test(slug) ? slug : `${slug}-client`;
}

/** A semantic version: the document's own, completed (`1.2` → `1.2.0`), else 0.0.0 with it as the pre-release (`2016-09-12T17:50:37Z`). */
export function packageVersion(version: string): string {
  const semver = /^v?(0|[1-9]\d{0,9})(?:\.(0|[1-9]\d{0,9}))?(?:\.(0|[1-9]\d{0,9}))?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?$/.exec(version.trim());
  if (semver && !/(^-|\.)0\d+(\.|$)/.test(semver[4] ?? '')) return `${semver[1]!}.${semver[2] ?? 0}.${semver[3] ?? 0}${semver[4] ?? ''}`;
  const slug = version.replace(/[^0-9A-Za-z]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return slug === '' ? '0.0.0' : `0.0.0-v${slug}`;
}

export function packageText({ title, version, documentHash }: SdkModel): string {
  const description = {
    name: packageName(title),
    version: packageVersion(version),
    description: `Client of ${oneLine(title).slice(0, 200)}`,
    type: 'module',
    main: './index.cjs',
    module: './index.js',
    types: './index.d.ts',
    exports: {
      '.': { import: { types: './index.d.ts', default: './index.js' }, require: { types: './index.d.cts', default: './index.cjs' } },
      './package.json': './package.json',
    },
    sideEffects: false,
    engines: { node: '>=20' },
    gwc: { documentHash },
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}
