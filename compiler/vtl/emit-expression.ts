/** Expressions and references as code. How a variable is read is the caller's business (JavaScript variables or frames). */
import { code, helper, join, trusted } from '../code.js';
import { Helper } from '../code.js';
import { arithmetic } from '../../runtime/vtl/arithmetic.js';
import { integerLiteral } from '../../runtime/vtl/interpret.js';
import { methodsNamed } from '../../runtime/vtl/method-table.js';
import { JavaBigInteger } from '../../runtime/vtl/values.js';
import { emitInputCall, emitUtilCall } from './emit-builtin.js';
import type { Code } from '../code.js';
import type { Value } from '../../runtime/vtl/values.js';
import type { Dialect } from './dialect.js';
import type { Expression, Reference, Statement, Step } from './parse.js';
import type { Survey } from './survey.js';

const H = {
  truthy: helper<typeof import('../../runtime/vtl/compare.js')>()('vtl/compare', 'truthy'),
  looselyEqual: helper<typeof import('../../runtime/vtl/compare.js')>()('vtl/compare', 'looselyEqual'),
  looselyEqualAws: helper<typeof import('../../runtime/vtl/compare.js')>()('vtl/compare', 'looselyEqualAws'),
  isLess: helper<typeof import('../../runtime/vtl/compare.js')>()('vtl/compare', 'isLess'),
  isLessOrEqual: helper<typeof import('../../runtime/vtl/compare.js')>()('vtl/compare', 'isLessOrEqual'),
  isGreater: helper<typeof import('../../runtime/vtl/compare.js')>()('vtl/compare', 'isGreater'),
  isGreaterOrEqual: helper<typeof import('../../runtime/vtl/compare.js')>()('vtl/compare', 'isGreaterOrEqual'),
  property: helper<typeof import('../../runtime/vtl/access.js')>()('vtl/access', 'property'),
  index: helper<typeof import('../../runtime/vtl/access.js')>()('vtl/access', 'index'),
  indexOrFail: helper<typeof import('../../runtime/vtl/access.js')>()('vtl/access', 'indexOrFail'),
  invoke: helper<typeof import('../../runtime/vtl/invoke.js')>()('vtl/invoke', 'invoke'),
  invokeNamed: helper<typeof import('../../runtime/vtl/invoke.js')>()('vtl/invoke', 'invokeNamed'),
  methods: helper<typeof import('../../runtime/vtl/invoke.js')>()('vtl/invoke', 'methods'),
  arithmetic: helper<typeof import('../../runtime/vtl/arithmetic.js')>()('vtl/arithmetic', 'arithmetic'),
  plus: helper<typeof import('../../runtime/vtl/operators.js')>()('vtl/operators', 'plus'),
  range: helper<typeof import('../../runtime/vtl/operators.js')>()('vtl/operators', 'range'),
  bounded: helper<typeof import('../../runtime/vtl/limits.js')>()('vtl/limits', 'bounded'),
  arrayList: helper<typeof import('../../runtime/vtl/values.js')>()('vtl/values', 'arrayList'),
  mapOf: helper<typeof import('../../runtime/vtl/literals.js')>()('vtl/literals', 'mapOf'),
  double: helper<typeof import('../../runtime/vtl/literals.js')>()('vtl/literals', 'double'),
  big: helper<typeof import('../../runtime/vtl/literals.js')>()('vtl/literals', 'big'),
  inputObject: helper<typeof import('../../runtime/vtl/literals.js')>()('vtl/literals', 'inputObject'),
  utilObject: helper<typeof import('../../runtime/vtl/literals.js')>()('vtl/literals', 'utilObject'),
};

/** Code with what is known of its value. `constant` is set when the value is known (undefined: it is not). */
export interface Typed {
  readonly code: Code;
  readonly type: 'string' | 'integer' | 'boolean' | 'value';
  readonly constant?: Value;
}

/** How the surrounding code reads variables and renders bodies. */
export interface Surroundings {
  readonly dialect: Dialect;
  readonly survey: Survey;
  /** Names that mean the engine's own objects. */
  isBuiltin(name: string): boolean;
  variable(name: string): Typed;
  /** A simple `$foreach.index` and the like; undefined outside of loops or when it is not simple. */
  foreachStep(step: Step): Typed | undefined;
  /** An expression for the text a body renders: string literals with references and directives. */
  interpolation(body: readonly Statement[], cut: boolean): Code;
  /** Declares a constant next to the rendering function; the same code twice is one constant. */
  constant(hint: string, value: Code): Code;
  /** A variable that holds the target of a call while its arguments are not yet evaluated. */
  temporary(): Code;
}

