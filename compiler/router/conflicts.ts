import findMyWay from 'find-my-way';
import type { Flavour, PathSegment } from '../ir.js';
import { wireKey } from './path-bytes.js';
import { mixedShape, routeSegments, type RoutedPath } from './route-tree.js';

/** Two routes that take the same requests: [index, index of the earlier one]. */
export type RoutePair = readonly [later: number, earlier: number];

/** find-my-way decides; each method has its own table. */
export function conflicts(routes: readonly RoutedPath[], flavour: Flavour): RoutePair[] {
  const pairs: RoutePair[] = [];
  const tables = new Map<string, { router: findMyWay.Instance<findMyWay.HTTPVersion.V1>; first: Map<string, number> }>();
  const name = sanitiser();
  routes.forEach(({ method, path }, index) => {
    let table = tables.get(method);
    if (!table) tables.set(method, (table = { router: findMyWay(), first: new Map() }));
    const pattern = path.isDefaultRoute ? '/default' : `/${routeSegments(path, flavour).map((segment) => patternPart(segment, name)).join('/')}`;
    try {
      table.router.on('GET', pattern, unused);
      table.first.set(pattern, index);
    } catch (error) {
      const earlier = table.first.get(pattern);
      if (earlier === undefined) throw error;
      pairs.push([index, earlier]);
    }
  });
  return pairs;
}

function unused(): void {}

/**
 * find-my-way gives characters such as `:` and `*` a meaning and puts variable names into `new Function`, so it only ever sees
 * names made here: text by a number, variables all alike.
 */
function patternPart(segment: PathSegment, name: (kind: string, text: string) => string): string {
  switch (segment.kind) {
    case 'static': return name('s', wireKey(segment.text));
    case 'mixed': return name('m', mixedShape(segment));
    case 'variable': return ':p0';
    case 'greedy': return '*';
  }
}

function sanitiser(): (kind: string, text: string) => string {
  const numbers = new Map<string, number>();
  return (kind, text) => {
    const key = kind + text;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return kind + numbers.get(key);
  };
}
