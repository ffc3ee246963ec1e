import { code, join, type Code } from '../code.js';
import { asFunction, type Block, enclose, NOTHING, sequence } from './block.js';
import { type Emission, type Position, SEGMENT_END } from './emission.js';
import { byteTest } from './match-mixed.js';
import { emitAfter } from './match-end.js';
import { literalPaths } from './literal-paths.js';
import { FOLD, type ByteTest } from './path-bytes.js';
import type { MethodMap, RouteNode } from './route-tree.js';

/** Literal bytes, what ends after them, and what goes on after a slash. */
export interface Literal {
  /** One segment, or several that can only follow one another. */
  readonly bytes: readonly ByteTest[];
  /** Length of the first segment. */
  readonly firstLength: number;
  readonly routes: MethodMap;
  readonly onward: Block;
}

/** What is known of the path from here: it has at least `length` more bytes, those at `positions` are right. */
interface Known { readonly length: number; readonly positions: ReadonlySet<number> }

/** Literals that are beginnings of one another are tried in turn up to this many. */
const CHAIN = 4;

/** The literal children of a node, in the order of their bytes; a text that clients send in two forms is there twice. */
export function literalsOf(node: RouteNode, matchOnward: (node: RouteNode) => Block): Literal[] {
  return literalPaths(node).flatMap(({ forms, firstLengths, node: next }) => {
    const onward = matchOnward(next);
    return forms.map((bytes, form) => ({
      bytes,
      firstLength: firstLengths[form]!,
      routes: next.routes,
      onward: forms.length > 1 && onward !== NOTHING ? asFunction(onward) : onward,
    }));
  });
}

/**
 * A decision over single bytes that tell the literals apart, then a comparison of the bytes that have not been looked at. Its depth grows with
 * the logarithm of the number of literals.
 */
export function matchLiterals(literals: readonly Literal[]): Block {
  return literals.length === 0 ? NOTHING : decide(literals, { length: 0, positions: new Set() });
}

function decide(literals: readonly Literal[], known: Known): Block {
  if (literals.length === 1) return matchLiteral(literals[0]!, known);
  const shortest = literals.reduce((a, b) => (b.bytes.length < a.bytes.length ? b : a));
  const telling = tellingPosition(literals, shortest.bytes.length, known);
  if (telling) return decideByByte(literals, telling, known);
  // The shortest is the beginning of all the others.
  if (literals.length > CHAIN) return decideByLength(literals, known);
  const others = decide(literals.filter((literal) => literal !== shortest), known);
  return sequence([matchLiteral(shortest, known), others]);
}

function decideByByte(literals: readonly Literal[], { position, fold }: Telling, known: Known): Block {
  const groups = groupBy(literals, ({ bytes }) => valueAt(bytes, position, fold));
  const length = Math.max(known.length, position + 1);
  const blocks = groups.map(([, group]) => {
    const settled = !fold || group.every(({ bytes }) => bytes[position]! >= FOLD);
    return decide(group, { length, positions: settled ? new Set([...known.positions, position]) : known.positions });
  });
  return enclose(blocks, groups.length + 3, (cases, at, emission) => {
    const byte = at.plus(position).byte;
    const decision = emitSwitch(fold ? code`${byte} & 223` : byte, groups.map(([value]) => value), cases, at, emission);
    return position < known.length ? decision : code`if (${at.plus(position).code} < end) {\n${decision}\n}`;
  });
}

/** When many literals are beginnings of one another: by the length of the segment. */
function decideByLength(literals: readonly Literal[], known: Known): Block {
  const groups = groupBy(literals, ({ firstLength }) => firstLength);
  const blocks = groups.map(([length, group]) => decide(group, { length: Math.max(known.length, length), positions: known.positions }));
  return enclose(blocks, groups.length + 8, (cases, at, emission) => {
    const stop = emission.names.next('to');
    const scan = code`const ${stop} = ${SEGMENT_END}(target, ${at.code}, end);`;
    return join([scan, emitSwitch(code`${stop} - (${at.code})`, groups.map(([length]) => length), cases, at, emission)], '\n');
  });
}

function emitSwitch(value: Code, labels: readonly number[], blocks: readonly Block[], at: Position, emission: Emission): Code {
  const cases = labels.map((label, index) => code`case ${label}: {\n${blocks[index]!.emit(at, emission)}\nbreak;\n}`);
  return code`switch (${value}) {\n${join(cases, '\n')}\n}`;
}

function matchLiteral({ bytes, routes, onward }: Literal, known: Known): Block {
  const open = bytes.map((byte, index) => ({ byte, index })).filter(({ index }) => !known.positions.has(index));
  return enclose([onward], open.length + routes.size + 3, ([next], at, emission) => {
    const tests = open.map(({ byte, index }) => byteTest(at.plus(index), byte));
    return emitAfter(routes, next!, at.plus(bytes.length), tests, known.length >= bytes.length, emission);
  });
}

interface Telling { readonly position: number; readonly fold: boolean }

/** The position below `limit` at which the literals differ most; undefined when they are all alike there. */
function tellingPosition(literals: readonly Literal[], limit: number, known: Known): Telling | undefined {
  let best: Telling | undefined;
  let bestCount = 1;
  for (let position = 0; position < limit; position++) {
    if (known.positions.has(position)) continue;
    const fold = literals.some(({ bytes }) => bytes[position]! >= FOLD);
    const count = new Set(literals.map(({ bytes }) => valueAt(bytes, position, fold))).size;
    if (count > bestCount) {
      best = { position, fold };
      bestCount = count;
    }
  }
  return best;
}

/** `fold`: bytes that differ only in the bit between upper and lower case count as one. */
function valueAt(bytes: readonly ByteTest[], position: number, fold: boolean): number {
  return fold ? bytes[position]! & 0xdf : bytes[position]!;
}

/** In ascending order of the key. */
function groupBy(literals: readonly Literal[], key: (literal: Literal) => number): [number, Literal[]][] {
  const groups = new Map<number, Literal[]>();
  for (const literal of literals) {
    const group = groups.get(key(literal));
    if (group) group.push(literal);
    else groups.set(key(literal), [literal]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}
