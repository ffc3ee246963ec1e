/** Statements of rules. */
import type { Node } from '../../1-load/node.js';
import { compilePattern } from '../../pcre/compile.js';
import { resolveSet, type Context } from './context.js';
import type { CrsCheck } from '../../crs/ir.js';
import { INVALID_PATTERN, LOOKS_LIKE_BASE64, NO_GEO_SOURCE } from './diagnostics.js';
import type { Position, RunnablePattern, Statement } from './ir.js';
import { bytes, checkMembers, objectOf, oneOf, problem, textOf, wholeNumber } from './members.js';
import { readAddresses } from './read-addresses.js';
import { readInspection } from './read-field.js';
import { readRate } from './read-rate.js';

const NESTABLE = ['ByteMatchStatement', 'RegexMatchStatement', 'RegexPatternSetReferenceStatement', 'SizeConstraintStatement', 'SqliMatchStatement', 'XssMatchStatement', 'IPSetReferenceStatement', 'GeoMatchStatement', 'LabelMatchStatement', 'AndStatement', 'OrStatement', 'NotStatement', 'AsnMatchStatement'];
/** Only a rule's own statement. */
const TOP = ['RateBasedStatement', 'RuleGroupReferenceStatement', 'ManagedRuleGroupStatement'];
const MOST_DEPTH = 50;

/** The name of the one statement in there, and its node. */
export function whichStatement(node: Node, context: Context): [name: string, node: Node] | undefined {
  checkMembers(node, 'a statement', [...NESTABLE, ...TOP], context.reporter);
  const [first, ...others] = node.entries();
  if (!first || others.length > 0) return problem(node, 'a statement must be exactly one of the kinds of statement', context.reporter);
  return [first[0], first[1].follow()];
}

export function readStatement(node: Node, context: Context, depth = 0): Statement | undefined {
  const which = whichStatement(node, context);
  if (!which) return undefined;
  const [name, of] = which;
  const { reporter } = context;
  if (!of.isObject) return problem(of, `${name} must be an object`, reporter);
  if (depth > MOST_DEPTH) return problem(of, 'statements are nested too deep', reporter);
  if (depth > 0 && TOP.includes(name)) return problem(of, `${name} can only be a rule's own statement`, reporter);
  const nested = (each: Node): Statement | undefined => readStatement(each, context, depth + 1);
  switch (name) {
    case 'AndStatement': case 'OrStatement': {
      checkMembers(of, name, ['Statements'], reporter);
      const list = of.get('Statements')?.items() ?? [];
      if (list.length < 2) return problem(of, `${name} needs at least two Statements`, reporter);
      const statements = list.map((item) => nested(item.follow()));
      return statements.includes(undefined) ? undefined : { kind: name === 'AndStatement' ? 'and' : 'or', statements: statements as Statement[] };
    }
    case 'NotStatement': {
      checkMembers(of, name, ['Statement'], reporter);
      const inner = objectOf(of, 'Statement', name, reporter);
      const statement = inner && nested(inner);
      return statement && { kind: 'not', statement };
    }
    case 'ByteMatchStatement': return readByteMatch(of, context);
    case 'RegexMatchStatement': {
      checkMembers(of, name, ['RegexString', 'FieldToMatch', 'TextTransformations'], reporter);
      const source = textOf(of, 'RegexString', name, reporter);
      const pattern = source === undefined ? undefined : readPattern(of.at('RegexString')!, context);
      const where = readInspection(of, name, reporter);
      return pattern && where && { kind: 'patterns', in: where, patterns: [pattern] };
    }
    case 'RegexPatternSetReferenceStatement': {
      checkMembers(of, name, ['ARN', 'FieldToMatch', 'TextTransformations'], reporter);
      const patterns = readPatternSet(of, context);
      const where = readInspection(of, name, reporter);
      return patterns && where && { kind: 'patterns', in: where, patterns };
    }
    case 'SizeConstraintStatement': {
      checkMembers(of, name, ['ComparisonOperator', 'Size', 'FieldToMatch', 'TextTransformations'], reporter);
      const operator = oneOf(of, 'ComparisonOperator', name, ['EQ', 'NE', 'LE', 'LT', 'GE', 'GT'] as const, reporter);
      const size = wholeNumber(of, 'Size', name, 0, 21_474_836_480, reporter);
      const where = readInspection(of, name, reporter);
      return operator && size !== undefined && where ? { kind: 'size', in: where, operator, size } : undefined;
    }
    case 'SqliMatchStatement': case 'XssMatchStatement': return readAttack(name, of, context);
    case 'IPSetReferenceStatement': return readIpSet(of, context);
    case 'GeoMatchStatement': return readGeoMatch(of, context);
    case 'LabelMatchStatement': {
      checkMembers(of, name, ['Scope', 'Key'], reporter);
      const scope = oneOf(of, 'Scope', name, ['LABEL', 'NAMESPACE'] as const, reporter);
      const key = textOf(of, 'Key', name, reporter);
      if (!scope || key === undefined) return undefined;
      if (!/^[0-9A-Za-z_:-]{1,1024}$/.test(key)) return problem(of.at('Key')!, 'Key of a LabelMatchStatement is made of letters, digits, _ - and :', reporter);
      const isWhole = key.startsWith('awswaf:');
      return { kind: 'label', scope, prefix: isWhole ? '' : context.labelPrefix, key: scope === 'NAMESPACE' && !key.endsWith(':') ? `${key}:` : key };
    }
    case 'RateBasedStatement': return readRate(of, context, nested);
    case 'AsnMatchStatement': return readAsnMatch(of, context);
    default: return undefined;
  }
}

