import { Code, code, EMPTY, helper, identifier, join } from '../code.js';
import type { Flavour } from '../ir.js';
import { type Emission, Names, Position } from './emission.js';
import { declareFunction, emitNode, emitRoutes } from './emit-node.js';
import { chooseSplit } from './split.js';
import { isGreedy, routeTree, type RoutedPath, type RouteNode } from './route-tree.js';

const EXCHANGE = helper<typeof import('../../runtime/exchange.js')>()('exchange', 'Exchange');

/** The declarations of `route(exchange)`; see `index.ts`. */
export function emitMatcher(routes: readonly RoutedPath[], flavour: Flavour): Code {
  const methods = methodNumbers(routes);
  const shared = { flavour, methods, declarations: [] as Code[], names: new Names() };
  const calls = trees(routes, flavour).map((root) => {
    const emission: Emission = { ...shared, split: chooseSplit(root), functions: new Map() };
    const onRoot = emitRoutes(root.routes, emission);
    const name = shared.names.next('match');
    const below = emitNode(root, new Position(identifier('at')), emission);
    declareFunction(name, onRoot.isEmpty ? below : code`if (at === end) {\n${onRoot}\n}\n${below}`, emission);
    return name;
  });
  const fallback = emitRoutes(routeTree(routes, flavour, (path) => path.isDefaultRoute === true).fallback, { ...shared, split: new Set(), functions: new Map() });
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
  return compact([...shared.declarations, entry]);
}

/** A REST API takes a run of slashes at the start for one [R] and ignores one at the end [R]. */
const LENIENT_SLASHES = code`while (at + 1 < end && target[at + 1] === 47) at++;
if (end - at > 1 && target[end - 1] === 47) end--;
`;

/**
 * REST API: one tree, the most specific segment wins at each step. HTTP API: a full match anywhere wins over a greedy one, so
 * greedy routes are a tree of their own that is asked afterwards [D].
 */
function trees(routes: readonly RoutedPath[], flavour: Flavour): RouteNode[] {
  if (flavour === 'rest') return [routeTree(routes, flavour, (path) => !path.isDefaultRoute).root];
  const phases = [(path: RoutedPath['path']) => !isGreedy(path), isGreedy];
  return phases.filter((select) => routes.some(({ path }) => !path.isDefaultRoute && select(path)))
    .map((select) => routeTree(routes, flavour, (path) => !path.isDefaultRoute && select(path)).root);
}

/** The methods that routes name, most frequent first, so that the usual ones are recognised soonest. */
function methodNumbers(routes: readonly RoutedPath[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { method } of routes) if (method !== 'ANY') counts.set(method, (counts.get(method) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new Map(ordered.map(([method], index) => [method, index + 1]));
}

/** One Code with neighbouring texts joined: a router has very many pieces, and whoever splices it should not pay for each. */
function compact(parts: readonly Code[]): Code {
  const items: Code['items'][number][] = [];
  let text = '';
  for (const part of parts) {
    for (const item of part.items) {
      if (typeof item === 'string') text += item;
      else { items.push(text, item); text = ''; }
    }
    text += '\n';
  }
  return new Code([...items, text]);
}
