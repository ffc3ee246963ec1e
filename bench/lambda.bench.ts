/**
 * Lambda in the process: CPU per request of a gateway with a function compiled in, against fastify that calls the same handler with a
 * ready-made event, and against serverless-offline where GWC_PEERS names a folder that has it. Each server is a process of its own; a client in
 * this one sends pipelined requests, and the servers' own CPU time is read from /proc. fastify is looked for in GWC_PEERS too.
 * Targets: ≤ 0.6 × fastify with a ready-made event; ≥ 10 × the throughput per CPU of serverless-offline.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../compiler/index.js';
import { row, median } from './compare.js';

const SECONDS = Number(process.env['SECONDS'] ?? 2);
const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const CONNECTIONS = 16;
const peers = process.env['GWC_PEERS'];
const folder = mkdtempSync(join(tmpdir(), 'gwc-lambda-bench-'));
const HANDLER = `exports.handler = async (event) => ({ statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: event.pathParameters.id, q: event.queryStringParameters && event.queryStringParameters.q }) });\n`;
const REQUEST = 'GET /users/42?q=x&page=2 HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: application/json\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en\r\nAuthorization: Bearer abcdefghijklmnopqrstuvwxyz\r\nCookie: session=1234567890\r\n\r\n';

interface Subject { readonly name: string; readonly process: ChildProcess; readonly port: number; readonly results: number[] }

async function start(name: string, command: readonly string[], cwd: string, wait: RegExp, port: number): Promise<Subject> {
  const child = spawn(command[0]!, command.slice(1), { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SLS_TELEMETRY_DISABLED: '1', CI: '1' } });
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`${name} did not start: ${output.slice(-2_000)}`)); }, 60_000);
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = wait.exec(output);
      if (!match) return;
      clearTimeout(timer);
      resolve({ name, process: child, port: port || Number(match[1]), results: [] });
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('exit', () => { clearTimeout(timer); reject(new Error(`${name} ended: ${output.slice(-2_000)}`)); });
  });
}

/** ms of CPU the process has used, user and system, in ticks of 10 ms. */
function cpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Requests answered in `seconds`. */
function load(port: number, seconds: number): Promise<number> {
  let answered = 0;
  const end = performance.now() + seconds * 1_000;
  return Promise.all(Array.from({ length: CONNECTIONS }, () => new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1');
      for (;;) {
        const head = rest.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(rest)?.[1] ?? NaN);
        if (!rest.startsWith('HTTP/1.1 200') || Number.isNaN(length)) return reject(new Error(rest.slice(0, 300)));
        if (rest.length < head + 4 + length) return;
        rest = rest.slice(head + 4 + length);
        answered++;
        if (performance.now() > end) { socket.destroy(); return resolve(); }
        socket.write(REQUEST);
      }
    });
    socket.on('error', reject);
    socket.write(REQUEST);
  }))).then(() => answered);
}

async function measure(subject: Subject, seconds = SECONDS): Promise<number> {
  const before = cpu(subject.process.pid!);
  const answered = await load(subject.port, seconds);
  return (cpu(subject.process.pid!) - before) * 1_000 / answered;
}

writeFileSync(join(folder, 'handler.cjs'), HANDLER);
const spec = (flavour: string, format: object): string => {
  const file = join(folder, `${flavour}.json`);
  writeFileSync(file, JSON.stringify({ openapi: '3.0.1', info: { title: 'bench', version: '1' }, 'x-gwc-flavour': flavour, 'x-gwc': { functions: { Users: { handler: './handler.cjs' } } }, paths: { '/users/{id}': { get: { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:Users/invocations', ...format } } } } }));
  return file;
};

const subjects: Subject[] = [];
try {
  for (const [name, flavour, format] of [['gwc, REST event', 'rest', {}], ['gwc, HTTP event 2.0', 'http', { payloadFormatVersion: '2.0' }]] as const) {
    const { bundle } = await compile(spec(flavour, format), { clients: [], minify: true });
    const file = join(folder, `${flavour}.mjs`);
    writeFileSync(file, bundle!.code);
    subjects.push(await start(name, [process.execPath, file, '--port', '0', '--host', '127.0.0.1'], folder, /listening on http:\/\/[^:]+:(\d+)/, 0));
  }
  const require = peers === undefined ? undefined : createRequire(join(peers, 'x.js'));
  let fastify: string | undefined;
  try { fastify = require?.resolve('fastify'); } catch { fastify = undefined; }
  if (fastify === undefined) console.log('  fastify: not in GWC_PEERS');
  else {
    // The event a gateway would have made, made once.
    writeFileSync(join(folder, 'fastify.cjs'), `
const { handler } = require('./handler.cjs');
const event = ${JSON.stringify({ resource: '/users/{id}', path: '/users/42', httpMethod: 'GET', headers: { Host: 'api.example.com' }, pathParameters: { id: '42' }, queryStringParameters: { q: 'x', page: '2' }, requestContext: {}, body: null, isBase64Encoded: false })};
const app = require(${JSON.stringify(fastify)})();
app.get('/users/:id', async (request, reply) => { const answer = await handler(event); reply.code(answer.statusCode).headers(answer.headers).send(answer.body); return reply; });
app.listen({ port: 0, host: '127.0.0.1' }).then((url) => console.log('listening on ' + url));
`);
    subjects.push(await start('fastify, ready-made event', [process.execPath, join(folder, 'fastify.cjs')], folder, /listening on http:\/\/[^:]+:(\d+)/, 0));
  }
  const serverless = peers === undefined ? undefined : join(peers, 'node_modules', '.bin', 'serverless');
  if (serverless === undefined || !existsSync(serverless) || !existsSync(join(peers!, 'node_modules', 'serverless-offline'))) console.log('  serverless-offline: not in GWC_PEERS');
  else {
    const port = 20_000 + process.pid % 20_000;
    writeFileSync(join(folder, 'serverless.yml'), `service: bench\nprovider: {name: aws, runtime: nodejs20.x}\nplugins: [${join(peers!, 'node_modules', 'serverless-offline')}]\nfunctions:\n  users: {handler: handler.handler, events: [{http: {method: get, path: 'users/{id}'}}]}\n`);
    writeFileSync(join(folder, 'handler.js'), HANDLER);
    subjects.push(await start('serverless-offline', [process.execPath, serverless, 'offline', '--httpPort', String(port), '--lambdaPort', String(port + 1), '--noPrependStageInUrl', '--host', '127.0.0.1'], folder, /Server ready/, port));
  }

  console.log(`\nµs of CPU per request, median of ${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections`);
  for (const subject of subjects) await measure(subject, 1);
  for (let round = 0; round < ROUNDS; round++) for (const subject of subjects) subject.results.push(await measure(subject));
  const of = (name: string): number | undefined => { const subject = subjects.find((each) => each.name.startsWith(name)); return subject && median(subject.results); };
  const base = of('fastify');
  for (const { name, results } of subjects) row(name, median(results).toFixed(1), base === undefined ? '' : `${(median(results) / base).toFixed(2)} × fastify`);
  const offline = of('serverless-offline');
  if (offline !== undefined) console.log(`  requests per CPU, gwc REST against serverless-offline: ${(offline / of('gwc, REST')!).toFixed(1)} ×`);
} finally {
  for (const subject of subjects) subject.process.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
