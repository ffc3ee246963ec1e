/** Content codings that API Gateway knows (rest-pipeline.md §6): gzip and deflate, which is zlib's format (RFC 9110 §8.4.1). */
export type Coding = 'gzip' | 'deflate';

/**
 * What to answer an `Accept-Encoding` with; null: as it is. The entry with the highest weight counts, the first of several; when that is
 * none of ours nothing is compressed, and neither for `*`, which names none [D].
 */
export function preferredCoding(acceptEncoding: string): Coding | null {
  let best: string | null = null, bestWeight = 0;
  for (const entry of acceptEncoding.split(',')) {
    const [name, ...parameters] = entry.split(';');
    const coding = name!.trim().toLowerCase();
    const weight = weightOf(parameters);
    if (coding !== '' && weight > bestWeight) { best = coding; bestWeight = weight; }
  }
  return best === 'gzip' || best === 'x-gzip' ? 'gzip' : best === 'deflate' ? 'deflate' : null;
}

function weightOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const match = /^\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$/i.exec(parameter);
    if (match) return Number(match[1]);
  }
  return 1;
}

/** What a `Content-Encoding` asks for; null: nothing to decode; undefined: not supported. */
export function givenCoding(contentEncoding: string): Coding | null | undefined {
  switch (contentEncoding.trim().toLowerCase()) {
    case '': case 'identity': return null;
    case 'gzip': case 'x-gzip': return 'gzip';
    case 'deflate': return 'deflate';
    default: return undefined;
  }
}
