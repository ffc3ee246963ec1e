/**
 * Terraform's variable definitions (`.tfvars`): `name = value` in HCL's native syntax with literal values only, as Terraform itself allows there:
 * texts with escapes, heredocs, numbers, booleans, null, lists, maps. https://developer.hashicorp.com/terraform/language/syntax/configuration
 */
import type { Json } from '../../code.js';
import { setOwn } from '../set-own.js';

/** Deeper is never meant. */
const MAX_DEPTH = 50;

export class TfvarsFault extends Error {
  /** Offsets in the text. */
  constructor(message: string, readonly start: number, readonly end: number) { super(message); }
}

/** Throws a TfvarsFault. */
export function parseTfvars(text: string): Record<string, Json> {
  return new Reader(text).file();
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  file(): Record<string, Json> {
    const values: Record<string, Json> = {};
    for (this.blank(true); this.at < this.text.length; this.blank(true)) {
      const start = this.at;
      const name = this.match(/[\p{ID_Start}_][\p{ID_Continue}-]*/uy);
      if (name === undefined) throw this.fault('a name is expected here: name = value');
      this.blank(false);
      if (this.text[this.at] === '{' || this.text[this.at] === '"') throw new TfvarsFault(`'${name}' begins a block; a file of variables has only name = value`, start, start + name.length);
      if (!this.take('=')) throw this.fault(`'=' is expected after '${name}'`);
      if (Object.hasOwn(values, name)) throw new TfvarsFault(`the variable '${name}' has a value already`, start, start + name.length);
      this.blank(false);
      setOwn(values, name, this.value(0));
      this.blank(false);
      if (this.at < this.text.length && this.text[this.at] !== '\n') throw this.fault('the line should end after the value');
    }
    return values;
  }

  private value(depth: number): Json {
    if (depth > MAX_DEPTH) throw this.fault('the value is nested too deeply');
    const start = this.at;
    if (this.text.startsWith('<<', this.at)) return this.heredoc();
    if (this.text[this.at] === '"') return this.quoted();
    if (this.take('[')) return this.list(depth);
    if (this.take('{')) return this.map(depth);
    const number = this.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\p{ID_Continue}])/uy);
    if (number !== undefined) return Number(number);
    const word = this.match(/[\p{ID_Start}_][\p{ID_Continue}-]*/uy);
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    if (word !== undefined) throw new TfvarsFault(`'${word}' is no value: variables and functions cannot be used here`, start, this.at);
    throw this.fault('a value is expected here: a text in double quotes, a number, true, false, a list or a map');
  }

  private list(depth: number): Json {
    const items: Json[] = [];
    for (;;) {
      this.blank(true);
      if (this.take(']')) return items;
      items.push(this.value(depth + 1));
      this.blank(true);
      if (!this.take(',') && this.text[this.at] !== ']') throw this.fault("',' or ']' is expected here");
    }
  }

  private map(depth: number): Json {
    const values: { [key: string]: Json } = {};
    for (;;) {
      this.blank(true);
      if (this.take('}')) return values;
      const key = this.text[this.at] === '"' ? this.quoted() : this.match(/[\p{ID_Start}_][\p{ID_Continue}-]*|\d+/uy);
      if (key === undefined) throw this.fault('a key is expected here: key = value');
      this.blank(false);
      if (!this.take('=') && !this.take(':')) throw this.fault("'=' is expected after the key");
      this.blank(true);
      setOwn(values, key, this.value(depth + 1));
      this.blank(false);
      if (!this.take(',') && this.text[this.at] !== '\n' && this.text[this.at] !== '}') throw this.fault("',', a new line or '}' is expected here");
    }
  }

  private quoted(): string {
    const start = this.at++;
    let result = '';
    for (;;) {
      const part = this.match(/[^"\\\n$%]+/y);
      if (part !== undefined) { result += part; continue; }
      const character = this.text[this.at];
      if (character === undefined || character === '\n') throw new TfvarsFault('the text has no closing quote on its line', start, this.at);
      if (character === '"') { this.at++; return result; }
      result += character === '\\' ? this.escape() : this.templateText();
    }
  }

  private escape(): string {
    const start = this.at;
    const code = this.match(/\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}/y);
    if (code !== undefined) {
      const point = Number.parseInt(code.slice(2), 16);
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new TfvarsFault(`${code} is no character`, start, this.at);
      return String.fromCodePoint(point);
    }
    const escaped = ({ n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' } as Record<string, string>)[this.text[this.at + 1] ?? ''];
    if (escaped === undefined) throw new TfvarsFault(`'${this.text.slice(this.at, this.at + 2)}' is no escape; there are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN`, start, start + 2);
    this.at += 2;
    return escaped;
  }

  /** At a `$` or `%`: `$${` and `%%{` are written for `${` and `%{`, which would be evaluated. */
  private templateText(): string {
    const literal = this.match(/\$\$\{|%%\{/y);
    if (literal !== undefined) return literal.slice(1);
    const sign = this.text[this.at]!;
    if (this.text[this.at + 1] === '{') throw new TfvarsFault(`${sign}{…} is not evaluated in a file of variables; for the text itself write ${sign}${sign}{`, this.at, this.at + 2);
    this.at++;
    return sign;
  }

  /** `<<EOT` to a line that holds nothing but `EOT`; `<<-EOT` takes the common indentation off. */
  private heredoc(): string {
    const start = this.at;
    const head = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy;
    head.lastIndex = this.at;
    const found = head.exec(this.text);
    if (!found) throw new TfvarsFault('a heredoc begins with <<NAME or <<-NAME at the end of a line', start, start + 2);
    this.at = head.lastIndex;
    const lines: string[] = [];
    for (;;) {
      if (this.at >= this.text.length) throw new TfvarsFault(`the heredoc has no line '${found[2]!}' that ends it`, start, start + found[0].trimEnd().length);
      const end = this.text.indexOf('\n', this.at) === -1 ? this.text.length : this.text.indexOf('\n', this.at);
      const line = this.text.slice(this.at, end).replace(/\r$/, '');
      if (line.trim() === found[2]) { this.at = end; break; }
      const evaluated = /(?<![$%])[$%]\{/.exec(line);
      if (evaluated) throw new TfvarsFault(`${evaluated[0]}…} is not evaluated in a file of variables; for the text itself write ${evaluated[0][0]!}${evaluated[0]}`, this.at + evaluated.index, this.at + evaluated.index + 2);
      lines.push(line.replace(/([$%])\1\{/g, '$1{'));
      this.at = end + 1;
    }
    const indent = found[1] === '' ? 0 : Math.min(...lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)![0].length), 1_000);
    return lines.map((line) => `${line.slice(Math.min(indent, /^[ \t]*/.exec(line)![0].length))}\n`).join('');
  }

  /** White space and comments; over line ends where the grammar allows them. */
  private blank(lines: boolean): void {
    while (this.match(lines ? /[ \t\r\n]+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\//y : /[ \t\r]+|#[^\n]*|\/\/[^\n]*|\/\*[^\n]*?\*\//y) !== undefined);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found || found[0] === '') return undefined;
    this.at = pattern.lastIndex;
    return found[0];
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private fault(message: string): TfvarsFault { return new TfvarsFault(message, this.at, Math.min(this.text.length, this.at + 1)); }
}
