// Installs what `npm run …` needs on a fresh clone. Plain Node: it runs before any dependency exists.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = createHash('sha256').update(readFileSync(`${root}package-lock.json`)).digest('hex');
const stamp = `${root}node_modules/.gwc-lock`;

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('gwc: installing dependencies (once)');
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm ? [process.execPath, [npm]] : ['npm', []];
  // Not `npm ci`: it refuses to go on where a registry lacks an optional package of another platform (rollup has 20 of them).
  // Versions are pinned exactly, here and in the lock file, which --no-save leaves as it is.
  execFileSync(command, [...prefix, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  writeFileSync(stamp, lock);
}
