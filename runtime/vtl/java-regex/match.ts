/**
 * A backtracking matcher over a parsed Java pattern that counts its steps: patterns and texts come from clients, and JavaScript's
 * own engine cannot be interrupted. Patterns that are linear by construction run on RegExp instead (see pattern.ts).
 */
import { step, TemplateError } from '../limits.js';
import { contains, LINE_END } from './char-set.js';
import type { ParsedRegex, RegexNode } from './parse.js';

type Next = (at: number) => boolean;
type Matcher = (at: number, next: Next) => boolean;

/** Start and end of a match and of its groups: `[start, end, start of group 1, end of group 1 …]`, -1 where a group took no part. */
export type MatchSpans = number[];

export class BacktrackingMatcher {
  private input = '';
  private spans: number[] = [];
  private previousEnd = 0;
  private readonly start: Matcher;

  constructor(private readonly regex: ParsedRegex) { this.start = this.compile(regex.root); }

  /** The first match that starts at or after `from`; with `whole`, only one that covers the whole input from `from`. `last`: where the match before ended (`\G`). */
  find(input: string, from: number, last: number, whole = false): MatchSpans | null {
    this.input = input;
    this.previousEnd = last;
    try {
      for (let at = from; at <= input.length; at++) {
        this.spans = new Array<number>((this.regex.groups + 1) * 2).fill(-1);
        let end = -1;
        if (this.start(at, (e) => { if (whole && e !== input.length) return false; end = e; return true; })) {
          this.spans[0] = at;
          this.spans[1] = end;
          return this.spans;
        }
        if (whole) return null;
      }
      return null;
    } catch (error) {
      if (error instanceof RangeError) throw new TemplateError('a regular expression needs too much memory');
      throw error;
    } finally { this.input = ''; }
  }

  private compile(node: RegexNode): Matcher {
    switch (node.kind) {
      case 'set': {
        const { set } = node;
        return (at, next) => {
          step(1);
          const point = this.input.codePointAt(at);
          return point !== undefined && contains(set, point) && next(point > 0xffff ? at + 2 : at + 1);
        };
      }
      case 'sequence': {
        const items = node.items.map((item) => this.compile(item));
        const run = (index: number, at: number, next: Next): boolean => (index === items.length ? next(at) : items[index]!(at, (end) => run(index + 1, end, next)));
        return (at, next) => run(0, at, next);
      }
      case 'choice': {
        const items = node.items.map((item) => this.compile(item));
        return (at, next) => items.some((item) => { step(1); return item(at, next); });
      }
      case 'group': {
        const item = this.compile(node.item);
        const slot = node.index * 2;
        return (at, next) => {
          const oldStart = this.spans[slot]!, oldEnd = this.spans[slot + 1]!;
          if (item(at, (end) => {
            const innerStart = this.spans[slot]!, innerEnd = this.spans[slot + 1]!;
            this.spans[slot] = at;
            this.spans[slot + 1] = end;
            if (next(end)) return true;
            this.spans[slot] = innerStart;
            this.spans[slot + 1] = innerEnd;
            return false;
          })) return true;
          this.spans[slot] = oldStart;
          this.spans[slot + 1] = oldEnd;
          return false;
        };
      }
      case 'atomic': {
        const item = this.compile(node.item);
        return (at, next) => {
          let end = -1;
          return item(at, (e) => { end = e; return true; }) && next(end);
        };
      }
      case 'look': return node.behind ? this.lookBehind(node.item, node.negative) : this.lookAhead(node.item, node.negative);
      case 'back': {
        const slot = node.index * 2;
        return (at, next) => {
          const start = this.spans[slot] ?? -1;
          if (start < 0) return false;
          const text = this.input.slice(start, this.spans[slot + 1]);
          step(1 + (text.length >> 4));
          const here = this.input.slice(at, at + text.length);
          return (here === text || (node.ignoreCase && asciiLower(here) === asciiLower(text))) && next(at + text.length);
        };
      }
      case 'anchor': return (at, next) => this.holds(node.anchor, at) && next(at);
      case 'repeat': return this.repeat(node);
    }
  }

