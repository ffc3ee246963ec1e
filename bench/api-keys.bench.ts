/**
 * What an API key, a usage plan (throttle, throttle of the method, quota) and a stage throttle add to a request, with everything in memory. Target: ≤ 1 µs,
 * and less than the digest of the key alone. All of it interleaved in one process: compare inside the run.
 */
import { createHash, hash } from 'node:crypto';
import { admit, openLimits } from '../runtime/limits/admit.js';
import { openApiKeys, presentsKey } from '../runtime/keys/api-keys.js';
import type { Exchange } from '../runtime/exchange.js';
import { Head } from '../runtime/http1/head.js';
import { DEFAULT_LIMITS } from '../runtime/http1/limits.js';
import { parseRequestHead } from '../runtime/http1/request-head.js';
import { testState } from '../runtime/http1/testing/state.js';
import type { LimitsDeclaration } from '../runtime/limits/limits.js';
import { addRetryAfter } from '../runtime/limits/admit.js';
import { median, row } from './compare.js';

const KEYS = 1_000;
const CALLS = 200_000;
const ROUNDS = 15;

const names = Array.from({ length: KEYS }, (_, i) => createHash('sha256').update(`key ${i}`).digest('base64url').slice(0, 40));
const state = testState();
openApiKeys(state, names.map((name, client) => ({ name: `k${client}`, id: `k${client}`, value: `sha256:${hash('sha256', name, 'hex')}`, stages: ['test'], client })), {});
const declaration = (rate: number): LimitsDeclaration => ({
  operations: 20,
  stages: { test: { every: [rate, rate], operations: {} } },
  plans: [{ throttle: [rate, rate], quota: [1e15, 'MONTH', 0], operations: { test: { 3: [rate, rate] } } }],
  clients: names.map(() => ({ test: 0 })),
});
openLimits(state, declaration(2_000_000_000), undefined, undefined);
const shut = testState();
shut.apiKeys = state.apiKeys;
openLimits(shut, declaration(1), undefined, undefined);

/** Heads as a browser sends them, the key in the middle. */
const heads = names.map((name) => {
  const bytes = Buffer.from(`GET /pets HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: application/json\r\nx-api-key: ${name}\r\nAccept-Language: en\r\nAccept-Encoding: gzip, br\r\nConnection: keep-alive\r\n\r\n`);
  const head = new Head(bytes);
  if (parseRequestHead(head, 0, bytes.length, DEFAULT_LIMITS) < 0) throw new Error('head');
  return head;
});
const exchanges = heads.map((head) => ({ gateway: state, head, apiKey: null, extraFields: null }) as unknown as Exchange);
const refusals = heads.map((head) => ({ gateway: shut, head, apiKey: null, extraFields: null }) as unknown as Exchange);

let reached = 0;
const next = (): void => { reached++; };
const refused = (exchange: Exchange): void => { addRetryAfter(exchange); exchange.extraFields = null; };

const digests = new Map(names.map((name) => [hash('sha256', name, 'hex'), name]));
const subjects: Readonly<Record<string, (index: number) => void>> = {
  'nothing': (index) => { next(); void exchanges[index]; },
  'header only': (index) => { if (exchanges[index]!.head.last('x-api-key') !== undefined) next(); },
  'header, key': (index) => { const exchange = exchanges[index]!; if (presentsKey(exchange, exchange.head.last('x-api-key'))) next(); },
  'plan, throttle, quota': (index) => admit(exchanges[index]!, 3, next, refused, refused),
  'header, key, plan, throttle, quota': (index) => { const exchange = exchanges[index]!; if (presentsKey(exchange, exchange.head.last('x-api-key'))) admit(exchange, 3, next, refused, refused); },
  'the same, refused with Retry-After': (index) => { const exchange = refusals[index]!; if (presentsKey(exchange, exchange.head.last('x-api-key'))) admit(exchange, 3, next, refused, refused); },
  'an unknown key': (index) => { if (presentsKey(exchanges[index]!, `x${index}`)) throw new Error('in'); },
  'reference: SHA-256, Map lookup': (index) => { if (digests.get(hash('sha256', names[index]!, 'hex')) !== undefined) next(); },
};

const times: Record<string, number[]> = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
for (const exchange of exchanges) presentsKey(exchange, exchange.head.last('x-api-key'));
for (const exchange of refusals) presentsKey(exchange, exchange.head.last('x-api-key'));
for (let round = -3; round < ROUNDS; round++) {
  for (const [name, subject] of Object.entries(subjects)) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < CALLS; i++) subject(i % KEYS);
    const spent = Number(process.hrtime.bigint() - started) / CALLS;
    if (round >= 0) times[name]!.push(spent);
  }
}
const reference = median(times['reference: SHA-256, Map lookup']!);
console.log(`${KEYS} keys, ns per request, median of ${ROUNDS} (${reached > 0 ? '' : 'nobody got in'}× of the digest alone)`);
for (const [name, values] of Object.entries(times)) row(name, `${median(values).toFixed(0)} ns`, `${(median(values) / reference).toFixed(2)}×`);
