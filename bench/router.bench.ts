/**
 * The router against find-my-way, ns per request, both in one process, interleaved, medians; as generated code and as a table, of which a build takes
 * the one the number of routes asks for. The router gets the bytes a transport has; find-my-way gets a ready string, which a transport would
 * have to make first. Each row draws from many different requests in random order, so that neither side lives on branch prediction or inline caches.
 * Last, what a router costs until V8 has compiled it: a process each, requests to all routes in turn.
 * Targets: GitHub's table ≥ 3× in every row, 20 routes never slower, the same requests on a growing table cost no more.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import findMyWay from 'find-my-way';
import { matcherFor, MATCHERS, type Matcher, type RoutedPath } from '../compiler/router/index.js';
import { exchangeFor } from '../compiler/router/testing/exchanges.js';
import { loadRouter, type LoadedRouter } from '../compiler/router/testing/load-router.js';
import { routeOf } from '../compiler/router/testing/route-table.js';
import type { Exchange } from '../runtime/exchange.js';
import { githubDocument, median, row } from './compare.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 25);
const BATCH_MS = 5;
const WARM_UP_MS = 400;
const INPUTS = Number(process.env['INPUTS'] ?? 64);
const SEQUENCE = 4096;

interface Request { readonly method: string; readonly path: string; readonly exchange: Exchange }
interface Contender { readonly name: string; run(times: number): number }

/** mulberry32: the same requests in every run. */
let state = 20261121;
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}

function word(): string {
  return Array.from({ length: 3 + random(10) }, () => 'abcdefghijklmnopqrstuvwxyz0123456789-'[random(37)]).join('');
}

function request(key: string): Request {
  const [method, template] = key.split(' ') as [string, string];
  const path = template.replace(/\{[^}]*\}/g, word);
  return { method, path, exchange: exchangeFor(method, path) };
}

function requests(keys: readonly string[], pick: (key: string) => boolean, change: (key: string) => string = (key) => key): Request[] {
  const suitable = keys.filter(pick);
  const inputs = Array.from({ length: INPUTS }, () => request(change(suitable[random(suitable.length)]!)));
  return Array.from({ length: SEQUENCE }, () => inputs[random(INPUTS)]!);
}

const variables = (key: string): number => key.split('{').length - 1;
const depth = (key: string): number => key.split('/').length - 1;

/** Every contender gets a loop of its own: a shared one would see both kinds of calls. */
function routing(name: string, router: LoadedRouter, sequence: readonly Request[]): Contender {
  const exchanges = sequence.map(({ exchange }) => exchange);
  const run = Function('route', 'exchanges', `return (times) => { let sum = 0; for (let i = 0; i < times; i++) sum += route(exchanges[i & ${SEQUENCE - 1}]); return sum; }`) as (...values: unknown[]) => (times: number) => number;
  return { name, run: run(router.route, exchanges) };
}

/** Routes, then reads every variable of the path. */
function reading(name: string, router: LoadedRouter, sequence: readonly Request[]): Contender {
  const exchanges = sequence.map(({ exchange }) => exchange);
  const readers = router.variables.map((readersOfRoute) => Object.values(readersOfRoute));
  return {
    name,
    run(times) {
      let sum = 0;
      for (let i = 0; i < times; i++) {
        const exchange = exchanges[i & (SEQUENCE - 1)]!;
        for (const read of readers[router.route(exchange)]!) sum += read(exchange).length;
      }
      return sum;
    },
  };
}

function peer(keys: readonly string[]): findMyWay.Instance<findMyWay.HTTPVersion.V1> {
  const router = findMyWay();
  for (const key of keys) {
    let count = 0;
    const [method, path] = key.split(' ') as [string, string];
    router.on(method as 'GET', path.replace(/\{[^}]*\}/g, () => `:p${count++}`), () => {});
  }
  return router;
}

/** find-my-way has made the parameters by then; `read` looks at each. */
function finding(router: findMyWay.Instance<findMyWay.HTTPVersion.V1>, sequence: readonly Request[], read = false): Contender {
  const inputs = sequence.map(({ method, path }) => ({ method: method as 'GET', path }));
  return {
    name: 'find-my-way',
    run(times) {
      let sum = 0;
      for (let i = 0; i < times; i++) {
        const { method, path } = inputs[i & (SEQUENCE - 1)]!;
        const found = router.find(method, path);
        if (found === null) continue;
        sum++;
        if (read) for (const name in found.params) sum += found.params[name]!.length;
      }
      return sum;
    },
  };
}

