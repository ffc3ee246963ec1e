import type { Json } from '../code.js';
import type { Positions } from '../diagnostics/locate.js';
import type { Reporter } from '../diagnostics/report.js';
import * as diagnostics from './diagnostics.js';
import { findDuplicateKeys, findSyntaxError } from './json-faults.js';
import { JsonPositions, countKeys } from './json-positions.js';
import { MAX_DEPTH } from './limits.js';
import { measure } from './measure.js';
import { escapePointer, parsePointer } from './node.js';

/** `hasAliases`: an object may stand at several places. Default false. */
export interface Parsed { readonly root: Json; readonly positions: Positions; readonly faulty: boolean; readonly hasAliases?: boolean }

/**
 * JSON by JSON.parse; positions are looked up in the text only when a diagnostic is printed. A syntax error is reported when `strict`, else the
 * result is undefined: the text may still be YAML.
 */
export function parseJson(file: string, text: string, reporter: Reporter, strict: boolean): Parsed | undefined {
  let root: Json;
  try {
    root = JSON.parse(text) as Json;
  } catch {
    if (!strict) return undefined;
    const { span, ...fault } = findSyntaxError(text);
    reporter.report(diagnostics.jsonSyntax, { file, pointer: '', span }, fault);
    return undefined;
  }
  const positions = new JsonPositions(text);
  const measured = measure(root);
  if (measured.tooDeep) {
    reporter.report(diagnostics.tooDeep, { file, pointer: '', span: [0, 1] }, { limit: MAX_DEPTH });
    return { root, positions, faulty: true };
  }
  if (measured.notFinite) for (const pointer of notFinite(root, '')) {
    const [start, end] = positions.find(parsePointer(pointer))!.value;
    reporter.report(diagnostics.notFinite, { file, pointer }, { text: text.slice(start, end) });
  }
  // JSON.parse drops the first of two equal keys without a word: then the text has more keys than the value.
  const duplicates = countKeys(text) === measured.keys ? [] : findDuplicateKeys(text);
  for (const { key, first, second } of duplicates) {
    reporter.report(diagnostics.duplicateKey, { file, pointer: '', span: second }, { key }, [{ message: 'first here', origin: { file, pointer: '', span: first } }]);
  }
  return { root, positions, faulty: measured.notFinite || duplicates.length > 0 };
}

function* notFinite(value: Json, pointer: string): Generator<string> {
  if (typeof value === 'number' && !Number.isFinite(value)) yield pointer;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) yield* notFinite(item as Json, `${pointer}/${escapePointer(key)}`);
}
