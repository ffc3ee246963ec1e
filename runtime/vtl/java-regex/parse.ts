/** Patterns of java.util.regex.Pattern (Java 8 to 17) as a tree. Throws RegexSyntaxError. One grammar is one idea, hence the length. */
import { ANY, DIGIT, foldAscii, HORIZONTAL, LINE_END, not, propertySet, ranges, SPACE, union, VERTICAL, WORD } from './char-set.js';
import type { CharSet } from './char-set.js';

export class RegexSyntaxError extends Error {
  constructor(message: string, readonly offset: number) { super(message); }
}

export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max: number; readonly mode: 'greedy' | 'lazy' | 'possessive' }
  | { readonly kind: 'group'; readonly item: RegexNode; readonly index: number; readonly name?: string }
  | { readonly kind: 'atomic'; readonly item: RegexNode }
  | { readonly kind: 'look'; readonly item: RegexNode; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'back'; readonly index: number; readonly ignoreCase: boolean }
  | { readonly kind: 'anchor'; readonly anchor: 'start' | 'end' | 'line start' | 'line end' | 'last line end' | 'word' | 'no word' | 'previous' };

export interface ParsedRegex { readonly root: RegexNode; readonly groups: number; readonly names: ReadonlyMap<string, number> }

const MAX_LENGTH = 10_000;
const MAX_DEPTH = 100;

export function parseJavaRegex(source: string): ParsedRegex {
  if (source.length > MAX_LENGTH) throw new RegexSyntaxError('the pattern is too long', 0);
  const parser = new Parser(source);
  const root = parser.choice(0);
  if (parser.at < source.length) parser.fail('Unmatched closing \')\'');
  return { root, groups: parser.groups, names: parser.names };
}

interface Flags { i: boolean; m: boolean; s: boolean; x: boolean; d: boolean }

class Parser {
  at = 0;
  groups = 0;
  readonly names = new Map<string, number>();
  private flags: Flags = { i: false, m: false, s: false, x: false, d: false };
  constructor(private readonly source: string) {}

  fail(message: string): never { throw new RegexSyntaxError(message, this.at); }
  private get c(): string { return this.source[this.at] ?? ''; }

  choice(depth: number): RegexNode {
    if (depth > MAX_DEPTH) this.fail('nested too deeply');
    const items = [this.sequence(depth)];
    while (this.c === '|') { this.at++; items.push(this.sequence(depth)); }
    return items.length === 1 ? items[0]! : { kind: 'choice', items };
  }

