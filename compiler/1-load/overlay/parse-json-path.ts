/** Reads JSONPath (RFC 9535): all of its selectors, filters and functions. Member names in dot notation may hold hyphens, as OpenAPI's overlays write them. */
import type { Json } from '../../code.js';
import type { Operand, Query, Segment, Selector, Test } from './json-path-syntax.js';

/** `offset` and `length` are UTF-16 units in the query's text. */
export class JsonPathError extends Error {
  constructor(message: string, readonly offset: number, readonly length = 1, readonly hint?: string) { super(message); }
}

const NAME = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\-\u0080-\uffff]*/y;
const INTEGER = /-?(?:0|[1-9]\d*)/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const MOST_NESTED = 50;

export function parseJsonPath(text: string): Query {
  return new Parser(text).parse();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  parse(): Query {
    if (this.text[0] !== '$') throw new JsonPathError('a query starts with $', 0);
    const query = this.query();
    if (this.at < this.text.length) throw this.unexpected();
    return query;
  }

  private query(): Query {
    if (++this.depth > MOST_NESTED) throw new JsonPathError('the query is nested too deeply', this.at);
    const from = this.text[this.at++] as '$' | '@';
    const segments: Segment[] = [];
    for (;;) {
      const before = this.at;
      this.blanks();
      if (this.text.startsWith('..', this.at)) {
        this.at += 2;
        segments.push({ descendant: true, selectors: this.text[this.at] === '[' ? this.bracket() : [this.shorthand()] });
      } else if (this.text[this.at] === '.') {
        this.at++;
        segments.push({ descendant: false, selectors: [this.shorthand()] });
      } else if (this.text[this.at] === '[') {
        segments.push({ descendant: false, selectors: this.bracket() });
      } else {
        this.at = before;
        this.depth--;
        return { from, segments };
      }
    }
  }

  private shorthand(): Selector {
    if (this.text[this.at] === '*') { this.at++; return { kind: 'wildcard' }; }
    const name = this.match(NAME);
    if (name === undefined) throw new JsonPathError("a name or * is expected after '.'", this.at, 1, "other names stand in brackets and quotes: $.paths['/pets'].get");
    return { kind: 'name', name };
  }

  private bracket(): Selector[] {
    const start = this.at++;
    const selectors: Selector[] = [];
    for (;;) {
      this.blanks();
      selectors.push(this.selector());
      this.blanks();
      const next = this.text[this.at++];
      if (next === ']') return selectors;
      if (next === undefined) throw new JsonPathError("this '[' is never closed", start);
      if (next !== ',') { this.at--; throw new JsonPathError("',' or ']' is expected", this.at); }
    }
  }

  private selector(): Selector {
    const c = this.text[this.at];
    if (c === "'" || c === '"') return { kind: 'name', name: this.string() };
    if (c === '*') { this.at++; return { kind: 'wildcard' }; }
    if (c === '?') {
      this.at++;
      this.blanks();
      return { kind: 'filter', test: this.or() };
    }
    const first = this.integer();
    this.blanks();
    if (this.text[this.at] !== ':') {
      if (first === undefined) throw new JsonPathError("a quoted name, an index, a slice, * or a filter is expected", this.at);
      return { kind: 'index', index: first };
    }
    this.at++;
    this.blanks();
    const end = this.integer();
    this.blanks();
    let step: number | undefined;
    if (this.text[this.at] === ':') {
      this.at++;
      this.blanks();
      step = this.integer();
    }
    return { kind: 'slice', ...(first !== undefined && { start: first }), ...(end !== undefined && { end }), step: step ?? 1 };
  }

  private or(): Test {
    const tests = [this.and()];
    for (this.blanks(); this.text.startsWith('||', this.at); this.blanks()) { this.at += 2; this.blanks(); tests.push(this.and()); }
    return tests.length === 1 ? tests[0]! : { kind: 'or', tests };
  }

  private and(): Test {
    const tests = [this.basic()];
    for (this.blanks(); this.text.startsWith('&&', this.at); this.blanks()) { this.at += 2; this.blanks(); tests.push(this.basic()); }
    return tests.length === 1 ? tests[0]! : { kind: 'and', tests };
  }

  private basic(): Test {
    if (++this.depth > MOST_NESTED) throw new JsonPathError('the filter is nested too deeply', this.at);
    try {
      if (this.text[this.at] === '!') {
        this.at++;
        this.blanks();
        return { kind: 'not', test: this.basic() };
      }
      if (this.text[this.at] === '(') {
        const start = this.at++;
        this.blanks();
        const inner = this.or();
        this.blanks();
        if (this.text[this.at++] !== ')') throw new JsonPathError("this '(' is never closed", start);
        return inner;
      }
      return this.comparison();
    } finally { this.depth--; }
  }

  private comparison(): Test {
    const start = this.at;
    const left = this.operand();
    if ('test' in left) return left.test;
    this.blanks();
    const operator = this.match(/==|!=|<=|>=|<|>/y) as '==' | undefined;
    if (operator === undefined) {
      if (left.operand.kind !== 'query') throw new JsonPathError('a comparison (==, !=, <, …) is expected here', this.at);
      return { kind: 'exists', query: left.operand.query };
    }
    this.singular(left.operand, start);
    this.blanks();
    const rightStart = this.at;
    const right = this.operand();
    if ('test' in right) throw new JsonPathError('match() and search() cannot be compared', rightStart);
    this.singular(right.operand, rightStart);
    return { kind: 'compare', operator, left: left.operand, right: right.operand };
  }

  /** RFC 9535 §2.3.5.1: only queries that give at most one node can be compared. */
  private singular(operand: Operand, start: number): void {
    if (operand.kind !== 'query') return;
    const many = operand.query.segments.some(({ descendant, selectors }) => descendant || selectors.length !== 1 || (selectors[0]!.kind !== 'name' && selectors[0]!.kind !== 'index'));
    if (many) throw new JsonPathError('only a path to one value can be compared', start, this.at - start);
  }

  private operand(): { operand: Operand } | { test: Test } {
    const c = this.text[this.at];
    if (c === "'" || c === '"') return literal(this.string());
    if (c === '$' || c === '@') return { operand: { kind: 'query', query: this.query() } };
    const number = this.match(NUMBER);
    if (number !== undefined) return literal(Number(number));
    const start = this.at;
    const word = this.match(NAME);
    if (word === 'true' || word === 'false') return literal(word === 'true');
    if (word === 'null') return literal(null);
    if (word !== undefined && this.text[this.at] === '(') return this.call(word, start);
    throw new JsonPathError(word === undefined ? '@, $, a literal or a function is expected' : `'${word.slice(0, 40)}' is no value; a text stands in quotes`, start, word?.length ?? 1);
  }

  private call(name: string, start: number): { operand: Operand } | { test: Test } {
    const parameters = { length: 1, count: 1, value: 1, match: 2, search: 2 }[name];
    if (parameters === undefined) throw new JsonPathError(`there is no function ${name.slice(0, 40)}()`, start, name.length);
    this.at++;
    const given: Operand[] = [];
    for (this.blanks(); this.text[this.at] !== ')'; this.blanks()) {
      if (given.length > 0 && this.text[this.at++] !== ',') { this.at--; throw new JsonPathError("',' or ')' is expected", this.at); }
      this.blanks();
      const next = this.operand();
      if ('test' in next) throw new JsonPathError('match() and search() are no arguments', this.at);
      given.push(next.operand);
    }
    this.at++;
    if (given.length !== parameters) throw new JsonPathError(`${name}() takes ${parameters === 1 ? 'one argument' : 'two arguments'}`, start, this.at - start);
    const [first, second] = given as [Operand, Operand];
    if (name === 'match' || name === 'search') return { test: { kind: 'regexp', whole: name === 'match', text: first, pattern: second } };
    if (name === 'length') return { operand: { kind: 'length', of: first } };
    if (first.kind !== 'query') throw new JsonPathError(`${name}() takes a query`, start, this.at - start);
    return { operand: { kind: name as 'count' | 'value', query: first.query } };
  }

  private string(): string {
    const quote = this.text[this.at];
    const start = this.at++;
    let value = '';
    for (;;) {
      const c = this.text[this.at++];
      if (c === undefined) throw new JsonPathError('this quote is never closed', start);
      if (c === quote) return value;
      if (c !== '\\') { value += c; continue; }
      const escaped = this.text[this.at++];
      const simple = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '/': '/', '\\': '\\', "'": "'", '"': '"' }[escaped ?? ''];
      if (simple !== undefined) value += simple;
      else {
        const hex = escaped === 'u' ? this.match(/[0-9a-fA-F]{4}/y) : undefined;
        if (hex === undefined) throw new JsonPathError('no escape of a string', this.at - 2, 2);
        value += String.fromCharCode(parseInt(hex, 16));
      }
    }
  }

  private integer(): number | undefined {
    const digits = this.match(INTEGER);
    return digits === undefined ? undefined : Number(digits);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private blanks(): void {
    while (/[ \t\n\r]/.test(this.text[this.at] ?? '')) this.at++;
  }

  private unexpected(): JsonPathError {
    return new JsonPathError(`unexpected '${this.text[this.at]!}'`, this.at);
  }
}

function literal(value: Json): { operand: Operand } {
  return { operand: { kind: 'literal', value } };
}
