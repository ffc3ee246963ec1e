/** Puts an emitted package where Node, tsc and bundlers find it, as users would: under node_modules of an application. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from '../../generated-file.js';

export interface InstalledClient {
  /** The application's folder. */
  readonly root: string;
  readonly folder: string;
  readonly name: string;
  write(path: string, text: string): string;
  /** A file of the package. */
  read(path: string): string;
  remove(): void;
}

export function install(files: readonly GeneratedFile[]): InstalledClient {
  const root = mkdtempSync(join(tmpdir(), 'gwc-client-'));
  const { name } = JSON.parse(files.find(({ path }) => path === 'package.json')!.text) as { name: string };
  const write = (path: string, text: string): string => {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    return target;
  };
  write('package.json', '{"type":"module"}');
  for (const { path, text } of files) write(`node_modules/${name}/${path}`, text);
  return { root, folder: join(root, 'node_modules', name), name, write, read: (path) => readFileSync(join(root, 'node_modules', name, path), 'utf8'), remove: () => rmSync(root, { recursive: true, force: true }) };
}
