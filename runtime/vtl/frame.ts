/**
 * Variables, macros and output of templates whose names cannot be settled at build time: those with `#macro`, `#define` or
 * `#evaluate`. (All others use JavaScript variables.) Scoping is Velocity 1.7's: a macro sees its caller's variables, assigns both its
 * own and the caller's, and evaluates its arguments each time they are used.
 */
import type { Foreach, SetDirective } from './language/ast.js';
import { MAX_TEXT, step, TemplateError } from './limits.js';
import { ForeachScope, BreakSignal, iterate, StopSignal } from './loop.js';
import type { JavaIterator } from './values.js';
import { JavaSpecial } from './values.js';
import { textOf } from './text.js';
import type { TemplateScope } from './scope.js';
import type { Value } from './values.js';

export type Body = (frame: Frame, out: Output) => void;

export class Output {
  text = '';
  write(text: string): void {
    this.text += text;
    if (this.text.length > MAX_TEXT) throw new TemplateError(`the template makes a text of more than ${MAX_TEXT} characters`);
  }
}

export interface Macro { readonly parameters: readonly string[]; readonly body: Body }

/** Told what a `#set` or a round of a `#foreach` gave its variable; `isLost`: there was nothing to set it on. */
export type Trace = (statement: SetDirective | Foreach, value: Value, isLost: boolean) => void;

/** What belongs to one rendering. */
export class Rendering {
  /** Macros being called now. A macro left by #break stays counted, as in the Java engine. */
  macroDepth = 0;
  constructor(readonly scope: TemplateScope, readonly aws: boolean, readonly macros: Map<string, Macro>, readonly goesOn: (iterator: JavaIterator, done: number) => boolean, readonly trace: Trace | null = null) {}
}

export abstract class Frame {
  constructor(readonly rendering: Rendering) {}
  abstract get(name: string): Value;
  abstract put(name: string, value: Value): void;
  abstract remove(name: string): void;
  /** The argument as its caller wrote it, for a parameter that is null: `$parameter` prints so in stock Velocity. */
  abstract literal(reference: string): string | undefined;
}

export class RootFrame extends Frame {
  private readonly variables = new Map<string, Value>();
  constructor(rendering: Rendering, builtins: Iterable<readonly [string, Value]>) {
    super(rendering);
    for (const [name, value] of builtins) this.variables.set(name, value);
  }
  override get(name: string): Value { return this.variables.get(name) ?? null; }
  override put(name: string, value: Value): void { this.variables.set(name, value); }
  override remove(name: string): void { this.variables.delete(name); }
  override literal(): undefined { return undefined; }
}

export type Argument =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'name'; readonly literal: string; readonly evaluate: (frame: Frame) => Value };

class MacroFrame extends Frame {
  private readonly local = new Map<string, Value>();
  private readonly byName = new Map<string, (frame: Frame) => Value>();
  private readonly literals = new Map<string, string>();

  constructor(private readonly inner: Frame, parameters: readonly string[], args: readonly Argument[], bodyContent: Value) {
    super(inner.rendering);
    for (let i = 0; i < parameters.length && i < args.length; i++) {
      const argument = args[i]!;
      if (argument.kind === 'constant') this.local.set(parameters[i]!, argument.value);
      else {
        this.byName.set(parameters[i]!, argument.evaluate);
        this.literals.set('$' + parameters[i]!, argument.literal);
      }
    }
    if (bodyContent !== null) this.local.set('bodyContent', bodyContent);
  }

  override get(name: string): Value {
    const own = this.local.get(name);
    if (own !== undefined && own !== null) return own;
    const argument = this.byName.get(name);
    if (argument !== undefined) {
      step(1);
      return argument(this.inner);
    }
    return this.inner.get(name);
  }
  override put(name: string, value: Value): void {
    this.local.set(name, value);
    this.inner.put(name, value);
  }
  override remove(name: string): void {
    this.local.delete(name);
    this.byName.delete(name);
    this.inner.remove(name);
  }
  override literal(reference: string): string | undefined { return this.literals.get(reference) ?? this.inner.literal(reference); }
}

/** While a loop's element is null its variable is null, whatever the body assigns to it. */
class NullElementFrame extends Frame {
  private active = true;
  constructor(private readonly inner: Frame, private readonly variable: string) { super(inner.rendering); }
  override get(name: string): Value { return this.active && name === this.variable ? null : this.inner.get(name); }
  override put(name: string, value: Value): void {
    if (name === this.variable && value === null) this.active = true;
    this.inner.put(name, value);
  }
  override remove(name: string): void {
    if (name === this.variable) this.active = false;
    this.inner.remove(name);
  }
  override literal(reference: string): string | undefined { return this.inner.literal(reference); }
}

