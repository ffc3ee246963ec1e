/** What `http` and Lambda integrations emit to make a request: templates, mapped values, overrides. */
import { code, helper, join, type Code } from '../code.js';
import { emitSource } from '../expressions/emit-source.js';
import { parseSource } from '../expressions/parse-source.js';
import type { Operation, Unit } from '../feature.js';
import { emitBodyValue, emitRendered, emitRequestScope } from './emit-mapping.js';
import type { RequestMapping } from './read-request-parameters.js';
import type { MappingTemplate } from './read-templates.js';

const mappings = helper<typeof import('../../runtime/mapping.js')>();
const media = helper<typeof import('../../runtime/request-media-type.js')>();

/** How a request's body is mapped, and what happens to content types without a template. */
export interface RequestTemplates {
  readonly requestTemplates: readonly MappingTemplate[];
  readonly passthrough: 'when_no_match' | 'when_no_templates' | 'never';
}

/** The passthrough table of integrations.md §2. */
export function emitRequestTemplates(part: RequestTemplates, operation: Operation, unit: Unit): Code[] {
  const refuse = code`return ${unit.gatewayResponse('UNSUPPORTED_MEDIA_TYPE', operation)}(exchange);`;
  if (part.requestTemplates.length === 0) return part.passthrough === 'never' ? [refuse] : [];
  const lines: Code[] = [];
  if (part.requestTemplates.some((template) => template.constant === null)) lines.push(code`const scope = ${emitRequestScope(operation, unit)};`);
  const replace = (template: MappingTemplate): Code => (template.constant !== null
    ? code`${mappings('mapping', 'replaceBody')}(exchange, ${template.constant});`
    : code`const text = ${emitRendered(template, operation, unit)};\nif (text === null) return;\n${mappings('mapping', 'replaceBody')}(exchange, text);`);
  const all = part.requestTemplates.find((template) => template.type === '$default');
  const cases = part.requestTemplates.filter((template) => template !== all).map((template) => code`case ${template.type}: {\n${replace(template)}\nbreak;\n}`);
  const otherwise = all ? code`{\n${replace(all)}\n}` : part.passthrough === 'when_no_match' ? code`break;` : refuse;
  lines.push(code`switch (${media('request-media-type', 'requestMediaType')}(exchange)) {\n${join(cases, '\n')}\ndefault: ${otherwise}\n}`);
  return lines;
}

/** Flat `[name, value…]`: what the request template in `scope` wrote to `$context.requestOverride`. */
export function emitOverride(place: 'header' | 'querystring' | 'path'): Code {
  return code`${mappings('mapping', 'overrides')}(scope, "requestOverride", ${place})`;
}

/** The mapped value, a string or undefined; body sources look into `input`. */
export function emitMappedValue(mapping: RequestMapping, operation: Operation, unit: Unit): Code {
  const source = parseSource(mapping.source)!;
  return source.kind === 'body' ? emitBodyValue(source.path, unit, code`input`) : emitSource(source, operation, unit);
}
