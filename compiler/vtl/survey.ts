/** What a template uses, before it is emitted: decides whether its variables can be JavaScript variables. */
import type { Statement, Template } from './parse.js';
import { visitStatements } from './visit.js';

export const BUILTINS = ['input', 'util', 'context', 'stageVariables'] as const;

export interface Survey {
  /** Names are not settled at build time: `#define`, `#evaluate`, macros that exist, or `$foreach` used as a variable. */
  readonly framed: boolean;
  readonly read: ReadonlySet<string>;
  /** By #set or a loop. */
  readonly assigned: ReadonlySet<string>;
  /** `$foreach` as an object: more than its index, count, hasNext, first, last. */
  readonly foreachObject: boolean;
  /** `$foreach`, `$input` or `$util` as values: method calls must expect them. */
  readonly specials: boolean;
  /** A #break or #stop that JavaScript's own statements cannot say: inside a string literal, or with a scope. */
  readonly signals: boolean;
}

const FOREACH_PROPERTIES: ReadonlySet<string> = new Set(['index', 'count', 'hasNext', 'first', 'last']);
const FOREACH_METHODS: ReadonlySet<string> = new Set(['hasNext', 'getIndex', 'getCount', 'getHasNext', 'isFirst', 'isLast', 'getFirst', 'getLast']);

export function isSimpleForeachStep(step: { kind: string; name?: string; arguments?: readonly unknown[] } | undefined): boolean {
  return step !== undefined && ((step.kind === 'property' && FOREACH_PROPERTIES.has(step.name!)) || (step.kind === 'method' && FOREACH_METHODS.has(step.name!) && step.arguments!.length === 0));
}

export function survey(template: Template): Survey {
  const read = new Set<string>(), assigned = new Set<string>();
  let framed = false, foreachObject = false, specials = false, signals = false;
  visitStatements(template.body, {
    statement(statement) {
      switch (statement.kind) {
        case 'set': if (statement.target.steps.length === 0) assigned.add(statement.name); break;
        case 'foreach': assigned.add(statement.variable); break;
        case 'define': case 'evaluate': framed = true; break;
        case 'call': if (template.macros.has(statement.name)) framed = true; break;
        case 'break': if (statement.scope) { foreachObject = true; signals = true; } break;
      }
    },
    expression(expression) {
      if (expression.kind === 'interpolation') visitStatements(expression.body, { statement(inner: Statement) { if (inner.kind === 'break' || inner.kind === 'stop') signals = true; } });
    },
    reference(reference, use) {
      if (use === 'assign' && reference.steps.length === 0) return;
      read.add(reference.root);
      if (reference.root === 'foreach' && !isSimpleForeachStep(reference.steps[0])) {
        foreachObject = specials = true;
        if (reference.steps.some((step) => step.kind === 'method' && step.name === 'stop')) signals = true;
      }
      if ((reference.root === 'input' || reference.root === 'util') && reference.steps.length === 0) specials = true;
    },
  });
  if (assigned.has('foreach')) framed = true;
  if (assigned.has('input') || assigned.has('util')) specials = true;
  return { framed, read, assigned, foreachObject, specials, signals };
}
