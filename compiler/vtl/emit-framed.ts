/** Templates with `#define`, `#evaluate` or macros: variables live in frames, output goes to an Output (runtime/vtl/frame.ts). */
import { code, EMPTY, helper, identifier, join } from '../code.js';
import type { Code } from '../code.js';
import { printsNothing } from '../../runtime/vtl/interpret.js';
import type { Dialect } from './dialect.js';
import { ExpressionEmitter } from './emit-expression.js';
import type { Surroundings, Typed } from './emit-expression.js';
import { parse } from './parse.js';
import type { Expression, Reference, Statement, Template } from './parse.js';
import type { Survey } from './survey.js';

const F = helper<typeof import('../../runtime/vtl/frame.js')>();
const L = helper<typeof import('../../runtime/vtl/loop.js')>();
const A = helper<typeof import('../../runtime/vtl/access.js')>();
const H = {
  framedTemplate: helper<typeof import('../../runtime/vtl/render.js')>()('vtl/render', 'framedTemplate'),
  write: F('vtl/frame', 'write'), writeEscaped: F('vtl/frame', 'writeEscaped'), foreach: F('vtl/frame', 'foreach'), define: F('vtl/frame', 'define'),
  callMacro: F('vtl/frame', 'callMacro'), evaluated: F('vtl/frame', 'evaluated'), interpolated: F('vtl/frame', 'interpolated'),
  BreakSignal: L('vtl/loop', 'BreakSignal'), StopSignal: L('vtl/loop', 'StopSignal'), breakTo: L('vtl/loop', 'breakTo'),
  setProperty: A('vtl/access', 'setProperty'), setIndex: A('vtl/access', 'setIndex'),
  evaluateText: helper<typeof import('../../runtime/vtl/interpret.js')>()('vtl/interpret', 'evaluateText'),
};

const NOTHING = helper<typeof import('../../runtime/vtl/render.js')>()('vtl/render', 'nothing');

export function emitFramed(template: Template, dialect: Dialect, survey: Survey): Code {
  return new FramedEmitter(dialect, survey).template(template);
}

class FramedEmitter implements Surroundings {
  private readonly expressions = new ExpressionEmitter(this);
  private readonly constants = new Map<string, { name: Code; value: Code }>();
  private count = 0;
  private usesTemporary = false;

  constructor(readonly dialect: Dialect, readonly survey: Survey) {}

  template(template: Template): Code {
    const macros = [...template.macros.values()].map((macro) => code`[${macro.name}, { parameters: ${macro.parameters as readonly string[]}, body: ${this.body(macro.body)} }]`);
    const body = this.body(template.body);
    const constants = [...this.constants.values()].map(({ name, value }) => code`const ${name} = /* @__PURE__ */ ${value};`);
    if (this.usesTemporary) constants.push(code`let target = ${NOTHING}();`);
    const render = code`${H.framedTemplate}(${this.dialect === 'aws'}, [${join(macros, ',\n')}], ${body})`;
    return constants.length === 0 ? code`/* @__PURE__ */ ${render}` : code`/* @__PURE__ */ (() => {\n${join(constants, '\n')}\nreturn ${render};\n})()`;
  }

  // Surroundings. Nothing is settled: a macro's parameter may be called `input`.

  isBuiltin(): boolean { return false; }
  variable(name: string): Typed { return { code: code`frame.get(${name})`, type: 'value' }; }
  foreachStep(): undefined { return undefined; }
  interpolation(body: readonly Statement[], cut: boolean): Code { return code`${H.interpolated}(frame, ${this.body(body)}, ${cut})`; }

  temporary(): Code {
    this.usesTemporary = true;
    return identifier('target');
  }

  constant(hint: string, value: Code): Code {
    const key = value.items.map((item) => (typeof item === 'string' ? item : 'key' in item ? item.key : `${'module' in item ? item.module : item.file}:${item.name}`)).join('\0');
    let constant = this.constants.get(key);
    if (!constant) this.constants.set(key, (constant = { name: identifier(`${hint.replace(/[^A-Za-z0-9_]/g, '_').toUpperCase()}_${this.constants.size}`), value }));
    return constant.name;
  }

  private body(statements: readonly Statement[]): Code {
    const lines: Code[] = [];
    for (const statement of statements) {
      lines.push(this.statement(statement));
      if (statement.kind === 'break' || statement.kind === 'stop') break;
    }
    const uses = (name: string): boolean => lines.some((line) => line.items.some((item) => typeof item === 'string' && new RegExp(`\\b${name}\\b`).test(item)));
    const parameters = uses('out') ? 'frame, out' : uses('frame') ? 'frame' : '';
    return code`(${parameters === '' ? EMPTY : parameters === 'frame' ? identifier('frame') : code`frame, out`}) => {\n${join(lines, '\n')}\n}`;
  }

