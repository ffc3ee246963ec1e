import type { Flavour, PathSegment, PathTemplate } from '../ir.js';
import { wireKey } from './path-bytes.js';

/** What the router knows of a route. */
export interface RoutedPath { readonly method: string; readonly path: PathTemplate }

export type MixedSegment = Extract<PathSegment, { kind: 'mixed' }>;

/** Method → index of the route. `ANY` takes the methods that are not there. */
export type MethodMap = Map<string, number>;

/** One place in the tree of path segments. Routes whose paths differ only in variable names share their nodes. */
export interface RouteNode {
  /** Number of segments above. */
  readonly depth: number;
  /** Routes that end here. */
  readonly routes: MethodMap;
  /** By wire key, so that `a b` and `a%20b` are one. */
  readonly statics: Map<string, { readonly text: string; readonly node: RouteNode }>;
  /** By shape (variable names left out). */
  readonly mixed: Map<string, { readonly segment: MixedSegment; readonly node: RouteNode }>;
  variable: RouteNode | undefined;
  /** Routes whose greedy variable takes the rest of the path from here. */
  readonly greedy: MethodMap;
}

/** The tree of the routes that `select` picks, `$default` left out. Of routes with equal method and path the first stays; `checkRoutes` reports them. */
export function routeTree(routes: readonly RoutedPath[], flavour: Flavour, select: (path: PathTemplate) => boolean): RouteNode {
  const root = emptyNode(0);
  routes.forEach(({ method, path }, index) => {
    if (!path.isDefaultRoute && select(path)) insert(root, routeSegments(path, flavour), method, index);
  });
  return root;
}

/** The `$default` route, normally one for any method. */
export function defaultRoutes(routes: readonly RoutedPath[]): MethodMap {
  const defaults: MethodMap = new Map();
  routes.forEach(({ method, path }, index) => { if (path.isDefaultRoute) addRoute(defaults, method, index); });
  return defaults;
}

/** The segments a path is matched by: none for `/`; a REST API ignores a trailing slash. */
export function routeSegments(path: PathTemplate, flavour: Flavour): readonly PathSegment[] {
  const { segments } = path;
  const last = segments.at(-1);
  const endsEmpty = last?.kind === 'static' && last.text === '';
  return endsEmpty && (flavour === 'rest' || segments.length === 1) ? segments.slice(0, -1) : segments;
}

export function isGreedy(path: PathTemplate): boolean {
  return path.segments.some((segment) => segment.kind === 'greedy');
}

/** A mixed segment without its variable names: literals separated by `\0`. */
export function mixedShape(segment: MixedSegment): string {
  return segment.parts.map((part) => (typeof part === 'string' ? wireKey(part) : '\0')).join('');
}

/** More literal text first, then fewer variables, then by text: the order in which mixed segments of one node are tried. */
export function mixedInOrder(node: RouteNode): { readonly segment: MixedSegment; readonly node: RouteNode }[] {
  const rank = (shape: string): [number, number] => {
    const variables = shape.split('\0').length - 1;
    return [shape.length - variables, variables];
  };
  return [...node.mixed].map(([shape, entry]) => ({ shape, entry, rank: rank(shape) }))
    .sort((a, b) => b.rank[0] - a.rank[0] || a.rank[1] - b.rank[1] || (a.shape < b.shape ? -1 : 1))
    .map(({ entry }) => entry);
}

function insert(root: RouteNode, segments: readonly PathSegment[], method: string, index: number): void {
  let node = root;
  for (const segment of segments) {
    if (segment.kind === 'greedy') return addRoute(node.greedy, method, index);
    node = child(node, segment);
  }
  addRoute(node.routes, method, index);
}

function child(node: RouteNode, segment: Exclude<PathSegment, { kind: 'greedy' }>): RouteNode {
  switch (segment.kind) {
    case 'static': {
      const key = wireKey(segment.text);
      let entry = node.statics.get(key);
      if (!entry) node.statics.set(key, (entry = { text: segment.text, node: emptyNode(node.depth + 1) }));
      return entry.node;
    }
    case 'mixed': {
      const key = mixedShape(segment);
      let entry = node.mixed.get(key);
      if (!entry) node.mixed.set(key, (entry = { segment, node: emptyNode(node.depth + 1) }));
      return entry.node;
    }
    case 'variable':
      return (node.variable ??= emptyNode(node.depth + 1));
  }
}

function addRoute(routes: MethodMap, method: string, index: number): void {
  if (!routes.has(method)) routes.set(method, index);
}

function emptyNode(depth: number): RouteNode {
  return { depth, routes: new Map(), statics: new Map(), mixed: new Map(), variable: undefined, greedy: new Map() };
}
