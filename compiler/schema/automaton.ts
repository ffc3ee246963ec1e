/** From a regular expression's tree to a program for `runtime/validate/automaton` (Thompson's construction). */
import type { RegexNode } from './regex-syntax.js';

/**
 * `sets`: source of each character set. `program`: three numbers per instruction, [operation, a, b].
 * 0 match · 1 set a, go on at the next · 2 go to a or b · 3 go to a · 4 assert (a: 0 start, 1 end, 2 word boundary, 3 none).
 */
export interface Automaton { readonly sets: readonly string[]; readonly program: readonly number[] }

const MAX_INSTRUCTIONS = 8000;
const ASSERT = { '^': 0, '$': 1, b: 2, B: 3 } as const;

/** undefined when the repetitions spell out to more than 8000 instructions. */
export function compileAutomaton(tree: RegexNode): Automaton | undefined {
  const sets: string[] = [];
  const program: number[] = [];
  let tooLarge = false;

  const emit = (operation: number, a = 0, b = 0): number => {
    if (program.length >= MAX_INSTRUCTIONS * 3) tooLarge = true;
    return program.push(operation, a, b) / 3 - 1;
  };
  const here = (): number => program.length / 3;

  function compile(node: RegexNode): void {
    if (tooLarge) return;
    switch (node.kind) {
      case 'set': {
        let index = sets.indexOf(node.set);
        if (index < 0) index = sets.push(node.set) - 1;
        emit(1, index);
        return;
      }
      case 'assert': emit(4, ASSERT[node.what]); return;
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
      case 'repeat': {
        for (let n = 0; n < node.min && !tooLarge; n++) compile(node.item);
        if (node.max === Infinity) {
          const split = emit(2, here() + 1);
          compile(node.item);
          emit(3, split);
          program[split * 3 + 2] = here();
        } else {
          const splits: number[] = [];
          for (let n = node.min; n < node.max && !tooLarge; n++) {
            splits.push(emit(2, here() + 1));
            compile(node.item);
          }
          for (const split of splits) program[split * 3 + 2] = here();
        }
      }
    }
  }

  compile(tree);
  emit(0);
  return tooLarge ? undefined : { sets, program };
}
