/** A pattern as a program for `runtime/waf/lazy-dfa` and `runtime/waf/captures`. */
import { thompson, type Part, type Program } from '../thompson.js';
import { ranges, type ByteSet } from './byte-set.js';
import type { Assertion, Pattern } from './syntax.js';

/** By the number that stands for it in the program. */
const ASSERTIONS: readonly Assertion[] = ['start', 'end', 'boundary', 'noBoundary', 'lineStart', 'lineEnd', 'lastLineEnd'];
const MAX_INSTRUCTIONS = 20_000, MAX_CAPTURING = 2_000;

/**
 * Sets are bytes, as pairs of characters [first, last]. undefined: lookaround, back-references and atomic groups are out of an automaton's reach, and so is what
 * spells out to more than 20 000 instructions.
 */
export function toProgram(pattern: Pattern): Program | undefined {
  return thompson<Pattern | Except>(pattern, MAX_INSTRUCTIONS, partOf);
}

/** The same with the places of its groups: 0 is the whole match. */
export function toCapturingProgram(pattern: Pattern): Program | undefined {
  return thompson<Pattern | Except>({ kind: 'group', item: pattern, number: 0, atomic: false }, MAX_CAPTURING, (node) => {
    if (node.kind === 'group' && !node.atomic && (node.number > 0 || node.item === pattern)) return { kind: 'capture', number: node.number, item: node.item };
    const part = partOf(node);
    return part?.kind === 'repeat' && node.kind === 'repeat' && node.mode === 'lazy' ? { ...part, isLazy: true } : part;
  });
}

/** Behind a possessive repetition of a set: nothing of it comes. */
interface Except { readonly kind: 'except'; readonly set: ByteSet }

const text = (set: ByteSet): string => ranges(set).map(([from, to]) => String.fromCharCode(from, to)).join('');

function partOf(node: Pattern | Except): Part<Pattern | Except> | undefined {
  switch (node.kind) {
    case 'set': case 'except': return { kind: node.kind, set: text(node.set) };
    case 'assert': return { kind: 'assert', assertion: ASSERTIONS.indexOf(node.what) };
    case 'group': return node.atomic ? undefined : { kind: 'sequence', items: [node.item] };
    case 'repeat': return node.mode === 'possessive' ? possessive(node) : node;
    case 'sequence': case 'choice': return node;
    default: return undefined;
  }
}

/** Of one set, as often as there is something of it; of anything else only an engine that goes back can tell. */
function possessive({ item, min, max }: Pattern & { kind: 'repeat' }): Part<Pattern | Except> | undefined {
  if (item.kind === 'group' && !item.atomic) return possessive({ kind: 'repeat', item: item.item, min, max, mode: 'possessive' });
  if (item.kind !== 'set' || max !== Infinity) return undefined;
  return { kind: 'sequence', items: [{ kind: 'repeat', item, min, max, mode: 'greedy' }, { kind: 'except', set: item.set }] };
}
