/**
 * Who may use a SQLite file, among processes whose SQLite cannot lock files (WebAssembly has no `fcntl`): one process owns it at a time and says so
 * in `<path>-owner`. Others ask for it with `<path>-wanted`; the owner hands it over between two transactions. An owner that was killed is found
 * out by its process id, so nothing has to be cleaned up by hand.
 */
import { linkSync, mkdirSync, readFileSync, rmdirSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Whoever wants the file says so again and again; one that has not for this long has given up or died. */
const WANTED_FOR_MS = 1_000;
/** Taking a file from a dead owner is a few system calls: who has not finished after this has died as well. */
const BREAKING_FOR_MS = 10_000;

/** Whether this process now owns the file. Never waits. */
export function takeOwnership(path: string): boolean {
  if (claim(path)) return true;
  return breakDead(path) && claim(path);
}

export function giveOwnership(path: string): void {
  if (readOwner(path) === me()) remove(`${path}-owner`);
}

/** Whether a process that lives (as far as can be told) owns it. */
export function isOwnedElsewhere(path: string): boolean {
  const owner = readOwner(path);
  return owner !== undefined && owner !== me() && !isDead(owner);
}

/** Asks the owner for the file. */
export function want(path: string): void {
  try {
    const now = new Date();
    utimesSync(`${path}-wanted`, now, now);
  } catch {
    writeFileSync(`${path}-wanted`, '');
  }
}

export function isWanted(path: string): boolean {
  try { return Date.now() - statSync(`${path}-wanted`).mtimeMs < WANTED_FOR_MS; } catch { return false; }
}

export function noLongerWanted(path: string): void { remove(`${path}-wanted`); }

/** A link appears with its content or not at all, and only if there is none. */
function claim(path: string): boolean {
  const draft = `${path}-owner.${process.pid}`;
  writeFileSync(draft, me());
  try {
    linkSync(draft, `${path}-owner`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    remove(draft);
  }
}

/** Only who holds the folder takes a claim that is not its own; what it read cannot have changed meanwhile, since a dead owner does nothing. */
function breakDead(path: string): boolean {
  const before = readOwner(path);
  if (before === undefined) return true;
  if (!isDead(before)) return false;
  const guard = `${path}-owner.breaking`;
  try {
    mkdirSync(guard);
  } catch {
    try { if (Date.now() - statSync(guard).mtimeMs > BREAKING_FOR_MS) rmdirSync(guard); } catch { /* somebody was faster */ }
    return false;
  }
  try {
    if (readOwner(path) === before) remove(`${path}-owner`);
    return true;
  } finally {
    rmdirSync(guard);
  }
}

function readOwner(path: string): string | undefined {
  try { return readFileSync(`${path}-owner`, 'utf8'); } catch { return undefined; }
}

let own: string | undefined;
function me(): string { return own ??= `${process.pid} ${startOf(process.pid) ?? ''} ${place()}`; }

/** Process ids mean something only on the same machine and, in containers, in the same namespace. */
let here: string | undefined;
function place(): string {
  if (here !== undefined) return here;
  let namespace = '';
  try { namespace = statSync('/proc/self/ns/pid').ino.toString(); } catch { /* not Linux */ }
  return here = `${hostname()} ${namespace}`;
}

function isDead(owner: string): boolean {
  const [pid, start, ...rest] = owner.split(' ');
  if (rest.join(' ') !== place()) return false;
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

function remove(path: string): void {
  try { unlinkSync(path); } catch { /* it is gone */ }
}
