// `npm run demo`: builds the petstore, starts a real backend and the built gateway, calls it through the generated client, says
// what happened, and ends by itself.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gwc-demo-'));
const say = (text) => console.log(text);
const KEY = 'demo-key-demo-key-demo-key';
let gateway;

const backend = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://backend');
  say(`      the backend got  ${request.method} ${request.url}`);
  const pets = [{ id: 1, type: 'cat', price: 24.99 }, { id: 2, type: 'dog', price: 249.99 }];
  const id = /^\/petstore\/pets\/(\d+)$/.exec(pathname)?.[1];
  const body = pathname === '/petstore/pets' ? pets : pets.find((pet) => String(pet.id) === id);
  response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body ?? { message: 'no such pet' }));
});

try {
  await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve));
  // The document names its backend by a stage variable; an overlay says where this demo's is.
  const overlay = join(folder, 'demo.overlay.json');
  writeFileSync(overlay, JSON.stringify({
    overlay: '1.0.0', info: { title: 'The backend of this demo', version: '1' },
    actions: [{ target: "$['x-gwc'].stages.dev.variables", update: { backend: `127.0.0.1:${backend.address().port}` } }],
  }));

  say('1. gwc build specs/petstore.yaml');
  const build = spawnSync(process.execPath, [join(root, 'bin/gwc.js'), 'build', 'specs/petstore.yaml', '--overlay', overlay, '-o', join(folder, 'dist')], { cwd: root, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(build.stderr);
  say(build.stdout.replaceAll(relative(root, folder) + '/', '').trimEnd().replace(/^/gm, '   '));

  say('\n2. node dist/gateway.mjs --stage dev');
  gateway = spawn(process.execPath, [join(folder, 'dist/gateway.mjs'), '--stage', 'dev', '--port', '0', '--host', '127.0.0.1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PETSTORE_API_KEY: KEY },
  });
  const url = await new Promise((resolve, reject) => {
    gateway.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
    gateway.stdout.on('data', (chunk) => { const match = /listening on (\S+)/.exec(chunk); if (match) resolve(match[1]); });
  });
  say(`   ${url}`);

  say('\n3. calls through dist/clients/typescript');
  const { createClient, getPet, getHealth, createPet, listPets } = await import(pathToFileURL(join(folder, 'dist/clients/typescript/index.js')).href);
  const api = createClient({ baseUrl: url, auth: { api_key: KEY } });
  const show = async (what, call) => {
    say(`   ${what}`);
    const result = await call;
    say(`      ${result.status}  ${JSON.stringify(result.body)}${result.gateway ? `  (${result.gateway.kind}, by the gateway)` : ''}`);
    return result;
  };
  const outcomes = [
    await show("proxied   listPets(api, { type: 'cat' })", listPets(api, { type: 'cat' })),
    await show("proxied   getPet(api, { petId: '1' })", getPet(api, { petId: '1' })),
    await show('mocked    getHealth(api)', getHealth(api)),
    await show("rejected  createPet(api, { body: { type: 'dragon' } })", createPet(api, { body: { type: 'dragon' } })),
  ];
  const expected = [200, 200, 200, 400];
  if (outcomes.some((outcome, index) => outcome.status !== expected[index])) throw new Error(`expected ${expected.join(', ')}`);
} finally {
  gateway?.removeAllListeners('exit');
  gateway?.kill('SIGTERM');
  backend.closeAllConnections();
  backend.close();
  rmSync(folder, { recursive: true, force: true });
}
