/**
 * The router engine: a route table becomes a function that finds a request's route by looking at the bytes of its target.
 * It knows routes and nothing else of an API.
 */
import type { Code } from '../code.js';
import type { Flavour } from '../ir.js';
import type { Memo } from '../memo.js';
import { emitPathVariable } from './emit-path-variable.js';
import { emitMatcher, type Matcher } from './emit-router.js';
import type { RoutedPath } from './route-tree.js';

export { checkRoutes, type CheckedRoute } from './check-routes.js';
export type { RoutePair } from './conflicts.js';
export { matcherFor, MATCHERS, type Matcher } from './emit-router.js';
export type { RoutedPath } from './route-tree.js';

export interface RouterCode {
  /**
   * Top-level declarations, among them `export function route(exchange: Exchange): number`: the index of the route in the table
   * given, -1 when none matches. The other names end in a number; a file of its own is the place for them.
   */
  readonly code: Code;
  /**
   * An expression of type `string` over a variable `exchange: Exchange`, needing nothing of `code`: the value of variable `name` of
   * the route, as received (percent-encoding kept). Right only for exchanges that matched the route. Throws when the route has
   * no such variable.
   */
  pathVariable(route: number, name: string): Code;
}

/**
 * Generates the router of `routes` with the matching rules of the flavour (rest: API Gateway REST APIs; http: HTTP APIs and plain
 * documents). Of two routes with equal method and path the first counts; `checkRoutes` reports them. The code depends on the
 * order of `routes` only through the indices it returns. `matcher` is for tests and benches: else the number of routes decides.
 */
export function emitRouter(routes: readonly RoutedPath[], flavour: Flavour, memo?: Memo<Code>, matcher?: Matcher): RouterCode {
  const table = (): string => JSON.stringify([flavour, routes.map(({ method, path }) => [method, path])]);
  return {
    code: memo ? memo.of(table(), () => emitMatcher(routes, flavour)) : emitMatcher(routes, flavour, matcher),
    pathVariable(route, name) {
      const value = emitPathVariable(routes[route]!.path, name, flavour);
      if (!value) throw new Error(`route ${routes[route]!.path.text} has no variable ${name}`);
      return value;
    },
  };
}
