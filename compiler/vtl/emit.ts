/**
 * A template as straight-line code. Two shapes: where every name is settled at build time its variables are JavaScript variables and
 * its output a string that grows (this file); templates with `#define`, `#evaluate` or macros use frames (emit-framed.ts).
 * Every statement is a few lines of the same emitter, so they stay together although that makes the file long.
 */
import { code, helper, identifier, join, trusted } from '../code.js';
import type { Code } from '../code.js';
import { printsNothing } from '../../runtime/vtl/interpret.js';
import type { Dialect } from './dialect.js';
import { emitFramed } from './emit-framed.js';
import { constantOf, ExpressionEmitter } from './emit-expression.js';
import type { Surroundings, Typed } from './emit-expression.js';
import type { Reference, Statement, Step, Template } from './parse.js';
import { BUILTINS, survey } from './survey.js';
import type { Survey } from './survey.js';
import { visitStatements } from './visit.js';

const H = {
  template: helper<typeof import('../../runtime/vtl/render.js')>()('vtl/render', 'template'),
  nothing: helper<typeof import('../../runtime/vtl/render.js')>()('vtl/render', 'nothing'),
  printed: helper<typeof import('../../runtime/vtl/print.js')>()('vtl/print', 'printed'),
  printedOr: helper<typeof import('../../runtime/vtl/print.js')>()('vtl/print', 'printedOr'),
  printedAfterEscapes: helper<typeof import('../../runtime/vtl/print.js')>()('vtl/print', 'printedAfterEscapes'),
  printedEscaped: helper<typeof import('../../runtime/vtl/print.js')>()('vtl/print', 'printedEscaped'),
  iterate: helper<typeof import('../../runtime/vtl/loop.js')>()('vtl/loop', 'iterateOrNone'),
  goesOn: helper<typeof import('../../runtime/vtl/loop.js')>()('vtl/loop', 'goesOn'),
  goesOnForever: helper<typeof import('../../runtime/vtl/loop.js')>()('vtl/loop', 'goesOnForever'),
  ForeachScope: helper<typeof import('../../runtime/vtl/loop.js')>()('vtl/loop', 'ForeachScope'),
  BreakSignal: helper<typeof import('../../runtime/vtl/loop.js')>()('vtl/loop', 'BreakSignal'),
  StopSignal: helper<typeof import('../../runtime/vtl/loop.js')>()('vtl/loop', 'StopSignal'),
  breakTo: helper<typeof import('../../runtime/vtl/loop.js')>()('vtl/loop', 'breakTo'),
  endsLoop: helper<typeof import('../../runtime/vtl/loop.js')>()('vtl/loop', 'endsLoop'),
  bounded: helper<typeof import('../../runtime/vtl/limits.js')>()('vtl/limits', 'bounded'),
  growing: helper<typeof import('../../runtime/vtl/limits.js')>()('vtl/limits', 'growing'),
  setProperty: helper<typeof import('../../runtime/vtl/access.js')>()('vtl/access', 'setProperty'),
  setIndex: helper<typeof import('../../runtime/vtl/access.js')>()('vtl/access', 'setIndex'),
};

export interface EmitOptions { readonly dialect?: Dialect }

/**
 * An expression of type `Render`: `(scope: TemplateScope) => string` (runtime/vtl/render.ts), valid as JavaScript and as TypeScript.
 * The template must have parsed without problems.
 */
export function emit(template: Template, options: EmitOptions = {}): Code {
  if (template.problems.length > 0) throw new Error(`a template with problems cannot be emitted: ${template.problems[0]!.message}`);
  const dialect = options.dialect ?? 'aws';
  const uses = survey(template);
  return uses.framed ? emitFramed(template, dialect, uses) : new StaticEmitter(dialect, uses).template(template);
}

