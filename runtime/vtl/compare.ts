/** `==`, `<`, truth and Java's equals() and hashCode(). */
import { compareNumbers, isNumber } from './arithmetic.js';
import { MAX_NESTING, step, TemplateError } from './limits.js';
import { textOf } from './text.js';
import { JavaSpecial, kindOf } from './values.js';
import type { Value } from './values.js';

/** Velocity's `==`: numbers by value, the same class by equals(), different classes by their text. */
export function looselyEqual(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  if (left !== null && right !== null && sameClass(left, right)) return equals(left, right);
  const a = textOf(left), b = textOf(right);
  return a === b;
}

/** API Gateway's `==`: a null also equals the empty string (recorded). */
export function looselyEqualAws(left: Value, right: Value): boolean {
  if (left === null) return right === null || right === '' || textOf(right) === null;
  if (right === null) return left === '' || textOf(left) === null;
  return looselyEqual(left, right);
}

function sameClass(left: Exclude<Value, null>, right: Exclude<Value, null>): boolean {
  const a = kindOf(left), b = kindOf(right);
  if (a !== b) return false;
  // A JSONArray is an ArrayList; a sub-list is neither.
  if (a === 'list') return list(left) === list(right);
  if (a === 'array') return (left as { type: string }).type === (right as { type: string }).type;
  if (a === 'view') return (left as { what: string }).what === (right as { what: string }).what;
  return true;
}

function list(value: Value): string {
  const { type } = value as { type: string };
  return type === 'net.minidev.json.JSONArray' ? 'java.util.ArrayList' : type;
}

/** `<`, `<=`, `>`, `>=`: null when one side is no number (then every comparison is false). */
export function compareLoosely(left: Value, right: Value): number {
  return isNumber(left) && isNumber(right) ? compareNumbers(left, right) : NaN;
}

export function isLess(left: Value, right: Value): boolean { return compareLoosely(left, right) < 0; }
export function isLessOrEqual(left: Value, right: Value): boolean { return compareLoosely(left, right) <= 0; }
export function isGreater(left: Value, right: Value): boolean { return compareLoosely(left, right) > 0; }
export function isGreaterOrEqual(left: Value, right: Value): boolean { return compareLoosely(left, right) >= 0; }

/** What `#if($x)` takes as true: everything but null, false and a block that prints nothing at all. */
export function truthy(value: Value): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'boolean') return value;
  return !(value instanceof JavaSpecial) || value.text() !== null;
}

/** Object.equals: an Integer never equals a Long. */
export function equals(left: Value, right: Value, depth = 0): boolean {
  if (left === right) return true;
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false;
  step(1);
  if (depth >= MAX_NESTING) throw new TemplateError('values that nest too deeply cannot be compared');
  switch (left.kind) {
    case 'double': case 'float': return right.kind === left.kind && Object.is(left.value, right.value);
    case 'bigInteger': return right.kind === 'bigInteger' && left.value === right.value;
    case 'decimal': return right.kind === 'decimal' && left.unscaled === right.unscaled && left.scale === right.scale;
    case 'character': return right.kind === 'character' && left.text === right.text;
    case 'class': return right.kind === 'class' && left.name === right.name;
    case 'list': return right.kind === 'list' && sameItems(left.items, right.items, depth);
    case 'map': {
      if (right.kind !== 'map' || left.size !== right.size) return false;
      return left.keys().every((key) => right.has(key) && equals(left.get(key), right.get(key), depth + 1));
    }
    case 'view': {
      if (left.what === 'values' || right.kind !== 'view' || right.what !== left.what || left.map.size !== right.map.size) return false;
      if (left.what === 'keys') return left.map.keys().every((key) => right.map.has(key));
      return equals(left.map, right.map, depth + 1);
    }
    case 'entry': return right.kind === 'entry' && equals(left.key, right.key, depth + 1) && equals(left.value, right.value, depth + 1);
    default: return false;
  }
}

function sameItems(a: readonly Value[], b: readonly Value[], depth: number): boolean {
  return a.length === b.length && a.every((item, index) => equals(item, b[index]!, depth + 1));
}

/** Object.hashCode for the classes whose hash is defined by their value; 0 otherwise. */
export function hashCode(value: Value, depth = 0): number {
  step(1);
  if (depth >= MAX_NESTING) throw new TemplateError('values that nest too deeply cannot be hashed');
  switch (typeof value) {
    case 'string': {
      let hash = 0;
      for (let i = 0; i < value.length; i++) hash = (Math.imul(hash, 31) + value.charCodeAt(i)) | 0;
      return hash;
    }
    case 'number': return value;
    case 'boolean': return value ? 1231 : 1237;
    case 'bigint': return longHash(BigInt.asUintN(64, value));
    default: break;
  }
  if (value === null) return 0;
  switch (value.kind) {
    case 'double': {
      const bits = new DataView(new ArrayBuffer(8));
      bits.setFloat64(0, value.value);
      return bits.getInt32(0) ^ bits.getInt32(4);
    }
    case 'float': {
      const bits = new DataView(new ArrayBuffer(4));
      bits.setFloat32(0, value.value);
      return bits.getInt32(0);
    }
    case 'bigInteger': return bigHash(value.value);
    case 'decimal': return (Math.imul(31, bigHash(value.unscaled)) + value.scale) | 0;
    case 'character': return value.text.charCodeAt(0);
    case 'list': return value.items.reduce<number>((hash, item) => (Math.imul(hash, 31) + hashCode(item, depth + 1)) | 0, 1);
    case 'map': return value.keys().reduce<number>((hash, key) => (hash + (hashCode(key, depth + 1) ^ hashCode(value.get(key), depth + 1))) | 0, 0);
    case 'entry': return hashCode(value.key, depth + 1) ^ hashCode(value.value, depth + 1);
    case 'view': return value.what === 'values' ? 0 : value.items().reduce<number>((hash, item) => (hash + hashCode(item, depth + 1)) | 0, 0);
    default: return 0;
  }
}

/** Over the magnitude's 32-bit words, highest first. */
function bigHash(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const words: number[] = [];
  for (let rest = magnitude; rest > 0n; rest >>= 32n) words.unshift(Number(BigInt.asIntN(32, rest)));
  const hash = words.reduce((sum, word) => (Math.imul(31, sum) + word) | 0, 0);
  return value < 0n ? -hash | 0 : hash;
}

function longHash(bits: bigint): number {
  return Number(BigInt.asIntN(32, bits ^ (bits >> 32n)));
}
