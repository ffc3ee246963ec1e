import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEGMENT_LIMIT } from './check-routes.js';
import { MATCHERS, type Matcher } from './index.js';
import { exchangeFor } from './testing/exchanges.js';
import { loadRouter } from './testing/load-router.js';
import { routeOf } from './testing/route-table.js';

const test = suite('router, large tables');

/** V8 gives up on functions of more than 60 KB of bytecode; generated text is about as long as twice its bytecode. */
const LARGEST_FUNCTION = 60_000;

async function check(keys: readonly string[], request: (key: string) => string = (key) => key): Promise<void> {
  for (const matcher of MATCHERS) await checkWith(matcher, keys, request);
}

async function checkWith(matcher: Matcher, keys: readonly string[], request: (key: string) => string): Promise<void> {
  const router = await loadRouter(keys.map(routeOf), 'rest', matcher);
  keys.forEach((key, index) => {
    const [method, path] = request(key).split(' ') as [string, string];
    assert.is(router.route(exchangeFor(method, path.replace(/\{[^}]*\}/g, 'value'))), index, `${matcher}: ${key}`);
    assert.is(router.route(exchangeFor('PUT', path)), -1, `${matcher}: PUT ${path}`);
    assert.is(router.route(exchangeFor(method, `${path}/%`)), -1, `${matcher}: ${key}/%`);
  });
  if (matcher === 'table') return;
  const largest = Math.max(...router.text.split('\nfunction ').map((text) => text.split('export ')[0]!.length));
  assert.ok(largest < LARGEST_FUNCTION, `a function of ${largest} characters`);
}

test('10 000 literals', () => check(Array.from({ length: 10_000 }, (_, i) => `GET /resource-${i}`)));
test('10 000 routes with variables', () => check(Array.from({ length: 10_000 }, (_, i) => `${i % 2 ? 'GET' : 'POST'} /kind${i >> 2}${['/{id}/x', '/{id}/x', '/x/{id}/y', '/{a}/{b}/{c}/z'][i & 3]}`)));
test('literals that are beginnings of one another, 500 deep', () => check(Array.from({ length: 500 }, (_, i) => `GET /${'a'.repeat(i + 1)}`)));
test('literals that differ in one place each', () => check(Array.from({ length: 300 }, (_, i) => `GET /${'a'.repeat(i)}b${'a'.repeat(300 - i)}`)));
test('percent-encoded literals', () => check(Array.from({ length: 3000 }, (_, i) => `GET /${String.fromCodePoint(0x4e00 + i)}`), (key) => `GET /${encodeURIComponent(key.slice(5))}`.toLowerCase().replace('get', 'GET')));
test('paths as deep as they may be', () => check([`GET ${'/{a}'.repeat(SEGMENT_LIMIT)}`.replace(/a/g, 'v'), `GET ${'/x'.repeat(SEGMENT_LIMIT)}`, `POST ${'/{v}/x'.repeat(SEGMENT_LIMIT / 2)}`], (key) => key));
test('a comb: every level has a literal, a variable and an end', () => check(Array.from({ length: 120 }, (_, i) => [`GET ${'/a'.repeat(i)}/end`, `POST ${'/a'.repeat(i)}/{x}/stop`]).flat()));

test.run();
