/**
 * Validation: the functions in a bundle against Ajv compiling the same schemas at run time (ns per value, interleaved, medians), what
 * compiling costs at start, and a whole request's checks against express-openapi-validator's, each as the difference between
 * handling a request with and without validation. The peer is looked for in GWC_PEERS (a folder with node_modules); without it its
 * row is left out.
 * Targets: never slower than Ajv; a request's checks several times cheaper than express-openapi-validator's.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json } from '../compiler/code.js';
import { compile } from '../compiler/index.js';
import { loadModule, lower, type Validate } from '../compiler/schema/testing/helpers.js';
import { compileValidators } from '../compiler/schema/compile-validators.js';
import { Exchange } from '../runtime/exchange.js';
import type { Gateway } from '../runtime/gateway.js';
import { githubDocument, median, row } from './compare.js';

const require = createRequire(import.meta.url);
const ROUNDS = Number(process.env['ROUNDS'] ?? 21);
const BATCH_MS = 4;

/** ns per call of each contender, medians of interleaved batches; the number of calls per batch is found first. */
async function compare(contenders: Readonly<Record<string, (times: number) => void | Promise<void>>>): Promise<Record<string, number>> {
  const entries = Object.entries(contenders).map(([name, run]) => ({ name, run, times: 1, results: [] as number[] }));
  for (const entry of entries) {
    for (const end = performance.now() + 200; performance.now() < end;) await entry.run(200);
    for (;;) {
      const started = performance.now();
      await entry.run(entry.times);
      if (performance.now() - started > BATCH_MS) break;
      entry.times *= 2;
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const entry of entries) {
      const started = performance.now();
      await entry.run(entry.times);
      entry.results.push((performance.now() - started) * 1e6 / entry.times);
    }
  }
  return Object.fromEntries(entries.map(({ name, results }) => [name, median(results)]));
}

const ns = (value: number): string => (value < 10_000 ? `${value.toFixed(0)} ns` : `${(value / 1000).toFixed(1)} µs`);

// ── one value ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const COMPONENTS: Record<string, Json> = {
  Order: {
    type: 'object', required: ['id', 'customer', 'lines', 'placedAt', 'currency'], additionalProperties: false,
    properties: {
      id: { type: 'string', format: 'uuid' }, customer: { $ref: '#/components/schemas/Customer' }, lines: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/Line' } }, placedAt: { type: 'string', format: 'date-time' },
      currency: { type: 'string', enum: ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'SEK', 'NOK'] }, note: { type: 'string', maxLength: 200 }, tags: { type: 'array', items: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' }, uniqueItems: true },
    },
  },
  Customer: { type: 'object', required: ['name', 'email'], properties: { name: { type: 'string', minLength: 1 }, email: { type: 'string', format: 'email' }, address: { $ref: '#/components/schemas/Address' } } },
  Address: { type: 'object', required: ['street', 'city', 'zip'], properties: { street: { type: 'string' }, city: { type: 'string' }, zip: { type: 'string', pattern: '^\\d{5}$' }, country: { type: 'string', minLength: 2, maxLength: 2 } } },
  Line: { type: 'object', required: ['sku', 'quantity', 'price'], properties: { sku: { type: 'string', pattern: '^[A-Z]{2}-\\d{6}$' }, quantity: { type: 'integer', minimum: 1, maximum: 999 }, price: { type: 'number', minimum: 0 }, options: { type: 'object', additionalProperties: { type: 'string' } } } },
  Payment: {
    oneOf: ['Card', 'Transfer', 'Wallet', 'Invoice'].map((name) => ({ $ref: `#/components/schemas/${name}` })), discriminator: { propertyName: 'kind' },
  },
  ...Object.fromEntries(['Card', 'Transfer', 'Wallet', 'Invoice'].map((name): [string, Json] => [name, { type: 'object', required: ['kind', 'amount'], properties: { kind: { type: 'string', enum: [name] }, amount: { type: 'number', minimum: 0 }, currency: { type: 'string', minLength: 3, maxLength: 3 } } }])),
  Tree: { type: 'object', required: ['value'], properties: { value: { type: 'integer' }, children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } },
};

