/** A SAM or CloudFormation template: its resources, and what its parameters, mappings and conditions are worth in this build. */
import type { Json } from '../../code.js';
import type { DiagnosticDefinition, Origin } from '../../diagnostics/define.js';
import type { Sources } from '../../diagnostics/locate.js';
import type { Reporter } from '../../diagnostics/report.js';
import { escapePointer } from '../node.js';
import { setOwn } from '../set-own.js';
import { Environment, type TemplateValues } from '../placeholders/environment.js';
import { branchOf, evaluateAny, evaluateText, holds, intrinsicOf, isNoValue } from '../placeholders/intrinsics.js';
import * as diagnostics from './diagnostics.js';
import { hasLoop, unrolled } from './for-each.js';
import { isObject, refOf, type JsonObject } from './is-template.js';
import { resourceValue } from './resource-values.js';

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** JSON Pointer of `Properties`. */
  readonly pointer: string;
}

/** Types of resources that are there or not: what makes up an API. */
const MATTERS = /^AWS::(?:Serverless|ApiGateway|ApiGatewayV2|Lambda|WAFv2)::/;

/** OpenAPI documents: what stands in them is decided where it is read. */
const DEFINITIONS: ReadonlySet<string> = new Set(['Body', 'DefinitionBody']);

/** More are never meant: names that lead to each other in a circle. */
const MOST_NESTED = 50;

export class Template implements TemplateValues {
  /** Those whose condition holds. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Those whose condition does not hold, with its name. */
  readonly leftOut = new Map<string, string>();
  /** Whether the template has resources at all. */
  readonly isEmpty: boolean;
  private readonly conditions = new Map<string, boolean>();
  private depth = 0;

  constructor(readonly file: string, private readonly root: JsonObject, readonly environment: Environment, private readonly sources: Sources, private readonly reporter: Reporter) {
    environment.template = this;
    const resources = new Map<string, Resource>();
    for (const { key: id, value: resource, pointer } of unrolled(section(root, 'Resources'), '/Resources', (collection) => this.collection(collection), () => this.tooMany())) {
      if (!isObject(resource) || typeof resource['Type'] !== 'string') continue;
      // Of other resources no more than names and attributes are asked for, whether they are made or not.
      if (MATTERS.test(resource['Type']) && typeof resource['Condition'] === 'string' && this.condition(resource['Condition']) === false) { this.leftOut.set(id, resource['Condition']); continue; }
      resources.set(id, this.resource(id, resource['Type'], section(resource, 'Properties'), `${pointer}/Properties`));
    }
    this.resources = resources;
    this.isEmpty = Object.keys(section(root, 'Resources')).length === 0;
  }

  /** SAM's `Globals` for a kind of resource. */
  globals(kind: 'Api' | 'HttpApi' | 'Function'): JsonObject {
    return this.decided(section(section(this.root, 'Globals'), kind));
  }

  private resource(id: string, type: string, written: JsonObject, pointer: string): Resource {
    let decided: JsonObject | undefined;
    // What a condition decides is asked for only where somebody looks.
    const properties = (): JsonObject => (decided ??= this.decided(written));
    return { id, type, get properties() { return properties(); }, pointer };
  }

  private tooMany(): void { this.report(diagnostics.TOO_MANY_COPIES, '/Resources', {}, true); }

  /** The values that an `Fn::ForEach` goes through. */
  private collection(value: Json): readonly string[] | undefined {
    const list = this.plain(value);
    return Array.isArray(list) ? (list as readonly Json[]).flatMap((item) => this.text(item) ?? []) : undefined;
  }

  /** Each `Fn::If` is the branch taken; what has no value is not there. Definitions stay as they are. */
  private decided(properties: JsonObject): JsonObject {
    const known = new Map<Json, Json>();
    const visit = (value: Json): Json | undefined => {
      const chosen = this.chosen(value);
      if (typeof chosen !== 'object' || chosen === null) return chosen;
      const before = known.get(chosen);
      if (before !== undefined) return before;
      const result: Json = Array.isArray(chosen) ? (chosen as readonly Json[]).map(visit).filter((item) => item !== undefined) : ofObject(chosen as JsonObject);
      known.set(chosen, result);
      return result;
    };
    const ofObject = (object: JsonObject): JsonObject => {
      const result: { [key: string]: Json } = {};
      const entries = hasLoop(object) ? unrolled(object, '', (collection) => this.collection(collection), () => this.tooMany()) : Object.entries(object).map(([key, value]) => ({ key, value }));
      for (const { key: name, value } of entries) {
        const found = object === properties && DEFINITIONS.has(name) ? this.chosen(value) : visit(value);
        if (found !== undefined) setOwn(result, name, found);
      }
      return result;
    };
    return ofObject(properties);
  }

