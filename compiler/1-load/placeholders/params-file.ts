import { extname, resolve } from 'node:path';
import type { Json } from '../../code.js';
import type { Sources } from '../../diagnostics/locate.js';
import type { Reporter } from '../../diagnostics/report.js';
import { escapePointer } from '../node.js';
import { parseSource } from '../parse-source.js';
import { readText } from '../read-file.js';
import { setOwn } from '../set-own.js';
import * as diagnostics from './diagnostics.js';
import { parseTfvars, TfvarsFault } from './tfvars.js';

/** The names and values of a `--params` file; undefined after an error was reported. */
export async function readParams(path: string, cwd: string, sources: Sources, reporter: Reporter): Promise<Record<string, string> | undefined> {
  const file = resolve(cwd, path);
  const text = readText(file, path, { file, pointer: '' }, sources, reporter);
  if (text === undefined) return undefined;
  if (/\.tfvars$/i.test(file)) return readTfvars(file, text, reporter);
  if (!/\.(?:json|ya?ml)$/i.test(extname(file))) return readEnvironment(file, text, reporter);
  const root = await parseSource(file, text, sources, reporter);
  if (root !== undefined && /\.tfvars\.json$/i.test(file) && typeof root === 'object' && root !== null && !Array.isArray(root)) return flatten(root as { readonly [name: string]: Json });
  return root === undefined ? undefined : readObject(file, root, reporter);
}

function readObject(file: string, root: Json, reporter: Reporter): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  const report = (pointer: string, problem: string): undefined => { reporter.report(diagnostics.badParameters, { file, pointer }, { problem }); return undefined; };
  const add = (name: string, value: Json, pointer: string): boolean => {
    if (typeof value === 'object') return report(pointer, `the parameter '${name.slice(0, 100)}' must be a text, a number or a boolean`) !== undefined;
    setOwn(params, name, String(value));
    return true;
  };
  if (Array.isArray(root)) {
    for (const [index, item] of (root as readonly Json[]).entries()) {
      const { ParameterKey, ParameterValue } = (item ?? {}) as { ParameterKey?: Json; ParameterValue?: Json };
      if (typeof ParameterKey !== 'string' || ParameterValue === undefined) return report(`/${index}`, 'an entry of this list needs ParameterKey and ParameterValue');
      if (!add(ParameterKey, ParameterValue, `/${index}/ParameterValue`)) return undefined;
    }
    return params;
  }
  if (typeof root !== 'object' || root === null) return report('', 'the file holds no names and values');
  for (const [name, value] of Object.entries(root as { readonly [name: string]: Json })) if (!add(name, value, `/${escapePointer(name)}`)) return undefined;
  return params;
}

function readTfvars(file: string, text: string, reporter: Reporter): Record<string, string> | undefined {
  try {
    return flatten(parseTfvars(text));
  } catch (error) {
    if (!(error instanceof TfvarsFault)) throw error;
    reporter.report(diagnostics.badParameters, { file, pointer: '', span: [error.start, Math.max(error.end, error.start + 1)] }, { problem: error.message });
    return undefined;
  }
}

/** Lists and maps by the names that templates call their parts: `hosts[0]`, `settings.name`. null is no value. */
function flatten(values: { readonly [name: string]: Json }): Record<string, string> {
  const params: Record<string, string> = {};
  const add = (name: string, value: Json): void => {
    if (value === null) return;
    if (Array.isArray(value)) value.forEach((item, index) => add(`${name}[${index}]`, item as Json));
    else if (typeof value === 'object') for (const [key, item] of Object.entries(value)) add(`${name}.${key}`, item as Json);
    else setOwn(params, name, String(value));
  };
  for (const [name, value] of Object.entries(values)) add(name, value);
  return params;
}

function readEnvironment(file: string, text: string, reporter: Reporter): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  let offset = 0;
  for (const line of text.split('\n')) {
    const entry = /^\s*(?:export\s+)?([^\s=#][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (entry) setOwn(params, entry[1]!, unquote(entry[2]!));
    else if (!/^\s*(?:#.*)?$/.test(line)) {
      reporter.report(diagnostics.badParameters, { file, pointer: '', span: [offset, offset + line.trimEnd().length] }, { problem: 'this line is no NAME=value' });
      return undefined;
    }
    offset += line.length + 1;
  }
  return params;
}

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  return quoted ? quoted[2]! : text.replace(/\s+#.*$/, '');
}
