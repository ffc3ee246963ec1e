/** A pattern as a program for `runtime/waf/lazy-dfa`. */
import { thompson, type Part, type Program } from '../thompson.js';
import { ranges } from './byte-set.js';
import type { Assertion, Pattern } from './syntax.js';

/** By the number that stands for it in the program. */
const ASSERTIONS: readonly Assertion[] = ['start', 'end', 'boundary', 'noBoundary', 'lineStart', 'lineEnd', 'lastLineEnd'];
const MAX_INSTRUCTIONS = 20_000;

/**
 * Sets are bytes, as pairs of characters [first, last]. undefined: lookaround, back-references and atomic groups are out of an automaton's reach, and so is what
 * spells out to more than 20 000 instructions.
 */
export function toProgram(pattern: Pattern): Program | undefined {
  return thompson(pattern, MAX_INSTRUCTIONS, partOf);
}

function partOf(node: Pattern): Part<Pattern> | undefined {
  switch (node.kind) {
    case 'set': return { kind: 'set', set: ranges(node.set).map(([from, to]) => String.fromCharCode(from, to)).join('') };
    case 'assert': return { kind: 'assert', assertion: ASSERTIONS.indexOf(node.what) };
    case 'group': return node.atomic ? undefined : { kind: 'sequence', items: [node.item] };
    // Possessive: only where nothing that follows could have begun in it, which is not looked into.
    case 'repeat': return node.mode === 'possessive' ? undefined : node;
    case 'sequence': case 'choice': return node;
    default: return undefined;
  }
}
