/**
 * Ajv's standalone text made into a module of ours. Ajv writes one statement per line, and text of a document only ever inside
 * string literals, so that the rewrites below, anchored on whole lines, cannot meet anything but Ajv's own words.
 */
import { literal } from '../code.js';
import { automatonOf, NATIVE_LIMIT, patternGuard } from './pattern-guard.js';
import { regexOf } from './pattern.js';

/** An export: what it is called and the function of Ajv's behind it. */
export interface Entry { readonly name: string; readonly validate: string; readonly isRecursive: boolean }

/** What Ajv keeps of a compiled function in source mode. */
interface CompiledSource {
  readonly validateCode: string;
  readonly scopeValues: Readonly<Record<string, ReadonlySet<{ readonly value?: { readonly ref?: unknown; readonly code?: unknown } }> | undefined>>;
}

/**
 * All functions and the constants they use, each once. (Ajv's own `standaloneCode` writes a function twice when it is exported and
 * part of a cycle.)
 */
export function moduleText(functions: readonly CompiledSource[]): string {
  const constants = new Map<string, string>();
  for (const { scopeValues } of functions) {
    for (const [prefix, names] of Object.entries(scopeValues)) {
      if (prefix === 'validate') continue; // a function, written below
      for (const name of names ?? []) {
        const local = String(name);
        if (constants.has(local)) continue;
        const { ref, code } = name.value!;
        constants.set(local, prefix === 'wrapper' ? `{validate: ${String((ref as { validateName: unknown }).validateName)}}` : String(code));
      }
    }
  }
  return [...[...constants].map(([local, text]) => `const ${local} = ${text};`), ...functions.map(({ validateCode }) => String(validateCode))].join('\n');
}

/** Stands for the RegExp constructor while Ajv compiles; nothing is matched then. */
export const PATTERN_ENGINE = Object.assign((pattern: string) => ({ test: () => true, toString: () => pattern }) as unknown as RegExp, { code: 'PATTERN' });

