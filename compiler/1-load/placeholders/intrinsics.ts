/**
 * CloudFormation's intrinsic functions. Sub, Ref, GetAtt, ImportValue, Join, Select, Split, Base64, Length and ToJsonString are computed anywhere; If, FindInMap and the
 * conditions need the template around the document.
 */
import type { Json } from '../../code.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Origin } from '../../diagnostics/define.js';
import { setOwn } from '../set-own.js';
import { Environment } from './environment.js';
import { replaceDynamic } from './text.js';

/** More are never meant. */
const MOST_NESTED = 100;

type Evaluate = (argument: Json, origin: Origin, environment: Environment) => Json | undefined;

/** undefined: the arguments do not fit the function. */
const FUNCTIONS: Readonly<Record<string, Evaluate>> = {
  'Ref': (name, origin, environment) => (typeof name === 'string' ? (environment.list(name) as Json | undefined) ?? environment.value(name, origin) : undefined),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::ImportValue': (argument, origin, environment) => {
    const name = evaluateText(argument, origin, environment);
    // A name that is not known itself has been reported.
    return name === undefined || name.includes('${') ? name : environment.value(name, origin);
  },
  'Fn::Base64': (text, origin, environment) => {
    const value = evaluateText(text, origin, environment);
    return value === undefined ? undefined : Buffer.from(value, 'utf8').toString('base64');
  },
  'Fn::Length': (list, origin, environment) => evaluateList(list, origin, environment)?.length,
  'Fn::ToJsonString': (value, origin, environment) => (typeof value === 'object' && value !== null ? JSON.stringify(evaluateDeep(value, origin, environment)) : undefined),
};

/** Functions that need the template around the document. */
const NEEDS_TEMPLATE = new Set(['Fn::If', 'Fn::FindInMap', 'Fn::GetAZs', 'Fn::Transform', 'Fn::Cidr', 'Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals', 'Condition']);

/** `{Ref: AWS::NoValue}`: what holds it is as if it were not there. */
export function isNoValue(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && (value as { readonly Ref?: Json }).Ref === 'AWS::NoValue';
}

/** The branch that `Fn::If` takes: its index in the arguments, 1 or 2; undefined when the condition is not known or the form is wrong. */
export function branchOf(argument: Json, environment: Environment): 1 | 2 | undefined {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string') return undefined;
  const holds = environment.template?.condition(argument[0]);
  return holds === undefined ? undefined : holds ? 1 : 2;
}

/** Whether a condition function holds; undefined when that cannot be told. */
export function holds(value: Json, origin: Origin, environment: Environment): boolean | undefined {
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) return undefined;
  const { name, argument } = intrinsic;
  const parts = (): (boolean | undefined)[] => (Array.isArray(argument) ? argument.map((part) => holds(part as Json, origin, environment)) : [undefined]);
  switch (name) {
    case 'Condition': return environment.template?.condition(argument as string);
    case 'Fn::Equals': {
      if (!Array.isArray(argument) || argument.length !== 2) return undefined;
      const [left, right] = argument.map((part) => evaluateText(part as Json, origin, environment));
      return left === undefined || right === undefined ? undefined : left === right;
    }
    case 'Fn::And': { const all = parts(); return all.includes(false) ? false : all.includes(undefined) ? undefined : true; }
    case 'Fn::Or': { const all = parts(); return all.includes(true) ? true : all.includes(undefined) ? undefined : false; }
    case 'Fn::Not': { const [only] = parts(); return only === undefined ? undefined : !only; }
    default: return undefined;
  }
}

