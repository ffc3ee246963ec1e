import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; throws what the system says. Node's own `recursive` goes round without end where a folder can neither be made
 * nor seems to be there, as under /proc (nodejs/node: ENOENT of mkdir makes it try the parent, which exists, and then again).
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = path; ;) {
    const code = tryMake(at);
    if (code === undefined) break;
    const parent = dirname(at);
    if (code !== 'ENOENT' || parent === at) throw new Error(`${at} cannot be made (${code})`);
    missing.push(at);
    at = parent;
  }
  // Each has its parent now: a second ENOENT means what it says.
  for (const folder of missing.reverse()) {
    const code = tryMake(folder);
    if (code !== undefined) throw new Error(`${folder} cannot be made (${code})`);
  }
}

/** undefined when the folder is there now, else the system's code. */
function tryMake(path: string): string | undefined {
  try {
    mkdirSync(path);
    return undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return code;
    // It may be a file: what is made in it fails then, and says so.
    return undefined;
  }
}
