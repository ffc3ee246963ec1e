/** One template through the generated code and through the interpreter, and when two results count as equal. */
import { emit } from '../emit.js';
import { load } from '../load.js';
import { parse } from '../parse.js';
import { interpretTemplate } from '../../../runtime/vtl/interpret.js';
import { TemplateError } from '../../../runtime/vtl/limits.js';
import type { Dialect } from '../dialect.js';
import type { TemplateScope } from '../../../runtime/vtl/scope.js';

export type Result = { readonly output: string } | { readonly error: string };

function attempt(render: () => string): Result {
  try {
    return { output: normal(render()) };
  } catch (error) {
    // Anything but the engine's own error is a bug: let the test fail with its stack.
    if (error instanceof TemplateError) return { error: error.message };
    throw error;
  }
}

export function byCode(template: string, scope: TemplateScope, dialect: Dialect): Result {
  const parsed = parse(template);
  const [problem] = parsed.problems;
  return problem ? { error: problem.message } : attempt(() => load(emit(parsed, { dialect }))(scope));
}

export function byInterpreter(template: string, scope: TemplateScope, dialect: Dialect): Result {
  const parsed = parse(template);
  const [problem] = parsed.problems;
  return problem ? { error: problem.message } : attempt(() => interpretTemplate(parsed, scope, dialect === 'aws'));
}

/** Identity hash codes (of printed arrays) differ from run to run. */
export function normal(output: string): string {
  return output.replace(/(\[[LBC][\w.]*;?|java\.util\.[\w$.]+)@[0-9a-f]+/g, '$1@');
}

/** Two errors are equal whatever they say. */
export function same(a: Result, b: Result): boolean {
  return 'output' in a ? 'output' in b && normal(a.output) === normal(b.output) : 'error' in b;
}