const line = (n: number): Json => ({ sku: `AB-10000${n}`, quantity: n + 1, price: 9.5 + n, options: { color: 'red', size: 'L' } });
const ORDER = {
  id: '3fa85f64-5717-4562-b3fc-2c963f66afa6', customer: { name: 'Ada', email: 'ada@example.com', address: { street: 'Main St 1', city: 'Berlin', zip: '10115', country: 'DE' } },
  lines: Array.from({ length: 6 }, (_, n) => line(n)), placedAt: '2024-01-15T09:30:00Z', currency: 'EUR', note: 'leave it at the door', tags: ['gift', 'express'],
} as unknown as Json;
const tree = (depth: number): Json => (depth === 0 ? { value: 0 } : { value: depth, children: [tree(depth - 1), tree(depth - 1)] });
const CASES: readonly [name: string, schema: string, value: Json][] = [
  ['order of 1 KB', 'Order', ORDER],
  ['order with 3 errors', 'Order', { ...(ORDER as object), currency: 'XXX', lines: [{ ...(line(1) as object), quantity: 0 }, { sku: 'AB-100000', quantity: 1 }] } as Json],
  ['small object', 'Address', { street: 'Main St 1', city: 'Berlin', zip: '10115', country: 'DE' }],
  ['discriminated union of 4', 'Payment', { kind: 'Invoice', amount: 5, currency: 'EUR' }],
  ['tree of 127 nodes', 'Tree', tree(6)],
];

interface AjvLike { addSchema(schema: unknown, key: string): AjvLike; getSchema(key: string): (value: unknown) => boolean; compile(schema: unknown): (value: unknown) => boolean }
function newAjv(allErrors: boolean): AjvLike {
  const { default: Ajv } = require('ajv') as { default: new (options: object) => AjvLike };
  const ajv = new Ajv({ allErrors, strict: false, validateSchema: false, discriminator: true, multipleOfPrecision: 10 });
  (require('ajv-formats') as { default: (ajv: AjvLike) => void }).default(ajv);
  return ajv;
}

/** A loop of its own per contender: a shared one would see every function. */
const loop = (validate: (value: unknown) => unknown, value: unknown): ((times: number) => void) =>
  (Function('validate', 'value', 'return (times) => { let n = 0; for (let i = 0; i < times; i++) if (validate(value)) n++; return n; }') as (...values: unknown[]) => (times: number) => void)(validate, value);

async function oneValue(): Promise<void> {
  console.log(`\none value, ${ROUNDS} rounds`);
  row('', 'gwc', 'Ajv', 'Ajv, all errors', 'Ajv / gwc');
  for (const [name, schemaName, value] of CASES) {
    const { schema, named } = lower('oas-3.0', { $ref: `#/components/schemas/${schemaName}` }, COMPONENTS);
    const compiled = compileValidators([{ key: 'k', schema, direction: 'request' }], named);
    const ours = (await loadModule(compiled.source))[compiled.exportOf('k')]!;
    const document = { components: { schemas: COMPONENTS } };
    const theirs = (allErrors: boolean): ((value: unknown) => boolean) => newAjv(allErrors).addSchema(document, 'doc').compile({ $ref: `doc#/components/schemas/${schemaName}` });
    const times = await compare({ gwc: loop(ours as Validate, value), ajv: loop(theirs(false), value), all: loop(theirs(true), value) });
    row(name, ns(times['gwc']!), ns(times['ajv']!), ns(times['all']!), `${(times['ajv']! / times['gwc']!).toFixed(2)}×`);
  }
}