/** The value of one that the template computes: `Fn::FindInMap`, and a text's worth of `Fn::If`. */
export function evaluateInTemplate({ name, argument }: Intrinsic, origin: Origin, environment: Environment): Json | undefined {
  if (environment.template === undefined) return undefined;
  if (name === 'Fn::If') {
    const branch = branchOf(argument, environment);
    return branch === undefined ? undefined : evaluateAny((argument as readonly Json[])[branch]!, origin, environment);
  }
  if (name === 'Fn::FindInMap') {
    const keys = mapKeys(argument, origin, environment);
    if (keys === undefined) return undefined;
    // A key without a value has been reported.
    const unknown = keys.find((key) => key.includes('${'));
    return unknown ?? environment.template.mapping(keys[0], keys[1], keys[2]) ?? defaultOf(argument, origin, environment);
  }
  return undefined;
}

function mapKeys(argument: Json, origin: Origin, environment: Environment): readonly [string, string, string] | undefined {
  if (!Array.isArray(argument) || argument.length < 3) return undefined;
  const keys = argument.slice(0, 3).map((key) => evaluateText(key as Json, origin, environment));
  return keys.some((key) => key === undefined) ? undefined : keys as [string, string, string];
}

/** `{DefaultValue: …}` as the fourth argument of `Fn::FindInMap` (AWS::LanguageExtensions). */
function defaultOf(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  const last = (argument as readonly Json[])[3];
  const value = typeof last === 'object' && last !== null && !Array.isArray(last) ? (last as { readonly DefaultValue?: Json }).DefaultValue : undefined;
  return value === undefined ? undefined : evaluateAny(value, origin, environment);
}

/** The function inside that keeps `value` from being computed: one that needs a template, or a condition or mapping that the template has not. */
export function culprit(value: Json, origin: Origin, environment: Environment, depth = 0): Intrinsic | undefined {
  if (typeof value !== 'object' || value === null || depth > MOST_NESTED) return undefined;
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.kind === 'needsTemplate' && evaluateInTemplate(intrinsic, origin, environment) === undefined) return intrinsic;
  for (const item of Object.values(value as { readonly [key: string]: Json })) {
    const found = culprit(item, origin, environment, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why a function of the template has no value, where the template says so, and what may have been meant. */
export function whyNot({ name, argument }: Intrinsic, origin: Origin, environment: Environment): { readonly problem: string; readonly suggestion: string | undefined } | undefined {
  const { template } = environment;
  if (template === undefined) return undefined;
  const condition = name === 'Fn::If' && Array.isArray(argument) ? (argument as readonly Json[])[0] : undefined;
  if (typeof condition === 'string' && template.condition(condition) === undefined) return { problem: `the template has no condition '${condition}'`, suggestion: closest(condition, template.names('Conditions')) };
  const keys = name === 'Fn::FindInMap' ? mapKeys(argument, origin, environment) : undefined;
  if (keys === undefined) return undefined;
  for (const [depth, what] of (['the template has no mapping', `the mapping '${keys[0]}' has no key`, `the mapping '${keys[0]}' has in '${keys[1]}' no key`] as const).entries()) {
    const names = template.names('Mappings', ...keys.slice(0, depth));
    if (!names.includes(keys[depth]!)) return { problem: `${what} '${keys[depth]!}'`, suggestion: closest(keys[depth]!, names) };
  }
  return undefined;
}

export type Intrinsic = { readonly name: string; readonly argument: Json; readonly kind: 'known' | 'needsTemplate' };

/** The intrinsic function that an object is: `{"Fn::Sub": …}` and nothing else in it. A schema property called `Ref` is none. */
export function intrinsicOf(value: Json): Intrinsic | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  let name: string | undefined;
  for (const key in value) {
    if (name !== undefined) return undefined;
    name = key;
  }
  if (name === undefined) return undefined;
  const argument = (value as { readonly [key: string]: Json })[name]!;
  if (name === 'Ref' || name === 'Condition') return typeof argument === 'string' ? { name, argument, kind: name === 'Ref' ? 'known' : 'needsTemplate' } : undefined;
  if (Object.hasOwn(FUNCTIONS, name)) return { name, argument, kind: 'known' };
  return NEEDS_TEMPLATE.has(name) ? { name, argument, kind: 'needsTemplate' } : undefined;
}

/** The value of a known intrinsic; parts without a value stay as `${name}`. undefined when it is malformed. */
export function evaluate(intrinsic: Intrinsic, origin: Origin, environment: Environment): Json | undefined {
  return FUNCTIONS[intrinsic.name]!(intrinsic.argument, origin, environment);
}

export function evaluateAny(value: Json, origin: Origin, environment: Environment): Json | undefined {
  const inner = intrinsicOf(value);
  if (!inner) return value;
  return inner.kind === 'known' ? evaluate(inner, origin, environment) : evaluateInTemplate(inner, origin, environment);
}

export function evaluateText(value: Json, origin: Origin, environment: Environment): string | undefined {
  const result = evaluateAny(value, origin, environment);
  return typeof result === 'string' || typeof result === 'number' || typeof result === 'boolean' ? String(result) : undefined;
}

/** With the functions inside computed, too. */
function evaluateDeep(value: Json, origin: Origin, environment: Environment, depth = 0): Json {
  if (depth > MOST_NESTED) return value;
  const result = evaluateAny(value, origin, environment) ?? value;
  if (Array.isArray(result)) return result.map((item) => evaluateDeep(item as Json, origin, environment, depth + 1));
  if (typeof result !== 'object' || result === null) return result;
  const copy: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(result as { readonly [key: string]: Json })) setOwn(copy, key, evaluateDeep(item, origin, environment, depth + 1));
  return copy;
}

