/** `Condition` of a policy statement (IAM User Guide, "Condition operators" and "Conditions with multiple context keys or values"). */
import { BlockList, isIP } from 'node:net';
import { arnMatchers, hasVariables, parseVariables, resolvedText, variableMatcher } from './variables.js';
import { matchesWildcard } from './wildcard.js';

/** Values of a condition key, its name in lower case; undefined when the request has none. */
export type ConditionKeys = (name: string) => readonly string[] | undefined;
export type Condition = (keys: ConditionKeys) => boolean;

/** Compares one value of the request with one of the policy. */
type Test = (actual: string, keys: ConditionKeys) => boolean;

/** How an operator reads a value of the policy; a string says what is wrong with it. */
const TESTS: Readonly<Record<string, (expected: string) => Test | string>> = {
  stringequals: (expected) => (actual) => actual === expected,
  stringequalsignorecase: (expected) => { const lower = expected.toLowerCase(); return (actual) => actual.toLowerCase() === lower; },
  stringlike: (expected) => (actual) => matchesWildcard(expected, actual),
  numericequals: numeric((actual, expected) => actual === expected),
  numericlessthan: numeric((actual, expected) => actual < expected),
  numericlessthanequals: numeric((actual, expected) => actual <= expected),
  numericgreaterthan: numeric((actual, expected) => actual > expected),
  numericgreaterthanequals: numeric((actual, expected) => actual >= expected),
  dateequals: date((actual, expected) => actual === expected),
  datelessthan: date((actual, expected) => actual < expected),
  datelessthanequals: date((actual, expected) => actual <= expected),
  dategreaterthan: date((actual, expected) => actual > expected),
  dategreaterthanequals: date((actual, expected) => actual >= expected),
  bool: (expected) => (/^(?:true|false)$/i.test(expected) ? (actual) => actual.toLowerCase() === expected.toLowerCase() : `"${expected}" is neither true nor false`),
  binaryequals: (expected) => (actual) => actual === expected,
  ipaddress: address,
  arnequals: arn,
  arnlike: arn,
};

/** Operators that hold when none of the policy's values fits: name → what they negate. */
const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals', stringnotequalsignorecase: 'stringequalsignorecase', stringnotlike: 'stringlike', numericnotequals: 'numericequals',
  datenotequals: 'dateequals', notipaddress: 'ipaddress', arnnotequals: 'arnequals', arnnotlike: 'arnlike',
};

/** All of a `Condition` element must hold. A string says what is wrong with it. */
export function parseConditions(element: unknown, used?: (key: string) => void): Condition | string {
  if (!isObject(element)) return 'Condition is no object';
  const conditions: Condition[] = [];
  for (const [operator, block] of Object.entries(element)) {
    if (!isObject(block)) return `${operator} is no object`;
    for (const [key, value] of Object.entries(block)) {
      const condition = parseCondition(operator, key.toLowerCase(), value);
      if (typeof condition === 'string') return condition;
      used?.(key);
      conditions.push(condition);
    }
  }
  return (keys) => conditions.every((condition) => condition(keys));
}

