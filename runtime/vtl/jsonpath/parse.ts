/** Jayway JsonPath text to steps. Throws JsonPathError with the offset of the mistake. */
import { JsonSyntaxError, readJson } from '../json-reader.js';
import { JsonPathError } from './path.js';
import type { Comparison, Filter, JsonPath, Operand, PathStep } from './path.js';

const FUNCTIONS: ReadonlySet<string> = new Set(['length', 'size', 'min', 'max', 'avg', 'stddev', 'sum', 'keys', 'concat', 'first', 'last', 'append', 'index']);
const MAX_LENGTH = 10_000;

export function parseJsonPath(text: string): JsonPath {
  if (text.length > MAX_LENGTH) throw new JsonPathError('the path is too long', 0);
  const trimmed = text.trim();
  if (trimmed === '') throw new JsonPathError('the path is empty', 0);
  // A path may leave out `$.`.
  const whole = /^[$@]/.test(trimmed) ? trimmed : trimmed[0] === '[' ? '$' + trimmed : '$.' + trimmed;
  const parser = new Parser(whole);
  const path = parser.path();
  parser.blanks();
  if (parser.at < whole.length) parser.fail(`unexpected ${JSON.stringify(whole[parser.at])}`);
  return path;
}

class Parser {
  at = 0;
  private depth = 0;
  constructor(private readonly text: string) {}

  fail(message: string): never { throw new JsonPathError(message, this.at); }
  blanks(): void { while (/\s/.test(this.text[this.at] ?? 'x')) this.at++; }
  private eat(token: string): boolean {
    this.blanks();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }
  private expect(token: string): void { if (!this.eat(token)) this.fail(`expected ${JSON.stringify(token)}`); }

  /** `$` or `@` and what follows it. */
  path(): JsonPath {
    if (++this.depth > 30) this.fail('nested too deeply');
    this.at++;
    const steps: PathStep[] = [];
    for (;;) {
      const before = this.at;
      this.blanks();
      const c = this.text[this.at];
      if (c === '.') {
        this.at++;
        if (this.text[this.at] === '.') {
          this.at++;
          steps.push({ kind: 'scan' });
          if (this.text[this.at] === '[') { this.bracket(steps); continue; }
          if (this.at >= this.text.length) this.fail('a path must not end with ".."');
        }
        this.name(steps);
      } else if (c === '[') this.bracket(steps);
      else { this.at = before; break; }
    }
    this.depth--;
    const definite = steps.every((step) => step.kind === 'property' || step.kind === 'index' || step.kind === 'function')
      || (steps.at(-1)?.kind === 'properties' && steps.slice(0, -1).every((step) => step.kind === 'property' || step.kind === 'index'))
      || steps.at(-1)?.kind === 'function';
    return { steps, definite };
  }

