/** The JavaScript regular expression (flag `u`, on byte strings) that matches what a pattern matches. */
import { NEWLINE, negate, ranges, type ByteSet } from './byte-set.js';
import type { Assertion, Pattern } from './syntax.js';

const NOT_NEWLINE_CLASS = /* @__PURE__ */ classOf(negate(NEWLINE));
const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  start: '^', end: '$', boundary: '\\b', noBoundary: '\\B', lastLineEnd: '(?=\\n?$)', lineEnd: `(?!${NOT_NEWLINE_CLASS})`,
  // PCRE: behind the newline that ends the text no line begins.
  lineStart: '(?:^|(?<=\\n)(?!$))',
};

export function toJavaScript(pattern: Pattern): string {
  let atomics = 0;
  const print = (node: Pattern): string => {
    switch (node.kind) {
      case 'set': return classOf(node.set);
      case 'assert': return ASSERTIONS[node.what];
      case 'sequence': return node.items.map((item) => (item.kind === 'choice' ? `(?:${print(item)})` : print(item))).join('');
      case 'choice': return node.items.map(print).join('|');
      case 'group': return node.atomic ? atomic(print(node.item)) : node.number > 0 && captured.has(node.number) ? `(?<g${node.number}>${print(node.item)})` : `(?:${print(node.item)})`;
      case 'look': return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${print(node.item)})`;
      case 'back': return `\\k<g${node.number}>`;
      case 'repeat': {
        const item = node.item.kind === 'set' || (node.item.kind === 'group' && !node.item.atomic) ? print(node.item) : `(?:${print(node.item)})`;
        const count = node.max === Infinity ? (node.min === 0 ? '*' : node.min === 1 ? '+' : `{${node.min},}`) : node.min === 0 && node.max === 1 ? '?' : node.min === node.max ? `{${node.min}}` : `{${node.min},${node.max}}`;
        return node.mode === 'possessive' ? atomic(item + count) : item + count + (node.mode === 'lazy' ? '?' : '');
      }
    }
  };
  /** What was matched once in a lookahead is not tried again. */
  const atomic = (text: string): string => { const name = `a${++atomics}`; return `(?=(?<${name}>${text}))\\k<${name}>`; };
  const captured = references(pattern);
  return print(pattern);
}

/** Numbers of the groups that back-references lead to. */
function references(pattern: Pattern, found = new Set<number>()): Set<number> {
  if (pattern.kind === 'back') found.add(pattern.number);
  else if (pattern.kind === 'sequence' || pattern.kind === 'choice') for (const item of pattern.items) references(item, found);
  else if (pattern.kind === 'repeat' || pattern.kind === 'group' || pattern.kind === 'look') references(pattern.item, found);
  return found;
}

export function classOf(set: ByteSet): string {
  const runs = ranges(set);
  if (runs.length === 1 && runs[0]![0] === runs[0]![1]) return character(runs[0]![0], false);
  if (runs.length === 0) return '[]';
  const isMost = set.filter(Boolean).length > 128;
  return `[${isMost ? '^' : ''}${(isMost ? ranges(negate(set)) : runs).map(([from, to]) => (from === to ? character(from, true) : `${character(from, true)}${to > from + 1 ? '-' : ''}${character(to, true)}`)).join('')}]`;
}

function character(byte: number, inClass: boolean): string {
  if (byte < 32 || byte > 126) return `\\x${byte.toString(16).padStart(2, '0')}`;
  const text = String.fromCharCode(byte);
  return '^$\\.*+?()[]{}|/'.includes(text) || (inClass && text === '-') ? `\\${text}` : text;
}
