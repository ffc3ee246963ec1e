/** Request targets of backends: literal text, stage variables, mapped placeholders and mapped query parameters. */
import { code, helper, join, type Code } from '../code.js';
import { emitSource } from '../expressions/emit-source.js';
import { parseSource } from '../expressions/parse-source.js';
import type { Operation, Unit } from '../feature.js';
import { emitMappedValue, emitOverride } from './emit-request.js';
import type { RequestMapping } from './read-request-parameters.js';
import type { UriPart } from './uri-parts.js';

const encode = helper<typeof import('../../runtime/integration/encode-uri.js')>();
const mappings = helper<typeof import('../../runtime/integration/mapping.js')>();

export function concatenate(parts: readonly Code[]): Code {
  return parts.length === 1 ? parts[0]! : parts.length === 0 ? code`""` : join(parts, ' + ');
}

export function emitStageVariable(name: string): Code {
  return code`(exchange.gateway.stageVariables[${name}] ?? "")`;
}

/** `overrides`: a template may set path parameters. `unmapped`: what a placeholder stands for that nothing maps; without it, its own text. */
export function emitTargetParts(items: readonly UriPart[], parameters: readonly RequestMapping[], escape: 'encodePath' | 'encodeQuery', overrides: boolean, operation: Operation, unit: Unit, unmapped: (name: string) => Code | undefined = () => undefined): Code[] {
  const mapped = new Map(parameters.filter((mapping) => mapping.target === 'path').map((mapping) => [mapping.name, mapping]));
  return items.map((item) => {
    if (item.kind === 'text') return code`${encodeText(item.text)}`;
    if (item.kind === 'stageVariable') return code`${encode('integration/encode-uri', 'encodeTarget')}(${emitStageVariable(item.name)})`;
    const mapping = mapped.get(item.name);
    const value = mapping ? emitMappedValue(mapping, operation, unit) : code`undefined`;
    if (overrides) return code`${encode('integration/encode-uri', escape)}(${mappings('integration/mapping', 'overriddenPath')}(${emitOverride('path')}, ${item.name}, ${value}), ${`{${item.name}}`})`;
    if (!mapping) return unmapped(item.name) ?? code`${encodeURI(`{${item.name}}`)}`;
    const source = parseSource(mapping.source)!;
    // A path variable is still percent-encoded as the client sent it; in a path it goes on as it is.
    if (source.kind === 'path' && escape === 'encodePath') return emitSource(source, operation, unit);
    return code`${encode('integration/encode-uri', escape)}(${value}, ${`{${item.name}}`})`;
  });
}

/** Expressions of mapped query parameters, each `name=value` or nothing. */
export function emitQueryParameters(all: readonly RequestMapping[], overrides: boolean, operation: Operation, unit: Unit): Code[] {
  const parameters = all.filter((mapping) => mapping.target === 'querystring');
  if (overrides) return [code`${mappings('integration/mapping', 'queryWithOverrides')}([${join(parameters.map((mapping) => code`${mapping.name}, ${emitMappedValue(mapping, operation, unit)}`), ', ')}], ${emitOverride('querystring')})`];
  return parameters.map((mapping) => {
    const source = parseSource(mapping.source)!;
    return source.kind === 'multivaluequerystring'
      ? code`${encode('integration/encode-uri', 'queryPairs')}(exchange, ${encodeURIComponent(mapping.name)}, ${source.name})`
      : code`${encode('integration/encode-uri', 'queryPair')}(${encodeURIComponent(mapping.name)}, ${emitMappedValue(mapping, operation, unit)})`;
  });
}

/** Text of the document as a request target may hold it: what RFC 3986 does not allow is percent-encoded, escapes stay. */
function encodeText(text: string): string {
  return encodeURI(text).replace(/%25([0-9A-Fa-f]{2})/g, '%$1');
}
