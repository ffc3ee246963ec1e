/**
 * Strict JSON (RFC 8259) into template values. JSON.parse will not do: templates see whether a number was `1` or `1.0`, keep the order
 * of keys that look like integers, and must not meet `__proto__`. Module-level cursor: reading is synchronous and hot.
 */
import { MAX_NESTING } from './limits.js';
import { parseDecimal } from './double-text.js';
import { JavaBigInteger, JavaDouble, JavaList, JavaMap } from './values.js';
import type { ListClass, Value } from './values.js';

export class JsonSyntaxError extends Error {}

let text = '';
let at = 0;
let lists: ListClass = 'net.minidev.json.JSONArray';

/** The value of `source`. Throws JsonSyntaxError; the message names the position and no content. */
export function readJson(source: string, listClass: ListClass = 'net.minidev.json.JSONArray'): Value {
  text = source;
  at = 0;
  lists = listClass;
  try {
    blanks();
    const result = value(0);
    blanks();
    if (at < text.length) fail();
    return result;
  } finally { text = ''; }
}

function fail(): never {
  throw new JsonSyntaxError(at >= text.length ? 'unexpected end of JSON' : `unexpected character at position ${at}`);
}

function blanks(): void {
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === 32 || c === 10 || c === 13 || c === 9) at++;
    else return;
  }
}

function value(depth: number): Value {
  switch (text.charCodeAt(at)) {
    case 0x22: return string();
    case 0x7b: return object(depth);
    case 0x5b: return array(depth);
    case 0x74: return word('true', true);
    case 0x66: return word('false', false);
    case 0x6e: return word('null', null);
    default: return number();
  }
}

function word<T extends Value>(expected: string, result: T): T {
  if (!text.startsWith(expected, at)) fail();
  at += expected.length;
  return result;
}

function object(depth: number): JavaMap {
  if (depth >= MAX_NESTING) throw new JsonSyntaxError('nested too deeply');
  const map = new JavaMap();
  at++;
  blanks();
  if (text.charCodeAt(at) === 0x7d) { at++; return map; }
  for (;;) {
    if (text.charCodeAt(at) !== 0x22) fail();
    const key = string();
    blanks();
    if (text.charCodeAt(at) !== 0x3a) fail();
    at++;
    blanks();
    map.fill(key, value(depth + 1));
    blanks();
    const c = text.charCodeAt(at);
    if (c === 0x2c) { at++; blanks(); continue; }
    if (c !== 0x7d) fail();
    at++;
    return map;
  }
}

function array(depth: number): JavaList {
  if (depth >= MAX_NESTING) throw new JsonSyntaxError('nested too deeply');
  const items: Value[] = [];
  at++;
  blanks();
  if (text.charCodeAt(at) === 0x5d) { at++; return new JavaList(items, lists); }
  for (;;) {
    items.push(value(depth + 1));
    blanks();
    const c = text.charCodeAt(at);
    if (c === 0x2c) { at++; blanks(); continue; }
    if (c !== 0x5d) fail();
    at++;
    return new JavaList(items, lists);
  }
}

function string(): string {
  const start = ++at;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === 0x22) return text.slice(start, at++);
    if (c === 0x5c) return escapedString(start);
    // NaN at the end of the text fails this comparison too.
    if (!(c >= 0x20)) fail();
    at++;
  }
}

function escapedString(start: number): string {
  let result = '';
  let from = start;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === 0x22) {
      result += text.slice(from, at++);
      return result;
    }
    if (c === 0x5c) {
      result += text.slice(from, at);
      const escape = text[at + 1];
      if (escape === 'u') {
        const digits = text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail();
        result += String.fromCharCode(parseInt(digits, 16));
        at += 6;
      } else {
        const plain = escape === undefined ? -1 : '"\\/bfnrt'.indexOf(escape);
        if (plain < 0) fail();
        result += '"\\/\b\f\n\r\t'[plain];
        at += 2;
      }
      from = at;
      continue;
    }
    if (!(c >= 0x20)) fail();
    at++;
  }
}

function number(): Value {
  const start = at;
  let c = text.charCodeAt(at);
  if (c === 0x2d) c = text.charCodeAt(++at);
  if (c === 0x30) c = text.charCodeAt(++at);
  else if (c >= 0x31 && c <= 0x39) { do c = text.charCodeAt(++at); while (c >= 0x30 && c <= 0x39); }
  else fail();
  if (c !== 0x2e && c !== 0x65 && c !== 0x45) {
    const digits = text.slice(start, at);
    if (digits.length < 10) return Number(digits) | 0;
    return integerOf(digits);
  }
  if (c === 0x2e) {
    c = text.charCodeAt(++at);
    if (!(c >= 0x30 && c <= 0x39)) fail();
    do c = text.charCodeAt(++at); while (c >= 0x30 && c <= 0x39);
  }
  if (c === 0x65 || c === 0x45) {
    c = text.charCodeAt(++at);
    if (c === 0x2b || c === 0x2d) c = text.charCodeAt(++at);
    if (!(c >= 0x30 && c <= 0x39)) fail();
    do c = text.charCodeAt(++at); while (c >= 0x30 && c <= 0x39);
  }
  const digits = text.slice(start, at);
  // json-smart keeps long decimals exactly.
  if (digits.length > 18 && !/[eE]/.test(digits)) return parseDecimal(digits);
  return new JavaDouble(Number(digits));
}

/** An Integer, Long or BigInteger, whichever holds the digits. */
export function integerOf(digits: string): Value {
  const safe = Number(digits);
  if (safe === (safe | 0)) return safe | 0;
  if (digits.length > 10_000) throw new JsonSyntaxError('a number has too many digits');
  const big = BigInt(digits);
  return big >= -(2n ** 63n) && big < 2n ** 63n ? big : new JavaBigInteger(big);
}
