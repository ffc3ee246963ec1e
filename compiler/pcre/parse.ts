/**
 * Parses what PCRE takes (pcrepattern(3)) and what AWS WAF and ModSecurity's rules use of it: classes, POSIX classes, quantifiers of all three kinds, groups,
 * inline flags, atomic groups, lookaround, back-references, `\Q…\E`, comments. The rest throws PatternError with its name: recursion, conditions, verbs, `\K`, `\C`, `\R`, `\p`.
 */
import { ALL, ESCAPES, ignoringCase, negate, NOT_NEWLINE, POSIX, single, type ByteSet } from './byte-set.js';
import { PatternError, type Options, type Pattern } from './syntax.js';

interface Flags { readonly i: boolean; readonly s: boolean; readonly m: boolean; readonly x: boolean }
const MOST_DEPTH = 100;
const MOST_REPEATS = 65_535;

/** `source` is a byte string, as the texts it is run on are. */
export function parsePattern(source: string, options: Options = {}): Pattern {
  return new Parser(source, options).parse();
}

class Parser {
  private at = 0;
  private depth = 0;
  private groups = 0;
  private quoted = false;
  private readonly names = new Map<string, number>();
  private flags: Flags;

  constructor(private readonly source: string, { ignoreCase = false, dotAll = false, multiline = false }: Options) {
    this.flags = { i: ignoreCase, s: dotAll, m: multiline, x: false };
  }

  parse(): Pattern {
    const pattern = this.choice();
    if (this.at < this.source.length) throw this.error('an unmatched )');
    return pattern;
  }

  private error(message: string, at = this.at): PatternError { return new PatternError(message, at); }
  private get more(): boolean { return this.at < this.source.length; }

  private choice(): Pattern {
    const items = [this.sequence()];
    while (this.source[this.at] === '|') { this.at++; items.push(this.sequence()); }
    return items.length === 1 ? items[0]! : { kind: 'choice', items };
  }

  private sequence(): Pattern {
    const items: Pattern[] = [];
    for (;;) {
      if (this.source.startsWith('\\E', this.at)) { this.quoted = false; this.at += 2; continue; }
      if (!this.more) break;
      if (!this.quoted) {
        if (this.source.startsWith('\\Q', this.at)) { this.quoted = true; this.at += 2; continue; }
        const c = this.source[this.at]!;
        if (c === '|' || c === ')') break;
        if (this.flags.x && (/\s/.test(c) || c === '#')) { this.at = c === '#' ? this.lineEnd() : this.at + 1; continue; }
      }
      const atom = this.quoted ? this.literal(this.source.charCodeAt(this.at++)) : this.atom();
      if (atom) items.push(this.quantified(atom));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  private lineEnd(): number {
    const end = this.source.indexOf('\n', this.at);
    return end < 0 ? this.source.length : end + 1;
  }

  private quantified(item: Pattern): Pattern {
    let node = item;
    for (;;) {
      if (this.quoted) return node;
      const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(this.source.slice(this.at, this.at + 16));
      if (!match) return node;
      const c = match[0][0]!;
      const min = c === '{' ? Number(match[1]) : c === '+' ? 1 : 0;
      const max = c === '{' ? (match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3])) : c === '?' ? 1 : Infinity;
      if (min > MOST_REPEATS || (max > MOST_REPEATS && max !== Infinity) || max < min) throw this.error(`the quantifier ${match[0]}`);
      this.at += match[0].length;
      const suffix = this.source[this.at];
      const mode = suffix === '?' ? 'lazy' : suffix === '+' ? 'possessive' : 'greedy';
      if (mode !== 'greedy') this.at++;
      node = { kind: 'repeat', item: node, min, max, mode };
    }
  }

  private literal(byte: number): Pattern { return { kind: 'set', set: this.cased(single(byte)) }; }
  private cased(set: ByteSet): ByteSet { return this.flags.i ? ignoringCase(set) : set; }

