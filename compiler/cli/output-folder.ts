/** Writes the output folder whole or not at all: into a folder beside it, then swapped by rename. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from './make-folder.js';

/** `text` may be UTF-8 already. */
export interface OutputFile { readonly path: string; readonly text: string | Uint8Array }

/** Why `folder` must not be replaced; undefined when it may: absent, empty, or written by gwc before. */
export function refuseFolder(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  let entries: string[];
  try { entries = readdirSync(folder); } catch { return `${folder} is not a folder`; }
  if (entries.length === 0 || (entries.includes('gateway.mjs') && entries.includes('manifest.json'))) return undefined;
  return `${folder} holds files that gwc did not write; it is replaced whole at every build, so choose another with -o`;
}

/** Files for `folder`, gathered in a folder beside it until there are all of them. */
export class StagedFolder {
  private readonly target: string;
  private readonly staging: string;
  private readonly suffix = `${process.pid}-${Date.now().toString(36)}`;

  /** Throws where the folder cannot be made. */
  constructor(folder: string) {
    this.target = resolve(folder);
    makeFolder(dirname(this.target));
    this.staging = join(dirname(this.target), `.${basename(this.target)}-new-${this.suffix}`);
    mkdirSync(this.staging);
  }

  write(files: readonly OutputFile[]): void {
    for (const file of files) {
      const path = join(this.staging, file.path);
      makeFolder(dirname(path));
      writeFileSync(path, file.text);
    }
  }

  /** Puts the new folder where the old one is, at once; the old one is gone when the promise resolves. After an error the old one is there. */
  async commit(): Promise<void> {
    const old = existsSync(this.target) ? join(dirname(this.target), `.${basename(this.target)}-old-${this.suffix}`) : undefined;
    if (old !== undefined) renameSync(this.target, old);
    try {
      renameSync(this.staging, this.target);
    } catch (error) {
      if (old !== undefined) renameSync(old, this.target);
      throw error;
    }
    // Large files take long to give back, and there is something else to do meanwhile.
    if (old !== undefined) await rm(old, { recursive: true, force: true });
  }

  discard(): void {
    rmSync(this.staging, { recursive: true, force: true });
  }
}
