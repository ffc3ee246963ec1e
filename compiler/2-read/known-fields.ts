/** Nothing in a document is ignored in silence: every field is one that the tables in fields/ know, or is reported with what was probably meant. */
import type { Document } from '../1-load/document.js';
import { escapePointer, parsePointer } from '../1-load/node.js';
import type { Json } from '../code.js';
import type { DiagnosticDefinition, Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import { API_GATEWAY, INVENTED, type Extension } from './fields/api-gateway.js';
import { GWC } from './fields/gwc.js';
import { anyMethod2, openApi2 } from './fields/openapi-2.js';
import { anyMethod, openApi3 } from './fields/openapi-3.js';
import { schemaShape } from './fields/schema.js';
import { object, type Field, type Level, type Shape, type Type } from './fields/shape.js';
import { describe, fits, kindOf } from './fields/type.js';
import * as diagnostics from './known-fields-diagnostics.js';

type JsonObject = { readonly [key: string]: Json };
type ObjectType = Type & { readonly is: 'map' | 'object' };

const EXTENSIONS: ReadonlyMap<string, Extension> = new Map([...Object.entries(API_GATEWAY), ...Object.entries(GWC)]);
const COMPONENTS: Readonly<Record<string, string>> = {
  schemas: 'a schema', parameters: 'a parameter', responses: 'a response', requestBodies: 'a request body', headers: 'a header', examples: 'an example', links: 'a link', callbacks: 'a callback',
  securitySchemes: 'a security scheme', pathItems: 'a path item', mediaTypes: 'a media type',
};
const INTEGRATION = 'x-amazon-apigateway-integration';
/** Where HTTP APIs have integrations that several operations refer to. */
const SHARED_INTEGRATION = /#\/components\/x-amazon-apigateway-integrations\/[^/]+$/;
const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** References that lead on from one another: what is behind more of them waits for its turn, so that a long chain of schemas needs no deep stack. */
const MAX_FOLLOWING = 40;

/**
 * Reports unknown, misspelt and misplaced fields, and values of a kind their field cannot have, in every file of the document. `memo`: of the times before,
 * with the same diagnostics.
 */
export function checkKnownFields(document: Document, reporter: Reporter, memo?: KnownFieldsMemo): void {
  const root = document.files.get(document.entry)!.root;
  new FieldCheck(document, reporter, memo).checkAll(root, document.version === '2.0' ? ROOT_2 : ROOT_3);
}

const ROOT_2 = object(() => openApi2), ROOT_3 = object(() => openApi3);
const ANY_METHOD_2 = object(() => anyMethod2), ANY_METHOD_3 = object(() => anyMethod);

type Place = NonNullable<ReturnType<Document['resolve']>>;
/** `found`: the table of components it stands in. */
interface Target { readonly found: string | undefined; readonly value: Json }

/** What there is to say about a part of a document, and what else it leads to, in order. */
type Finding = (check: FieldCheck) => void;
/** By the value of a part; only good for what `id` and `type` say. */
export type KnownFieldsMemo = WeakMap<object, { readonly id: string; readonly type: Type | Shape; readonly findings: readonly Finding[] }>;

class FieldCheck {
  private readonly seen = new Map<Shape | Type, Set<object>>();
  /** What `Document.resolve` gave → what stands there: most references lead where others lead. */
  private readonly targets = new Map<Place, Target>();
  private readonly anyMethod: Type;
  private following = 0;
  private readonly waiting: (() => void)[] = [];
  /** The upper levels of the entry: what is in one of them depends on nothing outside but by a `$ref`. */
  private readonly parts: ReadonlySet<unknown>;
  /** Of the part that is looked at, when they are kept. */
  private findings: Finding[] | undefined;

  constructor(private readonly document: Document, private readonly reporter: Reporter, private readonly memo: KnownFieldsMemo | undefined) {
    this.anyMethod = document.version === '2.0' ? ANY_METHOD_2 : ANY_METHOD_3;
    const entry = document.files.get(document.entry)!;
    this.parts = new Set(entry.isTree ? partsOf(entry.root) : []);
  }

  checkAll(root: Json, type: Type): void {
    this.check(root, type, this.document.entry, '', 'the document', false);
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) next();
  }

  private isTree(file: string): boolean {
    if (file !== this.asked.file) this.asked = { file, isTree: this.document.files.get(file)!.isTree === true };
    return this.asked.isTree;
  }
  private asked = { file: '', isTree: false };

  /** Does what a part of the document asks for, now and each time the part is looked at. */
  private perform(finding: Finding): void {
    const { findings } = this;
    findings?.push(finding);
    this.findings = undefined;
    finding(this);
    this.findings = findings;
  }

  private report<P>(definition: DiagnosticDefinition<P>, origin: Origin, parameters: P): void {
    this.perform((check) => check.reporter.report(definition, origin, parameters));
  }

  private checkPart(value: JsonObject, type: ObjectType, file: string, pointer: string, name: string, lenient: boolean): void {
    const key = type.is === 'object' ? type.shape() : type;
    if (!isLeaf(value) && this.wasSeen(value, key)) return;
    if (!this.memo || !this.isTree(file)) return this.checkInside(value, type, file, pointer, name, lenient);
    const id = `${this.document.version} ${lenient} ${name}\n${file}#${pointer}`;
    const known = this.memo.get(value);
    if (known?.id === id && known.type === key) {
      for (const finding of known.findings) finding(this);
      return;
    }
    const findings: Finding[] = (this.findings = []);
    this.checkInside(value, type, file, pointer, name, lenient);
    this.findings = undefined;
    this.memo.set(value, { id, type: key, findings });
  }

  private checkInside(value: JsonObject, type: ObjectType, file: string, pointer: string, name: string, lenient: boolean): void {
    if (type.is === 'object') this.checkObject(value, type, type.shape(), file, pointer, name);
    else {
      if (typeof value['$ref'] === 'string') this.follow(value['$ref'], type, undefined, file, pointer, name, lenient);
      this.checkMap(value, type, file, pointer, name, lenient);
    }
  }

  /** `name` is the field the value stands in, `lenient` whether the field belongs to an extension: API Gateway is more tolerant there. */
  private check(value: Json, type: Type, file: string, pointer: string, name: string, lenient: boolean): void {
    switch (type.is) {
      case 'any': return;
      case 'either': {
        const fitting = type.types.find((candidate) => fits(candidate, value));
        if (fitting) this.check(value, fitting, file, pointer, name, lenient);
        else this.wrongType(value, type, file, pointer, name, lenient);
        return;
      }
      case 'enum': {
        if (typeof value !== 'string') this.wrongType(value, type, file, pointer, name, lenient);
        else this.checkEnum(value, type.values, type.anyCase, { file, pointer }, name, lenient);
        return;
      }
      case 'list': {
        if (isReference(value)) this.perform((check) => check.checkElsewhere(value, type, file, pointer, name, lenient));
        // API Gateway takes one server without a list around it.
        else if (name === 'servers' && isObject(value)) { this.wrongType(value, type, file, pointer, name, true); this.check(value, type.of, file, pointer, name, lenient); }
        else if (!Array.isArray(value)) this.wrongType(value, type, file, pointer, name, lenient);
        else for (const [index, item] of (value as readonly Json[]).entries()) this.check(item, type.of, file, `${pointer}/${index}`, name, lenient);
        return;
      }
      case 'map':
      case 'object': {
        // Examples are for people: one of another kind breaks nothing.
        if (!isObject(value)) this.wrongType(value, type, file, pointer, name, lenient || (type.is === 'object' && type.shape().name === 'example'));
        else if (this.parts.has(value)) this.perform((check) => check.checkPart(value, type, file, pointer, name, lenient));
        // Where an object may stand at several places it is looked at once; and one that leads nowhere again in less time than it takes to remember it.
        else if (type.is === 'map' || this.isTree(file) || isLeaf(value) || !this.wasSeen(value, type.shape())) this.checkInside(value, type, file, pointer, name, lenient);
        return;
      }
      default:
        if (fits(type, value) || (lenient && spells(type, value))) return;
        if (isReference(value)) this.perform((check) => check.checkElsewhere(value, type, file, pointer, name, lenient));
        else this.wrongType(value, type, file, pointer, name, lenient);
    }
  }

  /** What stands at the target of `{$ref}` where OpenAPI has no reference, and other tools follow it: a text of a file of words, a list of parameters. */
  private checkElsewhere(value: JsonObject, type: Type, file: string, pointer: string, name: string, lenient: boolean): void {
    const place = this.document.resolve(file, value['$ref'] as string);
    const there = place && this.targetOf(place).value;
    if (type.is === 'list' && Array.isArray(there)) this.check(there, type, place!.file, place!.pointer, name, lenient);
    else if (type.is === 'list' || typeof there !== 'string') this.wrongType(value, type, file, pointer, name, lenient);
  }

  private checkMap(value: JsonObject, type: ObjectType & { is: 'map' }, file: string, pointer: string, name: string, lenient: boolean): void {
    for (const key in value) {
      // The entries of another map; a property may have that name, too.
      if (key === '$ref' && typeof value[key] === 'string') continue;
      if (type.keys && !type.keys.pattern.test(key) && !key.startsWith('x-')) {
        this.report(diagnostics.ODD_KEY, { file, pointer: `${pointer}/${escapePointer(key)}`, key: true }, { name: key, owner: name, expected: type.keys.expected });
      }
      // Tables of components may carry extensions of their own, as any OpenAPI object may.
      if (type.keys && key.startsWith('x-')) continue;
      if (isFine(value[key]!, type.of)) continue;
      this.check(value[key]!, type.of, file, `${pointer}/${escapePointer(key)}`, key, lenient);
    }
  }

  private checkObject(value: JsonObject, type: ObjectType, shape: Shape, file: string, pointer: string, name: string): void {
    const reference = value['$ref'];
    // 1-load has reported a $ref that is no text.
    if (reference !== undefined && typeof reference !== 'string') return;
    if (reference !== undefined) {
      this.follow(reference, type, shape, file, pointer, name, shape.extension === true);
      // Beside a $ref only path items and schemas of 3.1 have fields of their own.
      if (shape.name !== 'path item' && !(shape.lenient && this.document.version !== '2.0' && this.document.version !== '3.0')) return;
    }
    let meant: string[] | undefined;
    const fields = fieldsOf(shape);
    for (const key in value) {
      const field = fields.get(key);
      // A key without a value is as good as missing, and that is said below.
      if (value[key] === null && field?.required === 'error') continue;
      // Most fields are like this: no pointer is made for them.
      if (field !== undefined && field.versions === undefined && isFine(value[key]!, field.type) && !(key === 'type' && Array.isArray(value[key]))) continue;
      const suggestion = this.checkField(value[key]!, key, field, shape, file, pointer);
      if (suggestion !== undefined) (meant ??= []).push(suggestion);
    }
    if (reference !== undefined) return;
    for (const field of requiredFields(shape, value)) {
      // A misspelt field has been reported already.
      if ((Object.hasOwn(value, field) && value[field] !== null) || meant?.includes(field)) continue;
      const { requiredUntil } = shape.fields[field]!;
      if (requiredUntil !== undefined && this.document.version > requiredUntil) continue;
      const definition = shape.fields[field]!.required === 'odd' ? diagnostics.ODD_ABSENCE : diagnostics.MISSING_FIELD;
      this.report(definition, { file, pointer, key: true }, { name: field, owner: shape.name });
    }
  }

  private wasSeen(value: JsonObject, shape: Shape | Type): boolean {
    let seen = this.seen.get(shape);
    if (!seen) this.seen.set(shape, (seen = new Set()));
    if (seen.has(value)) return true;
    seen.add(value);
    return false;
  }

  /** The field that was probably meant, when `key` is none. */
  private checkField(child: Json, key: string, field: Field | undefined, shape: Shape, file: string, parent: string): string | undefined {
    const pointer = `${parent}/${escapePointer(key)}`;
    if (field) {
      if (field.versions && !field.versions.includes(this.document.version)) {
        const versions = field.versions.join(' and ');
        this.report(diagnostics.OTHER_VERSION, { file, pointer, key: true }, { name: key, owner: shape.name, version: this.document.version, versions, instead: field.instead });
      }
      else if (shape === schemaShape && key === 'type' && Array.isArray(child) && this.document.version === '3.0') this.typeList(child, file, pointer);
      if (field.required === 'error' && isUnreadable(child, field.type)) this.report(diagnostics.WRONG_TYPE, { file, pointer }, { name: key, expected: describe(field.type), found: kindOf(child) });
      else this.check(child, field.type, file, pointer, key, shape.extension === true);
      return undefined;
    }
    if (key.startsWith('x-')) {
      if (key.startsWith('x-amazon-apigateway-') || key.startsWith('x-gwc')) this.checkExtension(child, key, shape, file, pointer);
      return undefined;
    }
    if (shape.others) {
      if (shape.others.keys.pattern.test(key)) this.check(child, shape.others.type, file, pointer, key, shape.extension === true);
      else this.report(diagnostics.ODD_KEY, { file, pointer, key: true }, { name: key, owner: shape.name, expected: shape.others.keys.expected });
      return undefined;
    }
    return this.unknownField(key, shape, { file, pointer, key: true });
  }

  private typeList(types: readonly Json[], file: string, pointer: string): void {
    const instead = types.length === 2 && types.includes('null') ? `write type: ${String(types.find((type) => type !== 'null'))} and nullable: true` : 'write oneOf with one type each';
    this.report(diagnostics.OTHER_VERSION, { file, pointer, key: true }, { name: 'type: […]', owner: 'schema', version: '3.0', versions: '3.1 and 3.2', instead });
  }

  private unknownField(name: string, shape: Shape, origin: Origin): string | undefined {
    const advice = shape.mistakes && Object.hasOwn(shape.mistakes, name) ? shape.mistakes[name] : undefined;
    const candidates = Object.keys(shape.fields).filter((field) => !shape.fields[field]!.versions || shape.fields[field]!.versions!.includes(this.document.version));
    const suggestion = closest(name, candidates);
    if (shape.lenient) {
      // A short keyword is close to everything.
      if (advice !== undefined || (suggestion !== undefined && name.length > 3)) this.report(diagnostics.UNKNOWN_KEYWORD, origin, { name, suggestion, advice });
      return suggestion;
    }
    this.report(shape.extension ? diagnostics.UNKNOWN_EXTENSION_FIELD : diagnostics.UNKNOWN_FIELD, origin, { name, owner: shape.name, suggestion, advice });
    return suggestion;
  }

  private checkExtension(value: Json, name: string, shape: Shape, file: string, pointer: string): void {
    const extension = EXTENSIONS.get(name);
    const origin: Origin = { file, pointer, key: true };
    if (!extension) {
      const advice = INVENTED.find(([pattern]) => pattern.test(name))?.[1];
      const suggestion = closest(name, EXTENSIONS.keys());
      // A prefix this long makes everything close: compare what comes after it.
      const near = suggestion !== undefined && closest(own(name), [own(suggestion)]) !== undefined ? suggestion : undefined;
      this.report(diagnostics.UNKNOWN_EXTENSION, origin, near === undefined ? { name, advice } : { name, suggestion: near });
      return;
    }
    if (shape.level === undefined || !extension.levels.includes(shape.level)) {
      this.report(diagnostics.MISPLACED_EXTENSION, origin, { name, place: shape.name, levels: extension.levels.map(placeOf).join(' or ') });
      return;
    }
    if (name === INTEGRATION && isObject(value) && typeof value['$ref'] === 'string' && !SHARED_INTEGRATION.test(value['$ref'])) this.report(diagnostics.REFERENCE_IN_EXTENSION, { file, pointer: `${pointer}/$ref` }, { reference: value['$ref'] });
    this.check(value, name === ANY_METHOD ? this.anyMethod : extension.type, file, pointer, name, name !== ANY_METHOD);
  }

  private follow(reference: string, type: ObjectType, shape: Shape | undefined, file: string, pointer: string, name: string, lenient: boolean): void {
    this.perform((check) => check.followNow(reference, type, shape, file, pointer, name, lenient));
  }

  /** What a reference leads to is checked as what is needed here; 1-load has reported those that lead nowhere. */
  private followNow(reference: string, type: ObjectType, shape: Shape | undefined, file: string, pointer: string, name: string, lenient: boolean): void {
    const target = this.document.resolve(file, reference);
    if (!target) return;
    const { found, value } = this.targetOf(target);
    if (shape?.component !== undefined && found !== undefined && found !== shape.component && target.file === this.document.entry) {
      this.report(diagnostics.WRONG_KIND, { file, pointer: `${pointer}/$ref` }, { reference, expected: shape.name, found: COMPONENTS[found] ?? found });
      return;
    }
    const check = (): void => (isObject(value) ? this.checkPart(value, type, target.file, target.pointer, name, lenient) : this.wrongType(value, type, target.file, target.pointer, name, lenient));
    if (this.following >= MAX_FOLLOWING) { this.waiting.push(check); return; }
    this.following++;
    check();
    this.following--;
  }

  private targetOf(place: Place): Target {
    let target = this.targets.get(place);
    if (!target) {
      let value: Json = this.document.files.get(place.file)!.root;
      for (const token of parsePointer(place.pointer)) value = (value as JsonObject)[token]!;
      this.targets.set(place, (target = { found: componentOf(place.pointer), value }));
    }
    return target;
  }

  private checkEnum(value: string, values: readonly string[], anyCase: boolean, origin: Origin, name: string, lenient: boolean): void {
    if (values.includes(value) || value.includes('${')) return;
    const sameWord = values.find((candidate) => candidate.toLowerCase() === value.trim().toLowerCase());
    if (sameWord !== undefined && anyCase) return;
    const definition = lenient || sameWord !== undefined ? diagnostics.ODD_VALUE : diagnostics.NOT_ALLOWED;
    this.report(definition, origin, { name, value, allowed: values.join(', '), suggestion: sameWord ?? closest(value, values) });
  }

  private wrongType(value: Json, type: Type, file: string, pointer: string, name: string, lenient: boolean): void {
    const origin: Origin = { file, pointer };
    // A placeholder that stayed may stand for any text; those that a request fills in are no lists and objects either.
    if (typeof value === 'string' && value.includes('${') && (!isContainer(type) || lenient) && type.is !== 'object' && type.is !== 'map') return;
    const expected = describe(type);
    if (value === null) this.report(diagnostics.EMPTY_FIELD, { ...origin, key: true }, { name });
    else this.report(isContainer(type) && !lenient ? diagnostics.WRONG_TYPE : diagnostics.ODD_TYPE, origin, { name, expected, found: kindOf(value) });
  }
}