  /** undefined: something that is no part of the pattern (a comment, flags). */
  private atom(): Pattern | undefined {
    const c = this.source[this.at]!;
    switch (c) {
      case '(': return this.group();
      case '[': return { kind: 'set', set: this.characterClass() };
      case '.': this.at++; return { kind: 'set', set: this.flags.s ? ALL : NOT_NEWLINE };
      case '^': this.at++; return { kind: 'assert', what: this.flags.m ? 'lineStart' : 'start' };
      case '$': this.at++; return { kind: 'assert', what: this.flags.m ? 'lineEnd' : 'lastLineEnd' };
      case '\\': return this.escape();
      case '*': case '+': case '?': throw this.error(`nothing to repeat before ${c}`);
      default: this.at++; return this.literal(c.charCodeAt(0));
    }
  }

  private group(): Pattern | undefined {
    const start = this.at++;
    if (++this.depth > MOST_DEPTH) throw this.error('groups that are nested more than 100 deep');
    const before = this.flags;
    try {
      if (this.source[this.at] === '*') throw this.error('a backtracking verb (*…)');
      if (this.source[this.at] !== '?') return this.body(start, ++this.groups, false);
      const rest = this.source.slice(this.at, this.at + 200);
      if (rest.startsWith('?#')) {
        const end = this.source.indexOf(')', this.at);
        if (end < 0) throw this.error('a comment without end', start);
        this.at = end + 1;
        return undefined;
      }
      const look = /^\?(<?)([=!])/.exec(rest);
      if (look) {
        this.at += look[0].length;
        return { kind: 'look', item: this.rest(start), behind: look[1] === '<', negative: look[2] === '!' };
      }
      const named = /^\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
      if (named) {
        this.at += named[0].length;
        this.names.set((named[1] ?? named[2])!, ++this.groups);
        return this.body(start, this.groups, false);
      }
      const reference = /^\?P=(\w+)\)/.exec(rest);
      if (reference) {
        this.at += reference[0].length;
        return this.back(this.names.get(reference[1]!) ?? 0);
      }
      if (rest.startsWith('?>')) { this.at += 2; return this.body(start, 0, true); }
      const flags = /^\?([imsxJUX]*)(?:-([imsxJUX]*))?([:)])/.exec(rest);
      if (!flags) throw this.error(`(${rest.slice(0, 4)}…`, start);
      if (/[JUX]/.test(flags[1]! + (flags[2] ?? ''))) throw this.error(`the flags of (${flags[0]}`, start);
      const set = { ...before } as Record<string, boolean>;
      for (const flag of flags[1]!) set[flag] = true;
      for (const flag of flags[2] ?? '') set[flag] = false;
      this.flags = set as unknown as Flags;
      this.at += flags[0].length;
      if (flags[3] === ':') return this.body(start, 0, false);
      // To the end of the group it stands in, alternatives included.
      const item = this.choice();
      return { kind: 'group', item, number: 0, atomic: false };
    } finally {
      this.flags = before;
      this.depth--;
    }
  }

  private body(start: number, number: number, atomic: boolean): Pattern { return { kind: 'group', item: this.rest(start), number, atomic }; }

  private rest(start: number): Pattern {
    const item = this.choice();
    if (this.source[this.at] !== ')') throw this.error('a group without )', start);
    this.at++;
    return item;
  }

  private back(number: number): Pattern {
    if (number === 0) throw this.error('a reference to a group that there is not');
    if (this.flags.i) throw this.error('a back-reference that ignores case');
    return { kind: 'back', number };
  }

  private escape(): Pattern {
    const start = this.at;
    const c = this.source[this.at + 1];
    if (c === undefined) throw this.error('a backslash at the end');
    const number = /^\\(?:([1-9]\d?)|g(\d)|g\{(\d+)\})/.exec(this.source.slice(start, start + 8));
    if (number) {
      const group = Number(number[1] ?? number[2] ?? number[3]);
      if (number[1] === undefined || group < 10 || group <= this.groups) { this.at += number[0].length; return this.back(group); }
    }
    const named = /^\\k(?:<(\w+)>|\{(\w+)\}|'(\w+)')/.exec(this.source.slice(start, start + 80));
    if (named) { this.at += named[0].length; return this.back(this.names.get((named[1] ?? named[2] ?? named[3])!) ?? 0); }
    const assertion = ({ A: 'start', z: 'end', Z: 'lastLineEnd', b: 'boundary', B: 'noBoundary' } as const)[c];
    if (assertion) { this.at += 2; return { kind: 'assert', what: assertion }; }
    if ('KCRXGgpPkLlUu'.includes(c)) throw this.error(`\\${c}`);
    return { kind: 'set', set: this.escapedSet(false) };
  }

  /** The bytes that the escape at `at` stands for. */
  private escapedSet(inClass: boolean): ByteSet {
    const c = this.source[this.at + 1];
    if (c === undefined) throw this.error('a backslash at the end');
    const known = Object.hasOwn(ESCAPES, c) ? ESCAPES[c]! : Object.hasOwn(ESCAPES, c.toLowerCase()) && c !== 'n' ? negate(ESCAPES[c.toLowerCase()]!) : undefined;
    if (known) { this.at += 2; return known; }
    return this.cased(single(this.escapedByte(inClass)));
  }

  private escapedByte(inClass: boolean): number {
    const rest = this.source.slice(this.at, this.at + 12);
    const take = (length: number, byte: number): number => { this.at += length; return byte; };
    const hex = /^\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{0,2}))/.exec(rest);
    if (hex) {
      const value = parseInt((hex[1] ?? hex[2]) || '0', 16);
      if (value > 0xff) throw this.error(`${hex[0]}, which is no byte`);
      return take(hex[0].length, value);
    }
    const octal = /^\\(?:0[0-7]{0,2}|[0-7]{1,3}|o\{([0-7]+)\})/.exec(rest);
    if (octal) return take(octal[0].length, parseInt(octal[1] ?? octal[0].slice(1), 8) & 0xff);
    const control = /^\\c([\0-\x7f])/.exec(rest);
    if (control) return take(3, control[1]!.toUpperCase().charCodeAt(0) ^ 64);
    const c = rest[1]!;
    const named = ({ a: 7, e: 27, f: 12, n: 10, r: 13, t: 9, ...(inClass ? { b: 8 } : {}) } as Record<string, number>)[c];
    if (named !== undefined) return take(2, named);
    if (/[A-Za-z0-9]/.test(c)) throw this.error(`\\${c}`);
    return take(2, c.charCodeAt(0));
  }

  private characterClass(): ByteSet {
    const start = this.at++;
    const isNegative = this.source[this.at] === '^';
    if (isNegative) this.at++;
    let set: boolean[] = Array.from({ length: 256 }, () => false);
    const add = (more: ByteSet): void => { set = set.map((isIn, byte) => isIn || more[byte]!); };
    for (let isFirst = true; ; isFirst = false) {
      const c = this.source[this.at];
      if (c === undefined) throw this.error('a class without ]', start);
      if (c === ']' && !isFirst) { this.at++; break; }
      const posix = c === '[' ? /^\[:(\^?)([a-z]+):\]/.exec(this.source.slice(this.at, this.at + 16)) : null;
      if (posix) {
        const named = Object.hasOwn(POSIX, posix[2]!) ? POSIX[posix[2]!]! : undefined;
        if (!named) throw this.error(`${posix[0]}`);
        add(posix[1] ? negate(named) : named);
        this.at += posix[0].length;
        continue;
      }
      const from = this.classMember(c);
      if (typeof from !== 'number') { add(from); continue; }
      if (this.source[this.at] !== '-' || this.source[this.at + 1] === ']' || this.source[this.at + 1] === undefined) { add(single(from)); continue; }
      this.at++;
      const to = this.source[this.at] === '[' && this.source[this.at + 1] === ':' ? undefined : this.classMember(this.source[this.at]!);
      if (typeof to !== 'number') { add(single(from)); add(single(45)); if (to) add(to); continue; }
      if (to < from) throw this.error('a range that ends before it begins');
      add(set.map((_, byte) => byte >= from && byte <= to));
    }
    const cased = this.cased(set);
    return isNegative ? negate(cased) : cased;
  }

  /** A byte, or a set such as `\w`. */
  private classMember(c: string): number | ByteSet {
    if (c !== '\\') { this.at++; return c.charCodeAt(0); }
    const next = this.source[this.at + 1];
    if (next === undefined) throw this.error('a backslash at the end');
    if (next === 'E' || next === 'Q') throw this.error(`\\${next} in a class`);
    if ('dDwWsShHvV'.includes(next)) return this.escapedSet(true);
    if ('NpPRX'.includes(next)) throw this.error(`\\${next} in a class`);
    return this.escapedByte(true);
  }
}