export class ExpressionEmitter {
  constructor(private readonly around: Surroundings) {}

  private get aws(): boolean { return this.around.dialect === 'aws'; }

  value(expression: Expression): Typed {
    switch (expression.kind) {
      case 'string': return constantOf(expression.value, this.around);
      case 'boolean': return constantOf(expression.value, this.around);
      case 'word': return constantOf(null, this.around);
      case 'integer': return constantOf(integerLiteral(expression.text), this.around);
      case 'float': return { code: this.around.constant('double', code`${H.double}(${Number.isFinite(Number(expression.text)) ? Number(expression.text) : trusted(Number(expression.text) > 0 ? 'Infinity' : '-Infinity')})`), type: 'value' };
      case 'list': return { code: code`${H.arrayList}([${join(expression.items.map((item) => this.value(item).code), ', ')}])`, type: 'value' };
      case 'map': return { code: code`${H.mapOf}([${join(expression.entries.flat().map((item) => this.value(item).code), ', ')}])`, type: 'value' };
      case 'range': return { code: code`${H.range}(${this.value(expression.from).code}, ${this.value(expression.to).code})`, type: 'value' };
      case 'not': case 'reference': break;
      case 'interpolation': return this.interpolation(expression);
      case 'binary': return this.binary(expression);
    }
    if (expression.kind === 'not') return { code: this.test(expression), type: 'boolean' };
    return expression.computable ? this.reference(expression) : constantOf(null, this.around);
  }

  private interpolation(expression: Expression & { kind: 'interpolation' }): Typed {
    const [only] = expression.body;
    if (expression.body.length === 0 && !expression.cut) return constantOf('', this.around);
    if (expression.body.length === 1 && only!.kind === 'text' && !expression.cut) return constantOf(only!.text, this.around);
    return { code: this.around.interpolation(expression.body, expression.cut), type: 'string' };
  }

  private binary(expression: Expression & { kind: 'binary' }): Typed {
    const { operator } = expression;
    if (!'+-*/%'.includes(operator)) return { code: this.test(expression), type: 'boolean' };
    const left = this.value(expression.left), right = this.value(expression.right);
    if (typeof left.constant === 'number' && typeof right.constant === 'number') return constantOf(arithmetic(operator as '+', left.constant, right.constant), this.around);
    if (operator === '+') {
      const nulls = this.aws ? ['', ''] as const : [expression.leftSource, expression.rightSource] as const;
      if (typeof left.constant === 'string' && typeof right.constant === 'string') return constantOf(left.constant + right.constant, this.around);
      if (left.type === 'string' && right.type === 'string') return { code: code`${H.bounded}(${left.code} + ${right.code})`, type: 'string' };
      const sum = code`${H.plus}(${left.code}, ${right.code}, ${nulls[0]}, ${nulls[1]})`;
      return { code: sum, type: 'value' };
    }
    return { code: code`${H.arithmetic}(${operator}, ${left.code}, ${right.code})`, type: 'value' };
  }

  /** A JavaScript boolean. Literals and calculations are never true in a condition: so does the Java engine. */
  test(expression: Expression): Code {
    switch (expression.kind) {
      case 'boolean': return code`${expression.value}`;
      case 'not': return code`!(${this.test(expression.operand)})`;
      case 'reference': {
        const value = this.reference(expression);
        return value.type === 'boolean' ? value.code : code`${H.truthy}(${value.code})`;
      }
      case 'binary': {
        const { operator } = expression;
        if (operator === '&&' || operator === '||') return code`(${this.test(expression.left)} ${trusted(operator)} ${this.test(expression.right)})`;
        if ('+-*/%'.includes(operator)) return code`false`;
        return this.comparison(operator, this.value(expression.left), this.value(expression.right));
      }
      default: return code`false`;
    }
  }

  private comparison(operator: string, left: Typed, right: Typed): Code {
    if (typeof left.constant === 'number' && typeof right.constant === 'number') {
      const order = Math.sign(left.constant - right.constant);
      return code`${{ '==': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator]!}`;
    }
    if (left.type === 'integer' && right.type === 'integer') return code`(${left.code} ${trusted(operator === '==' ? '===' : operator === '!=' ? '!==' : operator)} ${right.code})`;
    const equal = this.aws ? H.looselyEqualAws : H.looselyEqual;
    switch (operator) {
      case '==': return code`${equal}(${left.code}, ${right.code})`;
      case '!=': return code`!${equal}(${left.code}, ${right.code})`;
      case '<': return code`${H.isLess}(${left.code}, ${right.code})`;
      case '<=': return code`${H.isLessOrEqual}(${left.code}, ${right.code})`;
      case '>': return code`${H.isGreater}(${left.code}, ${right.code})`;
      default: return code`${H.isGreaterOrEqual}(${left.code}, ${right.code})`;
    }
  }

