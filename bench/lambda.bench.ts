/**
 * Lambda in the process: CPU per request of a gateway with a function compiled in, against fastify that calls the same handler with a
 * ready-made event, and against serverless-offline where GWC_PEERS names a folder that has it. Each server is a process of its own; a client in
 * this one sends pipelined requests, and the servers' own CPU time is read from /proc. fastify is looked for in GWC_PEERS too.
 * Then Lambda over its Invoke API: the gateway's signed calls over kept connections against the AWS SDK's client (@aws-sdk/client-lambda of GWC_PEERS)
 * behind node:http, which calls the same endpoint with a ready-made event and sends the answer on.
 * Targets: ≤ 0.6 × fastify with a ready-made event; ≥ 10 × the throughput per CPU of serverless-offline; ≤ 0.4 × the SDK's client.
 * PROFILE=folder has Node write CPU profiles of the servers there.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../compiler/index.js';
import { row, median } from './compare.js';

/** Of a subject that answers by itself, per round; those that ask somebody else get fewer. Counted, not timed: on a busy machine seconds warm nothing up. */
const REQUESTS = Number(process.env['REQUESTS'] ?? 40_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const CONNECTIONS = 16;
const peers = process.env['GWC_PEERS'];
const folder = mkdtempSync(join(tmpdir(), 'gwc-lambda-bench-'));
const HANDLER = `exports.handler = async (event) => ({ statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: event.pathParameters.id, q: event.queryStringParameters && event.queryStringParameters.q }) });\n`;
const REQUEST = 'GET /users/42?q=x&page=2 HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: application/json\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en\r\nAuthorization: Bearer abcdefghijklmnopqrstuvwxyz\r\nCookie: session=1234567890\r\n\r\n';

interface Subject { readonly name: string; readonly process: ChildProcess; readonly port: number; readonly requests: number; readonly results: number[] }

const profile = process.env['PROFILE'];
const node = (name: string): string[] => [process.execPath, ...(profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile, '--cpu-prof-name', `${name.replace(/\W+/g, '-')}.cpuprofile`])];

async function start(name: string, command: readonly string[], cwd: string, wait: RegExp, port: number, environment: Readonly<Record<string, string>> = {}, share = 1): Promise<Subject> {
  const child = spawn(command[0]!, command.slice(1), { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SLS_TELEMETRY_DISABLED: '1', CI: '1', ...environment } });
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`${name} did not start: ${output.slice(-2_000)}`)); }, 60_000);
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = wait.exec(output);
      if (!match) return;
      clearTimeout(timer);
      resolve({ name, process: child, port: port || Number(match[1]), requests: Math.round(REQUESTS * share), results: [] });
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

/** So many requests, over connections that are kept. */
function load(port: number, requests: number): Promise<unknown> {
  let asked = CONNECTIONS;
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
        if (asked++ >= requests) { socket.destroy(); return resolve(); }
        socket.write(REQUEST);
      }
    });
    socket.on('error', reject);
    socket.write(REQUEST);
  })));
}

async function measure({ process: child, port, requests }: Subject): Promise<number> {
  const before = cpu(child.pid!);
  await load(port, requests);
  return (cpu(child.pid!) - before) * 1_000 / requests;
}

