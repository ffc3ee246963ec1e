/**
 * A JSON text that differs little from one that was parsed before: only the entries that the change touches are parsed. Everything else of the value is the
 * same object as before, so that whoever kept something about it can tell. The value, and whether there is one, is what a whole parse gives.
 */
import type { Json } from '../../code.js';
import { countKeys, skipBlanks } from '../json-positions.js';
import { measure } from '../measure.js';
import { setOwn } from '../set-own.js';
import { changeBetween, type Change } from './change.js';
import { outline, shifted, type OutlineEntry, type OutlineNode } from './outline.js';
import { spliceObject } from './splice-object.js';

export interface OutlinedJson {
  readonly text: string;
  readonly root: Json;
  readonly outline: OutlineNode;
}

type JsonObject = { [key: string]: Json };
interface Part<N extends OutlineNode = OutlineNode> { readonly value: Json; readonly node: N }

/** Keys that no document has: what is parsed between two entries stands between these. */
const BEFORE = '\u0001before', AFTER = '\u0001after';

/** undefined: a whole parse has to say what the text is. */
export function reparseJson(before: OutlinedJson, text: string): OutlinedJson | undefined {
  if (text === before.text) return before;
  const change = changeBetween(before.text, text);
  const { start, end } = before.outline;
  if (change.start < start || change.endBefore > end) return undefined;
  const part = new Reparse(before.text, text, change).within({ value: before.root, node: before.outline }, 0);
  return part && { text, root: part.value, outline: part.node };
}

/** `after`, which was parsed from nothing, with everything that stands in `before` word for word taken from there. */
export function shareWith(before: OutlinedJson, after: OutlinedJson): OutlinedJson {
  return { ...after, root: share(before.text, { value: before.root, node: before.outline }, after.text, { value: after.root, node: after.outline }) };
}

class Reparse {
  private readonly shift: number;
  constructor(private readonly before: string, private readonly text: string, private readonly change: Change) {
    this.shift = change.endAfter - change.endBefore;
  }

  /** The change lies within `part`, which stands `level` levels below the root. */
  within(part: Part, level: number): Part | undefined {
    const { entries, start, end } = part.node;
    if (!entries) return this.whole(part, level);
    const { change } = this;
    const index = entries.findIndex((entry) => entry.end >= change.endBefore);
    const inner = entries[index];
    if (inner && inner.start <= change.start) {
      const value = this.within({ value: (part.value as JsonObject)[inner.key]!, node: inner }, level + 1);
      const { key, keyStart, keyEnd } = inner;
      if (value) return this.joined(part, index, [{ value: value.value, node: { key, keyStart, keyEnd, ...value.node } }], index + 1);
    }
    // Its brackets have to stay.
    if (change.start <= start || change.endBefore >= end) return this.whole(part, level);
    return this.between(part, level);
  }

  /** One value, parsed anew. */
  private whole({ value, node }: Part, level: number): Part | undefined {
    const text = this.text.slice(node.start, node.end + this.shift);
    const parsed = parsePlain(text, level);
    if (parsed === undefined) return undefined;
    // Blanks at its ends are no part of it.
    const fresh = { value: parsed, node: outline(this.text, skipBlanks(this.text, node.start), level) };
    return { value: share(this.before, { value, node }, this.text, fresh), node: fresh.node };
  }

  /** The entries that the change touches, added, removed or renamed as they may be. */
  private between(part: Part, level: number): Part | undefined {
    const { change, shift } = this;
    const entries = part.node.entries!;
    const untouched = entries.findIndex((entry) => entry.end >= change.start);
    const first = untouched === -1 ? entries.length : untouched;
    const following = entries.findIndex((entry, index) => index >= first && entry.keyStart >= change.endBefore);
    const last = following === -1 ? entries.length : following;
    const from = first > 0 ? entries[first - 1]!.end : part.node.start + 1;
    const to = (last < entries.length ? entries[last]!.keyStart : part.node.end - 1) + shift;
    const head = first > 0 ? `{${JSON.stringify(BEFORE)}:0` : '{';
    const text = `${head}${this.text.slice(from, to)}${last < entries.length ? `${JSON.stringify(AFTER)}:0}` : '}'}`;
    const parsed = parsePlain(text, level) as JsonObject | undefined;
    if (parsed === undefined) return undefined;
    const fresh = outline(text, 0, level).entries!;
    // A string that was left open would have swallowed one of them.
    if ((first > 0 && fresh[0]?.key !== BEFORE) || (last < entries.length && fresh.at(-1)?.key !== AFTER)) return undefined;
    const added = fresh.slice(first > 0 ? 1 : 0, last < entries.length ? -1 : undefined);
    const kept = new Set(entries.filter((_, index) => index < first || index >= last).map(({ key }) => key));
    if (added.some(({ key }) => kept.has(key))) return undefined;
    const replaced = new Map(entries.slice(first, last).map((entry) => [entry.key, entry]));
    const parts = added.map((entry): Part<OutlineEntry> => {
      const node = shifted(entry, from - head.length);
      const value = parsed[entry.key]!;
      const old = replaced.get(entry.key);
      return { node, value: old ? share(this.before, { value: (part.value as JsonObject)[entry.key]!, node: old }, this.text, { value, node }) : value };
    });
    return this.joined(part, first, parts, last);
  }

  /** `part` with its entries from `first` up to `last` replaced. */
  private joined(part: Part, first: number, parts: readonly Part<OutlineEntry>[], last: number): Part {
    const { node } = part;
    const entries = node.entries!;
    const value = spliceObject(part.value as JsonObject, entries, first, parts, last);
    return { value, node: { ...node, end: node.end + this.shift, entries: [...entries.slice(0, first), ...parts.map((each) => each.node), ...entries.slice(last).map((entry) => shifted(entry, this.shift))] } };
  }
}

/** `after.value`, or that of `before` where the texts are the same; entries likewise. */
function share(textBefore: string, before: Part, textAfter: string, after: Part): Json {
  if (before.node.end - before.node.start === after.node.end - after.node.start && textBefore.slice(before.node.start, before.node.end) === textAfter.slice(after.node.start, after.node.end)) return before.value;
  if (!before.node.entries || !after.node.entries) return after.value;
  const old = new Map(before.node.entries.map((entry) => [entry.key, entry]));
  for (const entry of after.node.entries) {
    const match = old.get(entry.key);
    if (match) setOwn(after.value as JsonObject, entry.key, share(textBefore, { value: (before.value as JsonObject)[entry.key]!, node: match }, textAfter, { value: (after.value as JsonObject)[entry.key]!, node: entry }));
  }
  return after.value;
}

/** A value with nothing to report about it; undefined otherwise. */
function parsePlain(text: string, level: number): Json | undefined {
  let value: Json;
  try { value = JSON.parse(text) as Json; } catch { return undefined; }
  const measured = measure(value, level + 1);
  return measured.tooDeep || measured.notFinite || measured.keys !== countKeys(text) ? undefined : value;
}