/** The output of a template that is always the same; undefined for any other. */
export function constantText(template: Template): string | undefined {
  let text = '';
  for (const statement of template.body) {
    if (statement.kind === 'text') text += statement.text;
    else if (statement.kind !== 'macro') return undefined;
  }
  return template.problems.length === 0 ? text : undefined;
}

interface Loop {
  readonly variable: string;
  /** Set when the body assigns the loop's variable: while the element is null it stays null. */
  readonly isNull?: Code;
  readonly counter: Code;
  readonly hasNext: Code;
  readonly scope?: Code;
  readonly label: Code;
  usesHasNext: boolean;
}

class StaticEmitter implements Surroundings {
  private readonly expressions = new ExpressionEmitter(this);
  private readonly constants = new Map<string, { name: Code; value: Code }>();
  private readonly variables = new Map<string, Code>();
  private readonly loops: Loop[] = [];
  private count = 0;
  /** Inside a string literal's own function, where break and return would not reach out. */
  private closures = 0;

  constructor(readonly dialect: Dialect, readonly survey: Survey) {}

  template(template: Template): Code {
    const constant = constantText(template);
    if (constant !== undefined) return code`/* @__PURE__ */ ${H.template}(() => ${constant})`;
    const body = this.statements(template.body);
    const declarations = [...this.variables].map(([name, local]) => code`let ${local} = ${this.initial(name)};`);
    const lines = [code`let o = "";`, ...declarations, this.survey.signals ? code`try {\n${body}\n} catch (signal) {\nif (!(signal instanceof ${H.StopSignal} || signal instanceof ${H.BreakSignal})) throw signal;\n}` : body, ...this.unread(body), code`return o;`];
    const constants = [...this.constants.values()].map(({ name, value }) => code`const ${name} = /* @__PURE__ */ ${value};`);
    const usesScope = lines.some((line) => line.items.some((item) => typeof item === 'string' && /\bscope\b/.test(item)));
    const render = code`${H.template}((${trusted(usesScope ? 'scope' : '')}) => {\n${join(lines, '\n')}\n})`;
    if (constants.length === 0) return code`/* @__PURE__ */ ${render}`;
    return code`/* @__PURE__ */ (() => {\n${join(constants, '\n')}\nreturn ${render};\n})()`;
  }

  /** Variables that are only assigned, because what reads them was folded or cannot be reached: said to be meant. */
  private unread(body: Code): Code[] {
    const text = body.items.filter((item) => typeof item === 'string').join('');
    return [...this.variables.values()].filter((local) => !new RegExp(`\\b${local.items.join('')}\\b(?! = )`).test(text)).map((local) => code`void ${local};`);
  }

  private initial(name: string): Code {
    switch (name) {
      case 'input': case 'util': case 'context': case 'stageVariables': {
        // Assigned somewhere: an ordinary variable that starts as the engine's object.
        const reference = { kind: 'reference', root: name, steps: [], runt: false, computable: true } as unknown as Reference;
        const around: Surroundings = { dialect: this.dialect, survey: this.survey, isBuiltin: () => true, variable: (n) => this.variable(n), foreachStep: () => undefined, interpolation: (b, c) => this.interpolation(b, c), constant: (h, v) => this.constant(h, v), temporary: () => this.temporary() };
        return code`${H.nothing}() ?? ${new ExpressionEmitter(around).reference(reference).code}`;
      }
      default: return code`${H.nothing}()`;
    }
  }

  // Surroundings.

  isBuiltin(name: string): boolean { return (BUILTINS as readonly string[]).includes(name) && !this.survey.assigned.has(name); }

