/** What `gwc render` prints: the text on standard output, what goes with it on standard error; or everything as one JSON object. */
import type { OverridesJson } from '../vtl/scope-from-json.js';
import type { Assignment } from '../vtl/trace.js';
import type { Format } from './common-options.js';

export interface Rendering {
  readonly output?: string;
  readonly overrides?: OverridesJson;
  /** Of a response, or what a mock's request template gives; with `error`: what the gateway answers. */
  readonly statusCode?: number;
  readonly error?: string;
  /** What else there is to know. */
  readonly note?: string;
}

export type Step = Assignment & { readonly at: string };

export function printRendering(rendering: Rendering, trace: readonly Step[] | null, format: Format): void {
  if (format === 'json') {
    const steps = trace?.map(({ at, variable, value, type, isLost }) => ({ at, variable, value, type, ...(isLost ? { isLost } : {}) }));
    process.stdout.write(JSON.stringify({ ...rendering, ...(steps ? { trace: steps } : {}) }) + '\n');
    return;
  }
  const lines = (trace ?? []).map(({ at, variable, value, type, isLost }) => `${at}  ${variable} = ${value}${type === '' ? '' : `  (${type})`}${isLost ? '  not set: what it belongs to is null' : ''}`);
  const { output, overrides, statusCode, error, note } = rendering;
  if (error !== undefined) lines.push(`the gateway answers ${statusCode}: ${error}`);
  else if (statusCode !== undefined) lines.push(`status ${statusCode}`);
  for (const [what, entries] of [['request path', overrides?.requestOverride.path], ['request querystring', overrides?.requestOverride.querystring], ['request header', overrides?.requestOverride.header], ['response header', overrides?.responseOverride.header]] as const) {
    for (const [name, value] of Object.entries(entries ?? {})) lines.push(`${what} ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  if (note !== undefined) lines.push(note);
  for (const line of lines) process.stderr.write(`${line}\n`);
  if (output !== undefined) process.stdout.write(process.stdout.isTTY && !output.endsWith('\n') ? `${output}\n` : output);
}
