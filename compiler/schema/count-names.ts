/**
 * Ajv's optimiser first counts how often each name is used: every statement adds up those of the statements in it, which is work by size × depth, and was
 * two fifths of what compiling validators took. Counted in one walk the figures, and so the text, are the same.
 */
import type { CodeGen } from 'ajv';

/** Uses by name. */
type Counts = Record<string, number>;
/** Ajv's `Name` (without items) or `_Code`. */
interface Expression { readonly str: string; readonly _items?: readonly (Expression | string | number | boolean | null)[] }

/** A statement of Ajv's; with `nodes` a block. */
interface Statement {
  readonly nodes?: readonly Statement[];
  /** Of an assignment or a definition; of other code. A name that is assigned to is not used by that. */
  readonly lhs?: Expression;
  readonly rhs?: Expression | number | boolean | null;
  readonly code?: Expression;
  readonly error?: Expression;
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
  Object.defineProperty(root, 'names', { get: () => {
    const counts = Object.create(null) as Counts;
    countStatement(root, counts);
    return counts;
  } });
}

function countStatement(statement: Statement, counts: Counts): void {
  const { nodes } = statement;
  if (nodes === undefined) {
    if (statement.lhs?._items !== undefined) countExpression(statement.lhs, counts);
    countExpression(statement.rhs, counts);
    countExpression(statement.code, counts);
    countExpression(statement.error, counts);
    return;
  }
  for (const node of nodes) countStatement(node, counts);
  countExpression(statement.condition, counts);
  countExpression(statement.iteration, counts);
  countExpression(statement.from, counts);
  countExpression(statement.to, counts);
  countExpression(statement.iterable, counts);
  if (statement.else) countStatement(statement.else, counts);
  if (statement.catch) countStatement(statement.catch, counts);
  if (statement.finally) countStatement(statement.finally, counts);
}

function countExpression(expression: Expression | number | boolean | null | undefined, counts: Counts): void {
  if (typeof expression !== 'object' || expression === null) return;
  if (expression._items === undefined) counts[expression.str] = (counts[expression.str] ?? 0) + 1;
  // What is not a name is text by now, or code taken apart into such items.
  else for (const item of expression._items) if (typeof item === 'object' && item !== null && item._items === undefined) counts[item.str] = (counts[item.str] ?? 0) + 1;
}