  variable(name: string): Typed {
    if (name === 'foreach') {
      const scope = this.loops.at(-1)?.scope;
      return scope ? { code: scope, type: 'value' } : constantOf(null, this);
    }
    const nullLoop = this.loops.find((loop) => loop.variable === name && loop.isNull);
    if (name === 'velocityCount' || name === 'velocityHasNext') {
      const loop = this.loops.at(-1);
      if (!this.survey.assigned.has(name)) {
        if (!loop) return constantOf(null, this);
        if (name === 'velocityCount') return { code: code`(${loop.counter} + 1)`, type: 'integer' };
        loop.usesHasNext = true;
        return { code: loop.hasNext, type: 'boolean' };
      }
    }
    if (!this.survey.assigned.has(name) && !this.isBuiltin(name) && !(BUILTINS as readonly string[]).includes(name)) return constantOf(null, this);
    const local = this.local(name);
    return { code: nullLoop ? code`(${nullLoop.isNull!} ? null : ${local})` : local, type: 'value' };
  }

  private local(name: string): Code {
    let local = this.variables.get(name);
    if (!local) this.variables.set(name, (local = identifier(`${name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])/, '_')}_${this.variables.size}`)));
    return local;
  }

  foreachStep(step: Step): Typed | undefined {
    const loop = this.loops.at(-1);
    if (!loop || step.kind === 'index') return loop || step.kind === 'index' ? undefined : constantOf(null, this);
    if (step.kind === 'method' && step.arguments.length > 0) return undefined;
    switch (step.name) {
      case 'index': case 'getIndex': return { code: loop.counter, type: 'integer' };
      case 'count': case 'getCount': return { code: code`(${loop.counter} + 1)`, type: 'integer' };
      case 'first': case 'isFirst': case 'getFirst': return { code: code`(${loop.counter} < 1)`, type: 'boolean' };
      case 'hasNext': case 'getHasNext': loop.usesHasNext = true; return { code: loop.hasNext, type: 'boolean' };
      case 'last': case 'isLast': case 'getLast': loop.usesHasNext = true; return { code: code`!${loop.hasNext}`, type: 'boolean' };
      default: return undefined;
    }
  }

  interpolation(body: readonly Statement[], cut: boolean): Code {
    if (!cut && body.every((statement) => statement.kind === 'text' || statement.kind === 'reference')) return code`${H.bounded}(${this.concatenation(body)})`;
    this.closures++;
    const inner = this.statements(body);
    this.closures--;
    return code`(() => {\nlet o = "";\n${inner}\nreturn ${cut ? code`${H.bounded}(o).slice(0, -1)` : code`${H.bounded}(o)`};\n})()`;
  }

  temporary(): Code { return this.local('$target'); }

  constant(hint: string, value: Code): Code {
    const key = value.items.map((item) => (typeof item === 'string' ? item : 'key' in item ? item.key : `${'module' in item ? item.module : item.file}:${item.name}`)).join('\0');
    let constant = this.constants.get(key);
    if (!constant) this.constants.set(key, (constant = { name: identifier(`${hint.replace(/[^A-Za-z0-9_]/g, '_').toUpperCase()}_${this.constants.size}`), value }));
    return constant.name;
  }

  // Statements.

  private statements(body: readonly Statement[]): Code {
    const lines: Code[] = [];
    let run: Statement[] = [];
    const flush = (): void => {
      if (run.length > 0) lines.push(code`o += ${this.concatenation(run)};`);
      run = [];
    };
    for (const statement of body) {
      if (statement.kind === 'macro') continue;
      if (statement.kind === 'text' || statement.kind === 'reference') {
        run.push(statement);
        // A signal thrown by one reference must not take the text before it along.
        if (this.survey.signals) flush();
        continue;
      }
      if (statement.kind === 'call') { run.push({ kind: 'text', text: statement.literal, offset: statement.offset, end: statement.end }); continue; }
      flush();
      lines.push(this.statement(statement));
      // What follows can never run.
      if (statement.kind === 'break' || statement.kind === 'stop') break;
    }
    flush();
    return join(lines, '\n');
  }