function evaluateList(value: Json, origin: Origin, environment: Environment): string[] | undefined {
  const list = evaluateAny(value, origin, environment);
  if (!Array.isArray(list)) return undefined;
  const items = list.map((item) => evaluateText(item as Json, origin, environment));
  return items.every((item) => item !== undefined) ? items as string[] : undefined;
}

function getAtt(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  const parts = Array.isArray(argument) ? argument.map((part) => evaluateText(part as Json, origin, environment)) : [argument];
  const name = parts.every((part) => typeof part === 'string') ? parts.join('.') : undefined;
  return name === undefined ? undefined : environment.value(name, origin);
}

/** `Fn::Sub: text` and `Fn::Sub: [text, {name: value}]`; `${!name}` stands for a literal `${name}`. */
function sub(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  const [text, own] = Array.isArray(argument) ? argument as Json[] : [argument];
  if (typeof text !== 'string' || (own !== undefined && (typeof own !== 'object' || own === null || Array.isArray(own)))) return undefined;
  const local = new Map<string, string>();
  for (const [name, value] of Object.entries((own ?? {}) as { readonly [name: string]: Json })) {
    const evaluated = evaluateText(value, origin, environment);
    if (evaluated === undefined) return undefined;
    local.set(name, evaluated);
  }
  const place: Origin = { ...origin, pointer: `${origin.pointer}/Fn::Sub${Array.isArray(argument) ? '/0' : ''}` };
  return replaceDynamic(text.replace(/\$\{(!?)([^{}]*)\}/g, (whole: string, literal: string, inner: string, offset: number) => {
    const name = inner.trim();
    if (literal !== '') return `\${${inner}}`;
    if (name === '' || Environment.isRuntime(name)) return whole;
    return local.get(name) ?? environment.value(name, { ...place, inside: { offset, length: whole.length } });
  }), place, environment);
}

function join(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string') return undefined;
  return evaluateList(argument[1] as Json, origin, environment)?.join(argument[0]);
}

function select(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 2) return undefined;
  const index = Number(evaluateText(argument[0] as Json, origin, environment));
  const items = evaluateList(argument[1] as Json, origin, environment);
  // Of a text without a value the parts are not known: what it is has been reported.
  return items?.[index] ?? items?.find((item) => item.includes('${'));
}

function split(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string') return undefined;
  return evaluateText(argument[1] as Json, origin, environment)?.split(argument[0]);
}
