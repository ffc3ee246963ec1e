import { mixedForms } from './emit-mixed.js';
import { isPlain, literalsOf } from './emit-statics.js';
import { continues } from './emit-node.js';
import { WIDE } from './emit-table.js';
import type { RouteNode } from './route-tree.js';

/**
 * Weight of one function at most, in byte comparisons (about 20 bytes of bytecode each). V8 does not optimise a function of more than
 * 60 KB of bytecode, and compiles smaller ones sooner; a call costs less than a comparison or two.
 */
const LIMIT = Number(process.env.LIMIT ?? 250);
const CALL = 4;
/** Nesting of blocks in one function at most: parsers recurse. */
const HEIGHT = 10;

/** Which nodes become functions of their own, from the leaves up: a node too heavy for one function gives its heaviest children away. */
export function chooseSplit(root: RouteNode): Set<RouteNode> {
  const split = new Set<RouteNode>();
  weigh(root);
  return split;

  function weigh(node: RouteNode): { weight: number; height: number } {
    let weight = node.routes.size + node.greedy.size;
    const children: { node: RouteNode; weight: number; height: number; times: number }[] = [];
    const seen = new Map<RouteNode, { times: number }>();
    const literals = literalsOf(node);
    const wide = literals.filter(isPlain).length > WIDE;
    for (const { bytes, node: child } of literals) {
      weight += wide && isPlain({ bytes, node: child }) ? 3 : bytes.length + 3;
      const again = seen.get(child);
      if (again) { again.times++; continue; }
      const entry = { node: child, ...weigh(child), times: 1 };
      seen.set(child, entry);
      children.push(entry);
    }
    for (const { segment, node: child } of node.mixed.values()) {
      const times = mixedForms(segment).length;
      weight += segment.parts.length * 12 * times;
      children.push({ node: child, ...weigh(child), times });
    }
    if (node.variable) {
      weight += 6;
      children.push({ node: node.variable, ...weigh(node.variable), times: 1 });
    }
    const inline = children.filter((child) => continues(child.node)).sort((a, b) => b.weight * b.times - a.weight * a.times);
    let total = weight + children.reduce((sum, child) => sum + child.weight * child.times, 0);
    let height = 0;
    for (const child of inline) {
      if (total > LIMIT && child.weight > CALL || child.height >= HEIGHT || child.times > 1) {
        split.add(child.node);
        total -= (child.weight - CALL) * child.times;
      } else height = Math.max(height, child.height);
    }
    return { weight: total, height: height + 1 };
  }
}
