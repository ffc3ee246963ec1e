import { statSync } from 'node:fs';

/** Changes with every change of the file, also one that a rename brings. */
export function fileVersion(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? 'absent' : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}
