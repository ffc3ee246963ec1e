import { code, EMPTY, join, type Code } from '../code.js';
import { type Call, type Emission, Position } from './emission.js';

/**
 * Statements of the generated matcher that do not know yet where they will stand: inline, or in a function of their own. They match
 * the path from `at` on and return the route's index. Falling out at the bottom means that nothing matched, so alternatives
 * simply follow one another in the order of precedence; that is all there is to backtracking.
 */
export class Block {
  constructor(
    /** Size, in comparisons of a byte: about 20 bytes of bytecode each. */
    readonly weight: number,
    /** Blocks inside one another. */
    readonly height: number,
    readonly emit: (at: Position, emission: Emission) => Code,
  ) {}
}

export const NOTHING = new Block(0, 0, () => EMPTY);

/**
 * Weight of one function at most. V8 never optimises a function of more than 60 KB of bytecode, compiles a small one sooner, and
 * the mere presence of code does not slow down code beside it, while each call costs as much as a comparison or two.
 */
const LIMIT = 600;
/** Blocks inside one another in one function at most: parsers recurse. */
const HEIGHT = 30;
const CALL_WEIGHT = 4;

/**
 * A block that holds `children` and `own` weight besides. Children that would make it too large become functions, the heaviest first.
 * `emit` is given what to emit in place of each child.
 */
export function enclose(children: readonly Block[], own: number, emit: (children: readonly Block[], at: Position, emission: Emission) => Code): Block {
  const fitted = [...children];
  let weight = children.reduce((sum, child) => sum + child.weight, own);
  const byWeight = children.map((child, index) => ({ child, index })).sort((a, b) => b.child.weight - a.child.weight);
  for (const { child, index } of byWeight) {
    if ((weight <= LIMIT || child.weight <= CALL_WEIGHT) && child.height < HEIGHT) continue;
    fitted[index] = asFunction(child);
    weight += CALL_WEIGHT - child.weight;
  }
  const height = fitted.reduce((highest, child) => Math.max(highest, child.height), 0) + 1;
  return new Block(weight, height, (at, emission) => emit(fitted, at, emission));
}

/** One after the other. */
export function sequence(blocks: readonly Block[]): Block {
  const present = blocks.filter((block) => block !== NOTHING);
  if (present.length === 0) return NOTHING;
  if (present.length === 1) return present[0]!;
  return enclose(present, 0, (children, at, emission) => join(children.map((child) => child.emit(at, emission)), '\n'));
}

/** The block as a call of a function; however often it is emitted, the function is declared once. */
export function asFunction(block: Block): Block {
  return new Block(CALL_WEIGHT, 0, (at, emission) => {
    let call = emission.functions.get(block);
    if (!call) emission.functions.set(block, (call = declareFunction(block, emission)));
    const found = emission.names.next('found');
    return code`const ${found} = ${call(at.code)};\nif (${found} >= 0) return ${found};`;
  });
}

/** Declares a function that gives the route's index or -1; returns how to call it for a place in the path. */
export function declareFunction(block: Block, emission: Emission): Call {
  const body = block.emit(new Position(code`at`), emission);
  const needsMethod = body.items.some((item) => typeof item === 'string' && /\bmethod\b/.test(item));
  const name = emission.names.next('match');
  emission.declarations.push(code`function ${name}(target: Uint8Array, at: number, end: number${needsMethod ? code`, method: number` : EMPTY}): number {\n${body}\nreturn -1;\n}`);
  return (at) => code`${name}(target, ${at}, end${needsMethod ? code`, method` : EMPTY})`;
}