  private sequence(depth: number): RegexNode {
    const items: RegexNode[] = [];
    while (this.at < this.source.length && this.c !== '|' && this.c !== ')') {
      if (this.flags.x && this.skipComment()) continue;
      const quoted = this.quoted(items);
      if (quoted) continue;
      const atom = this.atom(depth);
      if (atom) items.push(this.quantified(atom));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  private skipComment(): boolean {
    if (/\s/.test(this.c)) { this.at++; return true; }
    if (this.c !== '#') return false;
    while (this.at < this.source.length && this.source[this.at] !== '\n') this.at++;
    return true;
  }

  /** `\Q…\E`: a quantifier after it applies to its last character. */
  private quoted(items: RegexNode[]): boolean {
    if (!this.source.startsWith('\\Q', this.at)) return false;
    const end = this.source.indexOf('\\E', this.at + 2);
    const text = [...this.source.slice(this.at + 2, end < 0 ? undefined : end)];
    this.at = end < 0 ? this.source.length : end + 2;
    text.forEach((char, index) => {
      const node = this.literal(char.codePointAt(0)!);
      items.push(index === text.length - 1 ? this.quantified(node) : node);
    });
    return true;
  }

  private literal(point: number): RegexNode {
    const pairs: [number, number][] = [[point, point]];
    return { kind: 'set', set: ranges(...(this.flags.i ? foldAscii(pairs) : pairs)) };
  }

  private quantified(atom: RegexNode): RegexNode {
    let node = atom;
    for (;;) {
      if (this.flags.x) while (this.at < this.source.length && this.skipComment());
      let min: number, max: number;
      const c = this.c;
      if (c === '*') [min, max] = [0, Infinity];
      else if (c === '+') [min, max] = [1, Infinity];
      else if (c === '?') [min, max] = [0, 1];
      else if (c === '{') {
        const match = /\{(\d{1,9})(,(\d{0,9}))?\}/y;
        match.lastIndex = this.at;
        const found = match.exec(this.source);
        if (!found) this.fail('Illegal repetition');
        min = Number(found[1]);
        max = found[2] === undefined ? min : found[3] === '' ? Infinity : Number(found[3]);
        if (max < min) this.fail('Illegal repetition range');
        this.at += found[0].length - 1;
      } else return node;
      this.at++;
      const mode = this.c === '?' ? 'lazy' : this.c === '+' ? 'possessive' : 'greedy';
      if (mode !== 'greedy') this.at++;
      node = { kind: 'repeat', item: node, min, max, mode };
      // Java: a second quantifier is a dangling meta character.
      if (this.c === '*' || this.c === '+' || this.c === '?') this.fail(`Dangling meta character '${this.c}'`);
    }
  }

  private atom(depth: number): RegexNode | undefined {
    const c = this.c;
    switch (c) {
      case '(': return this.group(depth);
      case '[': return { kind: 'set', set: this.charClass(depth) };
      case '.': this.at++; return { kind: 'set', set: this.flags.s ? ANY : not(this.flags.d ? ranges([10, 10]) : LINE_END) };
      case '^': this.at++; return { kind: 'anchor', anchor: this.flags.m ? 'line start' : 'start' };
      case '$': this.at++; return { kind: 'anchor', anchor: this.flags.m ? 'line end' : 'last line end' };
      case '*': case '+': case '?': return this.fail(`Dangling meta character '${c}'`);
      case '{': return this.fail('Illegal repetition');
      case '\\': return this.escape();
      default: {
        const point = this.source.codePointAt(this.at)!;
        this.at += point > 0xffff ? 2 : 1;
        return this.literal(point);
      }
    }
  }

  private group(depth: number): RegexNode | undefined {
    this.at++;
    const saved = { ...this.flags };
    const close = <T>(node: T): T => {
      if (this.c !== ')') this.fail('Unclosed group');
      this.at++;
      this.flags = saved;
      return node;
    };
    if (this.c !== '?') {
      const index = ++this.groups;
      return close({ kind: 'group', index, item: this.choice(depth + 1) });
    }
    this.at++;
    for (const [prefix, behind, negative] of [['=', false, false], ['!', false, true], ['<=', true, false], ['<!', true, true]] as const) {
      if (this.source.startsWith(prefix, this.at)) {
        this.at += prefix.length;
        return close({ kind: 'look', behind, negative, item: this.choice(depth + 1) });
      }
    }
    if (this.source[this.at] === '>') { this.at++; return close({ kind: 'atomic', item: this.choice(depth + 1) }); }
    const named = /<([A-Za-z][A-Za-z0-9]*)>/y;
    named.lastIndex = this.at;
    const name = named.exec(this.source);
    if (name) {
      if (this.names.has(name[1]!)) this.fail(`Named capturing group <${name[1]}> is already defined`);
      this.at += name[0].length;
      const index = ++this.groups;
      this.names.set(name[1]!, index);
      return close({ kind: 'group', index, name: name[1]!, item: this.choice(depth + 1) });
    }
    const flags = /([idmsuxU]*)(?:-([idmsuxU]*))?([:)])/y;
    flags.lastIndex = this.at;
    const found = flags.exec(this.source);
    if (!found) this.fail('Unknown inline modifier');
    this.at += found[0].length;
    const set = (letters: string, on: boolean): void => { for (const letter of letters) if (letter in this.flags) this.flags[letter as keyof Flags] = on; };
    set(found[1]!, true);
    set(found[2] ?? '', false);
    // `(?i)` changes what follows in the same group; `(?i:…)` only what it holds.
    if (found[3] === ')') return undefined;
    return close(this.choice(depth + 1));
  }

  private escape(): RegexNode {
    this.at++;
    const c = this.c;
    if (c === '') this.fail('Unexpected internal error');
    const set = this.classEscape();
    if (set) return { kind: 'set', set };
    switch (c) {
      case 'b': this.at++; return { kind: 'anchor', anchor: 'word' };
      case 'B': this.at++; return { kind: 'anchor', anchor: 'no word' };
      case 'A': this.at++; return { kind: 'anchor', anchor: 'start' };
      case 'z': this.at++; return { kind: 'anchor', anchor: 'end' };
      case 'Z': this.at++; return { kind: 'anchor', anchor: 'last line end' };
      case 'G': this.at++; return { kind: 'anchor', anchor: 'previous' };
      case 'R': this.at++; return { kind: 'atomic', item: { kind: 'choice', items: [{ kind: 'sequence', items: [{ kind: 'set', set: ranges([13, 13]) }, { kind: 'set', set: ranges([10, 10]) }] }, { kind: 'set', set: VERTICAL }] } };
      case 'E': this.at++; return { kind: 'sequence', items: [] };
      case 'k': {
        const match = /k<([A-Za-z][A-Za-z0-9]*)>/y;
        match.lastIndex = this.at;
        const found = match.exec(this.source);
        const index = found && this.names.get(found[1]!);
        if (!found || index === undefined || index === null) this.fail('named capturing group is missing');
        this.at += found[0].length;
        return { kind: 'back', index, ignoreCase: this.flags.i };
      }
    }
    if (c >= '1' && c <= '9') {
      let index = Number(c);
      this.at++;
      // More digits belong to the number as long as so many groups exist.
      while (/\d/.test(this.c) && index * 10 + Number(this.c) <= this.groups) { index = index * 10 + Number(this.c); this.at++; }
      return { kind: 'back', index, ignoreCase: this.flags.i };
    }
    return this.literal(this.pointEscape());
  }

  /** `\d`, `\p{L}` …; the position is after the backslash and moves only when it is one. */
  private classEscape(): CharSet | undefined {
    const c = this.c;
    const simple: { [c: string]: CharSet } = { d: DIGIT, w: WORD, s: SPACE, h: HORIZONTAL, v: VERTICAL };
    if (Object.hasOwn(simple, c.toLowerCase()) && c !== '') {
      this.at++;
      const set = simple[c.toLowerCase()]!;
      return c === c.toLowerCase() ? set : not(set);
    }
    if (c !== 'p' && c !== 'P') return undefined;
    const match = /[pP](?:\{([^}]+)\}|([A-Za-z]))/y;
    match.lastIndex = this.at;
    const found = match.exec(this.source);
    if (!found) this.fail('Unknown character property');
    const name = found[1] ?? found[2]!;
    const set = propertySet(name);
    if (!set) this.fail(`Unknown character property name {${name}}`);
    this.at += found[0].length;
    const folded = this.flags.i && (name === 'Lower' || name === 'Upper') ? ranges([0x41, 0x5a], [0x61, 0x7a]) : set;
    return c === 'P' ? not(folded) : folded;
  }

