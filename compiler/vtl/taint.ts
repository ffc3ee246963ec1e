/** Which references may hold text of a client or backend that is not escaped. Flow is ignored: a variable is what any #set makes it. */
import { CLIENT_CONTROLLED } from './context-names.js';
import type { Expression, Reference, Template } from './parse.js';
import { visitStatements } from './visit.js';

/** `text`: may hold quotes; `json`: JSON text, with quotes of its own. */
export type Danger = 'text' | 'json' | undefined;

export class Taint {
  private readonly variables = new Map<string, Expression[]>();
  private readonly loops = new Map<string, Expression[]>();
  private readonly visiting = new Set<string>();

  constructor(template: Template) {
    const add = (map: Map<string, Expression[]>, name: string, value: Expression): void => { map.set(name, [...(map.get(name) ?? []), value]); };
    visitStatements(template.body, {
      statement: (statement) => {
        if (statement.kind === 'set') add(this.variables, statement.target.root, statement.value);
        if (statement.kind === 'foreach') add(this.loops, statement.variable, statement.source);
      },
    });
  }

  of(reference: Reference): Danger {
    const { steps } = reference;
    const last = steps.at(-1);
    // Numbers, booleans and class names.
    if (last?.kind === 'method' && /^(?:size|length|indexOf|lastIndexOf|hashCode|isEmpty|contains\w*|equals\w*|matches|startsWith|endsWith|\w+Value|parse(?:Int|Long|Double)|getName|compareTo)$/.test(last.name)) return undefined;
    const [first] = steps;
    switch (reference.root) {
      case 'util': {
        if (first?.kind !== 'method') return undefined;
        // The apostrophe fix behind escapeJavaScript takes nothing else back.
        if (first.name === 'escapeJavaScript') return steps.slice(1).every((step) => step.kind === 'method' && (step.name === 'replaceAll' || step.name === 'replace') && !takesQuotesBack(step.arguments)) ? undefined : 'text';
        return first.name === 'urlEncode' || first.name === 'base64Encode' ? undefined : 'text';
      }
      case 'input': return first?.kind === 'method' && first.name === 'json' && steps.length === 1 ? 'json' : 'text';
      case 'context': {
        const path = steps.map((step) => (step.kind === 'property' ? step.name : step.kind === 'index' && step.index.kind === 'string' ? step.index.value : '*')).join('.');
        return CLIENT_CONTROLLED.some((name) => path === name || path.startsWith(name + '.')) || path.startsWith('*') ? 'text' : undefined;
      }
      case 'stageVariables': case 'foreach': case 'velocityCount': return undefined;
      default: return this.variable(reference.root, steps.length > 0);
    }
  }

  private variable(name: string, part: boolean): Danger {
    if (this.visiting.has(name)) return undefined;
    this.visiting.add(name);
    try {
      for (const source of this.loops.get(name) ?? []) if (this.expression(source)) return 'text';
      for (const value of this.variables.get(name) ?? []) {
        const danger = this.expression(value);
        if (danger) return part ? 'text' : danger;
      }
      return undefined;
    } finally { this.visiting.delete(name); }
  }

  private expression(expression: Expression): Danger {
    switch (expression.kind) {
      case 'reference': return this.of(expression);
      case 'interpolation': {
        let danger: Danger;
        visitStatements(expression.body, { reference: (reference) => { danger ??= this.of(reference) && 'text'; } });
        return danger;
      }
      case 'list': return expression.items.some((item) => this.expression(item)) ? 'text' : undefined;
      case 'map': return expression.entries.flat().some((item) => this.expression(item)) ? 'text' : undefined;
      case 'binary': return expression.operator === '+' && (this.expression(expression.left) || this.expression(expression.right)) ? 'text' : undefined;
      default: return undefined;
    }
  }
}

function takesQuotesBack(args: readonly Expression[]): boolean {
  const [, replacement] = args;
  return replacement?.kind !== 'string' || replacement.value.includes('"');
}
