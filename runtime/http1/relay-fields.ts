/** What becomes of the fields of a relayed message: which lines pass, which are dropped, which are renamed. */
import type { Fields } from '../exchange.js';
import type { RelayRules } from '../backends/upstream.js';
import { fieldLines, isFieldName, isFieldValue } from './field-lines.js';
import { Head, isNominated, NOMINATES } from './head.js';

/** Never relayed: hop-by-hop (RFC 9110 §7.6.1), and what the gateway writes itself. */
const NEVER_REQUEST = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length', 'host', 'expect'];
const NEVER_RESPONSE = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length', 'date'];

const PASS = 0;
const DROP = 1;
const REMAP = 2;

/** Names to look for. The index of length and first letter rules out nearly every field without making a string of its name. */
class NameTable {
  readonly #index = new Uint8Array(64 * 32);
  readonly #names = new Map<string, number>();

  constructor(drop: Iterable<string>, never: readonly string[], remap: Iterable<string>) {
    for (const name of drop) this.#add(name, DROP);
    for (const name of never) this.#add(name, DROP);
    for (const name of remap) this.#add(name, REMAP);
  }

  #add(name: string, fate: number): void {
    this.#names.set(name.toLowerCase(), fate);
    this.#index[Math.min(name.length, 63) * 32 + (name.charCodeAt(0) & 31)] = 1;
  }

  fate(head: Head, nameStart: number, nameEnd: number): number {
    const length = nameEnd - nameStart;
    if (this.#index[(length < 63 ? length : 63) * 32 + (head.bytes[nameStart]! & 31)] === 0) return PASS;
    return this.fateOf(head.bytes.toString('latin1', nameStart, nameEnd));
  }

  fateOf(name: string): number {
    return this.#names.get(name.toLowerCase()) ?? PASS;
  }
}

interface Tables { readonly request: NameTable; readonly response: NameTable }

const TABLES = /* @__PURE__ */ new WeakMap<RelayRules, Tables>();

function tablesOf(rules: RelayRules): Tables {
  let tables = TABLES.get(rules);
  if (tables === undefined) {
    tables = { request: new NameTable(rules.dropRequest, NEVER_REQUEST, []), response: new NameTable(rules.dropResponse, NEVER_RESPONSE, rules.remapResponse) };
    TABLES.set(rules, tables);
  }
  return tables;
}

/** The client's field lines as the backend gets them, then `extra`, which replaces; null when `extra` holds something that cannot be sent. */
export function requestLines(fields: Fields, rules: RelayRules, extra: readonly string[]): string | null {
  const added = extra.length === 0 ? '' : fieldLines(extra);
  if (added === null) return null;
  const table = tablesOf(rules).request;
  if (fields instanceof Head) return passingLines(fields, table, extra) + added;
  let lines = '';
  const nominated = fields.all('connection').flatMap((options) => options.toLowerCase().split(/[ \t]*,[ \t]*/));
  fields.forEach((name, value) => {
    if (table.fateOf(name) !== PASS || (nominated.length > 0 && nominated.includes(name.toLowerCase())) || isNamed(extra, name) || !isFieldName(name) || !isFieldValue(value)) return;
    lines += `${name}: ${value}\r\n`;
  });
  return lines + added;
}

/** The backend's field lines as the client gets them, then `defaults` where the backend sent none of that name, then `extra`; null as above. */
export function responseLines(head: Head, rules: RelayRules, defaults: readonly string[], extra: readonly string[] | null): string | null {
  let lines = passingLines(head, tablesOf(rules).response, NOTHING);
  if (defaults.length > 0) {
    for (let i = 0; i + 1 < defaults.length; i += 2) {
      if (isPresent(head, defaults[i]!)) continue;
      const line = fieldLines([defaults[i]!, defaults[i + 1]!]);
      if (line === null) return null;
      lines += line;
    }
  }
  if (extra !== null && extra.length > 0) {
    const added = fieldLines(extra);
    if (added === null) return null;
    lines += added;
  }
  return lines;
}

const NOTHING: readonly string[] = [];

/** Lines that need no change are taken in runs, as they were received: each has been read as one well-formed field. */
function passingLines(head: Head, table: NameTable, replaced: readonly string[]): string {
  const { bytes, fieldSpans: spans, fieldCount: count } = head;
  const nominates = (head.connectionBits & NOMINATES) !== 0;
  let lines = '';
  let runStart = -1;
  let runEnd = -1;
  for (let span = 0, last = count * 4; span < last; span += 4) {
    const nameStart = spans[span]!;
    const nameEnd = spans[span + 1]!;
    const valueStart = spans[span + 2]!;
    const valueEnd = spans[span + 3]!;
    const fate = table.fate(head, nameStart, nameEnd);
    const drop = fate === DROP || (fate === PASS && ((replaced.length > 0 && isReplaced(head, nameStart, nameEnd, replaced)) || (nominates && isNominated(head, nameStart, nameEnd))));
    if (!drop && fate === PASS && valueStart === nameEnd + 2 && bytes[nameEnd + 1] === 32 && bytes[valueEnd] === 13) {
      if (runStart < 0) runStart = nameStart;
      runEnd = valueEnd + 2;
      continue;
    }
    if (runStart >= 0) {
      lines += bytes.toString('latin1', runStart, runEnd);
      runStart = -1;
    }
    if (drop) continue;
    const name = bytes.toString('latin1', nameStart, nameEnd);
    const value = bytes.toString('latin1', valueStart, valueEnd);
    lines += fate === REMAP ? `x-amzn-Remapped-${name}: ${value}\r\n` : `${name}: ${value}\r\n`;
  }
  return runStart >= 0 ? lines + bytes.toString('latin1', runStart, runEnd) : lines;
}

function isReplaced(head: Head, nameStart: number, nameEnd: number, replaced: readonly string[]): boolean {
  const length = nameEnd - nameStart;
  const first = head.bytes[nameStart]! | 32;
  for (let i = 0; i < replaced.length; i += 2) {
    if (replaced[i]!.length === length && (replaced[i]!.charCodeAt(0) | 32) === first && head.bytes.toString('latin1', nameStart, nameEnd).toLowerCase() === replaced[i]!.toLowerCase()) return true;
  }
  return false;
}

function isNamed(fields: readonly string[], name: string): boolean {
  for (let i = 0; i < fields.length; i += 2) if (fields[i]!.length === name.length && fields[i]!.toLowerCase() === name.toLowerCase()) return true;
  return false;
}

function isPresent(head: Head, name: string): boolean {
  const lower = name.toLowerCase();
  for (let field = 0; field < head.fieldCount; field++) {
    if (head.fieldSpans[field * 4 + 1]! - head.fieldSpans[field * 4]! === lower.length && head.named(field, lower)) return true;
  }
  return false;
}