  /** What the reference refers to; null for those that are no references. */
  reference(reference: Reference): Typed {
    if (reference.runt) return constantOf(null, this.around);
    const { steps } = reference;
    const [first] = steps;
    if (this.around.isBuiltin(reference.root)) {
      switch (reference.root) {
        case 'input':
          if (!first) return { code: code`${H.inputObject}(scope)`, type: 'value' };
          return this.follow(emitInputCall(first, (argument) => this.value(argument), this.around), steps.slice(1));
        case 'util':
          if (!first) return { code: code`${H.utilObject}(scope)`, type: 'value' };
          return this.follow(emitUtilCall(first, (argument) => this.value(argument), this.around), steps.slice(1));
        case 'context': case 'stageVariables': {
          const map = reference.root === 'context' ? code`scope.context` : code`scope.stageVariables`;
          if (first?.kind === 'property' && first.name !== 'class' && first.name !== 'Class') return this.follow({ code: code`${map}.get(${first.name})`, type: 'value' }, steps.slice(1));
          return this.follow({ code: map, type: 'value' }, steps);
        }
      }
    }
    if (reference.root === 'foreach' && first) {
      const simple = this.around.foreachStep(first);
      if (simple) return this.follow(simple, steps.slice(1));
    }
    return this.follow(this.around.variable(reference.root), steps);
  }

  follow(start: Typed, steps: readonly Step[]): Typed {
    let value = start;
    for (const step of steps) {
      if (value.constant === null) return value;
      value = { code: this.step(value.code, step), type: 'value' };
    }
    return value;
  }

  private step(target: Code, step: Step): Code {
    switch (step.kind) {
      case 'property': return code`${H.property}(${target}, ${step.name})`;
      case 'index': return this.onTarget(target, [step.index], (holder) => code`${this.aws ? H.index : H.indexOrFail}(${holder}, ${this.value(step.index).code})`);
      case 'method': return this.onTarget(target, step.arguments, (holder) => {
        const table = this.methodTable(step.name);
        const args = code`[${join(step.arguments.map((argument) => this.value(argument).code), ', ')}]`;
        return this.around.survey.specials || this.around.survey.framed ? code`${H.invokeNamed}(${holder}, ${step.name}, ${table}, ${args})` : code`${H.invoke}(${holder}, ${table}, ${args})`;
      });
    }
  }

  /** Of a null nothing is called: arguments that do something are then not evaluated either. */
  private onTarget(target: Code, args: readonly Expression[], call: (holder: Code) => Code): Code {
    if (args.every(isHarmless)) return call(target);
    const holder = this.around.temporary();
    return code`((${holder} = ${target}) === null ? null : ${call(holder)})`;
  }

  /** The implementations a method name can mean, each imported by its own name. */
  private methodTable(name: string): Code {
    const entries = Object.entries(methodsNamed(name)).map(([kind, method]) => code`${trusted(kind)}: ${new Helper('vtl/methods', method!.name)}`);
    return this.around.constant(name, code`${H.methods}({ ${join(entries, ', ')} })`);
  }
}

/** Evaluating it changes nothing and cannot fail. */
function isHarmless(expression: Expression): boolean {
  switch (expression.kind) {
    case 'string': case 'integer': case 'float': case 'boolean': case 'word': return true;
    case 'reference': return expression.steps.every((step) => step.kind === 'property');
    case 'interpolation': return expression.body.every((statement) => statement.kind === 'text' || (statement.kind === 'reference' && isHarmless(statement)));
    default: return false;
  }
}

/** A value known at build time as code. */
export function constantOf(value: Value, around: Pick<Surroundings, 'constant'>): Typed {
  switch (typeof value) {
    case 'string': return { code: code`${value}`, type: 'string', constant: value };
    case 'number': return { code: code`${value}`, type: 'integer', constant: value };
    case 'boolean': return { code: code`${value}`, type: 'boolean', constant: value };
    case 'bigint': return { code: trusted(`${value < 0n ? `(${value}n)` : `${value}n`}`), type: 'value', constant: value };
    default:
      if (value instanceof JavaBigInteger) return { code: around.constant('big', code`${H.big}(${trusted(`${value.value}n`)})`), type: 'value', constant: value };
      return { code: code`null`, type: 'value', constant: null };
  }
}
