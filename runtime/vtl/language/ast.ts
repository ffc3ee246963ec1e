/** What a template means. Offsets are UTF-16 units in the template's text. */

export interface Span { readonly offset: number; readonly end: number }

export type Statement = Text | Reference | SetDirective | IfDirective | Foreach | Break | Stop | Define | MacroDefinition | Evaluate | MacroCall;

export interface Text extends Span { readonly kind: 'text'; readonly text: string }

/** `$a.b("c")[0]`, also inside expressions. */
export interface Reference extends Span {
  readonly kind: 'reference';
  readonly root: string;
  readonly steps: readonly Step[];
  /** `$!a`: null prints nothing. */
  readonly quiet: boolean;
  /** An odd number of backslashes in front: the reference prints as text when it has a value. */
  readonly escaped: boolean;
  /** Half of the backslashes in front. */
  readonly escapePrefix: string;
  /** `$` signs in front of the one that counts (`$$a`). */
  readonly prefix: string;
  /** What prints when it is null (the reference as written; '' when quiet). */
  readonly literal: string;
  /** The reference as written, whatever it is. */
  readonly source: string;
  /** An identifier that is no reference (after `$a#set(…)`): prints its name, its value is null. */
  readonly runt: boolean;
  /** false for `$\!a`: as a value it is null. */
  readonly computable: boolean;
}

export type Step =
  | (Span & { readonly kind: 'property'; readonly name: string })
  | (Span & { readonly kind: 'method'; readonly name: string; readonly arguments: readonly Expression[] })
  | (Span & { readonly kind: 'index'; readonly index: Expression });

export interface SetDirective extends Span {
  readonly kind: 'set';
  readonly target: Reference;
  /** The variable that is assigned when the target has no steps. For `${a}` and `$!a` it is `{` and `!a`: so does the Java engine. */
  readonly name: string;
  readonly value: Expression;
}

export interface IfDirective extends Span {
  readonly kind: 'if';
  readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
  readonly otherwise?: readonly Statement[];
}

export interface Foreach extends Span {
  readonly kind: 'foreach';
  readonly variable: string;
  readonly source: Expression;
  readonly body: readonly Statement[];
  /** Not written `#foreach($item in $list)`: legal, and does nothing. */
  readonly malformed: boolean;
}

export interface Break extends Span { readonly kind: 'break'; readonly scope?: Expression }
export interface Stop extends Span { readonly kind: 'stop' }
export interface Define extends Span { readonly kind: 'define'; readonly name: string; readonly body: readonly Statement[] }
export interface MacroDefinition extends Span { readonly kind: 'macro'; readonly name: string; readonly parameters: readonly string[]; readonly body: readonly Statement[] }
export interface Evaluate extends Span { readonly kind: 'evaluate'; readonly source: Expression }

/** `#name(…)` or `#@name(…)…#end` of anything that is no directive. When no macro has the name it prints as written. */
export interface MacroCall extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** The arguments as written. */
  readonly sources: readonly string[];
  readonly block?: readonly Statement[];
  readonly literal: string;
  /** A bare word among the arguments: an error when the macro exists. */
  readonly badArgument?: string;
}

export type Expression =
  | (Span & { readonly kind: 'string'; readonly value: string })
  | (Span & { readonly kind: 'interpolation'; readonly body: readonly Statement[]; readonly cut: boolean; readonly source: string })
  | (Span & { readonly kind: 'integer'; readonly text: string })
  | (Span & { readonly kind: 'float'; readonly text: string })
  | (Span & { readonly kind: 'boolean'; readonly value: boolean })
  | (Span & { readonly kind: 'word'; readonly text: string })
  | (Span & { readonly kind: 'list'; readonly items: readonly Expression[] })
  | (Span & { readonly kind: 'map'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] })
  | (Span & { readonly kind: 'range'; readonly from: Expression; readonly to: Expression; readonly source: string })
  | (Span & { readonly kind: 'not'; readonly operand: Expression })
  /** `leftSource`, `rightSource`: what the operands concatenate as when they are null. */
  | (Span & { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression; readonly leftSource: string; readonly rightSource: string; readonly source: string })
  | Reference;

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||';

/** Why a template cannot be used. */
export interface Problem {
  readonly kind: 'syntax' | 'unclosed' | 'unsupported' | 'macro';
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

export interface Template {
  readonly source: string;
  readonly body: readonly Statement[];
  /** Macros by name, wherever in the template they are defined: the first definition wins. */
  readonly macros: ReadonlyMap<string, MacroDefinition>;
  readonly problems: readonly Problem[];
}
