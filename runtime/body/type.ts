/** Which of the media types a document lists a message's Content-Type falls under (RFC 9110 §8.3, §12.5.1 for ranges). */

/** One entry of `content`, lower case, the most specific first. Wildcards are `*`; `suffix` is `json` for a range such as `application/*+json`. */
export interface MediaRange { readonly type: string; readonly subtype: string; readonly parameters: readonly (readonly [name: string, value: string])[] }

export interface ContentType { readonly type: string; readonly subtype: string; readonly parameters: ReadonlyMap<string, string> }

/** undefined when the field is no media type. */
export function parseContentType(field: string): ContentType | undefined {
  const match = /^[ \t]*([!#$%&'*+.^_`|~\w-]+)\/([!#$%&'*+.^_`|~\w-]+)[ \t]*(?:;|$)/.exec(field);
  if (match === null) return undefined;
  const parameters = new Map<string, string>();
  const rest = field.slice(match[0].length - 1);
  for (const [, name, quoted, plain] of rest.matchAll(/;[ \t]*([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))/g)) {
    const key = name!.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? plain! : quoted.replace(/\\(.)/g, '$1'));
  }
  return { type: match[1]!.toLowerCase(), subtype: match[2]!.toLowerCase(), parameters };
}

/** Index of the first range that takes the content type; -1 when none does. */
export function mediaRangeOf(content: ContentType, ranges: readonly MediaRange[]): number {
  for (let index = 0; index < ranges.length; index++) {
    const range = ranges[index]!;
    if (range.type !== '*' && range.type !== content.type) continue;
    if (range.subtype !== '*' && range.subtype !== content.subtype && !(range.subtype.startsWith('*+') && content.subtype.endsWith(range.subtype.slice(1)))) continue;
    if (range.parameters.every(([name, value]) => content.parameters.get(name)?.toLowerCase() === value.toLowerCase())) return index;
  }
  return -1;
}

/** `application/json` and anything `+json`. */
export function isJsonType(content: ContentType): boolean {
  return content.subtype === 'json' || content.subtype.endsWith('+json');
}
