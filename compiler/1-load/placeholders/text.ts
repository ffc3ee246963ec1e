import type { Origin } from '../../diagnostics/define.js';
import { Environment } from './environment.js';

// `${name}`, `$${name}` (Terraform's escape), `#{AWS::Region}` (serverless plugins write it so). A name holds no braces, quotes or blanks at its ends.
// `{{resolve:ssm:/name}}` is CloudFormation's dynamic reference.
const PLACEHOLDER = /(\$?)\$\{([^{}\n]*)\}|#\{(AWS::[A-Za-z]+)\}/g;

export interface TextOptions {
  /** Only names that have a value are replaced, the rest is no mistake: in mapping templates `${name}` is also a Velocity reference. */
  readonly lenient: boolean;
}

const DYNAMIC = /\{\{(resolve:[^{}\n]+)\}\}/g;

/** Whether there is anything that looks like a placeholder. */
export function mayHold(text: string): boolean {
  return text.includes('${') || text.includes('#{AWS::') || text.includes('{{resolve:');
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
