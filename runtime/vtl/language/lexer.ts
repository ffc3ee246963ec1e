/**
 * Velocity 1.7 tokens. The language has no separate lexical grammar: what a character means depends on a stack of states
 * (text, after `$`, after `.`, inside `(…)`, after `#` …), and the quirks of real templates (`$a#set(…)b`, `#fff`, `$1`, `\\#if`)
 * follow from those states. Hence: the same states, longest match, the earlier rule wins a tie. The rule table is the specification.
 */
import type { Token, TokenKind } from './token.js';

export class TemplateSyntaxError extends Error {
  constructor(message: string, readonly offset: number, readonly length: number) { super(message); }
}

type State = 'text' | 'reference' | 'modifier' | 'arguments' | 'index' | 'directive' | 'hash' | 'line comment' | 'formal comment' | 'block comment' | 'text block';
type Outcome = 'token' | 'more' | 'skip' | 'special';
interface Rule { readonly kind: TokenKind | null; readonly outcome: Outcome; readonly match: RegExp; readonly act?: (lexer: Lexer, image: string) => string | void }
interface Frame { readonly state: State; readonly opened: number; readonly closed: number }

const BLANK_LINE_END = '(?:[ \\t]*(?:\\r\\n|\\n|\\r))?';
const WORD = '[A-Za-z_@][A-Za-z0-9_@]*';
const BRACKETED = '\\{[A-Za-z_][A-Za-z0-9_@]*\\}';

function toReference(lexer: Lexer): void {
  if (lexer.inComment) return;
  if (lexer.state === 'reference') lexer.pop();
  lexer.push('reference');
}

function comment(state: State) {
  return (lexer: Lexer): void => {
    if (lexer.inComment) return;
    lexer.inComment = true;
    lexer.push(state);
  };
}

function endComment(lexer: Lexer): void {
  lexer.inComment = false;
  lexer.pop();
}

function operand(lexer: Lexer, states: readonly State[]): void {
  if (lexer.opened === 0 && !lexer.inSet && !states.includes(lexer.state)) lexer.pop();
}