  private statement(statement: Statement): Code {
    switch (statement.kind) {
      case 'text': return code`out.write(${statement.text});`;
      case 'reference': return this.print(statement);
      case 'set': return this.set(statement);
      case 'if': {
        let text: Code = EMPTY;
        for (const { test, body } of statement.branches) text = code`${text}${text.isEmpty ? EMPTY : code` else `}if (${this.expressions.test(test)}) {\n${this.inline(body)}\n}`;
        return statement.otherwise ? code`${text} else {\n${this.inline(statement.otherwise)}\n}` : text;
      }
      case 'foreach': return code`${H.foreach}(frame, out, ${this.expressions.value(statement.source).code}, ${statement.variable}, ${this.body(statement.body)});`;
      case 'break': return statement.scope ? code`${H.breakTo}(${this.expressions.value(statement.scope).code});` : code`throw new ${H.BreakSignal}(null);`;
      case 'stop': return code`throw new ${H.StopSignal}();`;
      case 'define': return code`${H.define}(frame, ${statement.name}, ${this.body(statement.body)});`;
      case 'macro': return EMPTY;
      case 'evaluate': return this.evaluate(statement.source);
      case 'call': {
        const args = statement.arguments.map((argument, i) => this.argument(argument, statement.sources[i]!));
        return code`${H.callMacro}(frame, out, ${statement.name}, [${join(args, ', ')}], ${statement.block ? this.body(statement.block) : null}, ${statement.literal}, ${statement.badArgument});`;
      }
    }
  }

  private inline(statements: readonly Statement[]): Code {
    const lines: Code[] = [];
    for (const statement of statements) {
      lines.push(this.statement(statement));
      if (statement.kind === 'break' || statement.kind === 'stop') break;
    }
    return join(lines, '\n');
  }

  private print(reference: Reference): Code {
    if (reference.runt) return code`out.write(${reference.root});`;
    const value = this.expressions.reference(reference).code;
    if (reference.escaped) return code`${H.writeEscaped}(frame, out, ${value}, ${reference.escapePrefix}, ${reference.literal});`;
    const literal = this.dialect === 'aws' && printsNothing(reference) ? '' : reference.literal;
    return code`${H.write}(frame, out, ${value}, ${reference.escapePrefix}, ${reference.prefix}, ${literal});`;
  }

  private argument(argument: Expression, literal: string): Code {
    switch (argument.kind) {
      case 'integer': case 'float': case 'boolean': case 'word': return code`{ kind: "constant", value: ${this.expressions.value(argument).code} }`;
      case 'reference': return code`{ kind: "name", literal: ${literal}, evaluate: (frame) => ${this.expressions.reference(argument).code} }`;
      default: return code`{ kind: "name", literal: ${literal}, evaluate: (${this.usesFrame(argument) ? identifier('frame') : EMPTY}) => ${this.expressions.value(argument).code} }`;
    }
  }

  private usesFrame(argument: Expression): boolean {
    return this.expressions.value(argument).code.items.some((item) => typeof item === 'string' && /\bframe\b/.test(item));
  }

  private evaluate(source: Expression): Code {
    if (source.kind === 'string') {
      const template = parse(source.value);
      // A text known now needs no parser in the bundle, unless it defines macros (they then exist only from here on).
      if (template.problems.length === 0 && template.macros.size === 0) return code`${H.evaluated}(frame, out, ${this.body(template.body)});`;
    }
    return code`${H.evaluateText}(frame, out, ${this.expressions.value(source).code});`;
  }

  private set(statement: Statement & { kind: 'set' }): Code {
    const { target } = statement;
    const value = identifier(`value$${++this.count}`);
    const last = target.steps.at(-1);
    let store: Code;
    if (!last) store = this.dialect === 'aws' ? code`if (${value} === null) frame.remove(${statement.name});\nelse frame.put(${statement.name}, ${value});` : code`frame.put(${statement.name}, ${value});`;
    else {
      const holder = this.expressions.reference({ ...target, steps: target.steps.slice(0, -1), runt: false, computable: true }).code;
      store = last.kind === 'index' ? code`${H.setIndex}(${holder}, ${this.expressions.value(last.index).code}, ${value});` : code`${H.setProperty}(${holder}, ${last.name}, ${value});`;
    }
    const typed = code`const ${value} = ${NOTHING}() ?? ${this.expressions.value(statement.value).code};`;
    return this.dialect === 'aws' ? code`{\n${typed}\n${store}\n}` : code`{\n${typed}\nif (${value} !== null) {\n${store}\n}\n}`;
  }
}
