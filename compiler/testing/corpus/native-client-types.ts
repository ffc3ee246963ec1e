/** `tsc --strict` over emitted clients by TypeScript 7, which is native code and takes a tenth of the time: what makes checking every client of the corpus possible. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLIENT_OPTIONS, CLIENT_ROOTS } from './client-types.js';

const VERSION = '7.0.2';

/** The path of its program; fetched through npm into the cache once. */
export async function nativeCompiler(): Promise<string> {
  const folder = join(process.env['GWC_CACHE'] ?? join(homedir(), '.cache', 'gwc'), `typescript-${VERSION}`);
  if (!existsSync(folder)) fetchInto(folder);
  const { default: getExePath } = (await import(pathToFileURL(join(folder, 'node_modules', 'typescript', 'lib', 'getExePath.js')).href)) as { default: () => string };
  return getExePath();
}

function fetchInto(folder: string): void {
  console.error(`gwc: fetching typescript@${VERSION} (once)`);
  const staged = `${folder}.${process.pid}`;
  mkdirSync(staged, { recursive: true });
  try {
    // Windows finds npm as a script only.
    execFileSync('npm', ['install', '--prefix', staged, '--ignore-scripts', '--no-audit', '--no-fund', '--silent', `typescript@${VERSION}`], { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
    try { renameSync(staged, folder); } catch { /* somebody else was faster */ }
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** One line per fault, at most 20. `files`: path inside the package → text. What kept the compiler from saying anything is a fault too. */
export function checkNativeClientTypes(tsc: string, files: ReadonlyMap<string, string>): string[] {
  const roots = CLIENT_ROOTS.filter((path) => files.has(path));
  if (roots.length < CLIENT_ROOTS.length) return [`the client lacks ${CLIENT_ROOTS.filter((path) => !files.has(path)).join(', ')}`];
  const folder = mkdtempSync(join(tmpdir(), 'gwc-client-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: CLIENT_OPTIONS, files: roots }));
    const { status, stdout, stderr, error } = spawnSync(tsc, ['--pretty', 'false', '-p', folder], { cwd: folder, encoding: 'utf8', maxBuffer: 1e9 });
    if (status === 0) return [];
    const faults = stdout.split('\n').filter((line) => line.includes('error TS'));
    return (faults.length > 0 ? faults : [`tsc ended with ${status ?? error?.message}: ${stderr.slice(0, 400)}`]).slice(0, 20).map((line) => line.slice(0, 400));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
