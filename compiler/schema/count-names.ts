/**
 * Ajv's optimiser first counts how often each name is used: every statement adds up those of the statements in it, which is work by size × depth, and was
 * two fifths of what compiling validators took. Counted in one walk the figures, and so the text, are the same.
 */
import type { CodeGen } from 'ajv';

/** Uses by name. */
type Counts = Record<string, number>;
interface Expression { readonly names: Counts }
/** A statement of Ajv's; with `nodes` a block. */
interface Statement {
  readonly names: Counts;
  readonly nodes?: readonly Statement[];
  /** Of an `if`, and of the kinds of `for`. */
  readonly condition?: Expression | boolean;
  readonly iteration?: Expression;
  readonly from?: Expression | number;
  readonly to?: Expression | number;
  readonly iterable?: Expression;
  readonly else?: Statement;
  readonly catch?: Statement;
  readonly finally?: Statement;
}

const counted = new WeakSet<Statement>();

/** Has the names of `gen`'s function counted in one walk. */
export function countNamesOnce(gen: CodeGen): void {
  const [root] = (gen as unknown as { readonly _nodes: readonly Statement[] })._nodes;
  if (root === undefined || counted.has(root)) return;
  counted.add(root);
  Object.defineProperty(root, 'names', { get: () => count(root, Object.create(null) as Counts) });
}

function count(statement: Statement, counts: Counts): Counts {
  if (statement.nodes === undefined) return add(statement.names, counts);
  for (const node of statement.nodes) count(node, counts);
  const { condition, iteration, from, to, iterable } = statement;
  for (const expression of [condition, iteration, from, to, iterable]) if (typeof expression === 'object') add(expression.names, counts);
  for (const block of [statement.else, statement.catch, statement.finally]) if (block) count(block, counts);
  return counts;
}

function add(names: Counts, counts: Counts): Counts {
  for (const name in names) counts[name] = (counts[name] ?? 0) + names[name]!;
  return counts;
}
