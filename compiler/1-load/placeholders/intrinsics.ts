/** CloudFormation's intrinsic functions, as far as they can be computed without a template: Sub, Ref, GetAtt, Join, Select, Split, Base64. */
import type { Json } from '../../code.js';
import type { Origin } from '../../diagnostics/define.js';
import { Environment } from './environment.js';

type Evaluate = (argument: Json, origin: Origin, environment: Environment) => Json | undefined;

/** undefined: the arguments do not fit the function. */
const FUNCTIONS: Readonly<Record<string, Evaluate>> = {
  'Ref': (name, origin, environment) => (typeof name === 'string' ? environment.value(name, origin) : undefined),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::Base64': (text, origin, environment) => {
    const value = evaluateText(text, origin, environment);
    return value === undefined ? undefined : Buffer.from(value, 'utf8').toString('base64');
  },
};

/** Functions that need the template around the document. */
const NEEDS_TEMPLATE = new Set(['Fn::If', 'Fn::FindInMap', 'Fn::ImportValue', 'Fn::GetAZs', 'Fn::Transform', 'Fn::Cidr', 'Fn::Length', 'Fn::ToJsonString', 'Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals', 'Condition']);

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

function evaluateAny(value: Json, origin: Origin, environment: Environment): Json | undefined {
  const inner = intrinsicOf(value);
  if (!inner) return value;
  return inner.kind === 'known' ? evaluate(inner, origin, environment) : undefined;
}

function evaluateText(value: Json, origin: Origin, environment: Environment): string | undefined {
  const result = evaluateAny(value, origin, environment);
  return typeof result === 'string' || typeof result === 'number' || typeof result === 'boolean' ? String(result) : undefined;
}

function evaluateList(value: Json, origin: Origin, environment: Environment): string[] | undefined {
  const list = evaluateAny(value, origin, environment);
  if (!Array.isArray(list)) return undefined;
  const items = list.map((item) => evaluateText(item as Json, origin, environment));
  return items.every((item) => item !== undefined) ? items as string[] : undefined;
}

function getAtt(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  const name = typeof argument === 'string' ? argument : Array.isArray(argument) && argument.every((part) => typeof part === 'string') ? argument.join('.') : undefined;
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
  return text.replace(/\$\{(!?)([^{}]*)\}/g, (whole: string, literal: string, inner: string, offset: number) => {
    const name = inner.trim();
    if (literal !== '') return `\${${inner}}`;
    if (name === '' || Environment.isRuntime(name)) return whole;
    return local.get(name) ?? environment.value(name, { ...place, inside: { offset, length: whole.length } });
  });
}

function join(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string') return undefined;
  return evaluateList(argument[1] as Json, origin, environment)?.join(argument[0]);
}

function select(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 2) return undefined;
  const index = Number(evaluateText(argument[0] as Json, origin, environment));
  return evaluateList(argument[1] as Json, origin, environment)?.[index];
}

function split(argument: Json, origin: Origin, environment: Environment): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string') return undefined;
  return evaluateText(argument[1] as Json, origin, environment)?.split(argument[0]);
}
