/** What the lexer hands to the parser. */

export type TokenKind =
  | 'index['  | 'index]' | '[' | ']' | ',' | '..' | ':' | 'map{' | 'map}' | '(' | ')' | 'method)'
  | 'escaped directive' | 'set' | 'comment start' | 'double escape' | 'escape' | 'text'
  | 'line comment' | 'formal comment' | 'block comment' | 'text block' | 'whitespace' | 'string' | 'true' | 'false' | 'newline'
  | '-' | '+' | '*' | '/' | '%' | '&&' | '||' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '!' | '='
  | 'end' | 'if' | 'elseif' | 'else' | 'integer' | 'float' | 'word' | '{word}' | 'identifier' | '.' | '{' | '}' | 'empty index'
  | 'end of template';

export interface Token {
  readonly kind: TokenKind;
  /** The token's text, with the `$`, `#` and backslashes that led to it. Escape processing shortens it (as the Java engine does). */
  image: string;
  /** Where it starts and ends in the text being parsed. */
  readonly offset: number;
  readonly end: number;
  /** `$` or `#` that turned out to be text, in front of this token: what of it is printed. */
  readonly special: string;
}
