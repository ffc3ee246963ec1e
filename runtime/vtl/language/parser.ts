/**
 * Velocity 1.7 grammar over the lexer's tokens: a recursive descent with the look-ahead of the Java engine, no more and no less, because
 * the lexer's state depends on what was consumed. One grammar is one idea, hence the length.
 * Never throws: what is wrong becomes a problem, and parsing goes on at the next line so that one run finds several mistakes.
 */
import type { BinaryOperator, Expression, IfDirective, MacroDefinition, Problem, Reference, Statement, Step, Template } from './ast.js';
import { Lexer, TemplateSyntaxError } from './lexer.js';
import type { Token, TokenKind } from './token.js';

const DIRECTIVES: ReadonlySet<string> = new Set(['foreach', 'include', 'parse', 'macro', 'literal', 'evaluate', 'break', 'define', 'stop']);
const BLOCKS: ReadonlySet<string> = new Set(['foreach', 'macro', 'literal', 'define']);
const CONTROL: ReadonlySet<string> = new Set(['if', 'end', 'set', 'else', 'elseif']);
const TEXT_TOKENS: ReadonlySet<TokenKind> = new Set<TokenKind>(['text', '.', ')', '(', 'integer', 'float', 'string', 'escape', '{', '}', 'empty index']);
const MAX_DEPTH = 200;

/** `base` is added to every offset: where `text` stands in a larger template. */
export function parseTemplate(text: string, base = 0, shared?: Map<string, MacroDefinition>, depth = 0): Template {
  return new Parser(text, base, shared ?? new Map(), depth).parse();
}

class Parser {
  private readonly lexer: Lexer;
  /** Tokens read so far; `at` is the next to consume. */
  private readonly tokens: Token[] = [];
  private at = 0;
  private readonly problems: Problem[] = [];
  /** Macros whose definition has been read: the escape `\#name` depends on it. */
  private readonly known = new Set<string>();
  private blocks = 0;
  private expressions = 0;

  constructor(private readonly text: string, private readonly base: number, private readonly macros: Map<string, MacroDefinition>, private readonly depth: number) {
    this.lexer = new Lexer(text);
  }

