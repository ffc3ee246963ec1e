/**
 * Ajv's standalone text made into a module of ours. Ajv writes one statement per line, and text of a document only ever inside
 * string literals, so that the rewrites below, anchored on whole lines, cannot meet anything but Ajv's own words.
 */
import { literal } from '../code.js';
import { automatonOf, NATIVE_LIMIT, patternGuard } from './pattern-guard.js';
import { regexOf } from './pattern.js';
import { stableName } from './stable-name.js';
import type { Entry } from './validators.js';

/** What Ajv keeps of a compiled function in source mode. */
interface CompiledSource {
  readonly validateCode: string;
  readonly scopeValues: Readonly<Record<string, ReadonlySet<{ readonly value?: { readonly ref?: unknown; readonly code?: unknown } }> | undefined>>;
}

/** A constant that functions share, and its value's text. */
type Constant = readonly [name: string, text: string];

/** Functions that call each other, as text that can stand in any module: all their names say what they stand for. */
export interface Finished {
  /** Exports of runtime/validate that are called as `name$`. */
  readonly imports: readonly (readonly [module: string, name: string])[];
  readonly constants: readonly Constant[];
  readonly functions: string;
}

/** Stands for the RegExp constructor while Ajv compiles; nothing is matched then. */
export const PATTERN_ENGINE = Object.assign((pattern: string) => ({ test: () => true, toString: () => pattern }) as unknown as RegExp, { code: 'PATTERN' });

