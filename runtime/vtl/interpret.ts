/**
 * Runs a template's tree directly: what `#evaluate` of a text that is only known at run time needs (it is in a bundle only then), and
 * the second opinion on the generated code in tests.
 */
import { arithmetic } from './arithmetic.js';
import { index, indexOrFail, property, setIndex, setProperty } from './access.js';
import { InputObject, UtilObject } from './builtin-objects.js';
import { isGreater, isGreaterOrEqual, isLess, isLessOrEqual, looselyEqual, looselyEqualAws, truthy } from './compare.js';
import { callMacro, define, evaluated, foreach, interpolated, Output, Rendering, RootFrame, write, writeEscaped } from './frame.js';
import type { Argument, Frame, Macro, Trace } from './frame.js';
import { invokeNamed } from './invoke.js';
import type { Expression, MacroDefinition, Reference, Statement, Step, Template } from './language/ast.js';
import { parseTemplate } from './language/parser.js';
import { asTemplateError, beginWork, bounded, TemplateError } from './limits.js';
import { BreakSignal, breakTo, goesOn, goesOnForever, StopSignal } from './loop.js';
import { integerOf } from './json-reader.js';
import { methodsNamed } from './method-table.js';
import { plus, range } from './operators.js';
import { textOf } from './text.js';
import { arrayList, JavaDouble, JavaMap } from './values.js';
import type { TemplateScope } from './scope.js';
import type { Value } from './values.js';

/** Renders `template`. Throws TemplateError. */
export function interpretTemplate(template: Template, scope: TemplateScope, aws: boolean, trace: Trace | null = null): string {
  beginWork();
  const rendering = new Rendering(scope, aws, macrosOf(template.macros), aws ? goesOn : goesOnForever, trace);
  const frame = new RootFrame(rendering, builtins(scope));
  const out = new Output();
  try {
    run(template.body, frame, out);
  } catch (error) {
    if (!(error instanceof StopSignal || error instanceof BreakSignal)) throw asTemplateError(error);
  }
  return bounded(out.text);
}

export function builtins(scope: TemplateScope): [string, Value][] {
  return [['input', new InputObject(scope.input)], ['util', new UtilObject(scope.input)], ['context', scope.context], ['stageVariables', scope.stageVariables]];
}

function macrosOf(definitions: ReadonlyMap<string, MacroDefinition>): Map<string, Macro> {
  return new Map([...definitions].map(([name, macro]) => [name, { parameters: macro.parameters, body: (frame, out) => run(macro.body, frame, out) }]));
}

/** `#evaluate($text)`: parsed now. Macros it defines stay for the rest of the rendering; the first definition of a name wins. */
export function evaluateText(frame: Frame, out: Output, source: Value): void {
  const template = parseTemplate(textOf(source) ?? '');
  const [problem] = template.problems;
  if (problem) throw new TemplateError(`#evaluate: ${problem.message}`);
  for (const [name, macro] of macrosOf(template.macros)) if (!frame.rendering.macros.has(name)) frame.rendering.macros.set(name, macro);
  evaluated(frame, out, (inner, innerOut) => run(template.body, inner, innerOut));
}

function run(body: readonly Statement[], frame: Frame, out: Output): void {
  for (const statement of body) {
    switch (statement.kind) {
      case 'text': out.write(statement.text); break;
      case 'reference': print(statement, frame, out); break;
      case 'set': assign(statement, frame); break;
      case 'if': {
        const branch = statement.branches.find(({ test }) => holds(test, frame));
        if (branch) run(branch.body, frame, out);
        else if (statement.otherwise) run(statement.otherwise, frame, out);
        break;
      }
      case 'foreach':
        foreach(frame, out, valueOf(statement.source, frame), statement.variable, (inner, innerOut) => {
          inner.rendering.trace?.(statement, inner.get(statement.variable), false);
          run(statement.body, inner, innerOut);
        });
        break;
      case 'break':
        if (statement.scope) breakTo(valueOf(statement.scope, frame));
        throw new BreakSignal(null);
      case 'stop': throw new StopSignal();
      case 'define': define(frame, statement.name, (inner, innerOut) => run(statement.body, inner, innerOut)); break;
      case 'macro': break;
      case 'evaluate': evaluateText(frame, out, valueOf(statement.source, frame)); break;
      case 'call': {
        const { block } = statement;
        callMacro(frame, out, statement.name, statement.arguments.map((argument, i) => argumentOf(argument, statement.sources[i]!, frame)), block ? (inner, innerOut) => run(block, inner, innerOut) : null, statement.literal, statement.badArgument);
        break;
      }
    }
  }
}

function argumentOf(argument: Expression, literal: string, frame: Frame): Argument {
  switch (argument.kind) {
    case 'integer': case 'float': case 'boolean': case 'word': return { kind: 'constant', value: valueOf(argument, frame) };
    case 'reference': return { kind: 'name', literal, evaluate: (inner) => lookUp(argument, inner) };
    default: return { kind: 'name', literal, evaluate: (inner) => valueOf(argument, inner) };
  }
}