  private name(steps: PathStep[]): void {
    this.blanks();
    if (this.text[this.at] === '*') { this.at++; steps.push({ kind: 'wildcard' }); return; }
    const match = /[^\s.[\]()=!<>&|,*?'"~]+/y;
    match.lastIndex = this.at;
    const name = match.exec(this.text)?.[0];
    if (name === undefined) this.fail('expected a property name');
    this.at += name.length;
    if (this.text[this.at] === '(') {
      if (!FUNCTIONS.has(name)) this.fail(`there is no function ${name}()`);
      this.at++;
      const args: Operand[] = [];
      if (!this.eat(')')) {
        do args.push(this.operand()); while (this.eat(','));
        this.expect(')');
      }
      steps.push({ kind: 'function', name, arguments: args });
      return;
    }
    steps.push({ kind: 'property', name });
  }

  private bracket(steps: PathStep[]): void {
    this.expect('[');
    this.blanks();
    const c = this.text[this.at];
    if (c === '*') { this.at++; this.expect(']'); steps.push({ kind: 'wildcard' }); return; }
    if (c === '?') {
      this.at++;
      this.expect('(');
      const test = this.or();
      this.expect(')');
      this.expect(']');
      steps.push({ kind: 'filter', test });
      return;
    }
    if (c === "'" || c === '"') {
      const names = [this.quoted()];
      while (this.eat(',')) { this.blanks(); names.push(this.quoted()); }
      this.expect(']');
      steps.push(names.length === 1 ? { kind: 'property', name: names[0]! } : { kind: 'properties', names });
      return;
    }
    const from = this.integer();
    if (this.eat(':')) {
      const to = this.integer();
      this.expect(']');
      if (from === undefined && to === undefined) this.fail('a slice needs a bound');
      steps.push({ kind: 'slice', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
      return;
    }
    if (from === undefined) this.fail('expected an index, a slice, a quoted name, "*" or "?("');
    const indexes = [from];
    while (this.eat(',')) indexes.push(this.integer() ?? this.fail('expected an index'));
    this.expect(']');
    steps.push(indexes.length === 1 ? { kind: 'index', index: from } : { kind: 'indexes', indexes });
  }

  private integer(): number | undefined {
    this.blanks();
    const match = /-?\d{1,10}/y;
    match.lastIndex = this.at;
    const digits = match.exec(this.text)?.[0];
    if (digits === undefined) return undefined;
    this.at += digits.length;
    return Number(digits) | 0;
  }

  private quoted(): string {
    const quote = this.text[this.at];
    if (quote !== "'" && quote !== '"') this.fail('expected a quoted name');
    let name = '';
    for (this.at++; this.text[this.at] !== quote; this.at++) {
      if (this.at >= this.text.length) this.fail('a quoted name does not end');
      if (this.text[this.at] === '\\') {
        this.at++;
        const escape = this.text[this.at];
        if (escape === 'u' && /^[0-9a-fA-F]{4}$/.test(this.text.slice(this.at + 1, this.at + 5))) {
          name += String.fromCharCode(parseInt(this.text.slice(this.at + 1, this.at + 5), 16));
          this.at += 4;
          continue;
        }
        name += escape === undefined ? '' : '\b\f\n\r\t'['bfnrt'.indexOf(escape)] ?? escape;
        continue;
      }
      name += this.text[this.at];
    }
    this.at++;
    return name;
  }

  private or(): Filter {
    let left = this.and();
    while (this.eat('||')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Filter {
    let left = this.unary();
    while (this.eat('&&')) left = { kind: 'and', left, right: this.unary() };
    return left;
  }

  private unary(): Filter {
    if (++this.depth > 60) this.fail('nested too deeply');
    try {
      if (this.eat('!')) return { kind: 'not', operand: this.unary() };
      if (this.eat('(')) {
        const inner = this.or();
        this.expect(')');
        return inner;
      }
      const left = this.operand();
      this.blanks();
      const match = /==|!=|<=|>=|=~|<|>|(?:in|nin|contains|size|empty|subsetof|anyof|noneof|all|type)(?![A-Za-z0-9_])/iy;
      match.lastIndex = this.at;
      const operator = match.exec(this.text)?.[0];
      if (operator === undefined) {
        if (left.kind !== 'path') this.fail('expected a comparison');
        return { kind: 'exists', path: left.path, root: left.root };
      }
      this.at += operator.length;
      return { kind: 'compare', operator: operator.toLowerCase() as Comparison, left, right: this.operand() };
    } finally { this.depth--; }
  }

  private operand(): Operand {
    this.blanks();
    const c = this.text[this.at];
    if (c === '$' || c === '@') return { kind: 'path', root: c === '$', path: this.path() };
    if (c === "'" || c === '"') return { kind: 'literal', value: this.quoted() };
    if (c === '/') {
      const match = /\/((?:[^/\\]|\\[^])*)\/([a-zA-Z]*)/y;
      match.lastIndex = this.at;
      const found = match.exec(this.text);
      if (!found) this.fail('a pattern does not end');
      this.at += found[0].length;
      return { kind: 'pattern', source: found[1]!, ignoreCase: found[2]!.includes('i') };
    }
    if (c === '[' || c === '{') return { kind: 'literal', value: this.json() };
    const match = /-?[\d.]+(?:[eE][+-]?\d+)?|true|false|null/y;
    match.lastIndex = this.at;
    const text = match.exec(this.text)?.[0];
    if (text === undefined) this.fail('expected a path or a value');
    this.at += text.length;
    try {
      return { kind: 'literal', value: readJson(text) };
    } catch (error) {
      if (error instanceof JsonSyntaxError) this.fail(`not a value: ${text}`);
      throw error;
    }
  }

  /** A JSON array or object inside a filter; strings may be in single quotes. */
  private json(): import('../values.js').Value {
    const start = this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const c = this.text[this.at]!;
      if (c === "'" || c === '"') { this.quoted(); this.at--; }
      else if (c === '[' || c === '{') depth++;
      else if ((c === ']' || c === '}') && --depth === 0) { this.at++; break; }
    }
    const text = this.text.slice(start, this.at).replace(/'((?:[^'\\]|\\.)*)'/g, (_, inner: string) => JSON.stringify(inner));
    try {
      return readJson(text);
    } catch (error) {
      if (error instanceof JsonSyntaxError) this.fail('not JSON');
      throw error;
    }
  }
}
