/**
 * The only way to make generated text (after ajv's `_`): in code`…` a hole that holds data becomes a literal, a hole that
 * holds `Code` is spliced, a hole that holds a `Helper` becomes an import. Nothing of a document reaches the output as code.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An export of a runtime module (`runtime/<module>.ts`) that generated code calls. Made by `helper()`. */
export class Helper {
  constructor(readonly module: string, readonly name: string, readonly isType = false) {}
}

/** A type that a runtime module exports. */
export function typeHelper(module: string, name: string): Helper {
  return new Helper(module, name, true);
}

/** A name that another generated file exports, e.g. a validator. */
export class Imported {
  /** `name` may be set until the code is printed: validators are named when all of them are known. */
  constructor(readonly file: string, public name: string) {}
}

/** Code that is made when all else is: `value` is set until the code is printed. Equal keys stand for equal code. */
export class Later {
  value: Code | undefined;
  constructor(readonly key: string) {}
}

type Item = string | Helper | Imported | Later;
export type Hole = Code | Helper | Imported | Json | undefined | readonly Code[];

export class Code {
  constructor(readonly items: readonly Item[]) {}
  get isEmpty(): boolean { return this.items.every((item) => item === ''); }
}

export const EMPTY = new Code([]);

export function code(strings: TemplateStringsArray, ...holes: readonly Hole[]): Code {
  const items: Item[] = [strings[0]!];
  holes.forEach((hole, index) => {
    if (hole instanceof Code) append(items, hole.items);
    else if (hole instanceof Helper || hole instanceof Imported) items.push(hole);
    else if (Array.isArray(hole) && hole.length > 0 && hole.every((item) => item instanceof Code)) for (const item of hole as readonly Code[]) append(items, item.items);
    else append(items, [literal(hole as Json | undefined)]);
    append(items, [strings[index + 1]!]);
  });
  return new Code(items);
}

/** Splices `parts` with `separator` between them. */
export function join(parts: readonly Code[], separator: ', ' | '\n' | ' && ' | ' || ' | ' + ' | ',\n' | ' | '): Code {
  const items: Item[] = [];
  parts.forEach((part, index) => { if (index > 0) append(items, [separator]); append(items, part.items); });
  return new Code(items);
}

/** Neighbouring texts become one item, so that a large file is a few long texts; no spread, so that its size is not limited by the stack. */
function append(items: Item[], more: readonly Item[]): void {
  for (const item of more) {
    const last = items.length - 1;
    const previous = items[last];
    if (typeof item === 'string' && typeof previous === 'string') items[last] = previous + item;
    else items.push(item);
  }
}

/** Declares a runtime export: `helper<typeof import('../../../runtime/cors.js')>()('cors', 'applyCors')`. A renamed export fails `tsc`. */
export function helper<M>() {
  return <N extends keyof M & string>(module: string, name: N): Helper => new Helper(module, name);
}

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A JavaScript identifier made by the compiler itself (never straight from a document: see `Unit.name`). */
export function identifier(name: string): Code {
  if (!IDENTIFIER.test(name)) throw new Error(`not an identifier: ${JSON.stringify(name)}`);
  return new Code([name]);
}

/** Text that another engine generated and vouches for (router, validators). Never called with anything of a document. */
export function trusted(text: string): Code {
  return new Code([text]);
}

/** A `//` or block comment; cannot be closed early and cannot hold a line terminator that ends it. */
export function comment(text: string): Code {
  return new Code([`/** ${text.replace(/\*\//g, '*\u200b/').replace(/[\r\n\u2028\u2029]+/g, ' ')} */\n`]);
}

/** The source text of a JSON value. `__proto__` is printed as a computed key: a plain one would set the prototype. */
export function literal(value: Json | undefined): string {
  if (value === undefined) return 'undefined';
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('not JSON: ' + value);
    return Object.is(value, -0) ? '-0' : value < 0 ? `(${value})` : String(value);
  }
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item as Json)).join(', ')}]`;
  if (typeof value === 'object' && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return entries.length === 0 ? '{}' : `{ ${entries.map(([key, item]) => `${propertyKey(key)}: ${literal(item as Json)}`).join(', ')} }`;
  }
  throw new Error('not JSON: ' + Object.prototype.toString.call(value));
}

function propertyKey(key: string): string {
  if (key === '__proto__') return '["__proto__"]';
  return IDENTIFIER.test(key) ? key : quote(key);
}

/** A string literal in double quotes, safe inside scripts and on every line-terminator rule. */
function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return UNSAFE.test(quoted) ? quoted.replace(/[\u2028\u2029]/g, (c) => (c === '\u2028' ? '\\u2028' : '\\u2029')).replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--') : quoted;
}
const UNSAFE = /[\u2028\u2029]|<[/!]/;

/** Where a file's imports are gathered while its code is printed. `taken` are names the file declares itself. */
export class Imports {
  private readonly byModule = new Map<string, Map<string, string>>();
  constructor(private readonly taken: ReadonlySet<string>) {}
  private readonly locals = new Set<string>();

  private readonly types = new Set<string>();

  local(specifier: string, name: string, isType = false): string {
    if (isType) this.types.add(name);
    let names = this.byModule.get(specifier);
    if (!names) this.byModule.set(specifier, (names = new Map()));
    let local = names.get(name);
    if (!local) {
      local = name;
      for (let n = 1; this.taken.has(local) || this.locals.has(local); n++) local = `${name}$${n}`;
      this.locals.add(local);
      names.set(name, local);
    }
    return local;
  }

  isType(name: string): boolean { return this.types.has(name); }

  /** `[specifier, [[exported, local]…]]`, sorted, so that the same code prints the same imports. */
  entries(): [string, [string, string][]][] {
    return [...this.byModule].sort(([a], [b]) => (a < b ? -1 : 1)).map(([specifier, names]) => [specifier, [...names].sort(([a], [b]) => (a < b ? -1 : 1))]);
  }
}

/**
 * Prints code; helpers become imports of `gwc/runtime/<module>`, names of other generated files imports of `./<file>.js`. `asKey`: for comparing, before
 * everything is made.
 */
export function print(source: Code, imports: Imports, asKey = false): string {
  let text = '';
  for (const item of source.items) {
    if (typeof item === 'string') text += item;
    else if (item instanceof Later) text += asKey ? `\0${item.key}\0` : print(item.value!, imports);
    else if (item instanceof Helper) text += imports.local(`gwc/runtime/${item.module}`, item.name, item.isType);
    else text += imports.local(`./${item.file}.js`, item.name);
  }
  return text;
}
