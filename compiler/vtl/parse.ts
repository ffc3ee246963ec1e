/** Velocity templates as syntax trees. The parser itself is in runtime/: a bundle whose template uses `#evaluate` needs it. */
import { parseTemplate } from '../../runtime/vtl/language/parser.js';
import type { Template } from '../../runtime/vtl/language/ast.js';

/** The tree of `text` with every problem found. Never throws. A template with problems cannot be emitted. */
export function parse(text: string): Template {
  return parseTemplate(text);
}

export type { Expression, Problem, Reference, Statement, Step, Template } from '../../runtime/vtl/language/ast.js';
