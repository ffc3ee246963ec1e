/** RateBasedStatement: what is counted, and under which key. */
import type { Node } from '../../1-load/node.js';
import { NOT_AVAILABLE } from './diagnostics.js';
import type { Context } from './context.js';
import type { KeyPart, RateKey, Statement } from './ir.js';
import { checkMembers, objectOf, oneOf, problem, textOf, wholeNumber } from './members.js';
import { readTransformations } from './read-field.js';

const WINDOWS = [60, 120, 300, 600];
const KEY_PARTS = ['Header', 'Cookie', 'QueryArgument', 'QueryString', 'HTTPMethod', 'ForwardedIP', 'IP', 'LabelNamespace', 'UriPath', 'JA3Fingerprint', 'JA4Fingerprint', 'ASN'];

export function readRate(node: Node, context: Context, readNested: (node: Node) => Statement | undefined): Statement | undefined {
  const { reporter } = context;
  const owner = 'RateBasedStatement';
  checkMembers(node, owner, ['Limit', 'EvaluationWindowSec', 'AggregateKeyType', 'ScopeDownStatement', 'ForwardedIPConfig', 'CustomKeys'], reporter);
  const limit = wholeNumber(node, 'Limit', owner, 10, 2_000_000_000, reporter);
  const window = wholeNumber(node, 'EvaluationWindowSec', owner, 1, 600, reporter, 300);
  if (window !== undefined && !WINDOWS.includes(window)) return problem(node.at('EvaluationWindowSec')!, `EvaluationWindowSec must be one of ${WINDOWS.join(', ')}`, reporter);
  const type = oneOf(node, 'AggregateKeyType', owner, ['IP', 'FORWARDED_IP', 'CUSTOM_KEYS', 'CONSTANT'] as const, reporter, 'IP');
  const scopeNode = node.get('ScopeDownStatement');
  const scope = scopeNode ? readNested(scopeNode) : null;
  if (limit === undefined || window === undefined || type === undefined || scope === undefined) return undefined;
  if (type === 'CONSTANT' && scope === null) return problem(node, 'AggregateKeyType CONSTANT needs a ScopeDownStatement', reporter);
  if (type !== 'CUSTOM_KEYS' && node.at('CustomKeys')) return problem(node.at('CustomKeys')!, 'CustomKeys belong to AggregateKeyType CUSTOM_KEYS', reporter);
  const key = type === 'IP' ? { kind: 'ip' } as const : type === 'CONSTANT' ? { kind: 'constant' } as const : type === 'FORWARDED_IP' ? readForwarded(node, context) : readCustom(node, context);
  return key && { kind: 'rate', id: context.path, limit, window, key, scope };
}

function readForwarded(node: Node, { reporter }: Context): (RateKey & { kind: 'forwarded' }) | undefined {
  const config = objectOf(node, 'ForwardedIPConfig', 'RateBasedStatement', reporter);
  if (!config) return undefined;
  checkMembers(config, 'ForwardedIPConfig', ['HeaderName', 'FallbackBehavior'], reporter);
  const header = textOf(config, 'HeaderName', 'ForwardedIPConfig', reporter);
  const fallback = oneOf(config, 'FallbackBehavior', 'ForwardedIPConfig', ['MATCH', 'NO_MATCH'] as const, reporter);
  return header === undefined || !fallback ? undefined : { kind: 'forwarded', header: header.toLowerCase(), fallback: fallback === 'MATCH' };
}

function readCustom(node: Node, context: Context): RateKey | undefined {
  const { reporter } = context;
  const list = node.get('CustomKeys');
  const items = list?.items() ?? [];
  if (items.length === 0 || items.length > 5) return problem(list ?? node, 'CUSTOM_KEYS needs one to five CustomKeys', reporter);
  const parts = items.map((item) => readPart(item.follow(), node, context));
  if (parts.includes(undefined)) return undefined;
  if (parts.length === 1 && (parts[0]!.kind === 'ip' || parts[0]!.kind === 'forwarded')) return problem(list!, 'an address alone is AggregateKeyType IP or FORWARDED_IP', reporter);
  return { kind: 'custom', parts: parts as KeyPart[] };
}

function readPart(node: Node, statement: Node, context: Context): KeyPart | undefined {
  const { reporter } = context;
  checkMembers(node, 'a custom key', KEY_PARTS, reporter);
  const [name, ...others] = node.entries().map(([key]) => key);
  if (name === undefined || others.length > 0) return problem(node, `a custom key is one of ${KEY_PARTS.join(', ')}`, reporter);
  const part = node.get(name)!;
  const only = (...names: string[]): void => checkMembers(part, name, names, reporter);
  switch (name) {
    case 'IP': only(); return { kind: 'ip' };
    case 'HTTPMethod': only(); return { kind: 'method' };
    case 'ASN': only(); return context.asn(part) && { kind: 'asn' };
    case 'ForwardedIP': {
      only();
      const forwarded = readForwarded(statement, context);
      return forwarded && { kind: 'forwarded', header: forwarded.header };
    }
    case 'LabelNamespace': {
      only('Namespace');
      const namespace = textOf(part, 'Namespace', name, reporter);
      return namespace === undefined ? undefined : { kind: 'label', namespace: `${namespace.startsWith('awswaf:') ? '' : context.labelPrefix}${namespace}${namespace.endsWith(':') ? '' : ':'}` };
    }
    case 'Header': case 'QueryArgument': case 'Cookie': {
      only('Name', 'TextTransformations');
      const of = textOf(part, 'Name', name, reporter);
      const transformations = readTransformations(part, name, reporter);
      if (of === undefined || !transformations) return undefined;
      if (name === 'Cookie') return { kind: 'cookie', name: of, transformations };
      return { kind: 'text', in: { field: { kind: name === 'Header' ? 'header' : 'queryArgument', name: of.toLowerCase() }, transformations } };
    }
    case 'QueryString': case 'UriPath': {
      only('TextTransformations');
      const transformations = readTransformations(part, name, reporter);
      return transformations && { kind: 'text', in: { field: { kind: name === 'UriPath' ? 'uriPath' : 'queryString' }, transformations } };
    }
    default:
      if (KEY_PARTS.includes(name)) reporter.report(NOT_AVAILABLE, part.keyOrigin, { what: `the key ${name}`, why: 'the gateway does not see the TLS handshake' });
      return undefined;
  }
}
