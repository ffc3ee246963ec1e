import { extname } from 'node:path';
import type { Json } from '../code.js';
import type { Sources } from '../diagnostics/locate.js';
import type { Reporter } from '../diagnostics/report.js';
import * as diagnostics from './diagnostics.js';
import type { LoadCache } from './load-cache.js';
import { outline } from './incremental/outline.js';
import { OutlinedPositions } from './incremental/outlined-positions.js';
import { reparseJson, shareWith, type OutlinedJson } from './incremental/reparse-json.js';
import { skipBlanks } from './json-positions.js';
import { parseJson, type Parsed } from './parse-json.js';

/** Files that hold words for people: as the target of a `$ref` (`description: {$ref: ./intro.md}`, as Redocly and swagger-cli read it) they are a text. */
export function isProse(path: string): boolean {
  return /\.(?:md|markdown|txt|html?)$/i.test(path.replace(/[?#].*$/, ''));
}

interface ParseOptions {
  /** Prose is a text. */
  readonly asText?: boolean;
  readonly cache?: LoadCache | undefined;
}

/** The JSON value of a YAML or JSON text; undefined (and reported) when it has none. Registers the positions of its nodes with `sources`. */
export async function parseSource(path: string, text: string, sources: Sources, reporter: Reporter, { asText, cache }: ParseOptions = {}): Promise<Json | undefined> {
  if (asText && isProse(path)) return text;
  if (/^\s*$/.test(text)) {
    reporter.report(diagnostics.emptyFile, { file: path, pointer: '', span: [0, 0] }, {});
    return undefined;
  }
  const isJson = extname(path).toLowerCase() === '.json';
  // Most JSON documents are JSON whatever their name is, and JSON.parse is forty times as fast as a YAML parser.
  const asJson = isJson || /^\s*[{[]/.test(text) ? (cache ? jsonAgain(path, text, reporter, isJson, cache) : parseJson(path, text, reporter, isJson)) : undefined;
  const result = asJson ?? (isJson ? undefined : cache ? (await import('./incremental/yaml-again.js')).yamlAgain(path, text, reporter, cache) : (await import('./parse-yaml.js')).parseYaml(path, text, reporter));
  if (!result) return undefined;
  const source = sources.get(path);
  if (source) {
    source.positions = result.positions;
    source.hasAliases = result.hasAliases ?? false;
  }
  return result.faulty ? undefined : result.root;
}

function jsonAgain(path: string, text: string, reporter: Reporter, strict: boolean, cache: LoadCache): Parsed | undefined {
  const before = cache.get(path)?.json;
  let now = before && reparseJson(before, text);
  if (!now) {
    const parsed = parseJson(path, text, reporter, strict);
    if (!parsed || parsed.faulty) return parsed;
    const fresh: OutlinedJson = { text, root: parsed.root, outline: outline(text, skipBlanks(text, 0), 0) };
    now = before ? shareWith(before, fresh) : fresh;
  }
  cache.set(path, { json: now });
  return { root: now.root, positions: new OutlinedPositions(text, now.outline), faulty: false };
}
