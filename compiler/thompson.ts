/** Thompson's construction: the tree of a regular expression → a program for an automaton that follows all ways at once. */

/**
 * `sets`: the texts that describe each set of characters. `program`: three numbers per instruction, [operation, a, b]: 0 match · 1 a character of set a, go on
 * at the next · 2 go to a or, if that leads nowhere, to b · 3 go to a · 4 assert a, go on at the next · 5 remember the place as number a · 6 go on at the next unless
 * a character of set a comes.
 */
export interface Program { readonly sets: readonly string[]; readonly program: readonly number[] }

/** What a node of any syntax's tree comes down to. */
export type Part<Node> =
  | { readonly kind: 'set'; readonly set: string }
  | { readonly kind: 'assert'; readonly assertion: number }
  /** No character of the set comes. */
  | { readonly kind: 'except'; readonly set: string }
  /** Group `number`: its places are remembered as 2 × number and 2 × number + 1. */
  | { readonly kind: 'capture'; readonly number: number; readonly item: Node }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number; /** The fewest first: what matters where places are remembered. */ readonly isLazy?: boolean };

/** `partOf`: undefined for what no automaton can do. The answer is undefined for that, and for what spells out to more than `limit` instructions. */
export function thompson<Node>(tree: Node, limit: number, partOf: (node: Node) => Part<Node> | undefined): Program | undefined {
  const sets: string[] = [];
  const program: number[] = [];
  let isPossible = true;

  const here = (): number => program.length / 3;
  const emit = (operation: number, a = 0, b = 0): number => {
    if (program.length >= limit * 3) isPossible = false;
    return program.push(operation, a, b) / 3 - 1;
  };
  const swap = (split: number): void => {
    const first = program[split * 3 + 1]!;
    program[split * 3 + 1] = program[split * 3 + 2]!;
    program[split * 3 + 2] = first;
  };
  const compile = (node: Node): void => {
    if (!isPossible) return;
    const part = partOf(node);
    switch (part?.kind) {
      case undefined: isPossible = false; return;
      case 'set': case 'except': {
        const known = sets.indexOf(part.set);
        emit(part.kind === 'set' ? 1 : 6, known < 0 ? sets.push(part.set) - 1 : known);
        return;
      }
      case 'capture': {
        emit(5, 2 * part.number);
        compile(part.item);
        emit(5, 2 * part.number + 1);
        return;
      }
      case 'assert': emit(4, part.assertion); return;
      case 'sequence': for (const item of part.items) compile(item); return;
      case 'choice': {
        const jumps: number[] = [];
        part.items.forEach((item, index) => {
          if (index === part.items.length - 1) return compile(item);
          const split = emit(2, here() + 1);
          compile(item);
          jumps.push(emit(3));
          program[split * 3 + 2] = here();
        });
        for (const jump of jumps) program[jump * 3 + 1] = here();
        return;
      }
      case 'repeat': {
        for (let n = 0; n < part.min && isPossible; n++) compile(part.item);
        if (part.max === Infinity) {
          const split = emit(2, here() + 1);
          compile(part.item);
          emit(3, split);
          program[split * 3 + 2] = here();
          if (part.isLazy) swap(split);
        } else {
          const splits: number[] = [];
          for (let n = part.min; n < part.max && isPossible; n++) { splits.push(emit(2, here() + 1)); compile(part.item); }
          for (const split of splits) { program[split * 3 + 2] = here(); if (part.isLazy) swap(split); }
        }
      }
    }
  };
  compile(tree);
  emit(0);
  return isPossible ? { sets, program } : undefined;
}
