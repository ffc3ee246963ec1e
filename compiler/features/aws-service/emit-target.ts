/** Path and query of a service call: literal text, stage variables, mapped placeholders and mapped query parameters. */
import { code, helper, join, type Code } from '../../code.js';
import { emitSource } from '../../expressions/emit-source.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Operation, Unit } from '../../feature.js';
import { emitMappedValue, emitOverride } from '../../integration/emit-request.js';
import type { UriPart } from '../../integration/uri-parts.js';
import type { AwsServiceIntegration } from './ir.js';
import type { ServiceUri } from './uri.js';

const encode = helper<typeof import('../../../runtime/encode-uri.js')>();
const mappings = helper<typeof import('../../../runtime/mapping.js')>();

export function concatenate(parts: readonly Code[]): Code {
  return parts.length === 1 ? parts[0]! : parts.length === 0 ? code`""` : join(parts, ' + ');
}

export function stageVariable(name: string): Code {
  return code`(exchange.gateway.stageVariables[${name}] ?? "")`;
}

export function emitTargetParts(part: AwsServiceIntegration, items: readonly UriPart[], escape: 'encodePath' | 'encodeQuery', overrides: boolean, operation: Operation, unit: Unit): Code {
  const mapped = new Map(part.requestParameters.filter((mapping) => mapping.target === 'path').map((mapping) => [mapping.name, mapping]));
  return concatenate(items.map((item) => {
    if (item.kind === 'text') return code`${encodeText(item.text)}`;
    if (item.kind === 'stageVariable') return code`${encode('encode-uri', 'encodeTarget')}(${stageVariable(item.name)})`;
    const mapping = mapped.get(item.name);
    const value = mapping ? emitMappedValue(mapping, operation, unit) : code`undefined`;
    if (overrides) return code`${encode('encode-uri', escape)}(${mappings('mapping', 'overriddenPath')}(${emitOverride('path')}, ${item.name}, ${value}), ${`{${item.name}}`})`;
    if (!mapping) return code`${encodeURI(`{${item.name}}`)}`;
    const source = parseSource(mapping.source)!;
    // A path variable is still percent-encoded as the client sent it; in a path it goes on as it is.
    if (source.kind === 'path' && escape === 'encodePath') return emitSource(source, operation, unit);
    return code`${encode('encode-uri', escape)}(${value}, ${`{${item.name}}`})`;
  }));
}

/** `path` (which may have a query already) with the uri's query and the mapped parameters behind it. */
export function emitQuery(part: AwsServiceIntegration, uri: ServiceUri, path: Code | undefined, overrides: boolean, operation: Operation, unit: Unit): Code {
  const query: Code[] = [];
  if (uri.query.length > 0) query.push(emitTargetParts(part, uri.query, 'encodeQuery', overrides, operation, unit));
  const parameters = part.requestParameters.filter((mapping) => mapping.target === 'querystring');
  if (overrides) query.push(code`${mappings('mapping', 'queryWithOverrides')}([${join(parameters.map((mapping) => code`${mapping.name}, ${emitMappedValue(mapping, operation, unit)}`), ', ')}], ${emitOverride('querystring')})`);
  for (const mapping of overrides ? [] : parameters) {
    const source = parseSource(mapping.source)!;
    query.push(source.kind === 'multivaluequerystring'
      ? code`${encode('encode-uri', 'queryPairs')}(exchange, ${encodeURIComponent(mapping.name)}, ${source.name})`
      : code`${encode('encode-uri', 'queryPair')}(${encodeURIComponent(mapping.name)}, ${emitMappedValue(mapping, operation, unit)})`);
  }
  const whole = path ?? code`"/"`;
  if (query.length === 0) return whole;
  return uri.form === 'path' ? code`${encode('encode-uri', 'withQuery')}(${whole}, ${join(query, ', ')})` : code`${helper<typeof import('../../../runtime/aws-action.js')>()('aws-action', 'withParameters')}(${whole}, ${join(query, ', ')})`;
}

/** Text of the document as a request target may hold it: what RFC 3986 does not allow is percent-encoded, escapes stay. */
function encodeText(text: string): string {
  return encodeURI(text).replace(/%25([0-9A-Fa-f]{2})/g, '%$1');
}
