import { code, join, type Code } from '../code.js';
import { type Emission, Position } from './emission.js';
import { byteTest } from './emit-mixed.js';
import { continues, emitCall, emitRoutes } from './emit-node.js';
import { emitTable, WIDE } from './emit-table.js';
import { FOLD, wireForms, type ByteTest } from './path-bytes.js';
import type { RouteNode } from './route-tree.js';

/** Literal bytes that lead to a node: one segment, or several that can only follow one another. */
export interface Literal { readonly bytes: readonly ByteTest[]; readonly node: RouteNode }

/**
 * The literal children of a node: a decision over single bytes that tell the literals apart, then a comparison of the bytes that
 * have not been looked at. Very many literals go through a table instead.
 */
export function emitStatics(node: RouteNode, at: Position, emission: Emission): Code {
  const literals = literalsOf(node);
  const plain = literals.filter(isPlain);
  const odd = literals.filter((literal) => !isPlain(literal));
  const parts = odd.map((literal) => emitLiteral(literal, at, NOTHING_KNOWN));
  if (plain.length > WIDE) parts.push(emitTable(plain, at, emission));
  else if (plain.length > 0) parts.push(emitDecision(plain.map(extend), at, NOTHING_KNOWN));
  return join(parts, '\n');

  function emitDecision(candidates: readonly Literal[], at: Position, known: Known): Code {
    if (candidates.length === 1) return emitLiteral(candidates[0]!, at, known);
    const shortest = candidates.reduce((a, b) => (b.bytes.length < a.bytes.length ? b : a));
    const position = tellingPosition(candidates, shortest.bytes.length, known);
    if (position < 0) {
      // The shortest is the beginning of all the others.
      const others = candidates.filter((candidate) => candidate !== shortest);
      return join([emitLiteral(shortest, at, known), emitDecision(others, at, known)], '\n');
    }
    const length = Math.max(known.length, position + 1);
    const groups = new Map<number, Literal[]>();
    for (const candidate of candidates) {
      const byte = candidate.bytes[position]!;
      groups.set(byte, [...(groups.get(byte) ?? []), candidate]);
    }
    const next: Known = { length, positions: new Set([...known.positions, position]) };
    const cases = [...groups].sort(([a], [b]) => a - b).map(([byte, group]) => code`case ${byte}:\n${emitDecision(group, at, next)}\nbreak;`);
    const decision = code`switch (${at.plus(position).byte}) {\n${join(cases, '\n')}\n}`;
    return known.length > position ? decision : code`if (${at.plus(position).code} < end) {\n${decision}\n}`;
  }

  function emitLiteral({ bytes, node: next }: Literal, at: Position, known: Known): Code {
    const stop = at.plus(bytes.length);
    const onEnd = emitRoutes(next.routes, emission);
    const goesOn = continues(next);
    const both = goesOn && !onEnd.isEmpty;
    const tests: Code[] = [];
    if (!goesOn) tests.push(code`end === ${stop.code}`);
    else if (!both) tests.push(code`end > ${stop.code}`);
    else if (known.length < bytes.length) tests.push(code`end >= ${stop.code}`);
    bytes.forEach((byte, index) => { if (!known.positions.has(index)) tests.push(byteTest(at.plus(index), byte)); });
    if (goesOn && !both) tests.push(byteTest(stop, 0x2f));
    const body = !goesOn ? onEnd
      : !both ? emitCall(next, stop.plus(1), emission)
        : code`if (end === ${stop.code}) {\n${onEnd}\n} else if (${stop.byte} === 47) {\n${emitCall(next, stop.plus(1), emission)}\n}`;
    return tests.length === 0 ? body : code`if (${join(tests, ' && ')}) {\n${body}\n}`;
  }
}

/** What is known of the path from here: it has at least `length` more bytes, those at `positions` are right. */
interface Known { readonly length: number; readonly positions: ReadonlySet<number> }
const NOTHING_KNOWN: Known = { length: 0, positions: new Set() };

/** In the order of their bytes; a text that clients send in two forms is there twice. */
export function literalsOf(node: RouteNode): Literal[] {
  return [...node.statics].sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { text, node: next }]) => wireForms(text).map((bytes) => ({ bytes, node: next })));
}

/** Neither empty nor with bytes that come in two forms. */
export function isPlain({ bytes }: Literal): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte < FOLD);
}

/** Takes in the segments below while there is only one way on: `actions/runs` is compared in one go. */
function extend(literal: Literal): Literal {
  let { bytes, node } = literal;
  while (node.statics.size === 1 && node.routes.size === 0 && node.mixed.size === 0 && !node.variable && node.greedy.size === 0) {
    const [only, otherForm] = literalsOf(node);
    if (otherForm || !isPlain(only!)) break;
    bytes = [...bytes, 0x2f, ...only!.bytes];
    node = only!.node;
  }
  return { bytes, node };
}

/** The position below `limit` at which the literals differ most; -1 when they are all equal there. */
function tellingPosition(literals: readonly Literal[], limit: number, known: Known): number {
  let best = -1;
  let bestCount = 1;
  for (let position = 0; position < limit; position++) {
    if (known.positions.has(position)) continue;
    const count = new Set(literals.map(({ bytes }) => bytes[position])).size;
    if (count > bestCount) [best, bestCount] = [position, count];
  }
  return best;
}
