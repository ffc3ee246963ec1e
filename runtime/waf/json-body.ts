/** FieldToMatch JsonBody: keys and values of a JSON text, as lenient about commas and colons as AWS WAF says it is. */
import type { Scope } from './fields.js';
import type { WafRequest } from './request.js';

interface Found { readonly keys: readonly string[]; readonly keyPaths: readonly string[]; readonly values: readonly string[]; readonly valuePaths: readonly string[]; readonly isInvalid: boolean; /** Some paths are those of what is around. */ readonly isPathCut: boolean }

const parsed = new WeakMap<WafRequest, Found>();

function found(request: WafRequest): Found {
  let known = parsed.get(request);
  if (known === undefined) parsed.set(request, (known = scanJson(request.body, request.bodyIsCut)));
  return known;
}

/** No JSON, or not up to its end. A body that is cut is taken as far as it goes; without a body there is nothing to be invalid. */
export function jsonIsInvalid(request: WafRequest): boolean {
  return request.body !== '' && found(request).isInvalid;
}

/** Up to the first failure. `paths`: JSON Pointers of what is inspected, with what is inside of it; null: everything. */
export function jsonTexts(request: WafRequest, paths: readonly string[] | null, scope: Scope): readonly string[] {
  if (request.body === '') return [];
  const { keys, keyPaths, values, valuePaths } = found(request);
  if (paths === null) return scope === 'KEY' ? keys : scope === 'VALUE' ? values : [...keys, ...values];
  const isIn = (path: string): boolean => paths.some((each) => path === each || (path.startsWith(each) && path.charCodeAt(each.length) === 47));
  const texts: string[] = [];
  if (scope !== 'VALUE') keys.forEach((key, index) => { if (isIn(keyPaths[index]!)) texts.push(key); });
  if (scope !== 'KEY') values.forEach((value, index) => { if (isIn(valuePaths[index]!)) texts.push(value); });
  return texts;
}

interface Level { readonly path: string; readonly names: Set<string> | null; count: number; key: string | null }
const MOST_DEPTH = 200;
/** Characters of a path; what lies deeper has that of what it lies in. AWS WAF's own are of 512 at most, and paths of that size in front of every item of a list are enough to remember. */
const LONGEST_PATH = 512;

/** Iterative; reads each byte once. Failures: duplicate keys, stray characters, a root that is no object or array, a text that ends too early. */
export function scanJson(text: string, isCut: boolean): Found {
  const keys: string[] = [], keyPaths: string[] = [], values: string[] = [], valuePaths: string[] = [];
  const result = (isInvalid: boolean): Found => ({ keys, keyPaths, values, valuePaths, isInvalid, isPathCut });
  const levels: Level[] = [];
  let at = 0, isDone = false, isPathCut = false;
  const under = (path: string, name: string | number): string => {
    const own = `${path}/${name}`;
    if (own.length <= LONGEST_PATH) return own;
    isPathCut = true;
    return path;
  };
  const path = (): string => {
    const level = levels.at(-1)!;
    return under(level.path, level.names === null ? level.count++ : level.key!);
  };
  const value = (content: string): boolean => {
    const level = levels.at(-1);
    if (!level || (level.names !== null && level.key === null)) return false;
    valuePaths.push(path());
    values.push(content);
    level.key = null;
    return true;
  };
  while (at < text.length) {
    const c = text[at]!;
    if (c === ' ' || c === '\t' || c === '\n' || c === '\r' || c === ',' || c === ':') { at++; continue; }
    if (isDone) return result(true);
    if (c === '{' || c === '[') {
      const above = levels.at(-1);
      if (levels.length === MOST_DEPTH || (above && above.names !== null && above.key === null)) return result(true);
      const own = above ? path() : '';
      if (above) above.key = null;
      levels.push({ path: own, names: c === '{' ? new Set() : null, count: 0, key: null });
      at++;
    } else if (c === '}' || c === ']') {
      const level = levels.pop();
      if (!level || (level.names !== null) !== (c === '}') || level.key !== null) return result(true);
      isDone = levels.length === 0;
      at++;
    } else if (c === '"') {
      const end = endOfString(text, at + 1);
      const content = end < 0 ? undefined : unescape(text.slice(at + 1, end));
      if (content === undefined) return result(!(isCut && end < 0));
      const level = levels.at(-1);
      if (level && level.names !== null && level.key === null) {
        if (level.names.has(content)) return result(true);
        level.names.add(content);
        level.key = content.replace(/~/g, '~0').replace(/\//g, '~1');
        keyPaths.push(under(level.path, level.key));
        keys.push(content);
      } else if (!value(content)) return result(true);
      at = end + 1;
    } else {
      const word = /[-+.0-9A-Za-z]+/y;
      word.lastIndex = at;
      const literal = word.exec(text)?.[0];
      if (literal === undefined || !/^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/.test(literal)) return result(!(isCut && at + (literal?.length ?? 0) === text.length));
      if (!value(literal)) return result(true);
      at += literal.length;
    }
  }
  return result(!isDone && !isCut);
}

function endOfString(text: string, at: number): number {
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 34) return at;
    if (c === 92) at++;
  }
  return -1;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** A string's content as bytes; undefined when an escape is none. */
function unescape(raw: string): string | undefined {
  if (!raw.includes('\\')) return raw;
  let isValid = true;
  const text = raw.replace(/((?:\\u[0-9A-Fa-f]{4})+)|\\([^]?)/g, (_, units: string | undefined, c: string | undefined) => {
    if (units !== undefined) return Buffer.from(String.fromCharCode(...units.slice(2).split('\\u').map((unit) => parseInt(unit, 16))), 'utf8').toString('latin1');
    if (c === undefined || !Object.hasOwn(ESCAPES, c)) { isValid = false; return ''; }
    return ESCAPES[c]!;
  });
  return isValid ? text : undefined;
}
