/** Integration URIs: `https://${stageVariables.host}/pets/{petId}?x={y}` as parts. */
import { splitParts, type UriPart } from '../../integration/uri-parts.js';

export type { UriPart };

export interface UriTemplate {
  /** scheme, `//`, authority: never holds a placeholder. */
  readonly origin: readonly UriPart[];
  /** Path, '' or starting with '/'. */
  readonly path: readonly UriPart[];
  /** Query without '?'. */
  readonly query: readonly UriPart[];
}

/** Of an uri that is an ARN: nothing of the target is written in it. */
export const WHOLE_PATH: UriTemplate = { origin: [], path: [], query: [] };

/** A string says what is wrong. Placeholders in the authority are refused: the client must not choose the backend. */
export function parseUri(uri: string): UriTemplate | string {
  if (uri.trim() === '') return 'is empty';
  if (/[\s\0-\x1f\x7f]/.test(uri)) return 'holds blanks or control characters';
  const parts = splitParts(uri);
  const origin: UriPart[] = [], path: UriPart[] = [], query: UriPart[] = [];
  let place: 'scheme' | 'authority' | 'path' | 'query' = 'scheme';
  for (const part of parts) {
    if (part.kind !== 'text') {
      // A URI may start with a stage variable that holds scheme and host.
      if (place === 'scheme') place = 'authority';
      if (place === 'authority' && part.kind === 'placeholder') return `has the placeholder {${part.name}} in its host`;
      (place === 'authority' ? origin : place === 'path' ? path : query).push(part);
      continue;
    }
    let text = part.text;
    if (place === 'scheme') {
      const scheme = /^https?:\/\//i.exec(text);
      if (!scheme) return `is no http or https URL: ${uri}`;
      origin.push({ kind: 'text', text: scheme[0].toLowerCase() });
      text = text.slice(scheme[0].length);
      place = 'authority';
    }
    if (place === 'authority') {
      const end = text.search(/[/?#]/);
      const host = end < 0 ? text : text.slice(0, end);
      if (host.includes('@')) return 'holds user information (user@host)';
      if (host !== '') origin.push({ kind: 'text', text: host });
      text = end < 0 ? '' : text.slice(end);
      if (end >= 0) place = 'path';
    }
    if (place === 'path') {
      const end = text.search(/[?#]/);
      if ((end < 0 ? text : text.slice(0, end)) !== '') path.push({ kind: 'text', text: end < 0 ? text : text.slice(0, end) });
      text = end < 0 ? '' : text[end] === '#' ? '' : text.slice(end + 1);
      if (end >= 0) place = 'query';
    }
    if (place === 'query' && text !== '') query.push({ kind: 'text', text: text.split('#')[0]! });
  }
  if (!origin.some((part) => part.kind === 'stageVariable') && origin.length < 2) return `has no host: ${uri}`;
  return { origin, path, query };
}
