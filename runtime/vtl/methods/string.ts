/** java.lang.String, as templates call it. Arguments that fit no overload: null, as for a method that does not exist. */
import { bounded, step, TemplateError } from '../limits.js';
import { replace, split, compilePattern } from '../java-regex/pattern.js';
import { formatText } from './format.js';
import { stringOf, textOf } from '../text.js';
import { arrayList, JavaCharacter, JavaList } from '../values.js';
import { wrongArguments, wrongClass } from './wrong-arguments.js';
import type { Value } from '../values.js';

type Args = readonly Value[];

function isInt(value: Value | undefined): value is number { return typeof value === 'number'; }

/** A String or CharSequence parameter: null is accepted by the call and fails inside, as in Java. */
function chars(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) throw new TemplateError('a String method was called with null');
  return undefined;
}

/** Two such parameters: the call fits only when both do, and only then fails for a null. */
function twoChars(args: Args): readonly [string, string] | undefined {
  if (args.length !== 2 || !args.every((arg) => arg === null || typeof arg === 'string')) return undefined;
  return [chars(args[0])!, chars(args[1])!];
}

function out(): never { throw new TemplateError('String index out of range'); }

export function stringLength(self: string, args: Args): Value { return args.length === 0 ? self.length : wrongArguments(); }
export function stringIsEmpty(self: string, args: Args): Value { return args.length === 0 ? self === '' : wrongArguments(); }
export function stringIsBlank(self: string, args: Args): Value { return args.length === 0 ? /^\s*$/.test(self) : wrongArguments(); }

export function stringContains(self: string, args: Args): Value {
  const part = args.length === 1 ? chars(args[0]) : undefined;
  return part === undefined ? null : self.includes(part);
}

export function stringStartsWith(self: string, args: Args): Value {
  const part = args.length === 1 || (args.length === 2 && isInt(args[1])) ? chars(args[0]) : undefined;
  if (part === undefined) return null;
  const from = args.length === 2 ? (args[1] as number) : 0;
  return from >= 0 && from <= self.length && self.startsWith(part, from);
}

export function stringEndsWith(self: string, args: Args): Value {
  const part = args.length === 1 ? chars(args[0]) : undefined;
  return part === undefined ? null : self.endsWith(part);
}

/** The text to look for: a String, or a code point as int or char. */
function needle(args: Args): string | undefined {
  if (args.length < 1 || args.length > 2 || (args.length === 2 && !isInt(args[1]))) return undefined;
  if (isInt(args[0])) return args[0] >= 0 && args[0] <= 0x10ffff ? String.fromCodePoint(args[0]) : '\udfff\ud800';
  return chars(args[0]);
}

export function stringIndexOf(self: string, args: Args): Value {
  const what = needle(args);
  return what === undefined ? null : self.indexOf(what, args.length === 2 ? Math.max(0, args[1] as number) : 0);
}

export function stringLastIndexOf(self: string, args: Args): Value {
  const what = needle(args);
  if (what === undefined) return null;
  if (args.length === 2) return (args[1] as number) < 0 ? -1 : self.lastIndexOf(what, args[1] as number);
  return self.lastIndexOf(what);
}

export function stringSubstring(self: string, args: Args): Value {
  if (args.length < 1 || args.length > 2 || !args.every(isInt)) return null;
  const from = args[0] as number, to = args.length === 2 ? (args[1] as number) : self.length;
  if (from < 0 || to > self.length || from > to) out();
  return self.slice(from, to);
}

export function stringToLowerCase(self: string, args: Args): Value { return args.length === 0 ? bounded(self.toLowerCase()) : wrongArguments(); }
export function stringToUpperCase(self: string, args: Args): Value { return args.length === 0 ? bounded(self.toUpperCase()) : wrongArguments(); }

/** trim() takes off everything up to U+0020. */
export function stringTrim(self: string, args: Args): Value {
  if (args.length !== 0) return wrongArguments();
  let from = 0, to = self.length;
  while (from < to && self.charCodeAt(from) <= 32) from++;
  while (to > from && self.charCodeAt(to - 1) <= 32) to--;
  return self.slice(from, to);
}

export function stringStrip(self: string, args: Args): Value { return args.length === 0 ? self.trim() : wrongArguments(); }

export function stringEqualsIgnoreCase(self: string, args: Args): Value {
  if (args.length !== 1 || (args[0] !== null && typeof args[0] !== 'string')) return null;
  return args[0] !== null && self.length === (args[0] as string).length && self.toUpperCase().toLowerCase() === (args[0] as string).toUpperCase().toLowerCase();
}

export function stringCompareTo(self: string, args: Args): Value {
  const other = args.length === 1 ? chars(args[0]) : undefined;
  return other === undefined ? (args.length === 1 ? wrongClass() : null) : compareTexts(self, other);
}

export function stringCompareToIgnoreCase(self: string, args: Args): Value {
  const other = args.length === 1 ? chars(args[0]) : undefined;
  return other === undefined ? null : compareTexts(self.toUpperCase().toLowerCase(), other.toUpperCase().toLowerCase());
}

