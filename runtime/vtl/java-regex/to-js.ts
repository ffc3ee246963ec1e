/**
 * A parsed Java pattern as a JavaScript one (flag `v`). Possessive quantifiers and atomic groups become a look-ahead with a
 * back-reference; what JavaScript cannot say at all makes the result undefined.
 */
import { classSource, LINE_END, pointSource } from './char-set.js';
import type { ParsedRegex, RegexNode } from './parse.js';

/** The source and, per Java group, the number of the JavaScript group (possessive parts add groups of their own). */
export interface JsRegex { readonly source: string; readonly groups: readonly number[] }

const END_OF_LINE = classSource(LINE_END);
const WORD = '[\\p{L}\\p{Nd}_]';

export function javaToJs(regex: ParsedRegex): JsRegex | undefined {
  const numbers: number[] = [0];
  let count = 0;
  let possible = true;

  function wrap(node: RegexNode): string {
    const text = print(node);
    return node.kind === 'set' || node.kind === 'group' ? text : `(?:${text})`;
  }

  function atomic(text: () => string): string {
    const number = ++count;
    return `(?=(${text()}))\\${number}`;
  }

  function print(node: RegexNode): string {
    switch (node.kind) {
      case 'set': {
        const single = node.set.kind === 'ranges' && node.set.ranges.length === 1 && node.set.ranges[0]![0] === node.set.ranges[0]![1];
        return single ? pointSource(node.set.kind === 'ranges' ? node.set.ranges[0]![0] : 0) : classSource(node.set);
      }
      case 'sequence': return node.items.map((item) => (item.kind === 'choice' ? wrap(item) : print(item))).join('');
      case 'choice': return node.items.map(print).join('|');
      case 'group': {
        numbers[node.index] = ++count;
        return `(${print(node.item)})`;
      }
      case 'atomic': return `(?:${atomic(() => print(node.item))})`;
      case 'look': return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${print(node.item)})`;
      case 'back': {
        const number = numbers[node.index];
        // A group that took no part fails in Java and matches nothing in JavaScript; case folding differs too.
        if (number === undefined || node.ignoreCase) { possible = false; return ''; }
        return `(?:\\${number})`;
      }
      case 'anchor': return anchor(node.anchor);
      case 'repeat': {
        if (node.item.kind !== 'set' && isNullable(node.item)) {
          // JavaScript refuses an optional round that consumes nothing, Java takes it.
          if (node.max !== 1 || node.min !== 0) { possible = false; return ''; }
          const choice = (): string => (node.mode === 'lazy' ? `(?:|${print(node.item)})` : `(?:${print(node.item)}|)`);
          return node.mode === 'possessive' ? `(?:${atomic(choice)})` : choice();
        }
        const body = (): string => `${wrap(node.item)}${quantifier(node.min, node.max)}`;
        return node.mode === 'possessive' ? `(?:${atomic(body)})` : body() + (node.mode === 'lazy' ? '?' : '');
      }
    }
  }

  function anchor(kind: (RegexNode & { kind: 'anchor' })['anchor']): string {
    switch (kind) {
      case 'start': return '^';
      case 'end': return '$';
      case 'line start': return `(?:^|(?<=${END_OF_LINE})(?<!\\r(?=\\n)))(?=[^])`;
      case 'line end': return `(?:(?=${END_OF_LINE})(?<!\\r(?=\\n))|$)`;
      case 'last line end': return `(?:(?<!\\r(?=\\n))(?=(?:\\r\\n|${END_OF_LINE})$)|$)`;
      case 'word': return `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;
      case 'no word': return `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`;
      case 'previous': possible = false; return '';
    }
  }

  const source = print(regex.root);
  return possible ? { source, groups: numbers } : undefined;
}

function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case 'set': return false;
    case 'sequence': return node.items.every(isNullable);
    case 'choice': return node.items.some(isNullable);
    case 'repeat': return node.min === 0 || isNullable(node.item);
    case 'group': case 'atomic': return isNullable(node.item);
    default: return true;
  }
}

function quantifier(min: number, max: number): string {
  if (min === 0 && max === Infinity) return '*';
  if (min === 1 && max === Infinity) return '+';
  if (min === 0 && max === 1) return '?';
  return max === min ? `{${min}}` : `{${min},${max === Infinity ? '' : max}}`;
}

/**
 * Whether searching all matches of the pattern takes time linear in the text whatever the text: no unbounded repetition but one of a
 * single character class at the very end, and little bounded work before it.
 */
export function isLinear(root: RegexNode): boolean {
  const items = root.kind === 'sequence' ? root.items : [root];
  return items.every((item, index) => {
    if (index === items.length - 1 && item.kind === 'repeat' && item.item.kind === 'set' && item.min <= 1) return true;
    return cost(item) <= 100;
  }) && items.reduce((sum, item) => sum * Math.max(1, variants(item)), 1) <= 100;
}

function cost(node: RegexNode): number {
  switch (node.kind) {
    case 'set': return 1;
    case 'anchor': return node.anchor === 'previous' ? Infinity : 1;
    case 'sequence': return node.items.reduce((sum, item) => sum + cost(item), 0);
    case 'choice': return node.items.reduce((sum, item) => sum + cost(item), 0);
    case 'group': return cost(node.item);
    case 'repeat': return node.max * cost(node.item);
    default: return Infinity;
  }
}

function variants(node: RegexNode): number {
  switch (node.kind) {
    case 'choice': return node.items.reduce((sum, item) => sum + variants(item), 0);
    case 'sequence': return node.items.reduce((product, item) => product * variants(item), 1);
    case 'group': return variants(node.item);
    case 'repeat': return node.max === Infinity ? 1 : (node.max - node.min + 1) * Math.max(1, variants(node.item)) ** Math.min(node.max, 10);
    default: return 1;
  }
}
