/** Tells when one of a set of files changes, appears or goes away. */
import { statSync, watch, type FSWatcher, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';

/** Network drives, containers' mounts, links into other folders and folders that were made anew send no events: files are looked at, too. */
const POLL_MS = 1_000;
/** File times are taken from a clock that may be a tick behind. */
const CLOCK_MS = 10;

export class FileWatch {
  /** File → what it looked like last; '' when it is not there. */
  private files = new Map<string, string>();
  /** Folders are watched, not files: an editor that writes a new file and renames it keeps being seen. */
  private readonly folders = new Map<string, { readonly inode: number; readonly watcher: FSWatcher }>();
  private readonly polling = setInterval(() => { for (const file of this.files.keys()) this.look(file); }, POLL_MS);

  constructor(private readonly onChange: () => void) {}

  /** From now on these files (absolute paths). What changed after `since` (ms since the epoch, before anybody read them) counts as a change. */
  follow(files: Iterable<string>, since: number): void {
    const before = this.files;
    this.files = new Map();
    let isLate = false;
    for (const file of files) {
      const { looks, changed } = looksOf(file);
      if (before.get(file) !== looks && changed > since - CLOCK_MS) isLate = true;
      this.files.set(file, looks);
    }
    this.watchFolders(new Set([...this.files.keys()].map((file) => dirname(file))));
    if (isLate) this.onChange();
  }

  close(): void {
    clearInterval(this.polling);
    this.watchFolders(new Set());
  }

  private watchFolders(wanted: ReadonlySet<string>): void {
    for (const [folder, { inode, watcher }] of this.folders) {
      if (wanted.has(folder) && inodeOf(folder) === inode) continue;
      watcher.close();
      this.folders.delete(folder);
    }
    for (const folder of wanted) {
      const inode = inodeOf(folder);
      if (this.folders.has(folder) || inode === undefined) continue;
      // No more watches to be had, the folder just went: looking every second does as well.
      try {
        const watcher = watch(folder, (_event, name) => {
          if (name !== null) this.look(join(folder, name));
          else for (const file of this.files.keys()) this.look(file);
        });
        watcher.on('error', () => watcher.close());
        this.folders.set(folder, { inode, watcher });
      } catch { /* see above */ }
    }
  }

  private look(file: string): void {
    const before = this.files.get(file);
    if (before === undefined) return;
    const { looks } = looksOf(file);
    if (looks === before) return;
    this.files.set(file, looks);
    this.onChange();
  }
}

function looksOf(file: string): { looks: string; changed: number } {
  const stat = statOf(file);
  return stat ? { looks: `${stat.ino} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.size}`, changed: stat.ctimeMs } : { looks: '', changed: 0 };
}

function inodeOf(folder: string): number | undefined {
  return statOf(folder)?.ino;
}

/** What cannot be reached counts as not there. */
function statOf(path: string): Stats | undefined {
  try { return statSync(path); } catch { return undefined; }
}