  private concatenation(run: readonly Statement[]): Code {
    const parts: Code[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') parts.push(code`${text}`);
      text = '';
    };
    for (const statement of run) {
      if (statement.kind === 'text') { text += statement.text; continue; }
      const printed = this.print(statement as Reference);
      if (typeof printed === 'string') { text += printed; continue; }
      flush();
      if (parts.length === 0 && printed.type !== 'string') parts.push(code`""`);
      parts.push(printed.code);
    }
    flush();
    return parts.length === 0 ? code`""` : join(parts, ' + ');
  }

  /** Code whose value can be concatenated, or the text itself. */
  private print(reference: Reference): Typed | string {
    if (reference.runt) return reference.root;
    const value = this.expressions.reference(reference);
    const literal = this.dialect === 'aws' && !reference.escaped && printsNothing(reference) ? '' : reference.literal;
    if (reference.escaped) {
      if (value.constant === null) return `${reference.escapePrefix}\\${literal}`;
      return { code: code`${H.printedEscaped}(${value.code}, ${reference.escapePrefix}, ${literal})`, type: 'string' };
    }
    if (value.constant === null) return reference.escapePrefix + reference.escapePrefix + reference.prefix + literal;
    if (reference.escapePrefix !== '') return { code: code`${H.printedAfterEscapes}(${value.code}, ${reference.escapePrefix}, ${reference.prefix}, ${literal})`, type: 'string' };
    const plain: Typed = value.type !== 'value' ? value : { code: literal === '' ? code`${H.printed}(${value.code})` : code`${H.printedOr}(${value.code}, ${literal})`, type: 'string' };
    // The prefix (`$$a`) also stands in front of what a null prints as.
    return reference.prefix === '' ? plain : { code: code`${reference.prefix} + ${plain.code}`, type: 'string' };
  }

  private statement(statement: Statement): Code {
    switch (statement.kind) {
      case 'set': return this.set(statement);
      case 'if': {
        const branches = statement.branches.map(({ test, body }) => code`if (${this.expressions.test(test)}) {\n${this.statements(body)}\n}`);
        let text = branches[0]!;
        for (const branch of branches.slice(1)) text = code`${text} else ${branch}`;
        return statement.otherwise ? code`${text} else {\n${this.statements(statement.otherwise)}\n}` : text;
      }
      case 'foreach': return this.foreach(statement);
      case 'break':
        if (statement.scope) return code`${H.breakTo}(${this.expressions.value(statement.scope).code});`;
        if (this.closures > 0) return code`throw new ${H.BreakSignal}(null);`;
        return this.loops.length > 0 ? code`break ${this.loops.at(-1)!.label};` : code`return o;`;
      case 'stop': return this.closures > 0 ? code`throw new ${H.StopSignal}();` : code`return o;`;
      default: throw new Error(`unexpected ${statement.kind}`);
    }
  }

  private set(statement: Statement & { kind: 'set' }): Code {
    const { target } = statement;
    const value = this.expressions.value(statement.value);
    const last = target.steps.at(-1);
    const store = (stored: Code): Code => {
      if (!last) return this.survey.read.has(statement.name) ? code`${this.local(statement.name)} = ${stored};` : code`${stored};`;
      const holder = this.expressions.reference({ ...target, steps: target.steps.slice(0, -1), runt: false, computable: true });
      if (holder.constant === null) return code`${stored};`;
      if (last.kind === 'index') return code`${H.setIndex}(${holder.code}, ${this.expressions.value(last.index).code}, ${stored});`;
      return code`${H.setProperty}(${holder.code}, ${last.name}, ${stored});`;
    };
    if (!last && !this.survey.read.has(statement.name) && value.constant !== undefined) return code``;
    const knownNotNull = value.type !== 'value' || (value.constant !== undefined && value.constant !== null);
    if (this.dialect === 'aws' || knownNotNull) {
      // Java evaluates the value before the place it goes to.
      if (!last || value.constant !== undefined) return store(value.code);
      const local = this.fresh('value');
      return code`{\nconst ${local} = ${value.code};\n${store(local)}\n}`;
    }
    if (value.constant === null) return code``;
    if (!last && !this.survey.read.has(statement.name)) return code`${value.code};`;
    const local = this.fresh('value');
    return code`{\nconst ${local} = ${value.code};\nif (${local} !== null) {\n${store(local)}\n}\n}`;
  }

