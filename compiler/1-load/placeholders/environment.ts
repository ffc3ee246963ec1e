import type { Json } from '../../code.js';
import type { Origin } from '../../diagnostics/define.js';

/**
 * What CloudFormation knows about an account is not known to a build, so it has a value that is recognisable and works with emulators. Each can be
 * given: `--param AWS::Region=eu-west-1`.
 */
export const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '000000000000',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Placeholders that API Gateway itself fills in per request, in mapping expressions of either flavour. */
const RUNTIME = /^(?:stageVariables|context|request|response|route|method|integration)\./;

/** What a CloudFormation or SAM template knows. Values may hold intrinsic functions. */
export interface TemplateValues {
  /** A parameter's default, a resource's name (`Ref`) or one of its attributes (`name.Attribute`). */
  value(name: string): string | undefined;
  /** Elements of a list parameter's default. */
  list(name: string): readonly string[] | undefined;
  /** Names of its parameters. */
  readonly parameters: readonly string[];
  /** Whether a parameter is a list. */
  isList(name: string): boolean;
  /** undefined: there is no such condition. */
  condition(name: string): boolean | undefined;
  mapping(map: string, topLevelKey: string, secondLevelKey: string): Json | undefined;
  /** Names of the conditions, of the mappings, or of what stands at a path in the mappings. */
  names(kind: 'Conditions' | 'Mappings', ...path: readonly string[]): readonly string[];
}

/** A name that a value was sought for; with an origin: there is none. */
export interface Asked { readonly name: string; readonly origin?: Origin }

/** The values placeholders get, and a record of those that have none. */
export class Environment {
  /** Where each placeholder without a value is used. */
  readonly unresolved = new Map<string, Origin[]>();
  private used = new Set<string>();
  /** What was asked for so far, in order; with an origin: what has no value. */
  readonly asked: Asked[] = [];

  constructor(private readonly params: Readonly<Record<string, string>>, public template?: TemplateValues, private readonly variables: Readonly<Record<string, string | undefined>> = {}) {}

  /** Looks a name up without recording it when it is unknown. */
  peek(name: string): string | undefined {
    if (Object.hasOwn(this.params, name)) {
      this.use(name);
      return this.params[name];
    }
    // Terraform's own names for what a template is given.
    if (name.startsWith('var.') && name.length > 4) return this.peek(name.slice(4));
    const variable = this.variable(name);
    if (variable !== undefined) return variable;
    return Object.hasOwn(PSEUDO_PARAMETERS, name) ? PSEUDO_PARAMETERS[name] : this.template?.value(name);
  }

  /** Only variables that are meant for it: a document must not read what else the environment holds. */
  private variable(name: string): string | undefined {
    const key = name.replace(/\W/g, '_');
    return this.variables[`GWC_PARAM_${key}`] ?? this.variables[`TF_VAR_${key}`];
  }

  /** The elements of a list parameter of the template. */
  list(name: string): readonly string[] | undefined {
    const isGiven = Object.hasOwn(this.params, name) || this.variable(name) !== undefined;
    return isGiven && this.template?.isList(name) === true ? this.peek(name)!.split(',').map((item) => item.trim()) : isGiven ? undefined : this.template?.list(name);
  }

  /** The value of `name`, or its placeholder as text, which is then reported at the end. */
  value(name: string, origin: Origin): string {
    const value = this.peek(name);
    if (value !== undefined) return value;
    this.missing(name, origin);
    return `\${${name}}`;
  }

  private use(name: string): void {
    this.used.add(name);
    this.asked.push({ name });
  }

  /** The same text is read again with the same values: only the record is made. */
  repeat({ name, origin }: Asked): void {
    if (origin) this.missing(name, origin);
    else this.use(name);
  }

  /** Everything that values depend on, where there is no template. */
  get values(): string {
    const variables = Object.entries(this.variables).filter(([name]) => name.startsWith('GWC_PARAM_') || name.startsWith('TF_VAR_'));
    return JSON.stringify([this.params, variables.sort(([a], [b]) => (a < b ? -1 : 1))]);
  }

  missing(name: string, origin: Origin): void {
    this.asked.push({ name, origin });
    const places = this.unresolved.get(name);
    if (places) places.push(origin);
    else this.unresolved.set(name, [origin]);
  }

  /** The same values with a record of their own of those that are missing. */
  fresh(): Environment {
    const fresh = new Environment(this.params, this.template, this.variables);
    fresh.used = this.used;
    return fresh;
  }

  /** Replaces the origins recorded so far. */
  relocate(change: (origin: Origin) => Origin): void {
    for (const [name, places] of this.unresolved) this.unresolved.set(name, places.map(change));
  }

  /** Names of values that nothing in the document asked for; parameters of a template may be there for its other resources. */
  unused(): string[] {
    return Object.keys(this.params).filter((name) => !this.used.has(name) && !name.startsWith('AWS::') && this.template?.parameters.includes(name) !== true);
  }

  static isRuntime(name: string): boolean { return RUNTIME.test(name); }
}