function readByteMatch(node: Node, context: Context): Statement | undefined {
  const { reporter } = context;
  const owner = 'ByteMatchStatement';
  checkMembers(node, owner, ['SearchString', 'SearchStringBase64', 'FieldToMatch', 'TextTransformations', 'PositionalConstraint'], reporter);
  const search = readSearch(node, context);
  const position = oneOf<Position>(node, 'PositionalConstraint', owner, ['EXACTLY', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'CONTAINS_WORD'], reporter);
  const where = readInspection(node, owner, reporter);
  if (search === undefined || !position || !where) return undefined;
  if (search.length > 200) return problem(node, 'a search string has at most 200 bytes', reporter);
  if (search === '' && position !== 'EXACTLY') return problem(node, 'an empty search string is in every text', reporter);
  if (position === 'CONTAINS_WORD' && !/^\w+$/.test(search)) return problem(node, 'CONTAINS_WORD searches for A-Z, a-z, 0-9 and _ only', reporter);
  return { kind: 'byteMatch', in: where, search, position };
}

/** The bytes that are searched for. */
function readSearch(node: Node, { reporter, isBase64 }: Context): string | undefined {
  const coded = node.string('SearchStringBase64');
  if (coded !== undefined) return isCanonicalBase64(coded) ? Buffer.from(coded, 'base64').toString('latin1') : problem(node.at('SearchStringBase64')!, 'SearchStringBase64 is no Base64', reporter);
  const text = textOf(node, 'SearchString', 'ByteMatchStatement', reporter);
  if (text === undefined) return undefined;
  if (isBase64) return Buffer.from(text, 'base64').toString('latin1');
  const decoded = text.length >= 8 && isCanonicalBase64(text) ? Buffer.from(text, 'base64').toString('latin1') : '';
  if (/^[\x20-\x7e]{5,}$/.test(decoded)) reporter.report(LOOKS_LIKE_BASE64, node.at('SearchString')!.origin, { text, decoded });
  return bytes(text);
}

export function isCanonicalBase64(text: string): boolean {
  return text !== '' && text.length % 4 === 0 && Buffer.from(text, 'base64').toString('base64') === text;
}

function readPattern(node: Node, { reporter }: Context): RunnablePattern | undefined {
  const source = node.value;
  const refuse = (problem: string): undefined => { reporter.report(INVALID_PATTERN, node.origin, { pattern: JSON.stringify(source).slice(0, 100), problem }); return undefined; };
  if (typeof source !== 'string' || source === '') return refuse('it must be a text');
  if (source.length > 512) return refuse('it may have at most 512 characters');
  const compiled = compilePattern(bytes(source));
  return compiled.kind === 'problem' ? refuse(compiled.message) : compiled;
}

function readPatternSet(node: Node, context: Context): RunnablePattern[] | undefined {
  const owner = 'RegexPatternSetReferenceStatement';
  const arn = textOf(node, 'ARN', owner, context.reporter);
  const found = arn === undefined ? undefined : resolveSet('regexPatternSets', arn, node.at('ARN')!, context);
  if (!found) return undefined;
  const set = found.get('RegexPatternSet') ?? found;
  const list = set.isArray ? set : set.get('RegularExpressionList');
  if (!list?.isArray || list.items().length === 0) return problem(found, 'a regex pattern set is a list of patterns, or what `aws wafv2 get-regex-pattern-set` prints', context.reporter);
  const patterns = list.items().map((item) => readPattern(item.at('RegexString') ?? item, context));
  return patterns.includes(undefined) ? undefined : (patterns as RunnablePattern[]);
}

