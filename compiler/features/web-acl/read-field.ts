/** FieldToMatch and TextTransformations. */
import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { NO_FRAGMENT, NOT_AVAILABLE } from './diagnostics.js';
import { TRANSFORMATIONS, type Field, type Inspection, type NameSelection, type Oversize, type Scope, type Transformation } from './ir.js';
import { checkMembers, objectOf, oneOf, problem, textOf, wholeNumber } from './members.js';

const FIELDS = ['SingleHeader', 'SingleQueryArgument', 'AllQueryArguments', 'UriPath', 'QueryString', 'Body', 'Method', 'JsonBody', 'Headers', 'Cookies', 'HeaderOrder', 'JA3Fingerprint', 'JA4Fingerprint', 'UriFragment'] as const;
const NO_FINGERPRINT = 'the gateway does not see the TLS handshake';

export function readInspection(node: Node, owner: string, reporter: Reporter): Inspection | undefined {
  const field = readField(node, owner, reporter);
  const transformations = readTransformations(node, owner, reporter);
  return field && transformations && { field, transformations };
}

function readField(statement: Node, owner: string, reporter: Reporter): Field | undefined {
  const node = objectOf(statement, 'FieldToMatch', owner, reporter);
  if (!node) return undefined;
  checkMembers(node, 'FieldToMatch', FIELDS, reporter);
  const [name, ...others] = node.entries().map(([key]) => key);
  if (name === undefined || others.length > 0) return problem(node, `FieldToMatch of ${owner} must name one part of the request`, reporter);
  const part = node.get(name)!;
  if (!part.isObject && part.value !== null) return problem(part, `${name} must be an object`, reporter);
  const plain = (kind: 'queryArguments' | 'uriPath' | 'queryString' | 'method'): Field => { checkMembers(part, name, [], reporter); return { kind }; };
  switch (name as (typeof FIELDS)[number]) {
    case 'SingleHeader': case 'SingleQueryArgument': {
      checkMembers(part, name, ['Name'], reporter);
      const of = textOf(part, 'Name', name, reporter);
      return of === undefined ? undefined : { kind: name === 'SingleHeader' ? 'header' : 'queryArgument', name: of.toLowerCase() };
    }
    case 'AllQueryArguments': return plain('queryArguments');
    case 'UriPath': return plain('uriPath');
    case 'QueryString': return plain('queryString');
    case 'Method': return plain('method');
    case 'Body': {
      checkMembers(part, name, ['OversizeHandling'], reporter);
      const oversize = oversizeOf(part, name, reporter);
      return oversize && { kind: 'body', oversize };
    }
    case 'HeaderOrder': {
      checkMembers(part, name, ['OversizeHandling'], reporter);
      const oversize = oversizeOf(part, name, reporter);
      return oversize && { kind: 'headerOrder', oversize };
    }
    case 'Headers': return readMany(part, name, 'headers', 'IncludedHeaders', 'ExcludedHeaders', reporter);
    case 'Cookies': return readMany(part, name, 'cookies', 'IncludedCookies', 'ExcludedCookies', reporter);
    case 'JsonBody': return readJsonBody(part, reporter);
    case 'UriFragment': {
      checkMembers(part, name, ['FallbackBehavior'], reporter);
      const fallback = oneOf(part, 'FallbackBehavior', name, ['MATCH', 'NO_MATCH'] as const, reporter, 'NO_MATCH');
      if (!fallback) return undefined;
      reporter.report(NO_FRAGMENT, part.keyOrigin, { matches: fallback === 'MATCH' });
      return { kind: 'uriFragment', fallback: fallback === 'MATCH' };
    }
    case 'JA3Fingerprint': case 'JA4Fingerprint':
      reporter.report(NOT_AVAILABLE, part.keyOrigin, { what: name, why: NO_FINGERPRINT });
      return undefined;
    default: return undefined;
  }
}

function oversizeOf(node: Node, owner: string, reporter: Reporter): Oversize | undefined {
  return oneOf<Oversize>(node, 'OversizeHandling', owner, ['CONTINUE', 'MATCH', 'NO_MATCH'], reporter, 'CONTINUE');
}