function parseCondition(written: string, key: string, value: unknown): Condition | string {
  const values = (Array.isArray(value) ? value : [value]).map((each: unknown) => (typeof each === 'number' || typeof each === 'boolean' ? String(each) : each));
  if (!values.every((each): each is string => typeof each === 'string')) return `${written} of ${key} is no text`;
  const [, set, name, ifExists] = /^(forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/.exec(written.toLowerCase())!;
  if (name === 'null') {
    if (set || ifExists || !values.every((each) => /^(?:true|false)$/i.test(each))) return `${written} takes true or false`;
    return (keys) => values.some((each) => (keys(key) === undefined) === (each.toLowerCase() === 'true'));
  }
  const negated = Object.hasOwn(NEGATED, name!);
  const base = negated ? NEGATED[name!]! : name!;
  if (!Object.hasOwn(TESTS, base)) return `there is no condition operator ${written}`;
  const tests: Test[] = [];
  for (const each of values) {
    const test = hasVariables(each) ? variableTest(written, base, each) : TESTS[base]!(each);
    if (typeof test === 'string') return test;
    tests.push(test);
  }
  return (keys) => {
    const actual = keys(key);
    const fits = (text: string): boolean => tests.some((test) => test(text, keys)) !== negated;
    // A key that the request does not have equals nothing, and so is "not equal" to everything.
    if (actual === undefined || actual.length === 0) return ifExists !== undefined || (set === undefined ? negated : set === 'forallvalues:');
    // Without a set operator a key has one value; of several, a negation must hold for each, as nothing else is safe.
    return set === 'forallvalues:' || (set === undefined && negated) ? actual.every(fits) : actual.some(fits);
  };
}

/** Variables stand in operators of texts and ARNs. Without its value a test fits nothing. */
function variableTest(written: string, base: string, expected: string): Test | string {
  const parts = parseVariables(expected);
  if (typeof parts === 'string') return parts;
  switch (base) {
    case 'stringequals': return (actual, keys) => resolvedText(parts, keys) === actual;
    case 'stringequalsignorecase': return (actual, keys) => resolvedText(parts, keys)?.toLowerCase() === actual.toLowerCase();
    case 'stringlike': return variableMatcher(parts);
    case 'arnequals': case 'arnlike': {
      const matchers = arnMatchers(parts);
      if (matchers === undefined) return `"${expected}" is no ARN`;
      return (actual, keys) => { const texts = arnParts(actual); return texts !== undefined && texts.every((text, index) => matchers[index]!(text, keys)); };
    }
    default: return `${written} cannot compare with a policy variable: operators of texts and ARNs can`;
  }
}

function numeric(compare: (actual: number, expected: number) => boolean) {
  return (text: string): Test | string => {
    const expected = toNumber(text);
    return expected === undefined ? `"${text}" is no number` : (actual) => { const value = toNumber(actual); return value !== undefined && compare(value, expected); };
  };
}

function toNumber(text: string): number | undefined {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** ISO 8601, or seconds since 1970. */
function date(compare: (actual: number, expected: number) => boolean) {
  return (text: string): Test | string => {
    const expected = toTime(text);
    return expected === undefined ? `"${text}" is no date` : (actual) => { const value = toTime(actual); return value !== undefined && compare(value, expected); };
  };
}

function toTime(text: string): number | undefined {
  if (/^\d{1,12}(?:\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1_000;
  if (!/^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/.test(text)) return undefined;
  // Without a zone it is UTC.
  const time = Date.parse(/T/.test(text) && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

/** An address or a CIDR block, IPv4 or IPv6. An IPv4 address that came over an IPv6 socket (::ffff:…) is that IPv4 address. */
function address(text: string): Test | string {
  const [, host, bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const family = host === undefined ? 0 : isIP(host);
  const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
  if (family === 0 || prefix > (family === 4 ? 32 : 128)) return `"${text}" is no IP address or CIDR block`;
  const list = new BlockList();
  list.addSubnet(host!, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return (actual) => {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(actual)?.[1] ?? actual.replace(/%.*$/, '');
    const version = isIP(plain);
    return version !== 0 && (version === 4) === (family === 4) && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}

/** Each of the six parts may hold wildcards of its own. */
function arn(text: string): Test | string {
  const expected = arnParts(text);
  if (expected === undefined) return text === '*' ? () => true : `"${text}" is no ARN`;
  return (actual) => {
    const parts = arnParts(actual);
    return parts !== undefined && parts.every((part, index) => matchesWildcard(expected[index]!, part));
  };
}

function arnParts(text: string): string[] | undefined {
  const parts = text.split(':');
  return parts.length < 6 || parts[0] !== 'arn' ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