  /** The branch that an `Fn::If` takes; undefined: no value. */
  chosen(value: Json): Json | undefined {
    let result = value;
    for (let hops = 0; hops < MOST_NESTED; hops++) {
      const intrinsic = intrinsicOf(result);
      const branch = intrinsic?.name === 'Fn::If' ? branchOf(intrinsic.argument, this.environment) : undefined;
      if (branch === undefined) break;
      result = (intrinsic!.argument as readonly Json[])[branch]!;
    }
    return isNoValue(result) ? undefined : result;
  }

  of(type: string): Resource[] { return [...this.resources.values()].filter((resource) => resource.type === type); }

  value(name: string): string | undefined {
    const parameter = section(this.root, 'Parameters')[name];
    // The default of an SSM parameter is its name, not its value.
    if (isObject(parameter)) return isScalar(parameter['Default']) && !String(parameter['Type']).startsWith('AWS::SSM::') ? String(parameter['Default']) : undefined;
    const dot = name.indexOf('.');
    const resource = this.resources?.get(dot < 0 ? name : name.slice(0, dot));
    if (resource === undefined) return this.madeBySam(name);
    return this.nested(() => resourceValue(this, resource, dot < 0 ? undefined : name.slice(dot + 1)));
  }

  /** APIs and stages that SAM makes have names by which templates refer to them. */
  private madeBySam(name: string): string | undefined {
    return name === 'ServerlessRestApi' || name === 'ServerlessHttpApi' ? name : this.text(this.stageMadeBySam(name));
  }

  /** The name of a stage that SAM makes: `<api>Stage`, `<api><name>Stage` where the name is plain text, or `<api>.Stage`. */
  stageMadeBySam(id: string): Json | undefined {
    if (id === 'ServerlessRestApiProdStage' || id === 'ServerlessRestApi.Stage') return 'Prod';
    if (/ApiGatewayDefaultStage$/.test(id) || id === 'ServerlessHttpApi.Stage') return '$default';
    for (const resource of /Stage$/.test(id) ? this.resources?.values() ?? [] : []) {
      if (!/^AWS::Serverless::(?:Api|HttpApi)$/.test(resource.type) || !id.startsWith(resource.id)) continue;
      const name = resource.properties['StageName'] ?? (resource.type.endsWith('HttpApi') ? '$default' : 'Prod');
      const rest = id.slice(resource.id.length);
      if (rest === 'Stage' || rest === '.Stage' || rest === `${this.text(name) ?? ''}Stage`) return name;
    }
    return undefined;
  }

  list(name: string): readonly string[] | undefined {
    const parameter = section(this.root, 'Parameters')[name];
    if (!this.isList(name) || !isObject(parameter) || typeof parameter['Default'] !== 'string') return undefined;
    return parameter['Default'].split(',').map((item) => item.trim());
  }

  get parameters(): readonly string[] { return Object.keys(section(this.root, 'Parameters')); }

  isList(name: string): boolean {
    const parameter = section(this.root, 'Parameters')[name];
    return isObject(parameter) && (parameter['Type'] === 'CommaDelimitedList' || String(parameter['Type']).startsWith('List<'));
  }

  names(kind: 'Conditions' | 'Mappings', ...path: readonly string[]): readonly string[] {
    return Object.keys(path.reduce((object, name) => section(object, name), section(this.root, kind)));
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

  /** A property as text in which parts without a value stand as `${name}`: these are reported as used at `pointer`. undefined: it is no text. */
  textWithPlaceholders(value: Json | undefined, pointer: string): string | undefined {
    return value === undefined ? undefined : this.text(value) ?? this.nested(() => evaluateText(value, this.pin(pointer, false), this.environment));
  }

  /** A property that is true or false, as text too, which CloudFormation takes as well; undefined: absent, or not known in a build. */
  flag(value: Json | undefined): boolean | undefined {
    const text = this.text(value)?.toLowerCase();
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }

  /** Which resource a property means: the logical id in a `Ref`, or what else comes to the same (`!GetAtt Api.RestApiId`, `!Sub ${Api}`). */
  idOf(value: Json | undefined): string | undefined {
    return refOf(value) ?? this.text(value);
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

  get hasErrors(): boolean { return this.reporter.hasErrors; }

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
