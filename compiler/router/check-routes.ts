import type { Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Flavour, PathSegment } from '../ir.js';
import { Memo } from '../memo.js';
import { conflicts, type RoutePair } from './conflicts.js';
import { GREEDY_NOT_LAST, PATH_PART, PATH_TOO_LONG, SAME_ROUTE, UNREACHABLE_ROUTE, VARIABLE_SIBLINGS } from './diagnostics.js';
import { routeSegments, type RoutedPath } from './route-tree.js';

export interface CheckedRoute extends RoutedPath { readonly origin: Origin }

/** Longer paths would nest generated code, and the compiler's own recursion, without bound. */
export const SEGMENT_LIMIT = 500;
/** A character is up to nine bytes of a request target (`%E2%82%AC`), and the router's tables number the bytes of literals in sixteen bits. */
const LENGTH_LIMIT = 4_096;

/** Reports routes that cannot work, that shadow each other, and those that API Gateway would refuse. `memo`: of the build before. */
export function checkRoutes(routes: readonly CheckedRoute[], flavour: Flavour, reporter: Reporter, memo: Memo<RoutePair[]> = new Memo()): void {
  const sound = routes.filter((route) => checkShape(route, reporter));
  const key = `${flavour}\n${sound.map(({ method, path }) => `${method} ${path.text}`).join('\n')}`;
  for (const [later, earlier] of memo.of(key, () => conflicts(sound, flavour))) {
    const route = sound[later]!;
    const other = sound[earlier]!;
    reporter.report(SAME_ROUTE, route.origin, { method: route.method, path: route.path.text, other: other.path.text }, [{ message: 'the other one is here', origin: other.origin }]);
  }
  if (flavour === 'rest') checkRestRules(sound, reporter);
}

function checkShape({ path, origin }: CheckedRoute, reporter: Reporter): boolean {
  const count = path.segments.length;
  if (count > SEGMENT_LIMIT) {
    reporter.report(PATH_TOO_LONG, origin, { path: shorten(path.text), count, of: 'segments', limit: SEGMENT_LIMIT });
    return false;
  }
  if (path.text.length > LENGTH_LIMIT) {
    reporter.report(PATH_TOO_LONG, origin, { path: shorten(path.text), count: path.text.length, of: 'characters', limit: LENGTH_LIMIT });
    return false;
  }
  const greedy = path.segments.findIndex((segment) => segment.kind === 'greedy');
  if (greedy >= 0 && greedy < count - 1) {
    reporter.report(GREEDY_NOT_LAST, origin, { path: path.text, variable: (path.segments[greedy] as { name: string }).name });
    return false;
  }
  for (const segment of path.segments) {
    if (segment.kind === 'static' && /^(\.|%2e){1,2}$/i.test(segment.text)) reporter.report(UNREACHABLE_ROUTE, origin, { path: path.text, part: segment.text });
  }
  return true;
}

/** What API Gateway says of REST API resources at import; each resource is judged once, where it is first used. */
function checkRestRules(routes: readonly CheckedRoute[], reporter: Reporter): void {
  const variableOf = new Map<string, { part: string; origin: Origin }>();
  const judged = new Set<string>();
  for (const { path, origin } of routes) {
    let parent = '';
    for (const segment of routeSegments(path, 'rest')) {
      const part = partText(segment);
      const resource = `${parent}/${part}`;
      if (!judged.has(resource)) {
        judged.add(resource);
        if (segment.kind === 'mixed' || (segment.kind === 'static' && !/^[A-Za-z0-9_\-.,:]+$/.test(segment.text))) reporter.report(PATH_PART, origin, { path: path.text, part });
        if (segment.kind === 'variable' || segment.kind === 'greedy') {
          const sibling = variableOf.get(parent);
          if (!sibling) variableOf.set(parent, { part, origin });
          else reporter.report(VARIABLE_SIBLINGS, origin, { path: path.text, part, other: sibling.part }, [{ message: `${sibling.part} is here`, origin: sibling.origin }]);
        }
      }
      parent = resource;
    }
  }
}

function partText(segment: PathSegment): string {
  switch (segment.kind) {
    case 'static': return segment.text;
    case 'variable': return `{${segment.name}}`;
    case 'greedy': return `{${segment.name}+}`;
    case 'mixed': return segment.parts.map((part) => (typeof part === 'string' ? part : `{${part.name}}`)).join('');
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