/** Nanoseconds per call of each contender. */
function measure(contenders: readonly Contender[]): number[] {
  // Processor time: a machine shared with others must not favour whoever was not interrupted.
  const time = (contender: Contender, times: number): number => {
    const started = process.cpuUsage();
    sink += contender.run(times);
    const { user, system } = process.cpuUsage(started);
    return (user + system) * 1000;
  };
  const batches = contenders.map((contender) => {
    let spent = 0;
    let last = 0;
    while (spent < WARM_UP_MS * 1e6) spent += last = Math.max(1000, time(contender, 20_000));
    return Math.max(SEQUENCE, Math.round((BATCH_MS * 1e6 * 20_000) / last));
  });
  const samples = contenders.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) contenders.forEach((contender, index) => samples[index]!.push(time(contender, batches[index]!) / batches[index]!));
  return samples.map(median);
}
let sink = 0;

const COLD_CALLS = 30_000;
const table = (keys: readonly string[]): RoutedPath[] => keys.map(routeOf);

function manyRoutes(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `GET /v1/area${index % 40}/things${index}/{id}${index % 3 === 0 ? '/parts' : ''}`);
}

/** In a process of its own; all its threads count, as V8 compiles beside it. */
function coldly(matcher: Matcher, count: number): number[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), matcher, String(count)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as number[];
}

async function measureColdly(matcher: Matcher, count: number): Promise<void> {
  const keys = manyRoutes(count);
  const { route } = await loadRouter(table(keys), 'http', matcher);
  const exchanges = keys.map((key) => request(key).exchange);
  const means: number[] = [];
  const before = process.cpuUsage();
  for (let calls = 1; calls <= 10 * COLD_CALLS; calls++) {
    sink += route(exchanges[random(count)]!);
    if (calls !== COLD_CALLS && calls !== 10 * COLD_CALLS) continue;
    const { user, system } = process.cpuUsage(before);
    means.push(((user + system) * 1000) / calls);
  }
  console.log(JSON.stringify(means));
}

const [matcherAsked, countAsked] = process.argv.slice(2);
if (countAsked !== undefined) {
  await measureColdly(matcherAsked as Matcher, Number(countAsked));
  process.exit();
}

const ns = (value: number): string => `${value.toFixed(0)} ns`;

/** As generated code and by table, then find-my-way; the ratio is that of what a build takes. */
function compare(label: string, used: Matcher, contenders: readonly Contender[], target: string): void {
  const [byCode, byTable, theirs] = measure(contenders) as [number, number, number];
  const ours = used === 'code' ? byCode : byTable;
  row(label, `${ns(byCode)} code`, `${ns(byTable)} table`, `${ns(theirs)} fmw`, `${(theirs / ours).toFixed(1)}× (${used})`, target);
}

const document = JSON.parse(readFileSync(githubDocument(), 'utf8')) as { paths: Record<string, Record<string, unknown>> };
const github = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item)
  .filter((method) => /^(get|put|post|delete|patch|head|options)$/.test(method)).map((method) => `${method.toUpperCase()} ${path}`));

const small = ['GET /pets', 'POST /pets', 'GET /pets/findByStatus', 'GET /pets/{petId}', 'PUT /pets/{petId}', 'DELETE /pets/{petId}', 'POST /pets/{petId}/uploadImage',
  'GET /store/inventory', 'POST /store/orders', 'GET /store/orders/{orderId}', 'DELETE /store/orders/{orderId}', 'GET /store/orders/{orderId}/items/{itemId}',
  'POST /users', 'POST /users/login', 'POST /users/logout', 'GET /users/{name}', 'PUT /users/{name}', 'DELETE /users/{name}', 'GET /users/{name}/pets/{petId}/photos/{photoId}', 'GET /health'];