/** The objects of the upper three levels below the root. */
function* partsOf(root: Json, levels = 3): Generator<JsonObject> {
  if (!isObject(root)) return;
  for (const key in root) {
    const child = root[key]!;
    if (!isObject(child)) continue;
    yield child;
    if (levels > 1) yield* partsOf(child, levels - 1);
  }
}

/** Whether there is nothing to say about a value, nor about anything in it. */
function isFine(value: Json, type: Type): boolean {
  switch (type.is) {
    case 'enum': return typeof value === 'string' && type.values.includes(value);
    case 'list': return Array.isArray(value) && (value as readonly Json[]).every((item) => isFine(item, type.of));
    case 'either': {
      const fitting = type.types.find((candidate) => fits(candidate, value));
      return fitting !== undefined && isFine(value, fitting);
    }
    case 'map': case 'object': return false;
    default: return fits(type, value);
  }
}

/** No object or list in it, and no reference. */
function isLeaf(value: JsonObject): boolean {
  for (const key in value) if (typeof value[key] === 'object' || key === '$ref') return false;
  return true;
}

const tables = new Map<Shape, ReadonlyMap<string, Field>>();

function fieldsOf(shape: Shape): ReadonlyMap<string, Field> {
  let table = tables.get(shape);
  if (!table) tables.set(shape, (table = new Map(Object.entries(shape.fields))));
  return table;
}

