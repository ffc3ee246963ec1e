import fc from 'fast-check';
import findMyWay from 'find-my-way';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Flavour } from '../ir.js';
import { MATCHERS } from './index.js';
import { exchangeFor } from './testing/exchanges.js';
import { loadRouter } from './testing/load-router.js';
import { referenceMatch } from './testing/reference-matcher.js';
import { routeOf } from './testing/route-table.js';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 250);

/** Few texts, many of which begin alike or look alike, so that random paths come close to random routes. */
const LITERALS = ['a', 'b', 'aa', 'ab', 'aab', 'abc', 'abcd', 'x-y', 'x-', 'v1', 'é', 'ö', 'a b', '%20', 'a%2Fb', '.', '[a]', '__proto__', 'a.json', '', 'C', 'c3'];
const MIXED = ['{?}.json', '{?}...{?}', '{?}.{?}', 'a{?}', '{?}b', 'a{?}b', '{?}-{?}-{?}', '{?}é', '[{?}]', '{?}:a', 'ab{?}'];
const METHODS = ['GET', 'POST', 'ANY', 'DELETE'];

const part = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LITERALS) },
  { weight: 3, arbitrary: fc.constant('{?}') },
  { weight: 2, arbitrary: fc.constantFrom(...MIXED) },
);

const routeKey = fc.record({
  method: fc.constantFrom(...METHODS),
  parts: fc.array(part, { maxLength: 4 }),
  greedy: fc.boolean(),
  prefix: fc.constantFrom('v', 'w', '__proto__'),
}).map(({ method, parts, greedy, prefix }) => {
  let count = 0;
  const all = greedy && parts.length % 2 === 0 ? [...parts, '{?+}'] : parts;
  return `${method} /${all.map((text) => text.replace(/\?/g, () => `${prefix}${count++}`)).join('/')}`;
});

/** Half of the segments are a route's own text, filled in; the rest is anything. */
const filler = fc.oneof(fc.constantFrom('a', 'b', 'ab', 'a...b', 'é', '-', '.', '1', '%', 'a.json', 'x-y-z', '[', '%C3%A9', '%c3%a9', '%5Ba%5d', '%63', '', 'constructor'), fc.string({ maxLength: 4 }));
const pathParts = fc.array(fc.record({ text: filler, slashes: fc.constantFrom('/', '/', '/', '/', '/', '//') }), { maxLength: 6 });
const requestPath = (keys: readonly string[]): fc.Arbitrary<string> => fc.oneof(
  pathParts.map((parts) => `/${parts.map(({ text, slashes }) => text + slashes).join('')}`),
  pathParts.map((parts) => parts.map(({ text, slashes }) => slashes + text).join('')),
  fc.record({ key: fc.constantFrom(...keys), fill: fc.array(filler, { minLength: 4, maxLength: 4 }), head: fc.constantFrom('', '', '', '/', '//'), tail: fc.constantFrom('', '', '', '/', '/a', '//') })
    .map(({ key, fill, head, tail }) => head + key.slice(key.indexOf(' ') + 1).replace(/\{[^}]*\}/g, () => fill.pop() ?? 'a') + tail),
).map(toWire);

