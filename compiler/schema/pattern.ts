/**
 * From the text of a `pattern` to the RegExp it means. JSON Schema asks for ECMA-262 with the `u` flag; documents are full of
 * patterns that only work without it (`[\w-.]`, `\_`, `a{`), so those are rewritten to what they mean in Unicode mode.
 */
export interface Regex { readonly source: string; readonly flags: 'u' | 'iu' | '' | 'i' }

/** V8 gives up on some patterns of 40 000 characters, and ends the process on others, only when they first match: too late to say so. */
const MAX_LENGTH = 24_000;

const cache = new Map<string, Regex | string>();

/** The pattern's RegExp, or, as a string, why it is none. */
export function regexOf(pattern: string): Regex | string {
  let known = cache.get(pattern);
  if (known === undefined) cache.set(pattern, (known = translate(pattern)));
  return known;
}

function translate(pattern: string): Regex | string {
  if (pattern.length > MAX_LENGTH) return `it has ${pattern.length} characters; ${MAX_LENGTH} are the most`;
  // `(?i)` in front is how PCRE, Java and Python say "ignore case"; ECMA-262 has a flag for it.
  // `/^…$/` is how JavaScript writes one; read to the letter, nothing could ever match.
  const written = /^\/(\^.*\$)\/([a-z]*)$/s.exec(pattern);
  const bare = written ? written[1]! : pattern;
  const ignoreCase = bare.startsWith('(?i)') || written?.[2]!.includes('i') === true;
  const source = bare.startsWith('(?i)') ? bare.slice(4) : bare;
  const flag = ignoreCase ? 'i' : '';
  const anchors = /\\[AzZ]/.test(source);
  if (!anchors && compiles(source, `${flag}u`)) return { source, flags: `${flag}u` as Regex['flags'] };
  const rewritten = unicodeSource(source);
  if (rewritten !== undefined && compiles(rewritten, `${flag}u`)) return { source: rewritten, flags: `${flag}u` as Regex['flags'] };
  try {
    new RegExp(source, flag);
    return { source, flags: flag };
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: /, '').slice(0, 200);
  }
}

function compiles(source: string, flags: string): boolean {
  try { new RegExp(source, flags); return true; } catch { return false; }
}

/** What a message may add to "not a regular expression". */
export function patternHint(pattern: string): string | undefined {
  if (/\(\?[a-z-]+[:)]/.test(pattern)) return 'inline flags like (?i) only work at the very start; spell both cases out: [aA]';
  if (/[*+?}]\+/.test(pattern)) return 'possessive quantifiers (a++) do not exist in ECMA-262';
  if (pattern.includes('(?>')) return 'atomic groups (?>…) do not exist in ECMA-262';
  if (pattern.includes('(?P<')) return 'named groups are written (?<name>…)';
  if (/\[\[:\w+:\]/.test(pattern)) return 'classes are written \\d, \\w, \\s or [A-Za-z]';
  return undefined;
}

const SYNTAX = '^$\\.*+?()[]{}|/';

/** Annex B syntax written in Unicode-mode syntax; undefined where the two cannot say the same (octal escapes, quantified lookaheads). */
function unicodeSource(source: string): string | undefined {
  let out = '';
  for (let at = 0; at < source.length;) {
    const c = source[at]!;
    if (c === '\\') {
      const escape = readEscape(source, at, false);
      if (escape === undefined) return undefined;
      out += escape.text;
      at = escape.end;
    } else if (c === '[') {
      const group = readClass(source, at);
      if (group === undefined) return undefined;
      out += group.text;
      at = group.end;
    } else if (c === '{') {
      const quantifier = /^\{\d+(?:,\d*)?\}/.exec(source.slice(at, at + 24));
      out += quantifier ? quantifier[0] : '\\{';
      at += quantifier ? quantifier[0].length : 1;
    } else {
      out += c === '}' || c === ']' ? `\\${c}` : c;
      at++;
    }
  }
  return out;
}

interface Piece { readonly text: string; readonly end: number; readonly isSet: boolean }

function readEscape(source: string, at: number, inClass: boolean): Piece | undefined {
  const c = source[at + 1];
  if (c === undefined) return undefined;
  const piece = (text: string, length: number, isSet = false): Piece => ({ text, end: at + length, isSet });
  if ('dDwWsS'.includes(c)) return piece(`\\${c}`, 2, true);
  if (SYNTAX.includes(c) || 'nrtfv'.includes(c) || (c === 'b') || (c === 'B' && !inClass) || (c === '-' && inClass)) return piece(`\\${c}`, 2);
  if (c === '0' && !/\d/.test(source[at + 2] ?? '')) return piece('\\0', 2);
  if (/\d/.test(c)) return inClass ? undefined : piece(`\\${c}`, 2);
  const rest = source.slice(at, at + 40);
  const long = /^\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|c[A-Za-z])/.exec(rest) ?? (inClass ? null : /^\\k<\w+>/.exec(rest));
  if (long) return piece(long[0], long[0].length);
  const property = /^\\[pP]\{[\w=]+\}/.exec(rest);
  if (property) return piece(property[0], property[0].length, true);
  if (!inClass && c === 'A') return piece('^', 2);
  if (!inClass && (c === 'z' || c === 'Z')) return piece('$', 2);
  const whole = String.fromCodePoint(source.codePointAt(at + 1)!);
  return piece(whole, 1 + whole.length);
}

function readClass(source: string, start: number): Piece | undefined {
  let out = '[';
  let at = start + 1;
  if (source[at] === '^') { out += '^'; at++; }
  let previousIsSet = false;
  let first = true;
  // A dash is a range only between two single characters; Unicode mode refuses it next to a set like \w.
  let rangeOpen = false;
  for (;;) {
    const c = source[at];
    if (c === undefined) return undefined;
    if (c === ']') return { text: `${out}]`, end: at + 1, isSet: true };
    if (c === '-' && !first && source[at + 1] !== ']' && !rangeOpen) {
      const next = source[at + 1] === '\\' ? readEscape(source, at + 1, true) : undefined;
      const literal: boolean = previousIsSet || next?.isSet === true;
      out += literal ? '\\-' : '-';
      rangeOpen = !literal;
      previousIsSet = literal;
      at++;
      continue;
    }
    if (c === '\\') {
      const escape = readEscape(source, at, true);
      if (escape === undefined) return undefined;
      out += escape.text;
      at = escape.end;
      previousIsSet = escape.isSet;
    } else {
      const whole = String.fromCodePoint(source.codePointAt(at)!);
      out += whole;
      at += whole.length;
      previousIsSet = false;
    }
    if (rangeOpen) { rangeOpen = false; previousIsSet = true; }
    first = false;
  }
}
