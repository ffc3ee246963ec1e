/**
 * Who may use a SQLite file, among processes whose SQLite cannot lock files (WebAssembly has no `fcntl`): one connection owns it at a time and says so
 * in `<path>-owner`. Others ask for it with `<path>-wanted.<who>`; the owner makes the one that has waited longest its successor, between two
 * transactions. An owner that was killed is found out by its process id, so nothing has to be cleaned up by hand.
 */
import { randomInt } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Whoever wants the file says so again and again; when nobody has for this long, nobody waits. */
const WANTED_FOR_MS = 1_000;
/** Taking a file from a dead owner is a few system calls: who has not finished after this has died as well. */
const BREAKING_FOR_MS = 10_000;

export class FileOwner {
  /** `<pid> <when it started> <number of the connection> <machine and namespace>` */
  private readonly me: string;
  private readonly tag: string;
  private readonly claim: string;

  constructor(private readonly path: string) {
    const number = randomInt(2 ** 40);
    this.me = `${process.pid} ${startOf(process.pid) ?? ''} ${number} ${place()}`;
    this.tag = `${process.pid}.${number}`;
    this.claim = `${path}-owner`;
  }

  /** Whether this connection owns the file now. Never waits. */
  take(): boolean {
    return read(this.claim) === this.me || this.tryClaim() || (this.breakDead() && this.tryClaim());
  }

  /** To whoever has waited longest, else to nobody. */
  give(): void {
    if (read(this.claim) !== this.me) return;
    const successor = this.isWanted() ? this.longestWaiting() : undefined;
    if (successor === undefined) { remove(this.claim); return; }
    const draft = `${this.claim}.${this.tag}`;
    writeFileSync(draft, successor);
    renameSync(draft, this.claim);
  }

  /** Asks the owner for the file; again and again until it is taken, or no longer wanted. */
  want(): void {
    const file = `${this.path}-wanted.${this.tag}`;
    if (statSync(file, { throwIfNoEntry: false }) === undefined) writeFileSync(file, this.me);
    try {
      const now = new Date();
      utimesSync(`${this.path}-wanted`, now, now);
    } catch {
      writeFileSync(`${this.path}-wanted`, '');
    }
  }

  /** Whether anybody waits for it: one look at one file, so that an owner can afford it after every transaction. */
  isWanted(): boolean {
    const stat = statSync(`${this.path}-wanted`, { throwIfNoEntry: false });
    return stat !== undefined && Date.now() - stat.mtimeMs < WANTED_FOR_MS;
  }

  /** This connection waits no more. The last one clears up. */
  wantNoLonger(): void {
    remove(`${this.path}-wanted.${this.tag}`);
    if (this.longestWaiting() === undefined) remove(`${this.path}-wanted`);
  }

  private longestWaiting(): string | undefined {
    const prefix = `${basename(this.path)}-wanted.`;
    const waiting = readdirSync(dirname(this.path)).filter((name) => name.startsWith(prefix)).flatMap((name) => {
      const file = join(dirname(this.path), name);
      try {
        const who = read(file)!;
        // A file that is being written is empty for a moment.
        if (who === '' || who === this.me) return [];
        if (!isDead(who)) return [{ who, since: statSync(file).mtimeMs }];
        remove(file);
      } catch { /* it waits no more */ }
      return [];
    });
    return waiting.sort((a, b) => a.since - b.since)[0]?.who;
  }

  /** A link appears with its content or not at all, and only if there is none. */
  private tryClaim(): boolean {
    const draft = `${this.claim}.${this.tag}`;
    writeFileSync(draft, this.me);
    try {
      linkSync(draft, this.claim);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      remove(draft);
    }
  }

  /** Only who holds the folder takes a claim that is not its own; what it read cannot have changed meanwhile, since a dead owner does nothing. */
  private breakDead(): boolean {
    const before = read(this.claim);
    if (before === undefined) return true;
    if (!isDead(before)) return false;
    const guard = `${this.claim}.breaking`;
    try {
      mkdirSync(guard);
    } catch {
      try { if (Date.now() - statSync(guard).mtimeMs > BREAKING_FOR_MS) rmdirSync(guard); } catch { /* somebody was faster */ }
      return false;
    }
    try {
      if (read(this.claim) === before) remove(this.claim);
      return true;
    } finally {
      rmdirSync(guard);
    }
  }
}

/** Whether a process that lives (as far as can be told) owns the file. */
export function isOwned(path: string): boolean {
  const owner = read(`${path}-owner`);
  return owner !== undefined && !isDead(owner);
}

/** Process ids mean something only on the same machine and, in containers, in the same namespace. */
function place(): string {
  let namespace = '';
  try { namespace = statSync('/proc/self/ns/pid').ino.toString(); } catch { /* not Linux */ }
  return `${hostname()} ${namespace}`;
}

function isDead(owner: string): boolean {
  const [pid, start, , ...where] = owner.split(' ');
  if (where.join(' ') !== place()) return false;
  try { process.kill(Number(pid), 0); } catch (error) { return (error as NodeJS.ErrnoException).code === 'ESRCH'; }
  // The id may have been given to another process since.
  return start !== '' && startOf(Number(pid)) !== start;
}

/** When a process started, in ticks since boot; undefined where it cannot be told. A killed process that nobody has waited for has ended too. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try { return readFileSync(path, 'utf8'); } catch { return undefined; }
}

function remove(path: string): void {
  try { unlinkSync(path); } catch { /* it is gone */ }
}
