/**
 * A YAML text that differs little from one that was parsed before: only the entries of its upper levels that the change touches are parsed. Everything else of the
 * value is the same object as before. The value, and whether there is one, is what a whole parse gives.
 */
import type { Json } from '../../code.js';
import { Reporter } from '../../diagnostics/report.js';
import { parseYaml } from '../parse-yaml.js';
import { setOwn } from '../set-own.js';
import type { ParsedYaml, YamlSpans } from '../yaml-to-json.js';
import { changeBetween, type Change } from './change.js';
import { spliceObject } from './splice-object.js';
import { movedEntry, outlineYaml, type YamlEntry, type YamlNode } from './yaml-outline.js';

export interface OutlinedYaml {
  readonly text: string;
  readonly root: Json;
  readonly outline: YamlNode;
  /** Of all objects that were ever part of it and still are something's. */
  readonly spans: YamlSpans;
  /** Whole texts that parts of it may be slices of. */
  readonly texts: number;
}

/** More of them are not kept: then all is read anew. */
const MOST_TEXTS = 8;

type JsonObject = { [key: string]: Json };
interface Part<N extends YamlNode = YamlNode> { readonly value: Json; readonly node: N }

/** A text that was parsed from nothing; what stands in `before` on the same lines is taken from there. undefined: nothing can be said of parts of it. */
export function outlinedYaml(text: string, parsed: ParsedYaml, spans: YamlSpans, before: OutlinedYaml | undefined): OutlinedYaml | undefined {
  // A directive says how everything behind it is read.
  if (parsed.hasAliases || /^%/m.test(text)) return undefined;
  const fresh = outlineYaml({ text, spans, base: 0 }, parsed.root, { value: parsed.span }, 0, text.length);
  if (!before || before.texts === MOST_TEXTS) return { text, root: parsed.root, outline: fresh, spans, texts: 1 };
  const { value, node } = share(before.text, { value: before.root, node: before.outline }, text, { value: parsed.root, node: fresh });
  return { text, root: value, outline: node, spans, texts: before.texts + 1 };
}

/** undefined: a whole parse has to say what the text is. */
export function reparseYaml(before: OutlinedYaml, text: string): OutlinedYaml | undefined {
  if (text === before.text) return before;
  const change = changeBetween(before.text, text);
  const part = new Reparse(before, text, change).within({ value: before.root, node: before.outline }, 0, before.text.length);
  return part && { ...before, text, root: part.value, outline: part.node };
}

class Reparse {
  private readonly shift: number;
  constructor(private readonly before: OutlinedYaml, private readonly text: string, private readonly change: Change) {
    this.shift = change.endAfter - change.endBefore;
  }

  /** The change lies within the lines of `part`, which end at `to`. */
  within(part: Part, level: number, to: number): Part | undefined {
    const { entries } = part.node;
    if (!entries) return undefined;
    const { change } = this;
    // The first character of its key stays: so what is before it ends where it did.
    const first = entries.findLastIndex(({ keyStart }) => keyStart < change.start);
    const entry = entries[first];
    if (!entry) return undefined;
    if (change.endBefore <= entry.to) {
      const inner = this.within({ value: (part.value as JsonObject)[entry.key]!, node: entry }, level + 1, entry.to);
      if (inner) return this.joined(part, first, [{ value: inner.value, node: { ...entry, ...inner.node, to: entry.to + this.shift } }], first + 1);
    }
    const following = entries.findIndex(({ from }, index) => index > first && from >= change.endBefore);
    const last = following === -1 ? entries.length : following;
    const end = entries[last]?.from ?? to;
    return change.endBefore <= end ? this.between(part, level, first, last, end) : undefined;
  }

  /** The entries that the change touches, added, removed or renamed as they may be. */
  private between(part: Part, level: number, first: number, last: number, end: number): Part | undefined {
    const entries = part.node.entries!;
    const { from, keyStart } = entries[first]!;
    const to = end + this.shift;
    const text = copied(this.text.slice(from, to));
    // What follows begins on a line of its own.
    if (to < this.text.length && !text.endsWith('\n')) return undefined;
    const parsed = parsePlain(text, this.before.spans, level);
    if (parsed === undefined) return undefined;
    const fresh = outlineYaml({ text: this.text, spans: this.before.spans, base: from }, parsed.root, { value: [parsed.span[0] + from, parsed.span[1] + from] }, level, to);
    const added = fresh.entries;
    if (!added || added[0]!.from !== from || added[0]!.keyStart !== keyStart) return undefined;
    const kept = new Set(entries.filter((_, index) => index < first || index >= last).map(({ key }) => key));
    if (added.some(({ key }) => kept.has(key))) return undefined;
    const replaced = new Map(entries.slice(first, last).map((entry) => [entry.key, entry]));
    const parts = added.map((node): Part<YamlEntry> => {
      const old = replaced.get(node.key);
      const value = (parsed.root as JsonObject)[node.key]!;
      return old ? shareEntry(this.before.text, { value: (part.value as JsonObject)[node.key]!, node: old }, this.text, { value, node }) : { value, node };
    });
    return this.joined(part, first, parts, last);
  }

  /** `part` with its entries from `first` up to `last` replaced. */
  private joined(part: Part, first: number, parts: readonly Part<YamlEntry>[], last: number): Part {
    const { node } = part;
    const entries = node.entries!;
    const value = spliceObject(part.value as JsonObject, entries, first, parts, last);
    const joined = [...entries.slice(0, first), ...parts.map((each) => each.node), ...entries.slice(last).map((entry) => movedEntry(entry, this.shift))];
    return { value, node: { ...node, end: joined.at(-1)!.end, entries: joined } };
  }
}

function share(textBefore: string, before: Part, textAfter: string, after: Part): Part {
  if (!before.node.entries || !after.node.entries) return after;
  const old = new Map(before.node.entries.map((entry) => [entry.key, entry]));
  const entries = after.node.entries.map((node) => {
    const match = old.get(node.key);
    if (!match) return node;
    const part = shareEntry(textBefore, { value: (before.value as JsonObject)[node.key]!, node: match }, textAfter, { value: (after.value as JsonObject)[node.key]!, node });
    setOwn(after.value as JsonObject, node.key, part.value);
    return part.node;
  });
  return { value: after.value, node: { ...after.node, entries } };
}

/** What stands on the same lines at the same column is the same. */
function shareEntry(textBefore: string, before: Part<YamlEntry>, textAfter: string, after: Part<YamlEntry>): Part<YamlEntry> {
  const { from, to } = before.node;
  if (to - from === after.node.to - after.node.from && textBefore.slice(from, to) === textAfter.slice(after.node.from, after.node.to)) return { value: before.value, node: movedEntry(before.node, after.node.from - from) };
  const { value, node } = share(textBefore, before, textAfter, after);
  return { value, node: { ...after.node, ...node } };
}

/** The parser's values are slices of the text that it is given: they must not keep the whole text of each build. */
function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** Lines with nothing to report about them, and nothing in them that reaches further; undefined otherwise. */
function parsePlain(text: string, spans: YamlSpans, level: number): ParsedYaml | undefined {
  if (/^(?:---|\.\.\.|%)/m.test(text)) return undefined;
  const reporter = new Reporter();
  const parsed = parseYaml('', text, reporter, spans, level + 1);
  return !parsed || parsed.faulty || parsed.hasAliases || reporter.diagnostics.length > 0 ? undefined : parsed;
}
