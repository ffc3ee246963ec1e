import { extname } from 'node:path';
import type { Json } from '../code.js';
import type { Sources } from '../diagnostics/locate.js';
import type { Reporter } from '../diagnostics/report.js';
import * as diagnostics from './diagnostics.js';
import { parseJson } from './parse-json.js';

/** Files that hold words for people: as the target of a `$ref` (`description: {$ref: ./intro.md}`, as Redocly and swagger-cli read it) they are a text. */
export function isProse(path: string): boolean {
  return /\.(?:md|markdown|txt|html?)$/i.test(path.replace(/[?#].*$/, ''));
}

/** The JSON value of a YAML or JSON text; undefined (and reported) when it has none. Registers the positions of its nodes with `sources`. `asText`: prose is a text. */
export async function parseSource(path: string, text: string, sources: Sources, reporter: Reporter, options: { readonly asText?: boolean } = {}): Promise<Json | undefined> {
  if (options.asText && isProse(path)) return text;
  if (/^\s*$/.test(text)) {
    reporter.report(diagnostics.emptyFile, { file: path, pointer: '', span: [0, 0] }, {});
    return undefined;
  }
  const isJson = extname(path).toLowerCase() === '.json';
  // Most JSON documents are JSON whatever their name is, and JSON.parse is forty times as fast as a YAML parser.
  const parsed = isJson || /^\s*[{[]/.test(text) ? parseJson(path, text, reporter, isJson) : undefined;
  const result = parsed ?? (isJson ? undefined : (await import('./parse-yaml.js')).parseYaml(path, text, reporter));
  if (!result) return undefined;
  const source = sources.get(path);
  if (source) {
    source.positions = result.positions;
    source.hasAliases = parsed === undefined;
  }
  return result.faulty ? undefined : result.root;
}
