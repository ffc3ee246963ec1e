import type { PathSegment, PathTemplate } from '../../ir.js';
import type { RoutedPath } from '../route-tree.js';

/** `GET /pets/{id}` as a route; `$default` as the default route. Braces make variables, `{name+}` greedy ones. */
export function routeOf(key: string): RoutedPath {
  if (key === '$default') return { method: 'ANY', path: { text: '$default', segments: [], variables: [], isDefaultRoute: true } };
  const space = key.indexOf(' ');
  return { method: key.slice(0, space), path: pathOf(key.slice(space + 1)) };
}

export function pathOf(text: string): PathTemplate {
  const segments = text === '/' ? [] : text.slice(1).split('/').map(segmentOf);
  const variables = segments.flatMap((segment) => {
    switch (segment.kind) {
      case 'static': return [];
      case 'mixed': return segment.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
      default: return [segment.name];
    }
  });
  return { text, segments, variables };
}

function segmentOf(text: string): PathSegment {
  const whole = /^\{([^{}]*?)(\+?)\}$/.exec(text);
  if (whole) return { kind: whole[2] ? 'greedy' : 'variable', name: whole[1]! };
  if (!text.includes('{')) return { kind: 'static', text };
  const parts = text.split(/(\{[^{}]*\})/).filter((part) => part !== '').map((part) => (part.startsWith('{') ? { name: part.slice(1, -1) } : part));
  return { kind: 'mixed', parts };
}
