import { code, EMPTY, helper, join, type Code } from '../code.js';
import type { Flavour, PathTemplate } from '../ir.js';
import { Block, declareFunction, NOTHING, sequence } from './block.js';
import { type Emission, Names } from './emission.js';
import { emitRoutes, matchNode } from './match-node.js';
import { defaultRoutes, isGreedy, routeTree, type MethodMap, type RoutedPath, type RouteNode } from './route-tree.js';

const EXCHANGE = helper<typeof import('../../runtime/exchange.js')>()('exchange', 'Exchange');

/** The declarations of `route(exchange)`; see `index.ts`. */
export function emitMatcher(routes: readonly RoutedPath[], flavour: Flavour): Code {
  const methods = methodNumbers(routes);
  const emission: Emission = { flavour, methods, functions: new Map(), declarations: [], names: new Names() };
  const calls = trees(routes, flavour).map((root) => {
    const name = emission.names.next('match');
    declareFunction(name, sequence([matchRoot(root.routes), matchNode(root)]), emission);
    return name;
  });
  const fallback = emitRoutes(defaultRoutes(routes), emission);
  const number = [...methods].map(([method, value]) => code`name === ${method} ? ${value} : `);
  const tries = calls.map((name) => code`found = ${name}(target, at + 1, end, method);\nif (found >= 0) return found;`);
  const entry = code`/** Index of the route that the request's method and path select; -1 when none. */
export function route(exchange: ${EXCHANGE}): number {
const target = exchange.target;
let at = exchange.pathStart;
let end = exchange.pathEnd;
if (at >= end || target[at] !== 47) return -1;
${flavour === 'rest' ? LENIENT_SLASHES : EMPTY}const name = exchange.method;
const method = ${join(number, '\n')}0;
let found = -1;
${join(tries, '\n')}
${fallback}
return -1;
}`;
  return join([...emission.declarations, entry], '\n');
}

/** A REST API takes a run of slashes at the start for one [R] and ignores one at the end [R]. */
const LENIENT_SLASHES = code`while (at + 1 < end && target[at + 1] === 47) at++;
if (end - at > 1 && target[end - 1] === 47) end--;
`;

/** The path is `/`. */
function matchRoot(routes: MethodMap): Block {
  return routes.size === 0 ? NOTHING : new Block(routes.size + 1, 0, (at, emission) => code`if (${at.code} === end) {\n${emitRoutes(routes, emission)}\n}`);
}

/**
 * REST API: one tree, the most specific segment wins at each step. HTTP API: a full match anywhere wins over a greedy one, so
 * greedy routes are a tree of their own that is asked afterwards [D].
 */
function trees(routes: readonly RoutedPath[], flavour: Flavour): RouteNode[] {
  const phases = flavour === 'rest' ? [() => true] : [(path: PathTemplate) => !isGreedy(path), isGreedy];
  return phases.filter((select) => routes.some(({ path }) => !path.isDefaultRoute && select(path))).map((select) => routeTree(routes, flavour, select));
}

/** The methods that routes name, most frequent first, so that the usual ones are recognised soonest. */
function methodNumbers(routes: readonly RoutedPath[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { method } of routes) if (method !== 'ANY') counts.set(method, (counts.get(method) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new Map(ordered.map(([method], index) => [method, index + 1]));
}
