/** The media types of a `content` object, in the order in which they are tried. */
import { code, typeHelper, type Code } from '../code.js';
import type { MediaType } from '../ir.js';

/** What the runtime's `mediaRangeOf` takes. */
export interface MediaRangeData { readonly type: string; readonly subtype: string; readonly parameters: readonly (readonly [string, string])[]; readonly [key: string]: never | string | readonly (readonly [string, string])[] }

export interface RangedMediaType { readonly media: MediaType; readonly range: MediaRangeData }

/** The most specific first (RFC 9110 §12.5.1): parameters, then type/subtype, type/*+suffix, type/*, *. What is no media type is left out. */
export function bySpecificity(content: readonly MediaType[]): RangedMediaType[] {
  return content.flatMap((media): RangedMediaType[] => {
    const range = parseRange(media.type);
    return range ? [{ media, range }] : [];
  }).sort((a, b) => specificity(b.range) - specificity(a.range));
}

export function parseRange(text: string): MediaRangeData | undefined {
  const [essence, ...rest] = text.split(';');
  const match = /^\s*([^\s/;,]+)\/([^\s/;,]+)\s*$/.exec(essence!);
  if (!match) return undefined;
  const parameters = rest.flatMap((part): [string, string][] => {
    const [name, value] = part.split('=', 2);
    // A charset says how a text is written, not what it is; quality belongs to Accept.
    return value === undefined || /^\s*(?:charset|q)\s*$/i.test(name!) ? [] : [[name!.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '')]];
  });
  return { type: match[1]!.toLowerCase(), subtype: match[2]!.toLowerCase(), parameters };
}

/** The ranges as `mediaRangeOf` takes them. */
export function rangesCode(ranges: readonly MediaRangeData[]): Code {
  return code`${ranges as never} as readonly ${typeHelper('body/type', 'MediaRange')}[]`;
}

function specificity({ type, subtype, parameters }: MediaRangeData): number {
  return (type === '*' ? 0 : subtype === '*' ? 10 : subtype.startsWith('*') ? 20 : 30) + parameters.length;
}

/** 'series': JSON values one after another. */
export type BodyKind = 'json' | 'form' | 'multipart' | 'text' | 'series' | 'other';

/** What arrives piece by piece, for as long as the backend likes. */
export function isStream(type: string): boolean {
  return /^[^;]*(?:event-stream|ndjson|jsonl|jsonlines|json-seq|stream\+json)\s*(?:;|$)/i.test(type);
}

export function kindOf({ type, subtype }: MediaRangeData): BodyKind {
  if (type === 'application' && /^(?:x-)?(?:ndjson|jsonl|jsonlines)$|json-seq$/.test(subtype)) return 'series';
  if (subtype === 'json' || subtype.endsWith('+json')) return 'json';
  if (type === 'application' && subtype === 'x-www-form-urlencoded') return 'form';
  if (type === 'multipart' && subtype === 'form-data') return 'multipart';
  return type === 'text' && subtype !== '*' && subtype !== 'event-stream' ? 'text' : 'other';
}
