import type { Flavour, PathSegment } from '../../ir.js';
import type { RoutedPath } from '../route-tree.js';

export interface Match { readonly route: number; readonly variables: Readonly<Record<string, string>> }

/**
 * The matching rules written down as plainly as possible, to test the generated router against: every route is tried on its own
 * with regular expressions, then the most specific of those that match is chosen. Shares no code with the router.
 */
export function referenceMatch(routes: readonly RoutedPath[], flavour: Flavour, method: string, path: string): Match | undefined {
  if (!path.startsWith('/')) return undefined;
  let text = path;
  if (flavour === 'rest') {
    text = text.replace(/^\/+/, '/');
    if (text.length > 1 && text.endsWith('/')) text = text.slice(0, -1);
  }
  const parts = text === '/' ? [] : text.slice(1).split('/');
  const candidates = routes.map((route, index) => {
    if (route.path.isDefaultRoute || (route.method !== method && route.method !== 'ANY')) return undefined;
    const variables = matchSegments(segmentsOf(route, flavour), parts, flavour);
    return variables && { index, route, variables, ranks: segmentsOf(route, flavour).map(rank), greedy: route.path.segments.at(-1)?.kind === 'greedy' };
  }).filter((candidate) => candidate !== undefined);
  candidates.sort((a, b) => {
    if (flavour === 'http' && a.greedy !== b.greedy) return a.greedy ? 1 : -1;
    for (let i = 0; i < Math.min(a.ranks.length, b.ranks.length); i++) {
      const order = compareRanks(a.ranks[i]!, b.ranks[i]!);
      if (order !== 0) return order;
    }
    return Number(a.route.method === 'ANY') - Number(b.route.method === 'ANY') || a.index - b.index;
  });
  if (candidates[0]) return { route: candidates[0].index, variables: candidates[0].variables };
  const fallback = routes.findIndex((route) => route.path.isDefaultRoute);
  return fallback < 0 ? undefined : { route: fallback, variables: {} };
}

function segmentsOf({ path }: RoutedPath, flavour: Flavour): readonly PathSegment[] {
  const last = path.segments.at(-1);
  const slashAtEnd = last?.kind === 'static' && last.text === '';
  return slashAtEnd && flavour === 'rest' ? path.segments.slice(0, -1) : path.segments;
}

function matchSegments(segments: readonly PathSegment[], parts: readonly string[], flavour: Flavour): Record<string, string> | undefined {
  const variables: Record<string, string> = Object.create(null);
  for (const [index, segment] of segments.entries()) {
    if (index >= parts.length) return undefined;
    if (segment.kind === 'greedy') {
      const rest = parts.slice(index).join('/');
      if (rest === '' && !(flavour === 'http' && index > 0)) return undefined;
      variables[segment.name] = rest;
      return variables;
    }
    const found = forms(segment).map((pattern) => pattern.exec(parts[index]!)).find((match) => match !== null);
    if (!found) return undefined;
    namesOf(segment).forEach((name, number) => { variables[name] = found[number + 1]!; });
  }
  return segments.length === parts.length ? variables : undefined;
}

function namesOf(segment: PathSegment): string[] {
  if (segment.kind === 'static') return [];
  return segment.kind === 'mixed' ? segment.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.name])) : [segment.name];
}

/** The segment as regular expressions: text percent-encoded, and text as URL parsers of browsers leave it. */
function forms(segment: PathSegment): RegExp[] {
  const parts = segment.kind === 'static' ? [segment.text] : segment.kind === 'mixed' ? segment.parts : [{ name: '' }];
  return [/[A-Za-z0-9\-._~!$&'()*+,;=:@]/, /[A-Za-z0-9\-._~!$&'()*+,;=:@[\]|^]/].map((sentRaw) => {
    const source = parts.map((part) => (typeof part === 'string' ? textSource(part, sentRaw) : '([^]+?)')).join('');
    return new RegExp(`^${source}$`);
  });
}

function textSource(text: string, sentRaw: RegExp): string {
  return text.replace(/%[0-9a-fA-F]{2}|[^]/gu, (unit) => {
    if (unit.length === 3 && unit.startsWith('%')) return tripletSource(parseInt(unit.slice(1), 16));
    if (sentRaw.test(unit)) return unit.replace(/[^A-Za-z0-9]/g, '\\$&');
    return [...new TextEncoder().encode(unit)].map(tripletSource).join('');
  });
}

function tripletSource(byte: number): string {
  const hex = byte.toString(16).padStart(2, '0');
  return `%${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
}

type Rank = [kind: number, ...(number | string)[]];

function rank(segment: PathSegment): Rank {
  switch (segment.kind) {
    case 'static': return [0];
    case 'mixed': {
      const literal = segment.parts.map((part) => (typeof part === 'string' ? part : '\0')).join('');
      return [1, -literal.replaceAll('\0', '').length, segment.parts.filter((part) => typeof part !== 'string').length, literal];
    }
    case 'variable': return [2];
    case 'greedy': return [3];
  }
}

function compareRanks(a: Rank, b: Rank): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return 0;
}
