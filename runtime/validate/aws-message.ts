/**
 * `$context.error.validationErrorString` as API Gateway writes it: the messages of the validator behind it (json-schema-validator
 * by fge), one per fault, inside `[…]`, separated by `, ` [O26].
 */
import type { ValidationError } from '../validation/validation-error.js';

export function awsFaults(errors: readonly ValidationError[], value: unknown): string {
  const required = new Map<string, string[]>();
  const unknown = new Map<string, string[]>();
  const messages: (string | (() => string))[] = [];
  for (const error of errors) {
    // Missing and unknown properties of one object are told together.
    if (error.keyword === 'required') gather(required, error.pointer, String(error.params['missingProperty']), messages, (names) => `object has missing required properties (${JSON.stringify(names)})`);
    else if (error.keyword === 'additionalProperties') gather(unknown, error.pointer, String(error.params['additionalProperty']), messages, (names) => `object instance has properties which are not allowed by the schema: ${JSON.stringify(names)}`);
    else messages.push(message(error, at(value, error.pointer)));
  }
  return `[${messages.map((each) => (typeof each === 'string' ? each : each())).join(', ')}]`;
}

function gather(groups: Map<string, string[]>, pointer: string, name: string, messages: (string | (() => string))[], write: (names: readonly string[]) => string): void {
  const names = groups.get(pointer);
  if (names) {
    names.push(name);
    return;
  }
  const group = [name];
  groups.set(pointer, group);
  messages.push(() => write([...group].sort()));
}

function message({ keyword, params, message: text }: ValidationError, value: unknown): string {
  const limit = params['limit'] as number;
  switch (keyword) {
    case 'type': return `instance type (${typeOf(value)}) does not match any allowed primitive type (allowed: ${JSON.stringify([params['type']].flat().flatMap((type) => String(type).split(',')).sort())})`;
    case 'enum': return `instance value (${show(value)}) not found in enum (possible values: ${JSON.stringify(params['allowedValues'])})`;
    case 'minLength': return `string ${show(value)} is too short (length: ${[...String(value)].length}, required minimum: ${limit})`;
    case 'maxLength': return `string ${show(value)} is too long (length: ${[...String(value)].length}, maximum allowed: ${limit})`;
    case 'pattern': return `ECMA 262 regex "${String(params['pattern'])}" does not match input string ${show(value)}`;
    case 'format': return `string ${show(value)} is invalid against requested format ${String(params['format'])}`;
    case 'minimum': return `numeric instance is lower than the required minimum (minimum: ${limit}, found: ${String(value)})`;
    case 'maximum': return `numeric instance is greater than the required maximum (maximum: ${limit}, found: ${String(value)})`;
    case 'multipleOf': return `remainder of division is not zero (${String(value)} / ${String(params['multipleOf'])})`;
    case 'minItems': return `array is too short: must have at least ${limit} elements but instance has ${size(value)} elements`;
    case 'maxItems': return `array is too long: must have at most ${limit} elements but instance has ${size(value)} elements`;
    case 'uniqueItems': return 'array must not contain duplicate elements';
    case 'minProperties': return `object has too few properties (found ${size(value)} but schema requires at least ${limit})`;
    case 'maxProperties': return `object has too many properties (found ${size(value)} but schema requires at most ${limit})`;
    case 'anyOf': return 'instance failed to match at least one required schema';
    case 'oneOf': return `instance failed to match exactly one schema (matched ${Array.isArray(params['passingSchemas']) ? params['passingSchemas'].length : 0})`;
    case 'not': return 'instance matched a schema which it should not have';
    default: return text;
  }
}

/** The part of `value` a JSON Pointer names. */
function at(value: unknown, pointer: string): unknown {
  let part = value;
  for (const token of pointer.split('/').slice(1)) {
    if (typeof part !== 'object' || part === null) return undefined;
    part = (part as Record<string, unknown>)[token.replace(/~1/g, '/').replace(/~0/g, '~')];
  }
  return part;
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value);
const size = (value: unknown): number => (Array.isArray(value) ? value.length : typeof value === 'object' && value !== null ? Object.keys(value).length : 0);

/** A value as JSON, cut: it goes into logs and templates. */
function show(value: unknown): string {
  const text = typeof value === 'string' && value.length > 200 ? JSON.stringify(`${value.slice(0, 200)}…`) : JSON.stringify(value) ?? 'undefined';
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