  private lookAhead(node: RegexNode, negative: boolean): Matcher {
    const item = this.compile(node);
    return (at, next) => {
      const saved = [...this.spans];
      const found = item(at, () => true);
      if (found === negative) { this.spans = saved; return false; }
      if (negative) this.spans = saved;
      return next(at);
    };
  }

  private lookBehind(node: RegexNode, negative: boolean): Matcher {
    const item = this.compile(node);
    return (at, next) => {
      const saved = [...this.spans];
      let found = false;
      for (let start = at; start >= 0 && !found; start--) {
        step(1);
        found = item(start, (end) => end === at);
      }
      if (found === negative) { this.spans = saved; return false; }
      return next(at);
    };
  }

  private repeat(node: RegexNode & { kind: 'repeat' }): Matcher {
    const { min, max, mode } = node;
    if (node.item.kind === 'set' && mode !== 'lazy') {
      // One character class repeated: run ahead, then give back one at a time.
      const { set } = node.item;
      return (at, next) => {
        let end = at;
        let count = 0;
        while (count < max) {
          const point = this.input.codePointAt(end);
          if (point === undefined || !contains(set, point)) break;
          step(1);
          end += point > 0xffff ? 2 : 1;
          count++;
        }
        if (mode === 'possessive') return count >= min && next(end);
        for (; count >= min; count--) {
          step(1);
          if (next(end)) return true;
          const c = this.input.charCodeAt(end - 1);
          end -= c >= 0xdc00 && c < 0xe000 && end - 2 >= at && this.input.codePointAt(end - 2)! > 0xffff ? 2 : 1;
        }
        return false;
      };
    }
    const item = this.compile(node.item);
    // A round that consumes nothing is the last one.
    const run = (count: number, at: number, next: Next): boolean => {
      step(1);
      const more = (): boolean => count < max && item(at, (end) => (end === at && count >= min ? next(end) : run(count + 1, end, next)));
      if (count < min) return more();
      return mode === 'lazy' ? next(at) || more() : more() || next(at);
    };
    if (mode === 'possessive') {
      return (at, next) => {
        let end = -1;
        return run(0, at, (e) => { end = e; return true; }) && next(end);
      };
    }
    return (at, next) => run(0, at, next);
  }

  private holds(anchor: (RegexNode & { kind: 'anchor' })['anchor'], at: number): boolean {
    const { input } = this;
    switch (anchor) {
      case 'start': return at === 0;
      case 'end': return at === input.length;
      case 'previous': return at === this.previousEnd;
      case 'line start': return at < input.length && (at === 0 || (isLineEnd(input, at - 1) && !(input[at - 1] === '\r' && input[at] === '\n')));
      case 'line end': return at === input.length || (isLineEnd(input, at) && !(input[at] === '\n' && input[at - 1] === '\r'));
      case 'last line end':
        if (at === input.length) return true;
        if (input[at] === '\n' && input[at - 1] === '\r') return false;
        return isLineEnd(input, at) && (at + 1 === input.length || (at + 2 === input.length && input[at] === '\r' && input[at + 1] === '\n'));
      case 'word': return isWord(input, at - 1) !== isWord(input, at);
      case 'no word': return isWord(input, at - 1) === isWord(input, at);
    }
  }
}

function isLineEnd(input: string, at: number): boolean {
  return at >= 0 && at < input.length && contains(LINE_END, input.charCodeAt(at));
}

function isWord(input: string, at: number): boolean {
  const c = input.charCodeAt(at);
  if (!(c > 0x7f)) return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || c === 0x5f || (c >= 0x61 && c <= 0x7a);
  return /[\p{L}\p{Nd}]/u.test(input[at]!);
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