function readAttack(name: 'SqliMatchStatement' | 'XssMatchStatement', node: Node, context: Context): Statement | undefined {
  const { reporter, crs } = context;
  checkMembers(node, name, name === 'SqliMatchStatement' ? ['FieldToMatch', 'TextTransformations', 'SensitivityLevel'] : ['FieldToMatch', 'TextTransformations'], reporter);
  const level = oneOf(node, 'SensitivityLevel', name, ['LOW', 'HIGH'] as const, reporter, 'LOW');
  const where = readInspection(node, name, reporter);
  if (!where || !level) return undefined;
  const own = (id: string, kind: CrsCheck['operator']['kind'] & `${string}njection` | 'crossSiteScripting'): CrsCheck => ({ id, transformations: [], isMulti: false, operator: { kind } });
  if (name === 'XssMatchStatement') return { kind: 'crs', in: where, checks: [own('xss', 'crossSiteScripting'), ...(crs?.checks('941', 1) ?? [])] };
  return { kind: 'crs', in: where, checks: [own('sqli', level === 'HIGH' ? 'maybeSqlInjection' : 'sqlInjection'), ...(crs?.checks('942', level === 'HIGH' ? 2 : 1) ?? [])] };
}

function readIpSet(node: Node, context: Context): Statement | undefined {
  const { reporter } = context;
  const owner = 'IPSetReferenceStatement';
  checkMembers(node, owner, ['ARN', 'IPSetForwardedIPConfig'], reporter);
  const arn = textOf(node, 'ARN', owner, reporter);
  const found = arn === undefined ? undefined : resolveSet('ipSets', arn, node.at('ARN')!, context);
  const set = found && readAddresses(found, reporter);
  const config = node.get('IPSetForwardedIPConfig');
  if (!set) return undefined;
  if (!config) return { kind: 'ipSet', set, forwarded: null };
  checkMembers(config, 'IPSetForwardedIPConfig', ['HeaderName', 'FallbackBehavior', 'Position'], reporter);
  const header = textOf(config, 'HeaderName', 'IPSetForwardedIPConfig', reporter);
  const fallback = oneOf(config, 'FallbackBehavior', 'IPSetForwardedIPConfig', ['MATCH', 'NO_MATCH'] as const, reporter);
  const position = oneOf(config, 'Position', 'IPSetForwardedIPConfig', ['FIRST', 'LAST', 'ANY'] as const, reporter);
  return header === undefined || !fallback || !position ? undefined : { kind: 'ipSet', set, forwarded: { header: header.toLowerCase(), position, fallback: fallback === 'MATCH' } };
}

function readGeoMatch(node: Node, context: Context): Statement | undefined {
  const { reporter } = context;
  const owner = 'GeoMatchStatement';
  checkMembers(node, owner, ['CountryCodes', 'ForwardedIPConfig'], reporter);
  const codes = (node.get('CountryCodes')?.items() ?? []).map((item) => item.value);
  if (codes.length === 0 || !codes.every((code) => typeof code === 'string' && /^[A-Z]{2}$/.test(code))) return problem(node.at('CountryCodes') ?? node, 'CountryCodes must list two-letter codes such as DE', reporter);
  const source = context.geo();
  if (!source) return undefined;
  const config = node.get('ForwardedIPConfig');
  if (!config) return { kind: 'geo', codes: codes as string[], forwarded: null };
  checkMembers(config, 'ForwardedIPConfig', ['HeaderName', 'FallbackBehavior'], reporter);
  const header = textOf(config, 'HeaderName', 'ForwardedIPConfig', reporter);
  const fallback = oneOf(config, 'FallbackBehavior', 'ForwardedIPConfig', ['MATCH', 'NO_MATCH'] as const, reporter);
  if (source.kind === 'header') { reporter.report(NO_GEO_SOURCE, config.keyOrigin, { problem: 'a country that comes from a field says nothing about other addresses' }); return undefined; }
  return header === undefined || !fallback ? undefined : { kind: 'geo', codes: codes as string[], forwarded: { header: header.toLowerCase(), fallback: fallback === 'MATCH' } };
}

function readAsnMatch(node: Node, context: Context): Statement | undefined {
  const { reporter } = context;
  const owner = 'AsnMatchStatement';
  checkMembers(node, owner, ['AsnList', 'ForwardedIPConfig'], reporter);
  const numbers = (node.get('AsnList')?.items() ?? []).map((item) => item.value);
  if (numbers.length === 0 || numbers.length > 100 || !numbers.every((number) => typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= 0xffffffff)) return problem(node.at('AsnList') ?? node, 'AsnList must list one to a hundred numbers from 0 to 4294967295', reporter);
  if (!context.asn(node)) return undefined;
  const config = node.get('ForwardedIPConfig');
  if (!config) return { kind: 'asn', numbers: numbers as number[], forwarded: null };
  checkMembers(config, 'ForwardedIPConfig', ['HeaderName', 'FallbackBehavior'], reporter);
  const header = textOf(config, 'HeaderName', 'ForwardedIPConfig', reporter);
  const fallback = oneOf(config, 'FallbackBehavior', 'ForwardedIPConfig', ['MATCH', 'NO_MATCH'] as const, reporter);
  return header === undefined || !fallback ? undefined : { kind: 'asn', numbers: numbers as number[], forwarded: { header: header.toLowerCase(), fallback: fallback === 'MATCH' } };
}
