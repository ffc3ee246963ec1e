/**
 * From starting the process to its first answer, against `node -e 0`; and the size of the smallest bundle. Interleaved, medians.
 * Targets: ≤ 2×, ≤ 30 KB minified.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compile } from '../compiler/index.js';
import { githubDocument, median, row } from './compare.js';

const SMALLEST = `openapi: 3.0.3
info: {title: smallest, version: '1'}
paths:
  /health:
    get:
      responses: {'200': {description: up}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"status":"up"}'}}}
`;
const ROUNDS = Number(process.env['ROUNDS'] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'gwc-bench-'));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Milliseconds until the first byte of an answer to a request that is tried again until somebody listens. */
async function firstAnswer(file: string, target: string): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [file, '--port', String(port), '--host', '127.0.0.1'], { stdio: 'ignore' });
  try {
    for (;;) {
      const answered = await new Promise<boolean>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
        socket.once('data', () => { socket.destroy(); resolve(true); });
        socket.once('error', () => resolve(false));
      });
      if (answered) return performance.now() - started;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } finally {
    child.kill('SIGKILL');
  }
}

function bareNode(): number {
  const started = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - started;
}

try {
  const spec = join(folder, 'smallest.yaml');
  writeFileSync(spec, SMALLEST);
  const smallest = await compile(spec, { clients: [] });
  const github = await compile(githubDocument(), { mock: true, clients: [] });
  const files = { smallest: join(folder, 'smallest.mjs'), github: join(folder, 'github.mjs') };
  writeFileSync(files.smallest, smallest.bundle!.code);
  writeFileSync(files.github, github.bundle!.code);
  const times = { node: [] as number[], smallest: [] as number[], github: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.node.push(bareNode());
    times.smallest.push(await firstAnswer(files.smallest, '/health'));
    times.github.push(await firstAnswer(files.github, '/emojis'));
  }
  const base = median(times.node);
  console.log(`start to first answer, ${ROUNDS} rounds`);
  row('node -e 0', `${base.toFixed(0)} ms`);
  row('smallest gateway', `${median(times.smallest).toFixed(0)} ms`, `${(median(times.smallest) / base).toFixed(2)}×  (target ≤ 2×)`);
  row('GitHub --mock', `${median(times.github).toFixed(0)} ms`, `${(median(times.github) / base).toFixed(2)}×`);
  const size = Buffer.byteLength(smallest.bundle!.code);
  console.log('size of the bundle, minified');
  row('smallest gateway', `${(size / 1024).toFixed(1)} KB`, `${(gzipSync(smallest.bundle!.code).length / 1024).toFixed(1)} KB gzip`, '(target ≤ 30 KB)');
  row('GitHub --mock', `${(Buffer.byteLength(github.bundle!.code) / 1024).toFixed(0)} KB`, `${(gzipSync(github.bundle!.code).length / 1024).toFixed(0)} KB gzip`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