export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function stringReplace(self: string, args: Args): Value {
  if (args.length !== 2) return null;
  if (args[0] instanceof JavaCharacter && args[1] instanceof JavaCharacter) return self.replaceAll(args[0].text, () => (args[1] as JavaCharacter).text);
  const texts = twoChars(args);
  if (!texts) return null;
  const [from, to] = texts;
  step(1 + (self.length >> 8));
  if (to.length > from.length && self.length * (to.length + 1) > 64 * 1024 * 1024) {
    let count = 0;
    if (from === '') count = self.length + 1;
    else for (let at = self.indexOf(from); at >= 0; at = self.indexOf(from, at + from.length)) count++;
    if (self.length + count * to.length > 64 * 1024 * 1024) throw new TemplateError('the template makes a text that is too long');
  }
  return bounded(self.replaceAll(from, () => to));
}

export function stringReplaceAll(self: string, args: Args): Value {
  const texts = twoChars(args);
  return texts ? replace(self, texts[0], texts[1], true) : null;
}

export function stringReplaceFirst(self: string, args: Args): Value {
  const texts = twoChars(args);
  return texts ? replace(self, texts[0], texts[1], false) : null;
}

export function stringMatches(self: string, args: Args): Value {
  const pattern = args.length === 1 ? chars(args[0]) : undefined;
  return pattern === undefined ? null : compilePattern(pattern).matches(self);
}

export function stringSplit(self: string, args: Args): Value {
  if (args.length !== 1 && !(args.length === 2 && isInt(args[1]))) return null;
  const pattern = chars(args[0]);
  return pattern === undefined ? null : new JavaList(split(self, pattern, args.length === 2 ? (args[1] as number) : 0), '[Ljava.lang.String;');
}

export function stringCharAt(self: string, args: Args): Value {
  if (args.length !== 1 || !isInt(args[0])) return null;
  if (args[0] < 0 || args[0] >= self.length) out();
  return new JavaCharacter(self[args[0]]!);
}

export function stringCodePointAt(self: string, args: Args): Value {
  if (args.length !== 1 || !isInt(args[0])) return null;
  return self.codePointAt(args[0]) ?? out();
}

export function stringConcat(self: string, args: Args): Value {
  const tail = args.length === 1 ? chars(args[0]) : undefined;
  return tail === undefined ? null : bounded(self + tail);
}

export function stringIntern(self: string, args: Args): Value { return args.length === 0 ? self : wrongArguments(); }

export function stringRepeat(self: string, args: Args): Value {
  if (args.length !== 1 || !isInt(args[0])) return null;
  if (args[0] < 0) throw new TemplateError('count is negative');
  if (self.length * args[0] > 32 * 1024 * 1024) throw new TemplateError('the template makes a text that is too long');
  return bounded(self.repeat(args[0]));
}

export function stringGetBytes(self: string, args: Args): Value { return args.length === 0 ? stringBytes(self, args) : wrongArguments(); }

export function stringBytes(self: string, _args: Args): JavaList {
  step(1 + (self.length >> 4));
  return new JavaList([...new Int8Array(Buffer.from(self, 'utf8'))], '[B');
}

export function stringToCharArray(self: string, args: Args): Value {
  step(1 + (self.length >> 4));
  return args.length === 0 ? new JavaList(self.split('').map((c) => new JavaCharacter(c)), '[C') : wrongArguments();
}

/** String.format, called through an instance: the instance does not matter. */
export function stringFormat(_self: string, args: Args): Value {
  const format = args.length >= 1 ? chars(args[0]) : undefined;
  if (format === undefined) return null;
  const rest = args.length === 2 && args[1] instanceof JavaList && args[1].kind === 'array' ? args[1].items : args.slice(1);
  return formatText(format, rest);
}

export function stringValueOf(_self: string, args: Args): Value {
  return args.length === 1 && args[0] !== null ? stringOf(args[0]!) : null;
}

export function stringJoin(_self: string, args: Args): Value {
  const separator = args.length >= 1 ? chars(args[0]) : undefined;
  if (separator === undefined) return null;
  const parts = args.length === 2 && args[1] instanceof JavaList ? args[1].items : args.slice(1);
  if (args.length === 2 && !(args[1] instanceof JavaList) && typeof args[1] !== 'string') return null;
  if (!parts.every((part) => part === null || typeof part === 'string')) return args.length === 2 ? failCast() : null;
  return bounded(parts.map((part) => stringOf(part)).join(separator));
}

function failCast(): never { throw new TemplateError('String.join: an element is no String'); }

export function stringLines(self: string, args: Args): Value {
  return args.length === 0 ? arrayList(self.split(/\r\n|\r|\n/)) : wrongArguments();
}

export function stringContentEquals(self: string, args: Args): Value {
  const other = args.length === 1 ? chars(args[0]) : undefined;
  return other === undefined ? null : self === other;
}

export function stringHashCode(self: string, args: Args): Value {
  if (args.length !== 0) return wrongArguments();
  step(1 + (self.length >> 4));
  let hash = 0;
  for (let i = 0; i < self.length; i++) hash = (Math.imul(hash, 31) + self.charCodeAt(i)) | 0;
  return hash;
}

export function stringToString(self: string, args: Args): Value { return args.length === 0 ? textOf(self) : wrongArguments(); }
