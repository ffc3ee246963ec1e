/** From a regular expression's tree to a program for `runtime/validate/automaton`. */
import { thompson, type Program } from '../thompson.js';
import type { RegexNode } from './regex-syntax.js';

const MAX_INSTRUCTIONS = 8000;
const ASSERT = { '^': 0, '$': 1, b: 2, B: 3 } as const;

/** `sets`: source of each character set. undefined when the repetitions spell out to more than 8000 instructions. */
export function compileAutomaton(tree: RegexNode): Program | undefined {
  return thompson(tree, MAX_INSTRUCTIONS, (node) => (node.kind === 'assert' ? { kind: 'assert', assertion: ASSERT[node.what] } : node));
}
