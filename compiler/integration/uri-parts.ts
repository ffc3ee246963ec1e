/** What an integration's uri is made of. */
export type UriPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'stageVariable'; readonly name: string }
  | { readonly kind: 'placeholder'; readonly name: string };

/** `text ${stageVariables.name} {placeholder} {greedy+}` as parts, in order. */
export function splitParts(uri: string): UriPart[] {
  const parts: UriPart[] = [];
  let last = 0;
  for (const match of uri.matchAll(/\$\{stageVariables\.([A-Za-z0-9_]+)\}|\{([A-Za-z0-9._$:-]+)\+?\}/g)) {
    if (match.index > last) parts.push({ kind: 'text', text: uri.slice(last, match.index) });
    parts.push(match[1] !== undefined ? { kind: 'stageVariable', name: match[1] } : { kind: 'placeholder', name: match[2]! });
    last = match.index + match[0].length;
  }
  if (last < uri.length) parts.push({ kind: 'text', text: uri.slice(last) });
  return parts;
}