// ── at start ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Every request schema of GitHub: what Ajv compiles when a server starts, and what gwc did at build time. */
async function atStart(): Promise<void> {
  const document = JSON.parse(readFileSync(githubDocument(), 'utf8')) as { paths: Record<string, Record<string, { requestBody?: { content?: Record<string, { schema?: Json }> } }>>; components: { schemas: Record<string, Json> } };
  const bodies = Object.values(document.paths).flatMap((item) => Object.values(item)).flatMap((operation) => Object.values(operation?.requestBody?.content ?? {})).flatMap(({ schema }) => (schema ? [schema] : []));
  const { named, schema } = lower('oas-3.0', { allOf: bodies }, document.components.schemas);
  const requests = (schema as { allOf: Json[] }).allOf.map((body, index) => ({ key: String(index), schema: body as never, direction: 'request' as const }));
  const measure = async (run: () => unknown): Promise<number> => {
    const results: number[] = [];
    for (let n = 0; n < 3; n++) {
      const started = performance.now();
      await run();
      results.push(performance.now() - started);
    }
    return median(results);
  };
  let source = '';
  const build = await measure(() => { source = compileValidators(requests, named).source; });
  const load = await measure(() => loadModule(source));
  // Ajv takes OpenAPI 3.0's schemas only once they are lowered (nullable, boolean limits): it gets ours, lowered already.
  const schemas = Object.fromEntries(Object.values(named).map((entry) => [entry.name, entry.schema]));
  const ajv = await measure(() => {
    const { default: Ajv } = require('ajv/dist/2020') as { default: new (options: object) => AjvLike };
    const instance = new Ajv({ allErrors: true, strict: false, validateSchema: false, validateFormats: false }).addSchema({ schemas }, 'doc');
    for (const text of new Set(requests.map((request) => JSON.stringify(request.schema).replaceAll('"#/schemas/', '"doc#/schemas/')))) instance.compile(JSON.parse(text));
  });
  console.log(`\nGitHub's ${bodies.length} request bodies`);
  row('gwc, at build time', `${build.toFixed(0)} ms`);
  row('gwc, when the gateway starts (loading)', `${load.toFixed(1)} ms`);
  row('Ajv, when a server starts', `${ajv.toFixed(0)} ms`, `${(ajv / load).toFixed(0)}×`);
}

// ── a whole request ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const DOCUMENT = (setting: string): Json => ({
  openapi: '3.0.3', info: { title: 'bench', version: '1' }, 'x-gwc-validation': { request: setting },
  paths: {
    '/shops/{shopId}/orders': {
      post: {
        operationId: 'placeOrder',
        parameters: [
          { name: 'shopId', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } }, { name: 'dryRun', in: 'query', schema: { type: 'boolean' } },
          { name: 'fields', in: 'query', explode: false, schema: { type: 'array', items: { type: 'string', enum: ['id', 'lines', 'total'] } } }, { name: 'X-Request', in: 'header', schema: { type: 'string', format: 'uuid' } },
        ],
        requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
        responses: { 200: { description: 'ok', content: { 'application/json': { example: { ok: true } } } } },
      },
    },
  },
  components: { schemas: COMPONENTS },
});
const TARGET = '/shops/7/orders?dryRun=true&fields=id,lines';
const FIELDS: Readonly<Record<string, string>> = { 'content-type': 'application/json', 'x-request': '3fa85f64-5717-4562-b3fc-2c963f66afa6', host: 'localhost' };
const BODY = Buffer.from(JSON.stringify(ORDER));