/** `$name` of `#define`, or a block macro's `$bodyContent`: rendered each time it is printed, with the variables of that place. */
export class Block extends JavaSpecial {
  override readonly className: string = 'org.apache.velocity.runtime.directive.Block$Reference';
  private depth = 0;
  constructor(private readonly frame: Frame, private readonly body: Body, private readonly maxDepth: number) { super(); }

  /** false when it already renders itself `maxDepth` deep. */
  renderTo(frame: Frame, out: Output): boolean {
    if (this.depth >= this.maxDepth) return false;
    step(1);
    this.depth++;
    try {
      this.body(frame, out);
    } catch (error) {
      if (!(error instanceof BreakSignal && error.target === null)) throw error;
    }
    this.depth--;
    return true;
  }

  override text(): string | null {
    const out = new Output();
    return this.renderTo(this.frame, out) ? out.text : null;
  }
}

/** `#define($name)`. */
export function define(frame: Frame, name: string, body: Body): void {
  frame.put(name, new Block(frame, body, 2));
}

/** Prints a reference: a block straight into the output. `literal` undefined: null prints nothing. */
export function write(frame: Frame, out: Output, value: Value, escapes: string, prefix: string, literal: string): void {
  if (value instanceof Block && value.renderTo(frame, out)) return;
  const text = textOf(value);
  if (text !== null) out.write(escapes + prefix + text);
  else out.write(escapes + escapes + prefix + (frame.rendering.aws ? literal : frame.literal(literal) ?? literal));
}

/** `\$name`. */
export function writeEscaped(frame: Frame, out: Output, value: Value, escapes: string, literal: string): void {
  out.write(escapes + (value === null ? '\\' : '') + (frame.literal(literal) ?? literal));
}

export function foreach(frame: Frame, out: Output, source: Value, variable: string, body: Body): void {
  const iterator = iterate(source);
  if (iterator === null) return;
  const { rendering } = frame;
  const oldElement = frame.get(variable), oldCount = frame.get('velocityCount'), oldHasNext = frame.get('velocityHasNext');
  const scope = new ForeachScope(frame.get('foreach'), rendering.aws);
  frame.put('foreach', scope);
  let nullFrame: Frame | null = null;
  const clean = (): void => {
    for (const [name, old] of [[variable, oldElement], ['velocityCount', oldCount], ['velocityHasNext', oldHasNext]] as const) {
      if (old !== null) frame.put(name, old);
      else frame.remove(name);
    }
    const after = ForeachScope.after(frame.get('foreach'));
    if (after !== null) frame.put('foreach', after);
    else frame.remove('foreach');
  };
  for (let done = 0; rendering.goesOn(iterator, done); done++) {
    frame.put('velocityCount', done + 1);
    const value = iterator.next();
    frame.put('velocityHasNext', iterator.hasNext());
    frame.put(variable, value);
    scope.index++;
    scope.hasNext = iterator.hasNext();
    try {
      body(value === null ? (nullFrame ??= new NullElementFrame(frame, variable)) : frame, out);
    } catch (error) {
      if (error instanceof BreakSignal && (error.target === null || error.target === scope)) break;
      if (error instanceof BreakSignal || error instanceof StopSignal) clean();
      throw error;
    }
  }
  clean();
}

const MAX_MACRO_DEPTH = 20;

/** `#name(…)`, or with a block `#@name(…) … #end`. `literal` prints when there is no such macro. */
export function callMacro(frame: Frame, out: Output, name: string, args: readonly Argument[], block: Body | null, literal: string, badArgument: string | undefined): void {
  const { rendering } = frame;
  const macro = rendering.macros.get(name);
  if (macro === undefined) { out.write(literal); return; }
  if (badArgument !== undefined) throw new TemplateError(`invalid argument ${badArgument} in macro #${name}`);
  step(1);
  // The Java engine counts the block as a last argument whose value is null.
  const all: readonly Argument[] = block ? [...args, { kind: 'constant', value: null }] : args;
  const inner = new MacroFrame(frame, macro.parameters, all, block ? new Block(frame, block, MAX_MACRO_DEPTH) : null);
  if (rendering.macroDepth >= MAX_MACRO_DEPTH) throw new TemplateError(`macro #${name} calls itself too deeply`);
  rendering.macroDepth++;
  try {
    macro.body(inner, out);
  } catch (error) {
    if (error instanceof BreakSignal && error.target === null) return;
    throw error;
  }
  rendering.macroDepth--;
}

/** `#evaluate`: `#break` and `#stop` inside end only the evaluated text. */
export function evaluated(frame: Frame, out: Output, body: Body): void {
  step(1);
  try {
    body(frame, out);
  } catch (error) {
    if (!(error instanceof StopSignal || (error instanceof BreakSignal && error.target === null))) throw error;
  }
}

/** A string literal with references or directives in it. `cut`: the last character of what it renders is taken off. */
export function interpolated(frame: Frame, body: Body, cut: boolean): string {
  const out = new Output();
  body(frame, out);
  return cut ? out.text.slice(0, -1) : out.text;
}