  /** The code point an escape such as `\n`, `\x41`, `\u0041`, `\.` stands for. */
  private pointEscape(): number {
    const c = this.c;
    const control = '0tnrfae'.indexOf(c);
    if (c === '0') {
      const match = /0([0-3][0-7]{2}|[0-7]{1,2})/y;
      match.lastIndex = this.at;
      const found = match.exec(this.source);
      if (!found) this.fail('Illegal octal escape sequence');
      this.at += found[0].length;
      return parseInt(found[1]!, 8);
    }
    if (control > 0) { this.at++; return [0, 9, 10, 13, 12, 7, 27][control]!; }
    for (const form of [/x([0-9a-fA-F]{2})/y, /x\{([0-9a-fA-F]{1,6})\}/y, /u([0-9a-fA-F]{4})/y]) {
      form.lastIndex = this.at;
      const found = form.exec(this.source);
      if (found) { this.at += found[0].length; return Math.min(0x10ffff, parseInt(found[1]!, 16)); }
    }
    if (c === 'c') {
      const next = this.source.charCodeAt(this.at + 1);
      if (Number.isNaN(next)) this.fail('Illegal control escape sequence');
      this.at += 2;
      return next ^ 64;
    }
    if (/[A-Za-z]/.test(c)) this.fail(`Illegal/unsupported escape sequence \\${c}`);
    const point = this.source.codePointAt(this.at)!;
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  private charClass(depth: number): CharSet {
    if (depth > MAX_DEPTH) this.fail('nested too deeply');
    this.at++;
    const negated = this.c === '^';
    if (negated) this.at++;
    const operands: CharSet[] = [];
    let sets: CharSet[] = [];
    let first = true;
    for (;;) {
      if (this.flags.x) while (/\s/.test(this.c) && this.c !== '') this.at++;
      const c = this.c;
      if (c === '') this.fail('Unclosed character class');
      if (c === ']' && !(first && operands.length === 0)) { this.at++; break; }
      if (c === '[') { sets.push(this.charClass(depth + 1)); first = false; continue; }
      if (this.source.startsWith('&&', this.at)) {
        this.at += 2;
        while (this.source.startsWith('&&', this.at)) this.at += 2;
        if (sets.length) operands.push(union(sets));
        sets = [];
        first = false;
        continue;
      }
      first = false;
      if (this.source.startsWith('\\Q', this.at)) {
        const end = this.source.indexOf('\\E', this.at + 2);
        for (const char of this.source.slice(this.at + 2, end < 0 ? undefined : end)) { const p = char.codePointAt(0)!; sets.push(this.rangeSet(p, p)); }
        this.at = end < 0 ? this.source.length : end + 2;
        continue;
      }
      if (c === '\\') {
        this.at++;
        const set = this.classEscape();
        if (set) { sets.push(set); continue; }
        this.at--;
      }
      const low = this.classPoint();
      if (this.c === '-' && this.source[this.at + 1] !== ']' && this.source[this.at + 1] !== '[' && this.source[this.at + 1] !== undefined) {
        const dash = this.at++;
        if (this.source.startsWith('&&', this.at)) { this.at = dash; sets.push(this.rangeSet(low, low)); continue; }
        const high = this.classPoint();
        if (high < low) this.fail('Illegal character range');
        sets.push(this.rangeSet(low, high));
      } else sets.push(this.rangeSet(low, low));
    }
    if (sets.length || operands.length === 0) operands.push(union(sets.length ? sets : [ranges()]));
    const set: CharSet = operands.length === 1 ? operands[0]! : { kind: 'intersection', sets: operands };
    return negated ? not(set) : set;
  }

  private rangeSet(low: number, high: number): CharSet {
    return ranges(...(this.flags.i ? foldAscii([[low, high]]) : [[low, high] as const]));
  }

  private classPoint(): number {
    if (this.c === '\\') { this.at++; return this.pointEscape(); }
    const point = this.source.codePointAt(this.at)!;
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }
}
