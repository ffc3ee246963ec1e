/** A SAM or CloudFormation template: its resources, and what its parameters, mappings and conditions are worth in this build. */
import type { Json } from '../../code.js';
import type { DiagnosticDefinition, Origin } from '../../diagnostics/define.js';
import type { Sources } from '../../diagnostics/locate.js';
import type { Reporter } from '../../diagnostics/report.js';
import { escapePointer } from '../node.js';
import { Environment, type TemplateValues } from '../placeholders/environment.js';
import { evaluateAny, evaluateText, holds } from '../placeholders/intrinsics.js';
import * as diagnostics from './diagnostics.js';
import { isObject, type JsonObject } from './is-template.js';
import { resourceValue } from './resource-values.js';

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** JSON Pointer of `Properties`. */
  readonly pointer: string;
}

/** More are never meant: names that lead to each other in a circle. */
const MOST_NESTED = 50;

export class Template implements TemplateValues {
  /** Those whose condition holds. */
  readonly resources: ReadonlyMap<string, Resource>;
  private readonly conditions = new Map<string, boolean>();
  private depth = 0;

  constructor(readonly file: string, private readonly root: JsonObject, readonly environment: Environment, private readonly sources: Sources, private readonly reporter: Reporter) {
    environment.template = this;
    const resources = new Map<string, Resource>();
    for (const [id, resource] of Object.entries(section(root, 'Resources'))) {
      if (!isObject(resource) || typeof resource['Type'] !== 'string') continue;
      if (typeof resource['Condition'] === 'string' && this.condition(resource['Condition']) === false) continue;
      resources.set(id, { id, type: resource['Type'], properties: isObject(resource['Properties']) ? resource['Properties'] : {}, pointer: `/Resources/${escapePointer(id)}/Properties` });
    }
    this.resources = resources;
  }

  /** SAM's `Globals` for a kind of resource. */
  globals(kind: 'Api' | 'HttpApi' | 'Function'): JsonObject {
    return section(section(this.root, 'Globals'), kind);
  }

  of(type: string): Resource[] { return [...this.resources.values()].filter((resource) => resource.type === type); }

  value(name: string): string | undefined {
    const parameter = section(this.root, 'Parameters')[name];
    // The default of an SSM parameter is its name, not its value.
    if (isObject(parameter)) return isScalar(parameter['Default']) && !String(parameter['Type']).startsWith('AWS::SSM::') ? String(parameter['Default']) : undefined;
    const dot = name.indexOf('.');
    const resource = this.resources?.get(dot < 0 ? name : name.slice(0, dot));
    return resource && this.nested(() => resourceValue(this, resource, dot < 0 ? undefined : name.slice(dot + 1)));
  }

  list(name: string): readonly string[] | undefined {
    const parameter = section(this.root, 'Parameters')[name];
    if (!isObject(parameter) || (parameter['Type'] !== 'CommaDelimitedList' && !String(parameter['Type']).startsWith('List<')) || typeof parameter['Default'] !== 'string') return undefined;
    return parameter['Default'].split(',').map((item) => item.trim());
  }

  condition(name: string): boolean | undefined {
    const known = this.conditions.get(name);
    if (known !== undefined) return known;
    const conditions = section(this.root, 'Conditions');
    if (!Object.hasOwn(conditions, name)) return undefined;
    const origin = { file: this.file, pointer: `/Conditions/${escapePointer(name)}` };
    const result = this.known((environment) => holds(conditions[name]!, origin, environment));
    if (result === undefined) this.report(diagnostics.UNKNOWN_CONDITION, origin.pointer, { name, parameters: this.unknownIn(conditions[name]!) }, true);
    this.conditions.set(name, result ?? true);
    return result ?? true;
  }

  mapping(map: string, topLevelKey: string, secondLevelKey: string): Json | undefined {
    return section(section(section(this.root, 'Mappings'), map), topLevelKey)[secondLevelKey];
  }

  /** A property as text; undefined when it is absent or its value is not known in a build. */
  text(value: Json | undefined): string | undefined {
    return value === undefined ? undefined : this.known((environment) => evaluateText(value, { file: this.file, pointer: '' }, environment));
  }

  /** A property with intrinsic functions at its top computed; those further inside stay. */
  plain(value: Json | undefined): Json | undefined {
    return value === undefined ? undefined : this.known((environment) => evaluateAny(value, { file: this.file, pointer: '' }, environment));
  }

  /** Names of parameters without a value that `value` refers to, as far as `Ref` tells. */
  unknownIn(value: Json): readonly string[] {
    const names = new Set<string>();
    const visit = (node: Json): void => {
      if (Array.isArray(node)) node.forEach(visit);
      else if (isObject(node)) for (const [key, child] of Object.entries(node)) { if (key === 'Ref' && typeof child === 'string' && this.text(node) === undefined) names.add(child); else visit(child); }
    };
    visit(value);
    return [...names];
  }

  report<P>(definition: DiagnosticDefinition<P>, pointer: string, parameters: P, key = false): void {
    this.reporter.report(definition, this.pin(pointer, key), parameters);
  }

  /** A place in the template that stays one when the entry file's pointers are those of the document. */
  private pin(pointer: string, key: boolean): Origin { return this.sources.pin({ file: this.file, pointer, key }); }

  /** undefined when something it needs has no value: what the document needs is reported where it needs it. */
  private known<T>(compute: (environment: Environment) => T | undefined): T | undefined {
    const environment = this.environment.fresh();
    const result = this.nested(() => compute(environment));
    return environment.unresolved.size > 0 ? undefined : result;
  }

  private nested<T>(work: () => T): T | undefined {
    if (this.depth >= MOST_NESTED) return undefined;
    this.depth++;
    try { return work(); } finally { this.depth--; }
  }
}

export function section(object: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return isObject(value) ? value : {};
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