  private fresh(hint: string): Code { return identifier(`${hint}$${++this.count}`); }

  private foreach(statement: Statement & { kind: 'foreach' }): Code {
    const source = this.expressions.value(statement.source);
    if (source.constant !== undefined && (source.constant === null || typeof source.constant !== 'object')) return code``;
    const iterator = this.fresh('each'), counter = this.fresh('n'), saved = this.fresh('saved'), hasNext = this.fresh('more'), label = this.fresh('loop');
    const isRead = this.survey.read.has(statement.variable);
    const scope = this.survey.foreachObject ? this.fresh('foreach') : undefined;
    const outer = this.loops.at(-1)?.scope;
    const loop: Loop = {
      variable: statement.variable, counter, hasNext, label, usesHasNext: scope !== undefined,
      ...(scope ? { scope } : {}), ...(assigns(statement.body, statement.variable) && isRead ? { isNull: this.fresh('isNull') } : {}),
    };
    this.loops.push(loop);
    const closures = this.closures;
    this.closures = 0;
    const body = this.statements(statement.body);
    this.closures = closures;
    this.loops.pop();
    const local = isRead ? this.local(statement.variable) : undefined;
    const goesOn = this.dialect === 'aws' ? H.goesOn : H.goesOnForever;
    const lines = [
      local ? code`${local} = ${iterator}.next();` : code`${iterator}.next();`,
      ...(loop.isNull && mentions(body, loop.isNull) ? [code`const ${loop.isNull} = ${local!} === null;`] : []),
      ...(loop.usesHasNext ? [code`const ${hasNext} = ${iterator}.hasNext();`] : []),
      ...(scope ? [code`${scope}.index = ${counter};`, code`${scope}.hasNext = ${hasNext};`] : []),
      this.survey.signals ? code`try {\n${body}\n} catch (signal) {\nif (${H.endsLoop}(signal, ${scope ?? code`null`})) break;\n}` : body,
      code`${H.growing}(o);`,
    ];
    const head = [
      code`const ${iterator} = ${H.iterate}(${source.code});`,
      ...(local ? [code`const ${saved} = ${local};`] : []),
      ...(scope ? [code`const ${scope} = new ${H.ForeachScope}(${outer ?? code`null`}, ${this.dialect === 'aws'});`] : []),
      ...(usesLabel(body, label) ? [code`${label}:`] : []),
      code`for (let ${counter} = 0; ${goesOn}(${iterator}, ${counter}); ${counter}++) {`,
    ];
    return code`{\n${join(head, '\n')}\n${join(lines, '\n')}\n}\n${local ? code`${local} = ${saved};\n` : code``}}`;
  }
}

function mentions(body: Code, name: Code): boolean {
  return body.items.includes(name.items[0]!) || body.items.some((item) => typeof item === 'string' && item.includes(name.items.join('')));
}

function usesLabel(body: Code, label: Code): boolean {
  const name = label.items.join('');
  return body.items.some((item) => typeof item === 'string' && item.includes(`break ${name};`)) || body.items.some((item, i) => typeof item === 'string' && item.endsWith('break ') && body.items[i + 1] === name);
}

/** Whether `body` assigns `variable`, by #set or as a loop's variable. */
function assigns(body: readonly Statement[], variable: string): boolean {
  let found = false;
  visitStatements(body, {
    statement(statement) {
      if ((statement.kind === 'set' && statement.target.steps.length === 0 && statement.name === variable) || (statement.kind === 'foreach' && statement.variable === variable)) found = true;
    },
  });
  return found;
}
