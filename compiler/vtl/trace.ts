/** What a template does to its variables, step by step: `gwc render -v`. */
import { interpretTemplate } from '../../runtime/vtl/interpret.js';
import type { TemplateScope } from '../../runtime/vtl/scope.js';
import { stringOf } from '../../runtime/vtl/text.js';
import { classOf, type Value } from '../../runtime/vtl/values.js';
import type { Statement, Template } from './parse.js';
import { visitStatements } from './visit.js';

export interface Assignment {
  /** Where the `#set` or `#foreach` stands in the template; null inside the text of an `#evaluate`. */
  readonly offset: number | null;
  /** The reference as written: `$total`, `$context.responseOverride.status`. */
  readonly variable: string;
  /** JSON of the value, cut after 200 characters. */
  readonly value: string;
  /** Java's class, without its package; '' for null. */
  readonly type: string;
  /** Part of something that is null: nothing was set. */
  readonly isLost: boolean;
}

/** Renders `template`, which has no problems, as API Gateway does. Throws TemplateError, after what led to it was told. */
export function traceTemplate(template: Template, scope: TemplateScope, tell: (assignment: Assignment) => void): string {
  const own = new Set<Statement>();
  for (const body of [template.body, ...[...template.macros.values()].map((macro) => macro.body)]) visitStatements(body, { statement: (statement) => { own.add(statement); } });
  return interpretTemplate(template, scope, true, (statement, value, isLost) => tell({
    offset: own.has(statement) ? statement.offset : null,
    variable: statement.kind === 'set' ? statement.target.source : `$${statement.variable}`,
    value: preview(value),
    type: value === null ? '' : classOf(value).name.replace(/^.*\./, ''),
    isLost,
  }));
}

const LONGEST = 200;
const DEEPEST = 6;

/** Not jsonText: what is shown must not count as the template's own work, nor fail. */
function preview(value: Value): string {
  const text = json(value, LONGEST, DEEPEST);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** At least the first `room` characters. */
function json(value: Value, room: number, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room + 1));
  if (value === null || typeof value !== 'object') return String(value);
  if (value.kind === 'map' || value.kind === 'list' || value.kind === 'array' || value.kind === 'view') {
    const isMap = value.kind === 'map';
    if (depth === 0) return isMap ? '{…}' : '[…]';
    let text = isMap ? '{' : '[';
    const items = isMap ? value.keys() : value.kind === 'view' ? value.items() : value.items;
    for (const item of items) {
      if (text.length > room) return text;
      text += `${text.length > 1 ? ', ' : ''}${isMap ? `${JSON.stringify(typeof item === 'string' ? item : String(item))}: ${json(value.get(item), room - text.length, depth - 1)}` : json(item, room - text.length, depth - 1)}`;
    }
    return text + (isMap ? '}' : ']');
  }
  // A block of #define would run when it is printed, and $input and $util have no text.
  if (value.kind === 'special' || value.kind === 'iterator') return classOf(value).name.replace(/^.*[.$]/, '');
  if (value.kind === 'entry') return `${json(value.key, room, depth - 1)}: ${json(value.value, room, Math.max(0, depth - 1))}`;
  return stringOf(value);
}
