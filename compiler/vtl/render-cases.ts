/** Many renderings in one process: what `gwc render --jsonl` reads and prints. */
import type { Json } from '../code.js';
import { PayloadError, TemplateError } from '../../runtime/vtl/limits.js';
import type { Render } from '../../runtime/vtl/render.js';
import type { Dialect } from './dialect.js';
import { emit } from './emit.js';
import { load } from './load.js';
import { parse } from './parse.js';
import { overridesOf, scopeFromJson } from './scope-from-json.js';
import type { OverridesJson, ScopeSource } from './scope-from-json.js';

/** One line of input: `body` is text, or JSON that is then written as text. `dialect` defaults to aws. */
export interface RenderCase extends Omit<ScopeSource, 'body'> {
  readonly id?: Json;
  readonly template: string;
  readonly body?: Json;
  readonly dialect?: Dialect;
}

export type RenderResult = { readonly id: Json; readonly output: string; readonly overrides: OverridesJson } | { readonly id: Json; readonly error: string };

/** For each line of JSON a line of JSON, in order. Blank lines are skipped. A line that is no case gives an error with its number as id. */
export async function* renderCases(lines: AsyncIterable<string>): AsyncIterable<string> {
  const compiled = new Map<string, Render | string>();
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      parsed = undefined;
    }
    if (compiled.size > 5000) compiled.clear();
    yield JSON.stringify(isCase(parsed) ? renderCase(parsed, compiled, number) : { id: (parsed as { id?: Json } | undefined)?.id ?? number, error: 'not a case: {"id", "template", "body", "params", "context", "stageVariables", "dialect"} is expected' });
  }
}

function isCase(value: unknown): value is RenderCase {
  if (typeof value !== 'object' || value === null) return false;
  const { template, dialect } = value as { template?: unknown; dialect?: unknown };
  return typeof template === 'string' && (dialect === undefined || dialect === null || dialect === 'aws' || dialect === 'velocity');
}

export function renderCase(input: RenderCase, compiled: Map<string, Render | string> = new Map(), fallbackId: Json = null): RenderResult {
  const id = input.id ?? fallbackId;
  const dialect = input.dialect ?? 'aws';
  const key = `${dialect}\0${input.template}`;
  let render = compiled.get(key);
  if (render === undefined) {
    const template = parse(input.template);
    const [problem] = template.problems;
    render = problem ? `${problem.message} (at ${position(input.template, problem.offset)})` : load(emit(template, { dialect }));
    compiled.set(key, render);
  }
  if (typeof render === 'string') return { id, error: render };
  const body = typeof input.body === 'string' ? input.body : input.body === undefined || input.body === null ? '' : JSON.stringify(input.body);
  try {
    const scope = scopeFromJson({ ...input, body, params: input.params ?? {}, context: input.context ?? {}, stageVariables: input.stageVariables ?? {} }, dialect);
    const output = render(scope);
    return { id, output, overrides: overridesOf(scope) };
  } catch (error) {
    if (error instanceof PayloadError) return { id, error: `Could not process payload: ${error.message}` };
    if (error instanceof TemplateError) return { id, error: error.message };
    throw error;
  }
}

/** 1-based line:column of an offset in a text. */
function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}