function print(reference: Reference, frame: Frame, out: Output): void {
  if (reference.runt) { out.write(reference.root); return; }
  const value = lookUp(reference, frame);
  if (reference.escaped) writeEscaped(frame, out, value, reference.escapePrefix, reference.literal);
  else write(frame, out, value, reference.escapePrefix, reference.prefix, frame.rendering.aws && printsNothing(reference) ? '' : reference.literal);
}

/** API Gateway prints nothing for a null, except the `$method.request…` of parameter mappings, which stays as text. */
export function printsNothing(reference: Reference): boolean {
  return reference.computable && !(reference.root === 'method' && reference.steps.length > 0);
}

/** The reference's value, also for those that count as null inside expressions. */
function lookUp(reference: Reference, frame: Frame): Value {
  if (reference.runt) return null;
  return walk(frame.get(reference.root), reference.steps, frame);
}

function walk(start: Value, steps: readonly Step[], frame: Frame): Value {
  let value = start;
  for (const step of steps) {
    if (value === null) return null;
    switch (step.kind) {
      case 'property': value = property(value, step.name); break;
      case 'index': value = (frame.rendering.aws ? index : indexOrFail)(value, valueOf(step.index, frame)); break;
      case 'method': value = invokeNamed(value, step.name, methodsNamed(step.name), step.arguments.map((argument) => valueOf(argument, frame))); break;
    }
  }
  return value;
}

function assign(statement: Statement & { kind: 'set' }, frame: Frame): void {
  const value = valueOf(statement.value, frame);
  if (value === null && !frame.rendering.aws) return;
  const { target } = statement;
  const last = target.steps.at(-1);
  if (!last) {
    frame.rendering.trace?.(statement, value, false);
    if (value === null) frame.remove(statement.name);
    else frame.put(statement.name, value);
    return;
  }
  const holder = walk(frame.get(target.root), target.steps.slice(0, -1), frame);
  frame.rendering.trace?.(statement, value, holder === null);
  if (holder === null) return;
  if (last.kind === 'index') setIndex(holder, valueOf(last.index, frame), value);
  else setProperty(holder, last.name, value);
}

/** What `#if`, `&&`, `||` and `!` take as true. Literals and calculations never are. */
function holds(expression: Expression, frame: Frame): boolean {
  switch (expression.kind) {
    case 'reference': return truthy(lookUp(expression, frame));
    case 'boolean': return expression.value;
    case 'not': return !holds(expression.operand, frame);
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '&&') return holds(left, frame) && holds(right, frame);
      if (operator === '||') return holds(left, frame) || holds(right, frame);
      return '+-*/%'.includes(operator) ? false : compare(operator, valueOf(left, frame), valueOf(right, frame), frame.rendering.aws);
    }
    default: return false;
  }
}

function compare(operator: string, left: Value, right: Value, aws: boolean): boolean {
  switch (operator) {
    case '==': return (aws ? looselyEqualAws : looselyEqual)(left, right);
    case '!=': return !(aws ? looselyEqualAws : looselyEqual)(left, right);
    case '<': return isLess(left, right);
    case '<=': return isLessOrEqual(left, right);
    case '>': return isGreater(left, right);
    default: return isGreaterOrEqual(left, right);
  }
}

function valueOf(expression: Expression, frame: Frame): Value {
  switch (expression.kind) {
    case 'string': return expression.value;
    case 'interpolation': return interpolated(frame, (inner, out) => run(expression.body, inner, out), expression.cut);
    case 'integer': return integerLiteral(expression.text);
    case 'float': return floatLiteral(expression.text);
    case 'boolean': return expression.value;
    case 'word': return null;
    case 'list': return arrayList(expression.items.map((item) => valueOf(item, frame)));
    case 'map': {
      const map = new JavaMap();
      for (const [key, value] of expression.entries) map.put(valueOf(key, frame), valueOf(value, frame));
      return map;
    }
    case 'range': return range(valueOf(expression.from, frame), valueOf(expression.to, frame));
    case 'not': return !holds(expression.operand, frame);
    case 'reference': return expression.computable ? lookUp(expression, frame) : null;
    case 'binary': {
      const { operator } = expression;
      if (operator === '&&' || operator === '||') return holds(expression, frame);
      const left = valueOf(expression.left, frame), right = valueOf(expression.right, frame);
      if (operator === '+') return frame.rendering.aws ? plus(left, right, '', '') : plus(left, right, expression.leftSource, expression.rightSource);
      if (operator === '-' || operator === '*' || operator === '/' || operator === '%') return arithmetic(operator, left, right);
      return compare(operator, left, right, frame.rendering.aws);
    }
  }
}

/** An Integer, Long or BigInteger. */
export function integerLiteral(text: string): Value {
  return integerOf(text);
}

export function floatLiteral(text: string): Value {
  return new JavaDouble(Number(text));
}

