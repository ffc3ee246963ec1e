/** What benches share: where documents are, medians, rows. */
import { homedir } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** GitHub's OpenAPI document; `npm run bench` fetches it first. */
export function githubDocument(): string {
  const path = join(process.env['GWC_CACHE'] ?? join(homedir(), '.cache', 'gwc'), '@octokit+openapi@23.0.2', 'generated', 'api.github.com.json');
  if (!existsSync(path)) throw new Error('run `node bin/fixture-packages.mjs` first');
  return path;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function row(name: string, ...cells: readonly string[]): void {
  console.log(`  ${name.padEnd(44)}${cells.map((cell) => ` ${cell}`.padStart(16)).join('')}`);
}