const required = new Map<Shape, readonly string[]>();

function requiredFields(shape: Shape, value: JsonObject): readonly string[] {
  let names = required.get(shape);
  if (!names) required.set(shape, (names = Object.keys(shape.fields).filter((name) => shape.fields[name]!.required !== undefined)));
  // API Gateway takes the scheme from the authorizer.
  const kind = shape.requiredByType && !Object.hasOwn(value, 'x-amazon-apigateway-authorizer') && value['type'];
  return typeof kind === 'string' && Object.hasOwn(shape.requiredByType!, kind) ? [...names, ...shape.requiredByType![kind]!] : names;
}

/** What a parameter of a template was replaced by is text; API Gateway takes it as the number or boolean it spells. */
function spells(type: Type, value: Json): boolean {
  if (typeof value !== 'string') return false;
  return type.is === 'number' ? /^-?\d+(?:\.\d+)?$/.test(value) : type.is === 'boolean' && /^(?:true|false)$/i.test(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isReference(value: Json): value is JsonObject {
  return isObject(value) && typeof value['$ref'] === 'string';
}

/** A list or an object where a text is needed: without that text the object around it means nothing. */
function isUnreadable(value: Json, type: Type): boolean {
  return typeof value === 'object' && value !== null && (type.is === 'text' || type.is === 'enum');
}

function isContainer(type: Type): boolean {
  return type.is === 'object' || type.is === 'map' || type.is === 'list' || (type.is === 'either' && type.types.every(isContainer));
}

function own(name: string): string {
  return name.replace(/^x-(?:amazon-apigateway|gwc)-?/, '');
}

/** `/components/schemas/Pet` and `/definitions/Pet` hold schemas. */
function componentOf(pointer: string): string | undefined {
  const kind = /^\/components\/([^/]+)\/[^/]+$/.exec(pointer)?.[1] ?? /^\/(definitions|parameters|responses)\/[^/]+$/.exec(pointer)?.[1];
  return kind === 'definitions' ? 'schemas' : kind;
}

function placeOf(level: Level): string {
  return level === 'root' ? 'at the root of the document' : level === 'components' ? 'in components' : `in ${/^[aeiou]/.test(level) ? 'an' : 'a'} ${level}`;
}
