import type { Origin } from '../../diagnostics/define.js';
import type { Json } from '../../code.js';
import { UNQUOTED } from './directives.js';
import { Environment } from './environment.js';

// `${name}`, `$${name}` (Terraform's escape), `#{AWS::Region}` (serverless plugins write it so). A name holds no braces, quotes or blanks at its ends.
// `{{resolve:ssm:/name}}` is CloudFormation's dynamic reference.
const PLACEHOLDER = /(\$?)\$\{([^{}\n]*)\}|#\{(AWS::[A-Za-z]+)\}/g;

const MOST_ITEMS = 1_000;

export interface TextOptions {
  /** Only names that have a value are replaced, the rest is no mistake: in mapping templates `${name}` is also a Velocity reference. */
  readonly lenient: boolean;
}

const DYNAMIC = /\{\{(resolve:[^{}\n]+)\}\}/g;

/** Whether there is anything that looks like a placeholder. */
export function mayHold(text: string): boolean {
  return text.includes('${') || text.startsWith(UNQUOTED) || text.includes('#{AWS::') || text.includes('{{resolve:');
}

/** The value of a text that is one placeholder for any JSON: one without quotes around it, or `${jsonencode(name)}`. undefined: it is none. */
export function wholeValue(text: string, origin: Origin, environment: Environment): Json | undefined {
  const isUnquoted = text.startsWith(UNQUOTED);
  const inner = isUnquoted ? text.slice(UNQUOTED.length).trim() : /^\$\{\s*(jsonencode\(.*\))\s*\}$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const name = /^jsonencode\((.*)\)$/.exec(inner)?.[1]?.trim() ?? inner;
  const value = environment.peek(name);
  if (value !== undefined) {
    try { return JSON.parse(value) as Json; } catch { return value; }
  }
  // Lists of .tfvars are known by their elements.
  const items: string[] = [];
  for (let item = environment.peek(`${name}[0]`); item !== undefined && items.length < MOST_ITEMS; item = environment.peek(`${name}[${items.length}]`)) items.push(item);
  if (items.length > 0) return items;
  environment.missing(name, origin);
  return `\${${inner}}`;
}

/** Replaces the placeholders of a plain string. `${stageVariables.x}` and the like belong to the request and stay. */
export function replaceInText(text: string, origin: Origin, environment: Environment, { lenient }: TextOptions): string {
  if (!mayHold(text)) return text;
  return replaceDynamic(text.replace(PLACEHOLDER, (whole: string, escape: string | undefined, dollarName: string | undefined, hashName: string | undefined, offset: number) => {
    const place: Origin = { ...origin, inside: { offset, length: whole.length } };
    if (hashName !== undefined) return environment.value(hashName, place);
    const name = dollarName!.trim();
    if (escape === '$') return Environment.isRuntime(name) ? `\${${name}}` : whole;
    if (name === '' || Environment.isRuntime(name)) return whole;
    const value = environment.peek(name);
    if (value !== undefined) return value;
    // No reference of Velocity has colons in its name.
    if (!lenient || name.startsWith('AWS::')) environment.missing(name, place);
    return whole;
  }), origin, environment);
}

/** CloudFormation's dynamic references, by what stands in the braces: `--param 'resolve:ssm:/name=…'`. */
export function replaceDynamic(text: string, origin: Origin, environment: Environment): string {
  if (!text.includes('{{resolve:')) return text;
  return text.replace(DYNAMIC, (whole: string, name: string) => environment.peek(name) ?? (environment.missing(name, origin), whole));
}