const ERROR = /^const err(\d+) = \{instancePath(?::instancePath\+(.*?))?,schemaPath:"(?:[^"\\]|\\.)*",keyword:("[^"]*"),params:([\s\S]*?)(?:,propertyName:\w+)?\};?\nif\(vErrors === null\)\{\nvErrors = \[err\1\];?\n\}\nelse \{\nvErrors\.push\(err\1\);?\n\}\nerrors\+\+;?$/gm;
const EMPTY_ERROR = /^const err(\d+) = \{\};?\nif\(vErrors === null\)\{\nvErrors = \[err\1\];?\n\}\nelse \{\nvErrors\.push\(err\1\);?\n\}\nerrors\+\+;?$/gm;
const HEADER = /^(function validate\d+\(data, )\{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}\)\{/gm;
const REQUIRE = /^const (\w+) = require\("([^"]+)"\)\.(\w+);$/gm;
const PATTERN = /^const (pattern\d+) = \w+\(("(?:[^"\\]|\\.)*"), "u"\);$/gm;
const PATTERN_FUNCTION = /^const func\d+ = PATTERN;\n/gm;
const SCHEMA = /^const (schema\d+) = .*;\n/gm;
const TYPE_LIST = /(, "type", )\{type: (schema\d+)((?:\.[\w$]+|\["(?:[^"\\]|\\.)*"\]|\[\d+\])*)\}/g;

/** What Ajv's own runtime modules are replaced by. Anything not listed is a bug in gwc. */
const AJV_RUNTIME: Readonly<Record<string, readonly [module: string, name: string]>> = {
  'ajv/dist/runtime/ucs2length.default': ['code-points', 'codePoints'],
  'ajv/dist/runtime/equal.default': ['equal', 'equal'],
};

/** The finished module. Throws (an internal error) when Ajv's text holds what this table does not know. */
export function finishModule(text: string, entries: readonly Entry[]): string {
  const imports = new Map<string, Map<string, string>>();
  const need = (module: string, name: string, local: string): string => {
    const names = imports.get(module) ?? new Map<string, string>();
    imports.set(module, names);
    const known = names.get(name);
    if (known === undefined) names.set(name, local);
    return known ?? local;
  };
  let body = text;
  const aliases: string[] = [];
  body = body.replace(REQUIRE, (_all, local: string, specifier: string, name: string) => {
    const own = /^gwc\/runtime\/validate\/([\w-]+)$/.exec(specifier);
    const target = own ? ([own[1]!, name] as const) : AJV_RUNTIME[`${specifier}.${name}`];
    if (!target) throw new Error(`Ajv asks for ${specifier}.${name}, which has no counterpart in runtime/validate`);
    const known = need(target[0], target[1], local);
    if (known !== local) aliases.push(`const ${local} = ${known};`);
    return '';
  });
  const fault = need('fault', 'fault', 'fault$');
  const miss = need('fault', 'miss', 'miss$');
  body = body
    .replace(PATTERN_FUNCTION, '')
    .replace(PATTERN, (_all, local: string, source: string) => `const ${local} = ${patternCode(JSON.parse(source) as string, need)};`)
    .replace(HEADER, (_all, head: string) => `${head.slice(0, -2)}){`)
    .replace(ERROR, (_all, _n, path: string | undefined, keyword: string, params: string) => `vErrors = ${fault}(vErrors, ${path ?? '""'}, ${keyword}, ${params.replace(/\n\s*/g, " ")});\nerrors++;`)
    .replace(EMPTY_ERROR, () => `vErrors = ${miss}(vErrors);\nerrors++;`);
  // After a dot they are properties of a document.
  const odd = /^.*?(?<![.\w$])(?:require\(|instancePath|rootData|PATTERN;).*$/m.exec(withoutStrings(body));
  if (odd) throw new Error(`Ajv wrote something the standalone rewrite does not know: ${odd[0]}`);

  body = writeTypeLists(body);
  const uses = new Map<string, number>();
  for (const [local] of withoutStrings(body).matchAll(/\bschema\d+\b/g)) uses.set(local, (uses.get(local) ?? 0) + 1);
  body = body.replace(SCHEMA, (all, local: string) => (uses.get(local)! > 1 ? all : ''));
  const exports = entries.map(({ name, validate, isRecursive }) => (isRecursive
    ? `export function ${name}(value) { return ${need('recursion', 'checkRecursive', 'checkRecursive$')}(${validate}, value); }`
    : `export function ${name}(value) { return ${validate}(value) ? null : ${need('fault', 'report', 'report$')}(${validate}.errors); }`));
  const head = [...imports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([module, names]) =>
    `import { ${[...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, local]) => (name === local ? name : `${name} as ${local}`)).join(', ')} } from "gwc/runtime/validate/${module}";`);
  return [...head, ...aliases, ...exports, body.replace(/\n{2,}/g, '\n').trim(), ''].join('\n');
}

/** A list of types is told by a path into the schema, which would keep the whole schema in the bundle: the list itself instead. */
function writeTypeLists(body: string): string {
  const schemas = new Map([...body.matchAll(/^const (schema\d+) = (\{.*\});$/gm)].map(([, local, text]) => [local!, text!]));
  return body.replace(TYPE_LIST, (all, before: string, local: string, path: string) => {
    let value: unknown = JSON.parse(schemas.get(local) ?? 'null');
    for (const [, dotted, quoted, index] of path.matchAll(/\.([\w$]+)|\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]/g)) {
      value = (value as Record<string, unknown> | null)?.[dotted ?? (quoted === undefined ? index! : JSON.parse(quoted) as string)];
    }
    return Array.isArray(value) ? `${before}{type: ${literal(value as string[])}}` : all;
  });
}

type Need = (module: string, name: string, local: string) => string;

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
    ? `${need('automaton', 'guardedPattern', 'guardedPattern$')}(${[source, flags, limit, automaton.sets, automaton.program].map((value) => literal(value)).join(', ')})`
    : `${need('automaton', 'cappedPattern', 'cappedPattern$')}(${[source, flags, limit].map((value) => literal(value)).join(', ')})`;
}

/** The text with every string literal emptied, for looking at Ajv's own words only. */
const withoutStrings = (text: string): string => text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