async function gatewayRequest(folder: string, setting: 'enforce' | 'off'): Promise<(times: number) => void> {
  const spec = join(folder, `${setting}.json`);
  writeFileSync(spec, JSON.stringify(DOCUMENT(setting)));
  const { bundle, diagnostics } = await compile(spec, { mock: true, clients: [] });
  if (!bundle) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const file = join(folder, `${setting}.mjs`);
  writeFileSync(file, bundle.code);
  const { createGateway } = await import(pathToFileURL(file).href) as { createGateway(): Gateway };
  const { handler, state } = createGateway();
  const head = Buffer.from(`POST ${TARGET} HTTP/1.1\r\n`);
  const query = head.indexOf('?'), end = head.lastIndexOf(' ');
  let status = 0;
  const reply = { send: (code: number) => { status = code; }, sendConstant: (answer: { status: number }) => { status = answer.status; }, started: false } as never;
  const incoming = { length: BODY.length, complete: true, collect: (_limit: number, done: (body: Buffer) => void) => done(BODY) } as never;
  const fields = { get: (name: string) => FIELDS[name], last: (name: string) => FIELDS[name], all: (name: string) => (FIELDS[name] === undefined ? [] : [FIELDS[name]]), forEach: () => undefined } as never;
  return (times) => {
    for (let n = 0; n < times; n++) handler(new Exchange(state, 'POST', head, 5, query, query + 1, end, fields, incoming, reply, null as never));
    if (status !== 200) throw new Error(`the gateway answered ${status}`);
  };
}

type Middleware = (request: unknown, response: unknown, next: (error?: unknown) => void) => void;

/** Express with its JSON parser, with and without the validator; requests without a socket. */
function expressRequest(peers: string, validating: boolean): (times: number) => Promise<void> {
  const peer = createRequire(join(peers, 'index.js'));
  const express = peer('express') as { (): { use(handler: unknown): void; post(path: string, handler: Middleware): void; handle: Middleware }; json(): Middleware };
  const app = express();
  app.use(express.json());
  if (validating) app.use((peer('express-openapi-validator') as { middleware(options: object): unknown }).middleware({ apiSpec: DOCUMENT('off'), validateRequests: true, validateResponses: false, ignoreUndocumented: true }));
  let answered = (): void => undefined;
  app.post('/shops/:shopId/orders', () => answered());
  const { Readable } = require('node:stream') as typeof import('node:stream');
  return async (times) => {
    for (let n = 0; n < times; n++) {
      await new Promise<void>((resolve, reject) => {
        answered = resolve;
        const request = Object.assign(Readable.from([BODY], { objectMode: false }), { method: 'POST', url: TARGET, originalUrl: TARGET, headers: { ...FIELDS, 'content-length': String(BODY.length) }, socket: {}, connection: {}, httpVersion: '1.1' });
        app.handle(request, { setHeader: () => undefined, getHeader: () => undefined, removeHeader: () => undefined, on: () => undefined, once: () => undefined, emit: () => false, end: () => undefined, locals: {} }, (error) => reject(error as Error));
      });
    }
  };
}

async function wholeRequest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-bench-'));
  try {
    const peers = process.env['GWC_PEERS'];
    // Ours before the peer is loaded: its garbage would be collected on our time.
    const times = await compare({ on: await gatewayRequest(folder, 'enforce'), off: await gatewayRequest(folder, 'off') });
    let hasPeer = false;
    try {
      if (peers) Object.assign(times, await compare({ peerOn: expressRequest(peers, true), peerOff: expressRequest(peers, false) }));
      hasPeer = peers !== undefined;
    } catch (error) {
      console.log(`\n${String(error)}`);
    }
    const ours = times['on']! - times['off']!;
    console.log('a request with 4 parameters and a body of 1 KB: what its checks cost (gwc: with JSON.parse; the peer: without, Express has parsed)');
    row('gwc', ns(ours), `(${ns(times['off']!)} without)`);
    if (hasPeer) row('express-openapi-validator', ns(times['peerOn']! - times['peerOff']!), `(${ns(times['peerOff']!)} without)`, `${((times['peerOn']! - times['peerOff']!) / ours).toFixed(1)}×`);
    else console.log('  express-openapi-validator: not measured; set GWC_PEERS to a folder where `npm i express@4 express-openapi-validator@5` was run');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await wholeRequest();
await oneValue();
await atStart();
