/** Conditions of Terraform's `%{ if … }`: names, literals, comparisons, `!`, `&&`, `||` and a few functions of texts. */
import type { Environment } from './environment.js';

type Value = string | number | boolean | null | undefined;

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|([\p{ID_Start}_][\p{ID_Continue}.[\]"-]*)|(==|!=|&&|\|\||<=|>=|[<>!(),]))/uy;
const MOST_NESTED = 50;

const FUNCTIONS: Readonly<Record<string, (...values: string[]) => Value>> = {
  strcontains: (text, part) => text!.includes(part!), startswith: (text, part) => text!.startsWith(part!), endswith: (text, part) => text!.endsWith(part!),
  lower: (text) => text!.toLowerCase(), upper: (text) => text!.toUpperCase(), trimspace: (text) => text!.trim(), length: (text) => text!.length, tostring: (text) => text!,
};

/** `value` undefined: it depends on `unknown` names, or is no condition that is understood here. */
export function evaluateCondition(text: string, environment: Environment): { readonly value: boolean | undefined; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const tokens = tokenise(text);
  let at = 0, depth = 0;
  const take = (token: string): boolean => tokens?.[at] === token && ++at > 0;
  const both = (next: () => Value, operators: Readonly<Record<string, (left: Value, right: Value) => Value>>): Value => {
    let left = next();
    for (let operator = tokens![at]; operator !== undefined && Object.hasOwn(operators, operator); operator = tokens![at]) { at++; left = operators[operator]!(left, next()); }
    return left;
  };
  const or = (): Value => both(and, { '||': (left, right) => (isTrue(left) === true || isTrue(right) === true ? true : isTrue(left) === undefined || isTrue(right) === undefined ? undefined : false) });
  const and = (): Value => both(equal, { '&&': (left, right) => (isTrue(left) === false || isTrue(right) === false ? false : isTrue(left) === undefined || isTrue(right) === undefined ? undefined : true) });
  const known = (compare: (left: string, right: string) => boolean) => (left: Value, right: Value): Value => (left === undefined || right === undefined ? undefined : compare(String(left), String(right)));
  const equal = (): Value => both(unary, { '==': known((left, right) => left === right), '!=': known((left, right) => left !== right), '<': known((left, right) => +left < +right), '>': known((left, right) => +left > +right), '<=': known((left, right) => +left <= +right), '>=': known((left, right) => +left >= +right) });
  const unary = (): Value => {
    if (++depth > MOST_NESTED) { at = tokens!.length; return undefined; }
    try {
      if (!take('!')) return primary();
      const value = isTrue(unary());
      return value === undefined ? undefined : !value;
    } finally { depth--; }
  };
  const primary = (): Value => {
    const token = tokens![at++];
    if (token === undefined) return undefined;
    if (token === '(') { const value = or(); take(')'); return value; }
    if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(.)/g, '$1');
    if (/^-?\d/.test(token)) return Number(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    if (take('(')) {
      const values: Value[] = [];
      while (at < tokens!.length && !take(')')) { values.push(or()); take(','); }
      if (values.some((value) => value === undefined)) return undefined;
      if (Object.hasOwn(FUNCTIONS, token) && values.length === FUNCTIONS[token]!.length) return FUNCTIONS[token]!(...values.map(String));
      return undefined;
    }
    const value = environment.peek(token);
    if (value === undefined && /^[\p{ID_Start}_]/u.test(token)) unknown.push(token);
    return value;
  };
  const value = tokens === undefined ? undefined : isTrue(or());
  return { value: tokens === undefined || at < tokens.length ? undefined : value, unknown };
}

function isTrue(value: Value): boolean | undefined {
  return value === true || value === 'true' ? true : value === false || value === 'false' || value === null ? false : undefined;
}

function tokenise(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let from = 0; from < text.trimEnd().length; from = TOKEN.lastIndex) {
    TOKEN.lastIndex = from;
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    tokens.push(match[1] ?? match[2] ?? match[3] ?? match[4]!);
  }
  return tokens;
}