const ERROR = /^const err(\d+) = \{instancePath(?::instancePath\+(.*?))?,schemaPath:"(?:[^"\\]|\\.)*",keyword:("[^"]*"),params:([\s\S]*?)(?:,propertyName:\w+)?\};?\nif\(vErrors === null\)\{\nvErrors = \[err\1\];?\n\}\nelse \{\nvErrors\.push\(err\1\);?\n\}\nerrors\+\+;?$/gm;
const EMPTY_ERROR = /^const err(\d+) = \{\};?\nif\(vErrors === null\)\{\nvErrors = \[err\1\];?\n\}\nelse \{\nvErrors\.push\(err\1\);?\n\}\nerrors\+\+;?$/gm;
const HEADER = /^(function validate\d+\(data, )\{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}\)\{/gm;
const REQUIRE = /^require\("([^"]+)"\)\.(\w+)$/;
const PATTERN = /^\w+\(("(?:[^"\\]|\\.)*"), "u"\)$/;
/** A string, or a name that Ajv numbered. */
const NUMBERED = /"(?:[^"\\\n]|\\.)*"|(?<![.\w$])[A-Za-z]+\d+(?![\w$])/g;
const TYPE_LIST = /(, "type", )\{type: (schema\d+)((?:\.[\w$]+|\["(?:[^"\\]|\\.)*"\]|\[\d+\])*)\}/g;

/** What Ajv's own runtime modules are replaced by. Anything not listed is a bug in gwc. */
const AJV_RUNTIME: Readonly<Record<string, readonly [module: string, name: string]>> = {
  'ajv/dist/runtime/ucs2length.default': ['code-points', 'codePoints'],
  'ajv/dist/runtime/equal.default': ['equal', 'equal'],
};

/**
 * `functions` of Ajv's, called what `names` says of their own names. Throws (an internal error) when Ajv's text holds what is not known here. (Ajv's
 * own `standaloneCode` writes a function twice when it is exported and part of a cycle.)
 */
export function finish(functions: readonly CompiledSource[], names: ReadonlyMap<string, string>): Finished {
  const imports = new Map<string, string>();
  const need: Need = (module, name) => {
    imports.set(`${name}$`, module);
    return `${name}$`;
  };
  const renamed = new Map(names);
  const constants: Constant[] = [];
  const schemas = new Map<string, string>();
  for (const [local, prefix, written] of constantsOf(functions, names)) {
    const required = REQUIRE.exec(written);
    if (required) {
      const own = /^gwc\/runtime\/validate\/([\w-]+)$/.exec(required[1]!);
      const target = own ? ([own[1]!, required[2]!] as const) : AJV_RUNTIME[`${required[1]!}.${required[2]!}`];
      if (!target) throw new Error(`Ajv asks for ${required[1]!}.${required[2]!}, which has no counterpart in runtime/validate`);
      renamed.set(local, need(...target));
      continue;
    }
    if (prefix === 'schema') { schemas.set(local, written); continue; }
    if (written === PATTERN_ENGINE.code) continue;
    const pattern = PATTERN.exec(written);
    // A constant may be made of one before it: `new Set(obj1)`.
    const text = pattern ? patternCode(JSON.parse(pattern[1]!) as string, need) : written.replace(NUMBERED, (name) => renamed.get(name) ?? name);
    renamed.set(local, nameOfConstant(prefix, text));
    constants.push([nameOfConstant(prefix, text), text]);
  }
  const fault = need('fault', 'fault');
  const miss = need('fault', 'miss');
  let body = functions.map(({ validateCode }) => String(validateCode)).join('\n')
    .replace(HEADER, (_all, head: string) => `${head.slice(0, -2)}){`)
    .replace(ERROR, (_all, _n, path: string | undefined, keyword: string, params: string) => `vErrors = ${fault}(vErrors, ${path ?? '""'}, ${keyword}, ${params.replace(/\n\s*/g, ' ')});\nerrors++;`)
    .replace(EMPTY_ERROR, () => `vErrors = ${miss}(vErrors);\nerrors++;`);
  body = writeTypeLists(body, schemas);
  const code = withoutStrings(body);
  // After a dot they are properties of a document.
  const odd = /^.*?(?<![.\w$])(?:require\(|instancePath|rootData|PATTERN\b).*$/m.exec(code);
  if (odd) throw new Error(`Ajv wrote something the standalone rewrite does not know: ${odd[0]}`);
  const used = new Set(code.match(/\bschema\d+\b/g));
  for (const [local, text] of schemas) {
    if (!used.has(local)) continue;
    renamed.set(local, nameOfConstant('schema', text));
    constants.push([nameOfConstant('schema', text), text]);
  }
  body = body.replace(NUMBERED, (name) => renamed.get(name) ?? name);
  const all = `${body}\n${constants.map(([, text]) => text).join('\n')}`;
  return {
    imports: [...imports].filter(([local]) => all.includes(local)).map(([local, module]) => [module, local.slice(0, -1)]),
    constants,
    functions: body.replace(/\n{2,}/g, '\n').trim(),
  };
}

/** What the functions share: Ajv's name for it, what kind of thing it is, its text. */
function* constantsOf(functions: readonly CompiledSource[], names: ReadonlyMap<string, string>): Generator<readonly [local: string, prefix: string, text: string]> {
  const seen = new Set<string>();
  for (const { scopeValues } of functions) {
    for (const [prefix, values] of Object.entries(scopeValues)) {
      if (prefix === 'validate') continue; // a function
      for (const value of values ?? []) {
        const local = String(value);
        if (seen.has(local)) continue;
        seen.add(local);
        const { ref, code } = value.value!;
        yield [local, prefix, prefix === 'wrapper' ? `{validate: ${names.get(String((ref as { validateName: unknown }).validateName))!}}` : String(code)];
      }
    }
  }
}

/** Equal constants have one name, whatever functions need them. */
function nameOfConstant(prefix: string, text: string): string {
  return `${prefix}_${stableName(text)}`;
}

/** The finished module. */
export function writeModule(parts: readonly Finished[], entries: readonly Entry[]): string {
  const imports = new Map<string, Set<string>>();
  const need: Need = (module, name) => {
    const names = imports.get(module);
    if (names) names.add(name);
    else imports.set(module, new Set([name]));
    return `${name}$`;
  };
  const constants = new Map<string, string>();
  for (const part of parts) {
    for (const [module, name] of part.imports) need(module, name);
    for (const [name, text] of part.constants) constants.set(name, text);
  }
  const exports = entries.map(({ name, validate, isRecursive }) => (isRecursive
    ? `export function ${name}(value) { return ${need('recursion', 'checkRecursive')}(${validate}, value); }`
    : `export function ${name}(value) { return ${validate}(value) ? null : ${need('fault', 'report')}(${validate}.errors); }`));
  const head = [...imports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([module, names]) => `import { ${[...names].sort().map((name) => `${name} as ${name}$`).join(', ')} } from "gwc/runtime/validate/${module}";`);
  return [...head, ...exports, ...[...constants].map(([name, text]) => `const ${name} = ${text};`), ...parts.map(({ functions }) => functions), ''].join('\n');
}

/** A list of types is told by a path into the schema, which would keep the whole schema in the bundle: the list itself instead. */
function writeTypeLists(body: string, schemas: ReadonlyMap<string, string>): string {
  return body.replace(TYPE_LIST, (all, before: string, local: string, path: string) => {
    let value: unknown = JSON.parse(schemas.get(local) ?? 'null');
    for (const [, dotted, quoted, index] of path.matchAll(/\.([\w$]+)|\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]/g)) {
      value = (value as Record<string, unknown> | null)?.[dotted ?? (quoted === undefined ? index! : JSON.parse(quoted) as string)];
    }
    return Array.isArray(value) ? `${before}{type: ${literal(value as string[])}}` : all;
  });
}

/** The local name of an export of runtime/validate. */
type Need = (module: string, name: string) => string;

/** The statement's value that matches a document's pattern: a RegExp where that is safe. */
function patternCode(pattern: string, need: Need): string {
  const regex = regexOf(pattern);
  if (typeof regex === 'string') throw new Error(`pattern was not checked: ${pattern}`);
  const guard = patternGuard(regex);
  const { source, flags } = regex;
  if (guard === 'none') return `new RegExp(${literal(source)}, ${literal(flags)})`;
  const automaton = automatonOf(regex);
  const limit = NATIVE_LIMIT[guard];
  return automaton
    ? `${need('automaton', 'guardedPattern')}(${[source, flags, limit, automaton.sets, automaton.program].map((value) => literal(value)).join(', ')})`
    : `${need('automaton', 'cappedPattern')}(${[source, flags, limit].map((value) => literal(value)).join(', ')})`;
}

/** The text with every string literal emptied, for looking at Ajv's own words only. */
const withoutStrings = (text: string): string => text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