for (const [title, keys, target] of [[`GitHub's table, ${github.length} routes`, github, '(target ≥ 3×)'], ['20 routes', small, '(target ≥ 1×)']] as const) {
  console.log(title);
  const routers = await Promise.all(MATCHERS.map((matcher) => loadRouter(table(keys), 'http', matcher)));
  const used = matcherFor(table(keys));
  const other = peer(keys);
  const deepest = keys === github ? 7 : 4;
  const rows: Record<string, Request[]> = {
    static: requests(keys, (key) => variables(key) === 0),
    'one parameter': requests(keys, (key) => variables(key) === 1),
    'deep, several parameters': requests(keys, (key) => variables(key) >= 2 && depth(key) >= deepest),
    'miss: no such path': requests(keys, () => true, (key) => `${key}/no/such`),
    'miss: path has other methods': requests(keys, (key) => !keys.includes(key.replace(/^\w+/, 'DELETE')), (key) => key.replace(/^\w+/, 'DELETE')),
    'miss: method of no route': requests(keys, () => true, (key) => key.replace(/^\w+/, 'OPTIONS')),
  };
  // find-my-way has a tree per method, so a method with few routes costs it little: no target for those two.
  for (const [label, sequence] of Object.entries(rows)) compare(label, used, [...routers.map((router) => routing('route', router, sequence)), finding(other, sequence)], label.includes('method') ? '' : target);
  compare('one parameter, read', used, [...routers.map((router) => reading('read', router, rows['one parameter']!)), finding(other, rows['one parameter']!, true)], '(lazy / object)');
  compare('deep, all parameters read', used, [...routers.map((router) => reading('read', router, rows['deep, several parameters']!)), finding(other, rows['deep, several parameters']!, true)], '(lazy / object)');
}

console.log('the same requests, growing table');
const base = ['GET /orders', 'POST /orders', 'GET /orders/{id}', 'GET /orders/{id}/items', 'GET /orders/{id}/items/{item}', 'GET /invoices', 'GET /invoices/{id}', 'GET /customers', 'GET /customers/{id}', 'GET /customers/{id}/invoices'];
const names = Array.from({ length: 3000 }, (_, index) => `${word()}${index}`);
const sizes = [10, 100, 1000, 10_000];
const all = [...base, ...names.flatMap((name) => [`GET /${name}`, `POST /${name}`, `GET /${name}/{id}`, `GET /${name}/{id}/details`])];
const grown = await Promise.all(sizes.flatMap((size) => MATCHERS.map(async (matcher) => ({ size, matcher, router: await loadRouter(table(all.slice(0, size)), 'http', matcher) }))));
const peers = sizes.map((size) => peer(all.slice(0, size)));
for (const [label, pick] of [['static', (key: string) => variables(key) === 0], ['one parameter', (key: string) => variables(key) === 1], ['two parameters', (key: string) => variables(key) === 2]] as const) {
  const sequence = requests(base, pick);
  const times = measure(grown.map(({ router }) => routing('route', router, sequence)));
  for (const matcher of MATCHERS) {
    const its = times.filter((_, index) => grown[index]!.matcher === matcher);
    row(`${label}, ${matcher}`, ...its.map((value, index) => `${ns(value)} (${sizes[index]}${matcherFor(table(all.slice(0, sizes[index]))) === matcher ? ', built' : ''})`), `${(its.at(-1)! / its[0]!).toFixed(2)}×`);
  }
}
for (const [label, pick] of [['static', (key: string) => variables(key) === 0], ['two parameters', (key: string) => variables(key) === 2]] as const) {
  const sequence = requests(base, pick);
  const times = measure(peers.map((router) => finding(router, sequence)));
  row(`find-my-way, ${label}`, ...times.map((value, index) => `${ns(value)} (${sizes[index]})`), `${(times.at(-1)! / times[0]!).toFixed(2)}×`);
}

console.log(`not compiled yet: mean of the first ${COLD_CALLS} requests and of ten times as many`);
for (const count of [20, 100, 1000, 10_000]) {
  const [byCode, byTable] = MATCHERS.map((matcher) => coldly(matcher, count)) as [number[], number[]];
  row(`${count} routes (${matcherFor(table(manyRoutes(count)))})`, ...byCode.map((value) => `${ns(value)} code`), ...byTable.map((value) => `${ns(value)} table`));
}
if (sink === 0) throw new Error('nothing was measured');