const RULES: readonly (readonly [states: readonly State[] | 'all', kind: TokenKind | null, outcome: Outcome, pattern: string, act?: Rule['act']])[] = [
  [['reference', 'modifier'], 'index[', 'token', '\\[', (l) => { l.push('index'); }],
  [['index'], 'index]', 'token', '\\]', (l) => { l.pop(); }],
  [['directive', 'arguments'], '[', 'token', '\\['],
  [['directive', 'arguments'], ']', 'token', '\\]'],
  [['directive', 'arguments'], ',', 'token', ','],
  [['directive', 'arguments'], '..', 'token', '\\.\\.'],
  [['directive', 'arguments'], ':', 'token', ':'],
  [['directive', 'arguments'], 'map{', 'token', '\\{'],
  [['directive', 'arguments'], 'map}', 'token', '\\}'],
  [['directive', 'modifier'], '(', 'token', '\\(', (l) => { if (!l.inComment) l.opened++; if (l.state === 'modifier') l.state = 'arguments'; }],
  [['directive'], ')', 'token', '\\)' + BLANK_LINE_END, (l) => { l.closeParenthesis(); }],
  [['arguments'], 'method)', 'token', '\\)', (l) => { l.state = 'reference'; }],
  [['text'], 'escaped directive', 'token', `(?:\\\\\\\\)*\\\\#(?:${WORD}|${BRACKETED})`],
  [['text', 'reference', 'modifier', 'arguments'], 'set', 'token', '[ \\t]*(?:#set|#\\{set\\}) *\\(', (l) => {
    if (l.inComment) return;
    l.push('directive');
    l.inSet = true;
    l.opened++;
  }],
  ['all', null, 'more', '\\\\*\\$', toReference],
  ['all', null, 'more', '\\\\*\\$\\\\*!', toReference],
  ['all', null, 'more', '#\\[\\[', comment('text block')],
  ['all', null, 'more', '#\\*\\*[^#]', (l) => { if (!l.inComment) l.position--; comment('formal comment')(l); }],
  ['all', null, 'more', '#\\*', comment('block comment')],
  ['all', null, 'more', '#', (l) => {
    if (l.inComment) return;
    if (l.state === 'reference' || l.state === 'modifier') l.pop();
    l.push('hash');
  }],
  [['text', 'hash', 'directive', 'reference'], 'comment start', 'token', '##', (l) => {
    if (l.inComment) return;
    if (l.state === 'reference') l.pop();
    comment('line comment')(l);
  }],
  [['text'], 'double escape', 'token', '\\\\\\\\'],
  [['text'], 'escape', 'token', '\\\\'],
  [['text'], 'text', 'token', '[^$#\\\\]+'],
  [['line comment'], 'line comment', 'token', '\\r\\n|\\n|\\r', endComment],
  [['formal comment'], 'formal comment', 'token', '\\*#', endComment],
  [['block comment'], 'block comment', 'token', '\\*#', endComment],
  [['text block'], 'text block', 'token', '\\]\\]#', endComment],
  [['line comment', 'formal comment', 'block comment'], null, 'skip', '[^]'],
  [['text block'], null, 'more', '[^]'],
  [['directive', 'arguments', 'index'], 'whitespace', 'token', '[ \\t\\n\\r]+'],
  [['directive', 'arguments', 'index'], 'string', 'token', '"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'', (l) => { if (l.state === 'directive' && !l.inSet && l.opened === 0) l.pop(); }],
  [['reference', 'directive', 'modifier', 'arguments', 'index'], 'true', 'token', 'true'],
  [['reference', 'directive', 'modifier', 'arguments', 'index'], 'false', 'token', 'false'],
  [['directive'], '-', 'token', '-'],
  [['directive'], '+', 'token', '\\+'],
  [['directive'], '*', 'token', '\\*'],
  [['directive'], '/', 'token', '/'],
  [['directive'], '%', 'token', '%'],
  [['directive'], '&&', 'token', '&&|and'],
  [['directive'], '||', 'token', '\\|\\||or'],
  [['directive'], '<', 'token', '<|lt'],
  [['directive'], '<=', 'token', '<=|le'],
  [['directive'], '>', 'token', '>|gt'],
  [['directive'], '>=', 'token', '>=|ge'],
  [['directive'], '==', 'token', '==|eq'],
  [['directive'], '!=', 'token', '!=|ne'],
  [['directive'], '!', 'token', '!|not'],
  [['directive'], '=', 'token', '='],
  [['hash'], 'end', 'token', `(?:end|\\{end\\})${BLANK_LINE_END}`, (l) => { l.pop(); }],
  [['hash'], 'if', 'token', 'if|\\{if\\}', (l) => { l.state = 'directive'; }],
  [['hash'], 'elseif', 'token', 'elseif|\\{elseif\\}', (l) => { l.state = 'directive'; }],
  [['hash'], 'else', 'token', `(?:else|\\{else\\})${BLANK_LINE_END}`, (l) => { l.pop(); }],
  // An integer may be followed by the `..` of a range, so that `1..3` is not read as the decimal `1.`.
  [['hash', 'directive', 'arguments', 'index'], 'integer', 'token', '-?[0-9]+(?:\\.\\.)?', (l, image) => {
    let text = image;
    if (text.endsWith('..')) { l.position -= 2; text = text.slice(0, -2); }
    operand(l, ['arguments', 'index']);
    return text;
  }],
  [['hash', 'directive', 'arguments', 'index'], 'float', 'token', '-?[0-9]+\\.[0-9]*(?:[eE][+-]?[0-9]+)?|-?\\.[0-9]+(?:[eE][+-]?[0-9]+)?|-?[0-9]+[eE][+-]?[0-9]+', (l) => operand(l, ['arguments'])],
  [['hash', 'directive'], 'word', 'token', WORD],
  [['hash', 'directive'], '{word}', 'token', BRACKETED],
  [['reference', 'modifier', 'arguments'], 'identifier', 'token', '[A-Za-z_][A-Za-z0-9_-]*'],
  [['reference', 'modifier', 'arguments'], '.', 'token', '\\.[A-Za-z]', (l) => { l.position--; l.state = 'modifier'; return '.'; }],
  [['reference', 'modifier'], '{', 'token', '\\{'],
  [['reference', 'modifier'], '}', 'token', '\\}', (l) => { l.pop(); }],
  [['reference', 'modifier', 'hash'], null, 'special', '[^]', (l) => { l.position--; l.pop(); }],
  [['text', 'reference'], 'empty index', 'token', '\\$\\[|\\$!\\[|\\$\\\\!\\[|\\$\\.'],
];

const STATES: readonly State[] = ['text', 'reference', 'modifier', 'arguments', 'index', 'directive', 'hash', 'line comment', 'formal comment', 'block comment', 'text block'];

let rulesByState: Map<State, Rule[]> | undefined;

function rulesOf(state: State): readonly Rule[] {
  rulesByState ??= new Map(STATES.map((name) => [name, RULES
    .filter(([states]) => states === 'all' || states.includes(name))
    .map(([, kind, outcome, pattern, act]) => ({ kind, outcome, match: new RegExp(pattern, 'y'), act }))]));
  return rulesByState.get(state)!;
}

export class Lexer {
  state: State = 'text';
  position = 0;
  /** Parentheses opened and closed in the current state. */
  opened = 0;
  closed = 0;
  inComment = false;
  inSet = false;
  private stack: Frame[] = [];

  constructor(readonly text: string) {}

  push(next: State): void {
    this.stack.push({ state: this.state, opened: this.opened, closed: this.closed });
    this.opened = 0;
    this.state = next;
  }

  pop(): boolean {
    const frame = this.stack.pop();
    if (!frame) {
      this.opened = 0;
      this.state = 'text';
      return false;
    }
    this.opened = frame.opened;
    this.closed = frame.closed;
    this.state = frame.state;
    return true;
  }

  /** A `)` closes the innermost state that has an open parenthesis; states without one end on the way. */
  closeParenthesis(): void {
    if (this.inComment) return;
    for (;;) {
      if (this.opened > 0) {
        if (this.opened === this.closed + 1) this.pop();
        else this.closed++;
        return;
      }
      if (!this.pop()) return;
    }
  }

  /** Back to plain text at `position`: after a syntax error. */
  restart(position: number): void {
    this.position = position;
    this.state = 'text';
    this.stack = [];
    this.opened = this.closed = 0;
    this.inComment = this.inSet = false;
  }

  next(): Token {
    let special = '';
    for (;;) {
      const start = this.position;
      if (start >= this.text.length) return { kind: 'end of template', image: '', offset: start, end: start, special };
      for (;;) {
        let best: Rule | undefined;
        let bestEnd = -1;
        const from = this.position;
        for (const rule of rulesOf(this.state)) {
          rule.match.lastIndex = from;
          if (rule.match.test(this.text) && rule.match.lastIndex > bestEnd) { best = rule; bestEnd = rule.match.lastIndex; }
        }
        if (!best || from >= this.text.length) {
          throw from >= this.text.length
            ? new TemplateSyntaxError('the template ends in the middle of ' + this.what(), start, Math.max(1, from - start))
            : new TemplateSyntaxError(`unexpected ${JSON.stringify(this.text[from])} in ${this.what()}`, from, 1);
        }
        this.position = bestEnd;
        const image = this.text.slice(start, bestEnd);
        const changed = best.act?.(this, image);
        if (best.outcome === 'more') continue;
        if (best.outcome === 'skip') break;
        if (best.outcome === 'special') { special += specialText(image); break; }
        return { kind: best.kind!, image: changed ?? image, offset: start, end: this.position, special };
      }
    }
  }

  private what(): string {
    switch (this.state) {
      case 'text': return 'text';
      case 'reference': case 'modifier': return 'a reference';
      case 'arguments': return "a method's arguments";
      case 'index': return 'an index';
      case 'directive': return 'a directive';
      case 'hash': return 'a directive';
      case 'text block': return 'a #[[ block';
      default: return 'a comment';
    }
  }
}

/** What is printed of a `$` or `#` that starts nothing: the sign itself and the backslashes before a `$`. */
function specialText(image: string): string {
  let text = '';
  for (let i = 0; i < image.length; i++) {
    const c = image[i]!;
    if (c === '#' || c === '$') text += c;
    if (c === '\\') {
      let j = i;
      while (j < image.length && image[j] === '\\') j++;
      if (image[j] === '$') { text += image.slice(i, j + 1); i = j + 1; }
    }
  }
  return text;
}