writeFileSync(join(folder, 'handler.cjs'), HANDLER);
const spec = (flavour: string, format: object): string => {
  const file = join(folder, `${flavour}.json`);
  writeFileSync(file, JSON.stringify({ openapi: '3.0.1', info: { title: 'bench', version: '1' }, 'x-gwc-flavour': flavour, 'x-gwc': { functions: { Users: { handler: './handler.cjs' } } }, paths: { '/users/{id}': { get: { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:Users/invocations', ...format } } } } }));
  return file;
};

/** Lambda's Invoke API, as far as a caller sees: a process of the bench's own, so that it is in nobody's figures. */
let invoked: ReturnType<typeof createServer> | undefined;

async function startInvokers(require: NodeJS.Require | undefined): Promise<void> {
  const answer = JSON.stringify({ statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: '{"id":"42","q":"x"}' });
  invoked = createServer((request, response) => { request.resume().once('end', () => { response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length, 'x-amzn-RequestId': '11111111-2222-3333-4444-555555555555', 'X-Amz-Executed-Version': '$LATEST' }).end(answer); }); });
  invoked.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => invoked!.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(invoked.address() as AddressInfo).port}`;
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_LAMBDA: url };
  const { bundle } = await compile(spec('rest', {}), { clients: [], minify: true, functions: { Users: 'aws' } });
  writeFileSync(join(folder, 'invoke.mjs'), bundle!.code);
  subjects.push(await start('gwc, signed invoke', [...node('gwc-invoke'), join(folder, 'invoke.mjs'), '--port', '0', '--host', '127.0.0.1'], folder, /listening on http:\/\/[^:]+:(\d+)/, 0, keys, 0.25));
  let client: string | undefined;
  try { client = require?.resolve('@aws-sdk/client-lambda'); } catch { client = undefined; }
  if (client === undefined) return void console.log('  @aws-sdk/client-lambda: not in GWC_PEERS');
  writeFileSync(join(folder, 'sdk.cjs'), `
const { createServer } = require('node:http');
const { LambdaClient, InvokeCommand } = require(${JSON.stringify(client)});
const lambda = new LambdaClient({ region: 'eu-west-1', endpoint: ${JSON.stringify(url)} });
const payload = JSON.stringify(${JSON.stringify({ resource: '/users/{id}', path: '/users/42', httpMethod: 'GET', headers: { Host: 'api.example.com', 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)', Accept: 'application/json' }, pathParameters: { id: '42' }, queryStringParameters: { q: 'x', page: '2' }, requestContext: {}, body: null, isBase64Encoded: false })});
createServer(async (request, response) => {
  const result = await lambda.send(new InvokeCommand({ FunctionName: 'Users', Payload: payload }));
  const answer = JSON.parse(Buffer.from(result.Payload).toString('utf8'));
  response.writeHead(answer.statusCode, { ...answer.headers, 'Content-Length': Buffer.byteLength(answer.body) }).end(answer.body);
}).listen(0, '127.0.0.1', function () { console.log('listening on http://127.0.0.1:' + this.address().port); });
`);
  subjects.push(await start("AWS SDK's client behind node:http", [...node('aws-sdk'), join(folder, 'sdk.cjs')], folder, /listening on http:\/\/[^:]+:(\d+)/, 0, keys, 0.1));
}

const subjects: Subject[] = [];
try {
  for (const [name, flavour, format] of [['gwc, REST event', 'rest', {}], ['gwc, HTTP event 2.0', 'http', { payloadFormatVersion: '2.0' }]] as const) {
    const { bundle } = await compile(spec(flavour, format), { clients: [], minify: true });
    const file = join(folder, `${flavour}.mjs`);
    writeFileSync(file, bundle!.code);
    subjects.push(await start(name, [...node(name), file, '--port', '0', '--host', '127.0.0.1'], folder, /listening on http:\/\/[^:]+:(\d+)/, 0));
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
    subjects.push(await start('fastify, ready-made event', [...node('fastify'), join(folder, 'fastify.cjs')], folder, /listening on http:\/\/[^:]+:(\d+)/, 0));
  }
  await startInvokers(require);
  const serverless = peers === undefined ? undefined : join(peers, 'node_modules', '.bin', 'serverless');
  if (serverless === undefined || !existsSync(serverless) || !existsSync(join(peers!, 'node_modules', 'serverless-offline'))) console.log('  serverless-offline: not in GWC_PEERS');
  else {
    const port = 20_000 + process.pid % 20_000;
    writeFileSync(join(folder, 'serverless.yml'), `service: bench\nprovider: {name: aws, runtime: nodejs20.x}\nplugins: [${join(peers!, 'node_modules', 'serverless-offline')}]\nfunctions:\n  users: {handler: handler.handler, events: [{http: {method: get, path: 'users/{id}'}}]}\n`);
    writeFileSync(join(folder, 'handler.js'), HANDLER);
    subjects.push(await start('serverless-offline', [process.execPath, serverless, 'offline', '--httpPort', String(port), '--lambdaPort', String(port + 1), '--noPrependStageInUrl', '--host', '127.0.0.1'], folder, /Server ready/, port, {}, 0.05));
  }

  console.log(`\nµs of CPU per request, median of ${ROUNDS} rounds of ${REQUESTS} requests (fewer where another process is asked), ${CONNECTIONS} connections`);
  for (const subject of subjects) await measure(subject);
  for (let round = 0; round < ROUNDS; round++) for (const subject of subjects) subject.results.push(await measure(subject));
  const of = (name: string): number | undefined => { const subject = subjects.find((each) => each.name.startsWith(name)); return subject && median(subject.results); };
  const base = of('fastify');
  for (const { name, results } of subjects) row(name, median(results).toFixed(1), base === undefined ? '' : `${(median(results) / base).toFixed(2)} × fastify`);
  const sdk = of('AWS SDK');
  if (sdk !== undefined) console.log(`  signed invoke, gwc against the AWS SDK's client: ${(of('gwc, signed')! / sdk).toFixed(2)} ×`);
  const offline = of('serverless-offline');
  if (offline !== undefined) console.log(`  requests per CPU, gwc REST against serverless-offline: ${(offline / of('gwc, REST')!).toFixed(1)} ×`);
} finally {
  for (const subject of subjects) subject.process.kill(profile === undefined ? 'SIGKILL' : 'SIGTERM');
  if (profile !== undefined) await Promise.all(subjects.map(({ process: child }) => new Promise((resolve) => child.exitCode === null ? child.once('exit', resolve) : resolve(null))));
  invoked?.close();
  invoked?.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}
