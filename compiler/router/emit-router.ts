import { code, join, typeHelper, type Code } from '../code.js';
import type { Flavour, PathTemplate } from '../ir.js';
import { Block, declareFunction, NOTHING, sequence } from './block.js';
import { type Call, type Emission, Names, Position } from './emission.js';
import { emitRoutes } from './match-end.js';
import { matchNode } from './match-node.js';
import { defaultRoutes, isGreedy, routeTree, type MethodMap, type RoutedPath, type RouteNode } from './route-tree.js';
import { emitTable } from './table/emit-table.js';

const EXCHANGE = typeHelper('exchange', 'Exchange');

/**
 * Up to this many routes are matched by code of their own, more by a walk through a table. Compiled code takes half the table's time, but V8 compiles it by
 * pieces as they are used: with requests to all of 100 routes in turn the table has been cheaper for the first million, with 1 000 ten times.
 */
const CODE_LIMIT = 100;

/** How routes are matched. */
export const MATCHERS = ['code', 'table'] as const;
export type Matcher = (typeof MATCHERS)[number];

/** What a build takes. */
export function matcherFor(routes: readonly RoutedPath[]): Matcher {
  return routes.length > CODE_LIMIT ? 'table' : 'code';
}

/** The declarations of `route(exchange)`; see `index.ts`. `matcher` is for tests and benches. */
export function emitMatcher(routes: readonly RoutedPath[], flavour: Flavour, matcher?: Matcher): Code {
  const methods = methodNumbers(routes);
  const roots = trees(routes, flavour);
  const emission: Emission = { flavour, methods, functions: new Map(), declarations: [], names: new Names() };
  const useTable = (matcher ?? matcherFor(routes)) === 'table';
  const finders = useTable ? tableFinders(roots, emission) : codeFinders(roots, emission);
  const tries = finders.map((find) => {
    const found = emission.names.next('found');
    return join([...find.before, code`const ${found} = ${find.call(code`at + 1`)};\nif (${found} >= 0) return ${found};`], '\n');
  });
  const parts = flavour === 'rest' ? [code`let at = exchange.pathStart;\nlet end = exchange.pathEnd;`] : [code`const at = exchange.pathStart;\nconst end = exchange.pathEnd;`];
  parts.push(code`const target = exchange.target;\nif (at >= end || target[at] !== 47) return -1;`);
  if (flavour === 'rest') parts.push(LENIENT_SLASHES);
  if (methods.size > 0) {
    const numbers = [...methods].map(([method, number]) => code`name === ${method} ? ${number} : `);
    parts.push(code`const name = exchange.method;\nconst method = ${join(numbers, '\n')}0;`);
  }
  const hasAny = routes.some(({ method, path }) => method === 'ANY' && !path.isDefaultRoute);
  // Without ANY, a method that no route names needs no look at the path: mostly a preflight's OPTIONS.
  parts.push(hasAny || tries.length === 0 ? join(tries, '\n') : code`if (method > 0) {\n${join(tries, '\n')}\n}`);
  const defaults = defaultRoutes(routes);
  parts.push(emitRoutes(defaults, emission));
  if (!defaults.has('ANY')) parts.push(code`return -1;`);
  const entry = code`/** Index of the route that the request's method and path select; -1 when none. */\nexport function route(exchange: ${EXCHANGE}): number {\n${join(parts.filter((part) => !part.isEmpty), '\n')}\n}`;
  return join([...emission.declarations, entry], '\n');
}

/** A REST API takes a run of slashes at the start for one [R] and ignores one at the end [R]. */
const LENIENT_SLASHES = code`while (at + 1 < end && target[at + 1] === 47) at++;
if (end - at > 1 && target[end - 1] === 47) end--;`;

interface Finder { readonly before: readonly Code[]; readonly call: Call }

function codeFinders(roots: readonly RouteNode[], emission: Emission): Finder[] {
  return roots.map((root) => ({ before: [], call: declareFunction(sequence([matchRoot(root.routes), matchNode(root)]), emission) }));
}

/** A table knows what comes after a slash: the path `/` is no matter of it. */
function tableFinders(roots: readonly RouteNode[], emission: Emission): Finder[] {
  const calls = emitTable(roots, emission);
  return roots.map((root, index) => ({ before: root.routes.size === 0 ? [] : [matchRoot(root.routes).emit(new Position(code`at`, 1), emission)], call: calls[index]! }));
}

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