  parse(): Template {
    const body: Statement[] = [];
    if (this.depth > 20) this.problems.push({ kind: 'syntax', message: 'strings are nested too deeply', offset: this.base, length: this.text.length });
    else {
      for (;;) {
        try {
          this.statements(body);
          if (this.peek().kind === 'end of template') break;
          const token = this.peek();
          throw new TemplateSyntaxError(STRAY[token.kind] ?? `unexpected ${JSON.stringify(token.image)}`, token.offset, Math.max(1, token.image.trimEnd().length));
        } catch (error) {
          if (!(error instanceof TemplateSyntaxError)) throw error;
          // After the first mistake an #end or #else without its beginning is a consequence, not news.
          const kind = /never closed|ends in the middle/.test(error.message) ? 'unclosed' : /loader|not available/.test(error.message) ? 'unsupported' : 'syntax';
          if (this.problems.length === 0 || !/^#\w+ without/.test(error.message)) this.problems.push({ kind, message: error.message, offset: this.base + error.offset, length: error.length });
          const from = Math.max(error.offset, this.at > 0 ? this.tokens[this.at - 1]!.end : 0);
          const line = this.text.indexOf('\n', from);
          if (line < 0 || this.problems.length >= 20) break;
          this.tokens.length = 0;
          this.at = 0;
          this.blocks = this.expressions = 0;
          this.lexer.restart(line + 1);
        }
      }
    }
    return { source: this.text, body, macros: this.macros, problems: this.problems };
  }

  // Tokens. `peek(n)` reads no further ahead than asked: reading a token may depend on what the parser does with the one before.

  private peek(ahead = 0): Token {
    while (this.tokens.length <= this.at + ahead) this.tokens.push(this.lexer.next());
    return this.tokens[this.at + ahead]!;
  }

  private is(kind: TokenKind, ahead = 0): boolean { return this.peek(ahead).kind === kind; }

  private take(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  private expect(kind: TokenKind, what: string): Token {
    const token = this.peek();
    if (token.kind === kind) return this.take();
    if (token.kind === 'end of template') throw new TemplateSyntaxError(`the template ends where ${what} is expected`, this.last().offset, Math.max(1, this.last().image.trimEnd().length));
    const found = token.image.trimEnd() || token.image;
    throw new TemplateSyntaxError(`expected ${what} but found ${JSON.stringify(found.length > 40 ? found.slice(0, 40) + '…' : found)}`, token.offset, Math.max(1, token.image.trimEnd().length));
  }

  private last(): Token { return this.tokens[Math.max(0, this.at - 1)]!; }

  /** The tokens from index `first` to the last consumed one, as they are printed in error output of the Java engine. */
  private images(first: number, withSpecial: boolean): string {
    let text = '';
    for (let i = first; i < this.at; i++) {
      const token = this.tokens[i]!;
      text += withSpecial ? literalOf(token) : token.image;
    }
    return text;
  }

  private span(first: number): { offset: number; end: number } {
    const token = this.tokens[first]!;
    return { offset: this.base + token.offset + leading(token), end: this.base + this.last().end };
  }

  // Statements.

  private statements(into: Statement[]): void {
    for (;;) {
      const token = this.peek();
      switch (token.kind) {
        case 'if': into.push(this.ifDirective()); break;
        case 'identifier': into.push(this.reference()); break;
        case '{': if (this.is('identifier', 1)) into.push(this.reference()); else this.textToken(into); break;
        case 'comment start': this.comment(into); break;
        case 'block comment': case 'formal comment': this.comment(into); break;
        case 'text block': this.take(); push(into, token.image.slice(3, -3), this.span(this.at - 1)); break;
        case 'set': into.push(this.setDirective()); break;
        case 'escaped directive':
          this.take();
          // An unknown block macro prints its tokens: this one without the escape.
          token.image = this.escapedDirective(token.image);
          push(into, token.image, this.span(this.at - 1));
          break;
        case 'double escape': this.doubleEscapes(into); break;
        case 'word': case '{word}': this.directive(into); break;
        default:
          if (!TEXT_TOKENS.has(token.kind)) return;
          this.textToken(into);
      }
    }
  }

  private textToken(into: Statement[]): void {
    const token = this.take();
    push(into, token.special + token.image, this.span(this.at - 1));
  }

  private comment(into: Statement[]): void {
    const first = this.at;
    const token = this.take();
    const line = token.image.indexOf('##'), block = token.image.indexOf('#*');
    if (line >= 0 || block >= 0) push(into, token.image.slice(0, line >= 0 ? line : block), this.span(first));
    if (token.kind === 'comment start' && this.is('line comment')) this.take();
  }

  private isDirectiveName(name: string): boolean {
    return DIRECTIVES.has(name) || this.known.has(name) || this.macros.has(name);
  }

  /** `\#if`: half of the backslashes in front of a directive, all of them in front of anything else. */
  private escapedDirective(image: string): string {
    const last = image.lastIndexOf('\\');
    const directive = image.slice(last + 1);
    const name = directive[1] === '{' ? directive.slice(2, -1) : directive.slice(1);
    return this.isDirectiveName(name) || CONTROL.has(name) ? image.slice(0, Math.floor(last / 2)) + directive : image;
  }

  private doubleEscapes(into: Statement[]): void {
    const first = this.at;
    let count = 0;
    do { this.take(); count++; } while (this.is('double escape'));
    const next = this.peek();
    const control = next.kind === 'if' || next.kind === 'else' || next.kind === 'elseif' || next.kind === 'end' || this.isDirectiveName(next.image.slice(1));
    push(into, (control ? '\\' : '\\\\').repeat(count), this.span(first));
  }

  private block(opener: Token, what: string): Statement[] {
    const body: Statement[] = [];
    this.enter(opener);
    this.statements(body);
    this.blocks--;
    if (this.is('end of template')) throw new TemplateSyntaxError(`${what} is never closed: #end is missing`, opener.offset + leading(opener), Math.max(1, opener.image.trim().length));
    return body;
  }

  private enter(token: Token): void {
    if (++this.blocks > MAX_DEPTH) throw new TemplateSyntaxError('blocks are nested too deeply', token.offset, 1);
  }

  private ifDirective(): IfDirective {
    const first = this.at;
    const opener = this.take();
    const branches: { test: Expression; body: readonly Statement[] }[] = [];
    const branch = (name: string): void => {
      if (this.is('whitespace')) this.take();
      this.expect('(', `"(" after ${name}`);
      const test = this.expression();
      this.expect(')', `")" to end the condition of ${name}`);
      branches.push({ test, body: this.block(opener, '#if') });
    };
    branch('#if');
    while (this.is('elseif')) { this.take(); branch('#elseif'); }
    let otherwise: Statement[] | undefined;
    if (this.is('else')) { this.take(); otherwise = this.block(opener, '#if'); }
    this.expect('end', '#end');
    return { kind: 'if', branches, otherwise, ...this.span(first) };
  }

  private setDirective(): Statement {
    const first = this.at;
    this.take();
    if (this.is('whitespace')) this.take();
    const targetToken = this.peek();
    if (targetToken.kind !== 'identifier' && targetToken.kind !== '{') throw new TemplateSyntaxError('#set assigns to a reference such as $name', targetToken.offset, Math.max(1, targetToken.image.trimEnd().length));
    const target = this.reference();
    const name = targetToken.image.slice(1);
    if (this.is('whitespace')) this.take();
    this.expect('=', '"=" in #set');
    const value = this.expression();
    this.expect(')', '")" to end #set');
    this.lexer.inSet = false;
    if (this.is('newline')) this.take();
    return { kind: 'set', target, name, value, ...this.span(first) };
  }

  private directive(into: Statement[]): void {
    const first = this.at;
    const token = this.take();
    // With a `$` in front (`$#foreach`) this names no directive: as in the Java engine, which cuts off one character, whatever it is.
    const name = token.kind === '{word}' ? token.image.slice(2, -1) : token.image.slice(1);
    const known = DIRECTIVES.has(name);
    const isBlock = known ? BLOCKS.has(name) : name.startsWith('@');
    this.lexer.state = 'directive';
    if (!/^[ \t\r\n]*\(/.test(this.text.slice(this.lexer.position, this.lexer.position + 200)) && !/^[ \t\r\n]*\(/.test(this.text.slice(this.lexer.position))) {
      if (name === 'macro') throw new TemplateSyntaxError('#macro needs a name: #macro(name $a $b)', token.offset, token.image.length);
      this.lexer.pop();
      into.push(this.finish(name, token, first, [], [], undefined));
      return;
    }
    if (this.is('whitespace')) this.take();
    this.expect('(', '"("');
    const args: Expression[] = [];
    const sources: string[] = [];
    for (;;) {
      let ahead = 0;
      if (this.is('whitespace')) ahead++;
      if (this.is(',', ahead)) { if (ahead === 0 && !(this.is('whitespace', 1) || this.startsArgument(1))) break; }
      else if (!this.startsArgument(ahead)) break;
      if (this.is('whitespace')) this.take();
      if (this.is(',')) { this.take(); if (this.is('whitespace')) this.take(); }
      const from = this.at;
      const argument = this.directiveArgument();
      sources.push(this.images(from, true));
      if (argument.kind === 'word' && known && !(name === 'macro' && args.length === 0) && !(name === 'foreach' && args.length === 1)) {
        throw new TemplateSyntaxError(`#${name} cannot take the bare word ${argument.text}`, argument.offset - this.base, argument.text.length);
      }
      if (name === 'macro' && args.length === 0 && argument.kind !== 'word') throw new TemplateSyntaxError('the first argument of #macro is its name, without quotes or $', argument.offset - this.base, argument.end - argument.offset);
      args.push(argument);
    }
    if (this.is('whitespace')) this.take();
    this.expect(')', `")" to end the arguments of #${name}`);
    let block: Statement[] | undefined;
    let blockLiteral = '';
    if (isBlock) {
      const from = this.at;
      block = this.block(token, `#${name}`);
      blockLiteral = this.images(from, true);
      if (name === 'literal' && blockLiteral === '') throw new TemplateSyntaxError('#literal() has no text', token.offset, token.image.length);
      this.expect('end', '#end');
    }
    if (name === 'literal') { push(into, blockLiteral, this.span(first)); return; }
    into.push(this.finish(name, token, first, args, sources, block));
  }

  private finish(name: string, token: Token, first: number, args: readonly Expression[], sources: readonly string[], block: readonly Statement[] | undefined): Statement {
    const span = this.span(first);
    const fail = (message: string): never => { throw new TemplateSyntaxError(message, token.offset + leading(token), Math.max(1, token.image.trim().length)); };
    switch (name) {
      case 'foreach': {
        if (!block || args.length < 2) return fail('#foreach is written #foreach($item in $list) … #end');
        const [item, word, source] = args;
        const variable = item!.kind === 'reference' ? item!.root : this.text.slice(item!.offset - this.base + 1, item!.end - this.base);
        // With the wrong number of arguments the Java engine loops over nothing, or renders the argument in the block's place.
        return { kind: 'foreach', variable, source: source ?? { kind: 'word', text: '', offset: word!.end, end: word!.end }, body: args.length === 3 ? block : [], malformed: args.length !== 3 || word!.kind !== 'word', ...span };
      }
      case 'define': {
        if (!block || args.length !== 1) return fail('#define is written #define($name) … #end');
        return { kind: 'define', name: this.argumentImage(args[0]!).slice(1), body: block, ...span };
      }
      case 'macro': {
        if (!block) return fail('#macro needs a name: #macro(name $a $b)');
        if (args.length < 1) return fail('the first argument of #macro is its name');
        const macro: MacroDefinition = {
          kind: 'macro', name: (args[0] as { text: string }).text, body: block, ...span,
          parameters: args.slice(1).map((argument) => { const image = this.argumentImage(argument); return image.startsWith('$') ? image.slice(1) : image; }),
        };
        this.known.add(macro.name);
        if (!this.macros.has(macro.name)) this.macros.set(macro.name, macro);
        return macro;
      }
      case 'break':
        if (args.length > 1) return fail('#break takes at most one argument');
        return { kind: 'break', ...(args.length ? { scope: args[0]! } : {}), ...span };
      case 'stop':
        if (args.length > 1) return fail('#stop takes at most one argument');
        return { kind: 'stop', ...span };
      case 'evaluate':
        if (args.length !== 1 || (args[0]!.kind !== 'string' && args[0]!.kind !== 'interpolation' && args[0]!.kind !== 'reference')) return fail('#evaluate takes one string or reference');
        return { kind: 'evaluate', source: args[0]!, ...span };
      case 'include': case 'parse':
        return fail(`#${name} is not available: a mapping template has no loader for other templates`);
      case 'literal':
        return fail('#literal is written #literal() … #end');
    }
    const bad = args.find((argument) => argument.kind === 'word');
    // Without parentheses a block call is text: `#@name`.
    if (name.startsWith('@') && !block) return { kind: 'text', text: '#' + name, ...span };
    return {
      kind: 'call', name: name.startsWith('@') ? name.slice(1) : name, arguments: args, sources, block, literal: this.images(first, false),
      ...(bad && bad.kind === 'word' ? { badArgument: bad.text } : {}), ...span,
    };
  }

  /** The text of an argument's first token: `$a`, or for `${a}` only `${` (the Java engine names things after it). */
  private argumentImage(argument: Expression): string {
    const text = this.text.slice(argument.offset - this.base, argument.end - this.base);
    if (argument.kind !== 'reference') return text;
    return /^\\*\$[\\!]*\{/.exec(text)?.[0] ?? /^[^.[(]*/.exec(text)![0];
  }

  private startsArgument(ahead: number): boolean {
    const kind = this.peek(ahead).kind;
    if (kind === '{') return this.is('identifier', ahead + 1);
    return kind === 'identifier' || kind === 'word' || kind === 'string' || kind === 'integer' || kind === 'float' || kind === '[' || kind === 'map{' || kind === 'true' || kind === 'false';
  }

  private directiveArgument(): Expression {
    const token = this.peek();
    if (token.kind === 'word') {
      this.take();
      return { kind: 'word', text: token.image, ...this.span(this.at - 1) };
    }
    return this.operand('an argument');
  }

  // References.

  private reference(): Reference {
    const first = this.at;
    const opener = this.take();
    const braces = opener.kind === '{';
    const name = braces ? this.expect('identifier', 'a name after "{"') : opener;
    const steps: Step[] = [];
    this.indexes(steps);
    while (this.is('.') && this.is('identifier', 1)) {
      this.take();
      const from = this.at;
      if (this.is('(', 1) && (this.is('method)', 2) || this.startsParameter(2))) {
        const method = this.take().image;
        this.take();
        const args: Expression[] = [];
        if (!this.is('method)')) {
          args.push(this.parameter());
          while (this.is(',')) { this.take(); args.push(this.parameter()); }
        }
        this.expect('method)', '")"');
        steps.push({ kind: 'method', name: method, arguments: args, ...this.span(from) });
      } else {
        steps.push({ kind: 'property', name: this.take().image, ...this.span(from) });
      }
      this.indexes(steps);
    }
    if (braces) this.expect('}', '"}"');
    return this.interpretSigns(first, opener, name, steps);
  }

  private indexes(steps: Step[]): void {
    while (this.is('index[')) {
      const from = this.at;
      this.take();
      if (this.is('whitespace')) this.take();
      const kind = this.peek().kind;
      if (kind !== 'string' && kind !== 'integer' && kind !== 'true' && kind !== 'false' && kind !== 'identifier' && kind !== '{') throw new TemplateSyntaxError('an index is a string, an integer or a reference', this.peek().offset, Math.max(1, this.peek().image.length));
      const index = this.operand('an index');
      if (this.is('whitespace')) this.take();
      this.expect('index]', '"]"');
      steps.push({ kind: 'index', index, ...this.span(from) });
    }
  }

  /** Backslashes, `$`, `!` and braces in front of a reference's name. */
  private interpretSigns(first: number, opener: Token, name: Token, steps: readonly Step[]): Reference {
    const span = this.span(first);
    const plain = { kind: 'reference' as const, steps, quiet: false, escaped: false, escapePrefix: '', prefix: '', runt: false, computable: true, ...span };
    let image = opener.image;
    if (image.includes('\\!')) {
      const dollar = image.indexOf('$');
      let start = dollar;
      while (start < image.length && image[start] !== '\\') start++;
      let count = 0;
      while (image[start + count] === '\\') count++;
      const text = image.slice(0, start) + image.slice(start, start + count - 1) + image.slice(start + count);
      return { ...plain, root: text, literal: text, source: this.images(first, true), computable: false };
    }
    let slashes = 0;
    while (image[slashes] === '\\') slashes++;
    image = image.slice(slashes);
    const dollar = image.lastIndexOf('$');
    const prefix = dollar > 0 ? image.slice(0, dollar) : '';
    if (dollar > 0) image = image.slice(dollar);
    // Later uses of this token's text (a macro's literal, an unknown directive) see it without the escapes.
    opener.image = image;
    const source = this.images(first, true);
    const escaped = slashes % 2 !== 0;
    const signs = { ...plain, escaped, escapePrefix: '\\'.repeat(Math.floor(slashes / 2)), prefix, source };
    if (image.startsWith('$!')) return { ...signs, quiet: true, literal: escaped ? source : '', root: image.startsWith('$!{') ? name.image : image.slice(2) };
    if (image === '${') return { ...signs, root: name.image, literal: source };
    if (image.startsWith('$')) return { ...signs, root: image.slice(1), literal: source };
    return { ...signs, root: image, literal: source, runt: true };
  }

  // Expressions.

  private startsParameter(ahead: number): boolean {
    const kind = this.peek(ahead).kind;
    return kind === 'whitespace' || kind === 'string' || kind === 'integer' || kind === 'float' || kind === '[' || kind === 'map{' || kind === 'true' || kind === 'false' || kind === 'identifier' || kind === '{';
  }

  private parameter(): Expression {
    if (this.is('whitespace')) this.take();
    const value = this.operand('a value');
    if (this.is('whitespace')) this.take();
    return value;
  }

  private operand(what: string): Expression {
    const token = this.peek();
    if (++this.expressions > MAX_DEPTH) throw new TemplateSyntaxError('expressions are nested too deeply', token.offset, 1);
    try {
      switch (token.kind) {
        case 'string': this.take(); return this.stringLiteral(token);
        case 'integer': this.take(); this.checkNumber(token); return { kind: 'integer', text: token.image, ...this.span(this.at - 1) };
        case 'float': this.take(); this.checkNumber(token); return { kind: 'float', text: token.image, ...this.span(this.at - 1) };
        case 'true': case 'false': this.take(); return { kind: 'boolean', value: token.kind === 'true', ...this.span(this.at - 1) };
        case 'identifier': case '{': return this.reference();
        case '[': return this.isRange() ? this.range() : this.list();
        case 'map{': return this.map();
        default: this.expect('string', what); throw new Error('unreachable');
      }
    } finally { this.expressions--; }
  }

  /** A `#` or `$` that turned out to start nothing sticks to the number after it. */
  private checkNumber(token: Token): void {
    if (!/^[-.0-9]/.test(token.image)) throw new TemplateSyntaxError(`${JSON.stringify(token.image)} is not a number`, token.offset, token.image.length);
  }

  /** `[` then a reference or integer then `..`: looked for ahead without consuming. */
  private isRange(): boolean {
    const start = this.at;
    try {
      this.take();
      if (this.is('whitespace')) this.take();
      if (this.is('integer')) this.take();
      else if (this.is('identifier') || (this.is('{') && this.is('identifier', 1))) this.skipReference();
      else return false;
      if (this.is('whitespace')) this.take();
      return this.is('..');
    } catch (error) {
      if (error instanceof TemplateSyntaxError) return false;
      throw error;
    } finally { this.at = start; }
  }

  /** Moves past a reference without building it (building it rewrites token images). */
  private skipReference(): void {
    const braces = this.take().kind === '{';
    if (braces) this.take();
    let depth = 0;
    for (;;) {
      const kind = this.peek().kind;
      if (depth === 0 && !(kind === '.' || kind === 'index[' || kind === '(' || (kind === '}' && braces) || (kind === 'identifier' && this.last().kind === '.'))) return;
      if (kind === 'end of template') return;
      if (kind === 'index[' || kind === '(') depth++;
      if (kind === 'index]' || kind === 'method)') depth--;
      this.take();
      if (kind === '}' && depth === 0) return;
    }
  }

  private range(): Expression {
    const first = this.at;
    this.take();
    const bound = (): Expression => {
      if (this.is('whitespace')) this.take();
      if (!this.is('integer') && !this.is('identifier') && !this.is('{')) throw new TemplateSyntaxError('a range is written [1..5] or [$from..$to]', this.peek().offset, Math.max(1, this.peek().image.length));
      const value = this.operand('an integer or a reference');
      if (this.is('whitespace')) this.take();
      return value;
    };
    const from = bound();
    this.expect('..', '".."');
    const to = bound();
    this.expect(']', '"]"');
    return { kind: 'range', from, to, source: this.images(first, true), ...this.span(first) };
  }

  private list(): Expression {
    const first = this.at;
    this.take();
    const items: Expression[] = [];
    if (!this.is(']')) {
      items.push(this.parameter());
      while (this.is(',')) { this.take(); items.push(this.parameter()); }
    }
    this.expect(']', '"]"');
    return { kind: 'list', items, ...this.span(first) };
  }

  private map(): Expression {
    const first = this.at;
    this.take();
    const entries: (readonly [Expression, Expression])[] = [];
    const starts = this.is('whitespace') ? this.startsParameter(1) && !this.is('whitespace', 1) : this.startsParameter(0);
    if (starts) {
      for (;;) {
        const key = this.parameter();
        this.expect(':', '":" after a key');
        entries.push([key, this.parameter()]);
        if (!this.is(',')) break;
        this.take();
      }
    } else if (this.is('whitespace')) this.take();
    if (this.is('}')) this.take();
    else this.expect('map}', '"}"');
    return { kind: 'map', entries, ...this.span(first) };
  }

  private expression(): Expression { return this.binary(0); }

  private binary(level: number): Expression {
    if (level === LEVELS.length) return this.unary();
    const operators = LEVELS[level]!;
    const first = this.at;
    let left = this.binary(level + 1);
    while (operators.includes(this.peek().kind)) {
      const operator = this.take().kind as BinaryOperator;
      const from = this.at;
      const right = this.binary(level + 1);
      left = { kind: 'binary', operator, left, right, leftSource: nullSource(left), rightSource: nullSource(right), source: this.images(from, true), ...this.span(first) };
    }
    return left;
  }

  private unary(): Expression {
    if (this.is('!') || (this.is('whitespace') && this.is('!', 1))) {
      const first = this.at;
      if (this.is('whitespace')) this.take();
      if (++this.expressions > MAX_DEPTH) throw new TemplateSyntaxError('expressions are nested too deeply', this.peek().offset, 1);
      this.take();
      const operand = this.unary();
      this.expressions--;
      return { kind: 'not', operand, ...this.span(first) };
    }
    if (this.is('whitespace')) this.take();
    let value: Expression;
    if (this.is('(')) {
      if (++this.expressions > MAX_DEPTH) throw new TemplateSyntaxError('expressions are nested too deeply', this.peek().offset, 1);
      this.take();
      value = this.expression();
      this.expect(')', '")"');
      this.expressions--;
    } else value = this.operand('a value');
    if (this.is('whitespace')) this.take();
    return value;
  }

  private stringLiteral(token: Token): Expression {
    const span = this.span(this.at - 1);
    const quote = token.image[0]!;
    let value = token.image.slice(1, -1);
    if (quote === '"') value = this.unicodeEscapes(value, token);
    if (value.includes(quote)) value = value.replaceAll(quote + quote, quote);
    if (quote === "'" || !(token.image.includes('$') || token.image.includes('#'))) return { kind: 'string', value, ...span };
    // The Java engine renders the text with a blank behind it (so that a reference ends) and takes that blank off again.
    const lineComment = value.includes('##');
    const inner = parseTemplate(lineComment ? value : value + ' ', span.offset + 1, this.macros, this.depth + 1);
    this.problems.push(...inner.problems.map((problem) => ({ ...problem, message: `in a string: ${problem.message}` })));
    const body = [...inner.body];
    const tail = body.at(-1);
    let cut = !lineComment;
    if (cut && tail?.kind === 'text' && tail.text.endsWith(' ')) {
      cut = false;
      body.pop();
      if (tail.text.length > 1) body.push({ ...tail, text: tail.text.slice(0, -1) });
    }
    return { kind: 'interpolation', body, cut, source: token.image, ...span };
  }

  private unicodeEscapes(text: string, token: Token): string {
    return text.replace(/\\u([^]{0,4})/g, (_, digits: string) => {
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new TemplateSyntaxError('\\u in a string needs four hexadecimal digits', token.offset, token.image.length);
      return String.fromCharCode(parseInt(digits, 16));
    });
  }
}

/** What a null operand of a concatenation prints as: a reference as written, of a calculation what follows its operator. */
function nullSource(operand: Expression): string {
  return 'source' in operand ? operand.source : '';
}

const LEVELS: readonly (readonly TokenKind[])[] = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];
const STRAY: { readonly [kind in TokenKind]?: string } = { end: '#end without anything to end', else: '#else without #if', elseif: '#elseif without #if' };

/** Blanks that belong to a directive's token but are not what a message should point at. */
function leading(token: Token): number {
  return token.kind === 'set' ? token.image.length - token.image.trimStart().length : 0;
}

function literalOf(token: Token): string {
  return token.kind === 'block comment' ? '' : token.special + token.image;
}

function push(into: Statement[], text: string, span: { offset: number; end: number }): void {
  if (text === '') return;
  const last = into.at(-1);
  if (last?.kind === 'text') into[into.length - 1] = { kind: 'text', text: last.text + text, offset: last.offset, end: span.end };
  else into.push({ kind: 'text', text, ...span });
}