function readMany(node: Node, owner: string, kind: 'headers' | 'cookies', included: string, excluded: string, reporter: Reporter): Field | undefined {
  checkMembers(node, owner, ['MatchPattern', 'MatchScope', 'OversizeHandling'], reporter);
  const pattern = objectOf(node, 'MatchPattern', owner, reporter);
  const scope = oneOf<Scope>(node, 'MatchScope', owner, ['ALL', 'KEY', 'VALUE'], reporter);
  const oversize = oversizeOf(node, owner, reporter);
  if (!pattern || !scope || !oversize) return undefined;
  checkMembers(pattern, 'MatchPattern', ['All', included, excluded], reporter);
  const given = ['All', included, excluded].filter((name) => pattern.at(name) !== undefined);
  if (given.length !== 1) return problem(pattern, `MatchPattern of ${owner} must have one of All, ${included} and ${excluded}`, reporter);
  let select: NameSelection = null;
  if (given[0] !== 'All') {
    const names = pattern.get(given[0]!)!.items().map((item) => item.value);
    if (names.length === 0 || !names.every((name) => typeof name === 'string')) return problem(pattern.get(given[0]!)!, `${given[0]} must list names`, reporter);
    select = { names: (names as string[]).map((name) => name.toLowerCase()).sort(), isExcluded: given[0] === excluded };
  }
  return { kind, select, scope, oversize };
}

function readJsonBody(node: Node, reporter: Reporter): Field | undefined {
  checkMembers(node, 'JsonBody', ['MatchPattern', 'MatchScope', 'InvalidFallbackBehavior', 'OversizeHandling'], reporter);
  const pattern = objectOf(node, 'MatchPattern', 'JsonBody', reporter);
  const scope = oneOf<Scope>(node, 'MatchScope', 'JsonBody', ['ALL', 'KEY', 'VALUE'], reporter);
  const oversize = oversizeOf(node, 'JsonBody', reporter);
  const invalid = node.at('InvalidFallbackBehavior') === undefined ? null : oneOf(node, 'InvalidFallbackBehavior', 'JsonBody', ['MATCH', 'NO_MATCH', 'EVALUATE_AS_STRING'] as const, reporter);
  if (!pattern || !scope || !oversize || invalid === undefined) return undefined;
  checkMembers(pattern, 'MatchPattern', ['All', 'IncludedPaths'], reporter);
  const list = pattern.get('IncludedPaths');
  if ((list === undefined) === (pattern.at('All') === undefined)) return problem(pattern, 'MatchPattern of JsonBody must have one of All and IncludedPaths', reporter);
  if (!list) return { kind: 'jsonBody', paths: null, scope, oversize, invalid };
  const paths = list.items().map((item) => item.value);
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string' && /^(?:\/(?:[^~]|~[01])*)+$/s.test(path))) return problem(list, 'IncludedPaths must list JSON Pointers such as /order/items', reporter);
  return { kind: 'jsonBody', paths: (paths as string[]).map((path) => Buffer.from(path, 'utf8').toString('latin1')), scope, oversize, invalid };
}

export function readTransformations(node: Node, owner: string, reporter: Reporter): Transformation[] | undefined {
  const list = node.get('TextTransformations');
  if (!list?.isArray || list.items().length === 0) return problem(list ?? node, `${owner} needs TextTransformations`, reporter, 'write TextTransformations: [{Priority: 0, Type: NONE}]');
  const found = list.items().map((item) => {
    const entry = item.follow();
    checkMembers(entry, 'a text transformation', ['Priority', 'Type'], reporter);
    const priority = wholeNumber(entry, 'Priority', 'a text transformation', 0, 2 ** 31 - 1, reporter);
    const type = oneOf(entry, 'Type', 'a text transformation', TRANSFORMATIONS, reporter);
    return priority === undefined || type === undefined ? undefined : { priority, type };
  });
  if (found.includes(undefined)) return undefined;
  const sorted = (found as { priority: number; type: (typeof TRANSFORMATIONS)[number] }[]).sort((a, b) => a.priority - b.priority);
  if (sorted.some(({ priority }, index) => index > 0 && sorted[index - 1]!.priority === priority)) return problem(list, `two text transformations of ${owner} have the same Priority`, reporter);
  return sorted.map(({ type }) => type).filter((type) => type !== 'NONE') as Transformation[];
}