/** What a strict HTTP/1.1 parser lets through as a path: visible ASCII and bytes above; never ? or #. */
function toWire(path: string): string {
  return path.replace(/[^\x21-\x7e]|[?#]/gu, (character) => encodeURIComponent(character.replace(/[\ud800-\udfff]/g, '_')));
}

const properties = suite('router, properties');
const flavours: readonly Flavour[] = ['rest', 'http'];

for (const flavour of flavours) for (const matcher of MATCHERS) {
  properties(`selects what the plainly written rules select, ${flavour}, ${matcher}`, async () => {
    let matched = 0;
    let tried = 0;
    await fc.assert(fc.asyncProperty(
      fc.array(routeKey, { minLength: 1, maxLength: 14 }).chain((keys) => fc.record({
        keys: fc.constant<readonly string[]>(flavour === 'http' && keys.length % 3 === 0 ? [...keys, '$default'] : keys),
        requests: fc.array(fc.tuple(fc.constantFrom('GET', 'POST', 'HEAD', 'ANY'), requestPath(keys)), { minLength: 30, maxLength: 30 }),
      })),
      async ({ keys, requests }) => {
        const routes = keys.map(routeOf);
        const router = await loadRouter(routes, flavour, matcher);
        for (const [method, path] of requests) {
          // Paths hold ASCII only here, so the reference works on characters and the router on bytes.
          const expected = referenceMatch(routes, flavour, method, path);
          const exchange = exchangeFor(method, path);
          const index = router.route(exchange);
          tried++;
          if (expected && !routes[expected.route]!.path.isDefaultRoute) matched++;
          assert.is(keys[index], keys[expected?.route ?? -1], `${method} ${path}`);
          if (index < 0) continue;
          for (const name of routes[index]!.path.variables) assert.is(router.variables[index]![name]!(exchange), expected!.variables[name], `${name} of ${keys[index]} for ${path}`);
        }
      },
    ), { numRuns: RUNS });
    assert.ok(matched > tried / 10, `only ${matched} of ${tried} requests matched a route: the generator has become useless`);
  });
}

for (const matcher of MATCHERS) properties(`agrees with find-my-way on literals, variables and wildcards, ${matcher}`, async () => {
  const plainPart = fc.oneof({ weight: 2, arbitrary: fc.constantFrom('a', 'b', 'aa', 'ab', 'abc', 'b-c') }, { weight: 1, arbitrary: fc.constant('{}') });
  const plainRoute = fc.record({ method: fc.constantFrom('GET', 'POST'), parts: fc.array(plainPart, { maxLength: 4 }), greedy: fc.constantFrom(false, false, true) });
  // No empty segment: there find-my-way lets variables and wildcards be empty.
  const plainPath = fc.array(fc.constantFrom('a', 'b', 'aa', 'ab', 'abc', 'b-c', 'z', 'aaa', 'b-'), { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join('/')}`);
  await fc.assert(fc.asyncProperty(fc.array(plainRoute, { minLength: 1, maxLength: 20 }), fc.array(fc.tuple(fc.constantFrom('GET', 'POST'), plainPath), { minLength: 40, maxLength: 40 }), async (table, requests) => {
    const oracle = findMyWay();
    const routes = [...new Map(table.map((route) => [JSON.stringify(route), route])).values()].map(({ method, parts, greedy }, index) => {
      let count = 0;
      const all = greedy ? [...parts, '{+}'] : parts;
      oracle.on(method as 'GET', `/${all.map((text) => (text === '{}' ? `:p${count++}` : text === '{+}' ? '*' : text)).join('/')}`, () => index);
      count = 0;
      return routeOf(`${method} /${all.map((text) => (text === '{}' ? `{p${count++}}` : text === '{+}' ? '{*+}' : text)).join('/')}`);
    });
    const router = await loadRouter(routes, 'rest', matcher);
    for (const [method, path] of requests) {
      const found = oracle.find(method as 'GET', path);
      const expected = found ? (found.handler as unknown as () => number)() : -1;
      const exchange = exchangeFor(method, path);
      const index = router.route(exchange);
      assert.is(index, expected, `${method} ${path}`);
      if (index < 0) continue;
      for (const name of routes[index]!.path.variables) assert.is(router.variables[index]![name]!(exchange), found!.params[name], `${name} for ${path}`);
    }
  }), { numRuns: RUNS });
});

/** Many siblings, so that tables have decisions below decisions; long texts that differ late; most requests are for one of them or nearly. */
const crowded = fc.record({
  stem: fc.constantFrom('', 'a', 'resource-', 'x'.repeat(40), '%C3%A9', 'é'),
  words: fc.uniqueArray(fc.stringMatching(/^[a-c0-1.~-]{0,5}(%[CD][0-9A]){0,2}$/), { minLength: 5, maxLength: 120 }),
  under: fc.array(fc.constantFrom('', '/{x}', '/{x}/end', '/{x+}', '/a{x}b', '/a', ''), { minLength: 120, maxLength: 120 }),
  method: fc.array(fc.constantFrom('GET', 'GET', 'POST', 'ANY'), { minLength: 120, maxLength: 120 }),
}).map(({ stem, words, under, method }) => [...words.map((word, index) => `${method[index]} /${stem}${word}${under[index]}`), 'GET /{any}/a', 'POST /{rest+}']);

for (const flavour of flavours) properties(`code and table agree, ${flavour}`, async () => {
  let matched = 0;
  await fc.assert(fc.asyncProperty(
    crowded.chain((keys) => fc.record({ keys: fc.constant(keys), paths: fc.array(requestPath(keys), { minLength: 60, maxLength: 60 }), cut: fc.array(fc.nat(6), { minLength: 60, maxLength: 60 }) })),
    async ({ keys, paths, cut }) => {
      const routes = keys.map(routeOf);
      const [byCode, byTable] = await Promise.all(MATCHERS.map((matcher) => loadRouter(routes, flavour, matcher)));
      paths.forEach((whole, index) => {
        const path = cut[index]! > 3 ? whole.slice(0, -cut[index]! + 3) || '/' : whole;
        for (const method of ['GET', 'POST', 'PURGE']) {
          const exchange = exchangeFor(method, path);
          const expected = byCode!.route(exchange);
          if (expected >= 0) matched++;
          assert.is(byTable!.route(exchange), expected, `${method} ${path}`);
        }
      });
    },
  ), { numRuns: Math.ceil(RUNS / 4) });
  assert.ok(matched > RUNS, 'the generator has become useless');
});

properties('the order of the routes changes nothing but their indices', async () => {
  const shuffled = fc.uniqueArray(routeKey, { minLength: 2, maxLength: 14, selector: (key) => key.replace(/\{[^}]*\}/g, '{}').replace(/\/$/, '') })
    .chain((keys) => fc.record({ keys: fc.constant(keys), order: fc.shuffledSubarray(keys.map((_, index) => index), { minLength: keys.length }) }));
  await fc.assert(fc.asyncProperty(shuffled, async ({ keys, order }) => {
    const text = (await loadRouter(keys.map(routeOf), 'rest')).text.split('export const variables')[0]!;
    const other = (await loadRouter(order.map((index) => routeOf(keys[index]!)), 'rest')).text.split('export const variables')[0]!;
    const unnumbered = other.replace(/return (\d+);/g, (_, index) => `return ${order[Number(index)]};`);
    assert.is(unnumbered, text);
  }), { numRuns: Math.ceil(RUNS / 4) });
});

properties.run();
