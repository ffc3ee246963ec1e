/** `$input`: the payload as text, parsed once and shared (what a template changes in it, later reads see), and the parameters. */
import { JsonSyntaxError, readJson } from './json-reader.js';
import { JsonPathError } from './jsonpath/path.js';
import type { JsonPath } from './jsonpath/path.js';
import { evaluatePath } from './jsonpath/evaluate.js';
import { parseJsonPath } from './jsonpath/parse.js';
import { PayloadError, TemplateError } from './limits.js';
import { jsonText, stringOf, textOf } from './text.js';
import { JavaList, JavaMap } from './values.js';
import type { ListClass, Value } from './values.js';

/** Decimals that Java prints with an exponent or json-smart keeps to the last digit. Digits inside strings match too: that only costs time. */
const RISKY = /\d{8}\.\d|\b0\.00|\d[eE][+-]?\d|\d\.\d{14}/;

export interface TemplateParameters {
  readonly path: JavaMap;
  /** The last value of a repeated name. */
  readonly querystring: JavaMap;
  readonly header: JavaMap;
}

export class TemplateInput {
  /** `$input.body`: an empty payload reads as `{}` (recorded). */
  readonly body: string;
  private parsed: Value = null;
  private state: 'unread' | 'json' | 'text' = 'unread';
  private all: JavaMap | null = null;

  constructor(payload: string, readonly parameters: TemplateParameters, readonly lists: ListClass = 'net.minidev.json.JSONArray') {
    this.body = payload === '' ? '{}' : payload;
  }

  /**
   * The payload as a value. Only its first character decides whether it is parsed (observed): what starts with `{` or `[` must be
   * JSON (else PayloadError); a JSON string is its content; anything else is its own text.
   */
  root(): Value {
    if (this.state !== 'unread') return this.parsed;
    const first = /[^ \t\r\n]/.exec(this.body)?.[0];
    this.state = 'text';
    if (first === '{' || first === '[') {
      try {
        this.parsed = readJson(this.body, this.lists);
      } catch (error) {
        if (error instanceof JsonSyntaxError) throw new PayloadError(error.message);
        throw error;
      }
      this.state = 'json';
    } else if (first === '"') {
      try {
        this.parsed = readJson(this.body, this.lists);
      } catch (error) {
        if (!(error instanceof JsonSyntaxError)) throw error;
        this.parsed = this.body;
      }
    } else this.parsed = this.body;
    return this.parsed;
  }

  /**
   * The payload itself when nothing has read it yet and it is JSON text as `$input.json('$')` would write it: what JSON.stringify gives
   * back unchanged, without numbers that Java writes differently. undefined: it takes a parse of our own to know.
   */
  compactText(): string | undefined {
    const { body } = this;
    if (this.state !== 'unread' || !/^[[{]/.test(body) || RISKY.test(body) || /[[{]{100}/.test(body)) return undefined;
    try {
      return JSON.stringify(JSON.parse(body)) === body ? body : undefined;
    } catch {
      return undefined;
    }
  }

  /** `$input.params()`. */
  params(): JavaMap {
    if (!this.all) {
      this.all = new JavaMap();
      for (const place of ['path', 'querystring', 'header'] as const) this.all.put(place, this.parameters[place]);
    }
    return this.all;
  }

  /** `$input.params(name)`: path, then query string, then header; a missing one is the empty string (recorded). */
  param(name: Value): Value {
    const { path, querystring, header } = this.parameters;
    return path.get(name) ?? querystring.get(name) ?? header.get(name) ?? '';
  }
}

/** `$input.path` of a path of names and indexes only. */
export function inputPath(input: TemplateInput, steps: readonly (string | number)[]): Value {
  return follow(input.root(), steps) ?? null;
}

/** `$input.json` of such a path: compact JSON; a path that leads nowhere gives two quotes (observed). */
export function inputJson(input: TemplateInput, steps: readonly (string | number)[]): string {
  if (steps.length === 0) {
    const text = input.compactText();
    if (text !== undefined) return text;
  }
  const value = follow(input.root(), steps);
  return value === undefined ? '""' : jsonText(value);
}

function follow(root: Value, steps: readonly (string | number)[]): Value | undefined {
  let value: Value | undefined = root;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (typeof step === 'string') {
      if (!(value instanceof JavaMap)) return undefined;
      const next: Value = value.get(step);
      if (next === null && !value.has(step)) return undefined;
      value = next;
    } else {
      if (!(value instanceof JavaList)) return undefined;
      value = value.items[step < 0 ? value.items.length + step : step];
      if (value === undefined) return undefined;
    }
  }
  return value;
}

/** `$input.path` of any path known at build time. */
export function inputQuery(input: TemplateInput, path: JsonPath): Value {
  return evaluatePath(path, input.root(), input.lists) ?? null;
}

export function inputQueryJson(input: TemplateInput, path: JsonPath): string {
  const value = evaluatePath(path, input.root(), input.lists);
  return value === undefined ? '""' : jsonText(value);
}

const paths = /* @__PURE__ */ new Map<string, JsonPath>();

function pathOf(expression: Value): JsonPath {
  const text = stringOf(expression);
  let path = paths.get(text);
  if (!path) {
    try {
      path = parseJsonPath(text);
    } catch (error) {
      if (error instanceof JsonPathError) throw new TemplateError(`not a JSONPath: ${error.message}`);
      throw error;
    }
    if (paths.size >= 500) paths.clear();
    paths.set(text, path);
  }
  return path;
}

/** `$input.path($variable)`. */
export function inputPathOf(input: TemplateInput, expression: Value): Value {
  return expression === null ? null : inputQuery(input, pathOf(expression));
}

export function inputJsonOf(input: TemplateInput, expression: Value): string {
  return expression === null ? '""' : inputQueryJson(input, pathOf(expression));
}

export function inputParam(input: TemplateInput, name: Value): Value {
  return input.param(textOf(name));
}
