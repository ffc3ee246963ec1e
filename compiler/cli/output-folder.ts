/** Writes the output folder whole or not at all: into a folder beside it, then swapped by rename. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

export interface OutputFile { readonly path: string; readonly text: string }

/** Why `folder` must not be replaced; undefined when it may: absent, empty, or written by gwc before. */
export function refuseFolder(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  let entries: string[];
  try { entries = readdirSync(folder); } catch { return `${folder} is not a folder`; }
  if (entries.length === 0 || (entries.includes('gateway.mjs') && entries.includes('manifest.json'))) return undefined;
  return `${folder} holds files that gwc did not write; it is replaced whole at every build, so choose another with -o`;
}

export function replaceFolder(folder: string, files: readonly OutputFile[]): void {
  const target = resolve(folder);
  mkdirSync(dirname(target), { recursive: true });
  const suffix = `${process.pid}-${Date.now().toString(36)}`;
  const staging = join(dirname(target), `.${basename(target)}-new-${suffix}`);
  mkdirSync(staging);
  try {
    for (const file of files) {
      const path = join(staging, file.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.text);
    }
    const old = existsSync(target) ? join(dirname(target), `.${basename(target)}-old-${suffix}`) : undefined;
    if (old !== undefined) renameSync(target, old);
    try {
      renameSync(staging, target);
    } catch (error) {
      if (old !== undefined) renameSync(old, target);
      throw error;
    }
    if (old !== undefined) rmSync(old, { recursive: true, force: true });
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    throw error;
  }
}
