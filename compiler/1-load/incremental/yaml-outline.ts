/**
 * The upper levels of a YAML text: block mappings whose entries begin on lines of their own, all at one column. The lines of such an entry mean the same wherever they
 * stand at that column, as long as nothing has an anchor.
 */
import type { Json } from '../../code.js';
import type { NodeSpan, Positions } from '../../diagnostics/locate.js';
import { getSpan, spanBelow, type YamlSpans } from '../yaml-to-json.js';
import { OUTLINED_LEVELS } from './outline.js';

/** Offsets in UTF-16 units, end exclusive. */
export interface YamlNode {
  readonly start: number;
  readonly end: number;
  /** What is added to the offsets that `YamlSpans` has of the nodes in it. */
  readonly base: number;
  /** Of a block mapping of the upper levels, in the text's order; absent for everything else. */
  readonly entries?: readonly YamlEntry[];
}

export interface YamlEntry extends YamlNode {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** Its lines, with the blank ones and comments that follow. */
  readonly from: number;
  readonly to: number;
}

interface Reading { readonly text: string; readonly spans: YamlSpans; readonly base: number }

/** `value` stands at `span` of `text`, `level` levels below the root; its lines end at `to`. */
export function outlineYaml(reading: Reading, value: Json, { value: [start, end] }: NodeSpan, level: number, to: number): YamlNode {
  const node: YamlNode = { start, end, base: reading.base };
  const entries = level < OUTLINED_LEVELS ? entriesOf(reading, value, start, level, to) : undefined;
  return entries ? { ...node, entries } : node;
}

function entriesOf(reading: Reading, value: Json, start: number, level: number, to: number): YamlEntry[] | undefined {
  const { text, spans, base } = reading;
  const places = typeof value === 'object' && value !== null && !Array.isArray(value) ? spans.get(value) : undefined;
  if (!places) return undefined;
  const object = value as { readonly [key: string]: Json };
  const found = Object.keys(object).map((key, index) => ({ key, span: moved(getSpan(places, index), base) })).sort((a, b) => a.span.value[0] - b.span.value[0]);
  // A flow mapping starts before its first key.
  const first = found[0]?.span.key;
  if (!first || first[0] !== start) return undefined;
  const lines = found.map(({ span }) => (span.key ? lineStart(text, span.key[0]) : -1));
  const column = first[0] - lines[0]!;
  for (const [index, { key, span }] of found.entries()) {
    const from = lines[index]!;
    if (key === '<<' || from < 0 || (index > 0 && from <= lines[index - 1]!) || span.key![0] - from !== column || /[^ ]/.test(text.slice(from, span.key![0]))) return undefined;
  }
  return found.map(({ key, span }, index) => {
    const end = lines[index + 1] ?? to;
    return { ...outlineYaml(reading, object[key]!, span, level + 1, end), key, keyStart: span.key![0], keyEnd: span.key![1], from: lines[index]!, to: end };
  });
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function moved({ key, value }: NodeSpan, by: number): NodeSpan {
  return { ...(key && { key: [key[0] + by, key[1] + by] as const }), value: [value[0] + by, value[1] + by] };
}

/** The same, `by` units further on. */
export function movedEntry(entry: YamlEntry, by: number): YamlEntry {
  if (by === 0) return entry;
  return {
    key: entry.key, keyStart: entry.keyStart + by, keyEnd: entry.keyEnd + by, from: entry.from + by, to: entry.to + by, start: entry.start + by, end: entry.end + by, base: entry.base + by,
    ...(entry.entries && { entries: entry.entries.map((inner) => movedEntry(inner, by)) }),
  };
}

export class YamlOutlinePositions implements Positions {
  constructor(private readonly root: Json, private readonly outline: YamlNode, private readonly spans: YamlSpans) {}

  find(tokens: readonly string[]): NodeSpan | undefined {
    let node = this.outline;
    let value = this.root;
    let span: NodeSpan = { value: [node.start, node.end] };
    for (const [index, token] of tokens.entries()) {
      if (!node.entries) {
        const found = spanBelow(value, moved(span, -node.base), tokens.slice(index), this.spans);
        return found && moved(found, node.base);
      }
      const entry = node.entries.find(({ key }) => key === token);
      if (!entry) return undefined;
      node = entry;
      value = (value as { readonly [key: string]: Json })[token]!;
      span = { key: [entry.keyStart, entry.keyEnd], value: [entry.start, entry.end] };
    }
    return span;
  }
}
