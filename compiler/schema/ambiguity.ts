/**
 * How many ways a backtracking engine can try a text, from the pattern's automaton: one product of it with itself, and which of its
 * states lie on cycles together (Weber & Seidl 1991, "On the degree of ambiguity of finite automata"). Long counted
 * repetitions are taken for endless ones; what is called 'none' is linear.
 */
import type { Program } from '../thompson.js';
import { compileAutomaton } from './automaton.js';
import type { RegexNode } from './regex-syntax.js';
import { components } from './strongly-connected.js';

export type Ambiguity = 'none' | 'polynomial' | 'exponential';

const MAX_POSITIONS = 120;
/** ASCII and Latin-1, and characters of scripts and planes beyond: enough to tell sets of real patterns apart. */
const SAMPLES = [...Array(256).keys(), 0x100, 0x17f, 0x3b1, 0x416, 0x5d0, 0x627, 0x905, 0x2028, 0x20ac, 0x3042, 0x30a2, 0x4e2d, 0xac00, 0xfeff, 0x1f642, 0x20000];

/** undefined when the pattern is too large to tell. */
export function ambiguity(tree: RegexNode, flags: string): Ambiguity | undefined {
  if (repeatsNothing(tree)) return 'exponential';
  const automaton = compileAutomaton(clipped(tree));
  if (!automaton) return undefined;
  const graph = positions(automaton, flags);
  return graph && judge(graph);
}

/** Counted repetitions above this are taken for endless ones: 30 times two ways are as bad as any number of times. */
const FEW = 4;

/** `(a?){30}`: every iteration may read nothing, and counted ones are not given up for it. */
function repeatsNothing(node: RegexNode): boolean {
  switch (node.kind) {
    case 'set': case 'assert': return false;
    case 'sequence': case 'choice': return node.items.some(repeatsNothing);
    case 'repeat': return repeatsNothing(node.item) || (isNullable(node.item) && (node.min > FEW || (node.max > FEW && node.max !== Infinity)));
  }
}

function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case 'set': return false;
    case 'assert': return true;
    case 'sequence': return node.items.every(isNullable);
    case 'choice': return node.items.some(isNullable);
    case 'repeat': return node.min === 0 || isNullable(node.item);
  }
}

/** Long repetitions as endless ones, short ones as they are: what matters is whether the number of ways is bounded. */
function clipped(node: RegexNode): RegexNode {
  switch (node.kind) {
    case 'set': case 'assert': return node;
    case 'sequence': case 'choice': return { kind: node.kind, items: node.items.map(clipped) };
    case 'repeat': {
      const min = Math.min(node.min, 2), spread = node.max - node.min;
      const isEndless = spread >= 8 || (node.item.kind !== 'set' && node.max > FEW);
      return { kind: 'repeat', item: clipped(node.item), min, max: isEndless ? Infinity : min + spread };
    }
  }
}

/** Characters the automaton can have read last; 0 stands for none: the search that goes on to begin at the next character. */
interface Positions { readonly count: number; readonly next: readonly ReadonlyMap<number, number>[]; overlaps(a: number, b: number): boolean }

function positions({ sets, program }: Program, flags: string): Positions | undefined {
  const states: number[] = [-1];
  const indexOf = new Map<number, number>();
  for (let state = 0; state < program.length / 3; state++) {
    if (program[state * 3] !== 1) continue;
    indexOf.set(state, states.length);
    states.push(state);
  }
  if (states.length > MAX_POSITIONS) return undefined;
  const members = sets.map((set) => {
    const regexp = new RegExp(`^${set}$`, flags);
    return SAMPLES.map((code) => regexp.test(String.fromCodePoint(code)));
  });
  const shared = members.map((a) => members.map((b) => a.some((isIn, index) => isIn && b[index])));
  const setOf = (position: number): number => program[states[position]! * 3 + 1]!;
  const next = states.map((state, position) => follow(program, indexOf, position === 0 ? 0 : state + 1, position === 0));
  // Reading any of these is a match already: the engine stops, nothing is tried again.
  const final = next.map((targets) => targets === undefined);
  const edges = next.map((targets, position) => {
    const map = new Map<number, number>([...(targets ?? [])].filter(([target]) => !final[target]));
    if (position === 0 && targets) map.set(0, 1);
    return map;
  });
  return { count: states.length, next: edges, overlaps: (a, b) => a === 0 || b === 0 || shared[setOf(a)]![setOf(b)]! };
}

/**
 * Positions reachable without reading, with the number of ways (2 = several). undefined when that is a match. `isSearch`: from the
 * middle of a text, where `^` does not hold.
 */
function follow(program: readonly number[], indexOf: ReadonlyMap<number, number>, start: number, isSearch: boolean): Map<number, number> | undefined {
  const found = new Map<number, number>();
  let matched = false;
  let budget = 5000;
  // Loops whose iteration began on this way: ECMA-262 gives up an iteration that reads nothing (RepeatMatcher).
  const begun = new Set<number>();
  const visit = (state: number, isSure: boolean): void => {
    if (--budget < 0) return;
    const operation = program[state * 3]!, a = program[state * 3 + 1]!, b = program[state * 3 + 2]!;
    if (operation === 1) {
      const position = indexOf.get(state)!;
      found.set(position, Math.min(2, (found.get(position) ?? 0) + 1));
      return;
    }
    if (operation === 0) { matched ||= isSure; return; }
    if (operation === 2) {
      const isNew = !begun.has(state);
      begun.add(state);
      visit(a, isSure);
      if (isNew) begun.delete(state);
      visit(b, isSure);
    } else if (operation === 3) {
      if (a > state || !begun.has(a)) visit(a, isSure);
    } else if (!(isSearch && a === 0)) visit(state + 1, false);
  };
  visit(start, true);
  return matched ? undefined : found;
}

function judge({ count, next, overlaps }: Positions): Ambiguity {
  const edges = new Map<string, string[]>();
  const pairs: [number, number][] = [];
  const seen = new Set<number>();
  const add = (a: number, b: number): string => {
    if (!seen.has(a * count + b)) { seen.add(a * count + b); pairs.push([a, b]); }
    return `${a},${b}`;
  };
  // From every pair of equal positions: whatever is reachable in a pattern can be reached by some text.
  for (let position = 0; position < count; position++) add(position, position);
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [a, b] = pair;
    const targets: string[] = [];
    for (const [x, ways] of next[a]!) {
      for (const [y] of next[b]!) {
        if (!overlaps(x, y)) continue;
        targets.push(add(x, y));
        // Several ways to the same position: two runs part, and are together again at once.
        if (a === b && x === y && ways > 1) {
          const detour = `${a},${a}/${x}`;
          targets.push(detour);
          edges.set(detour, [`${x},${x}`]);
        }
      }
    }
    edges.set(`${a},${b}`, targets);
  }
  const { componentOf } = components([...edges.keys()], (node) => edges.get(node)!);
  const isEqual = (node: string): boolean => !node.includes('/') && node.split(',')[0] === node.split(',')[1];
  const equalIn = new Set([...edges.keys()].filter(isEqual).map((node) => componentOf.get(node)!));
  let result: Ambiguity = 'none';
  for (const [node, targets] of edges) {
    if (isEqual(node)) continue;
    const component = componentOf.get(node)!;
    if (equalIn.has(component)) return 'exponential';
    // Two runs that can stay apart for any number of characters.
    if (targets.some((target) => componentOf.get(target) === component)) result = 'polynomial';
  }
  return result;
}
