/** A pattern as a program for `runtime/waf/lazy-dfa` (Thompson's construction). */
import { ranges } from './byte-set.js';
import type { Assertion, Pattern } from './syntax.js';

/**
 * `sets`: the bytes of each set, as pairs of characters [first, last]. `program`: three numbers per instruction, [operation, a, b]: 0 match · 1 a byte of set a, go
 * on at the next · 2 go to a or b · 3 go to a · 4 assert a, go on at the next (`ASSERTIONS`).
 */
export interface Program { readonly sets: readonly string[]; readonly program: readonly number[] }

const ASSERTIONS: readonly Assertion[] = ['start', 'end', 'boundary', 'noBoundary', 'lineStart', 'lineEnd', 'lastLineEnd'];
const MAX_INSTRUCTIONS = 20_000;

/** undefined: lookaround, back-references and atomic groups are out of an automaton's reach, and so is what spells out to more than 20 000 instructions. */
export function toProgram(pattern: Pattern): Program | undefined {
  const sets: string[] = [];
  const program: number[] = [];
  let isPossible = true;

  const here = (): number => program.length / 3;
  const emit = (operation: number, a = 0, b = 0): number => {
    if (program.length >= MAX_INSTRUCTIONS * 3) isPossible = false;
    return program.push(operation, a, b) / 3 - 1;
  };
  const compile = (node: Pattern): void => {
    if (!isPossible) return;
    switch (node.kind) {
      case 'set': {
        const text = ranges(node.set).map(([from, to]) => String.fromCharCode(from, to)).join('');
        const known = sets.indexOf(text);
        emit(1, known < 0 ? sets.push(text) - 1 : known);
        return;
      }
      case 'assert': emit(4, ASSERTIONS.indexOf(node.what)); return;
      case 'sequence': for (const item of node.items) compile(item); return;
      case 'choice': {
        const jumps: number[] = [];
        node.items.forEach((item, index) => {
          if (index === node.items.length - 1) return compile(item);
          const split = emit(2, here() + 1);
          compile(item);
          jumps.push(emit(3));
          program[split * 3 + 2] = here();
        });
        for (const jump of jumps) program[jump * 3 + 1] = here();
        return;
      }
      case 'group':
        if (node.atomic) isPossible = false;
        compile(node.item);
        return;
      case 'repeat': {
        // Possessive: only where nothing that follows could have begun in it, which is not looked into.
        if (node.mode === 'possessive') isPossible = false;
        for (let n = 0; n < node.min && isPossible; n++) compile(node.item);
        if (node.max === Infinity) {
          const split = emit(2, here() + 1);
          compile(node.item);
          emit(3, split);
          program[split * 3 + 2] = here();
        } else {
          const splits: number[] = [];
          for (let n = node.min; n < node.max && isPossible; n++) { splits.push(emit(2, here() + 1)); compile(node.item); }
          for (const split of splits) program[split * 3 + 2] = here();
        }
        return;
      }
      default: isPossible = false;
    }
  };
  compile(pattern);
  emit(0);
  return isPossible ? { sets, program } : undefined;
}
