/** What `http` and Lambda integrations emit to make a request: templates, mapped values, overrides. */
import { code, EMPTY, helper, join, type Code } from '../code.js';
import { emitSource } from '../expressions/emit-source.js';
import { parseSource } from '../expressions/parse-source.js';
import type { Operation, Unit } from '../feature.js';
import { emitBodyValue, emitRendered, emitRequestScope } from './emit-mapping.js';
import type { RequestMapping } from './read-request-parameters.js';
import { emitRequestConversion, emitTextOnly, type PayloadRules } from './content-handling.js';
import type { MappingTemplate } from './read-templates.js';

const mappings = helper<typeof import('../../runtime/integration/mapping.js')>();
const media = helper<typeof import('../../runtime/body/request-media-type.js')>();

/** How a request's body is mapped, and what happens to content types without a template. */
export interface RequestTemplates {
  readonly requestTemplates: readonly MappingTemplate[];
  readonly passthrough: 'when_no_match' | 'when_no_templates' | 'never';
  /** Absent: the body is text, and goes on as it came. */
  readonly payload?: PayloadRules;
}

/** The passthrough table of integrations.md §2, over the payload as §3 makes it. */
export function emitRequestTemplates(part: RequestTemplates, operation: Operation, unit: Unit): Code[] {
  const refuse = code`return ${unit.gatewayResponse('UNSUPPORTED_MEDIA_TYPE', operation)}(exchange);`;
  const conversion = part.payload ? emitRequestConversion(part.payload, operation, unit) : AS_IT_COMES;
  if (part.requestTemplates.length === 0) return part.passthrough === 'never' ? [refuse] : [conversion.convert, conversion.pass].filter((each) => !each.isEmpty);
  const lines: Code[] = conversion.convert.isEmpty ? [] : [conversion.convert];
  if (part.requestTemplates.some((template) => template.constant === null)) lines.push(code`const scope = ${emitRequestScope(operation, unit)};`);
  const textOnly = emitTextOnly(conversion, operation, unit);
  const replace = (template: MappingTemplate): Code => (template.constant !== null
    ? code`${textOnly}\n${mappings('integration/mapping', 'replaceBody')}(exchange, ${template.constant});`
    : code`${textOnly}\nconst text = ${emitRendered(template, operation, unit)};\nif (text === null) return;\n${mappings('integration/mapping', 'replaceBody')}(exchange, text);`);
  const all = part.requestTemplates.find((template) => template.type === '$default');
  const cases = part.requestTemplates.filter((template) => template !== all).map((template) => code`case ${template.type}: {\n${conversion.binary === true ? textOnly : code`${replace(template)}\nbreak;`}\n}`);
  const otherwise = all ? code`{\n${conversion.binary === true ? textOnly : replace(all)}\n}` : part.passthrough === 'when_no_match' ? code`${conversion.pass}\nbreak;` : refuse;
  lines.push(code`switch (${media('body/request-media-type', 'requestMediaType')}(exchange)) {\n${join(cases, '\n')}\ndefault: ${otherwise}\n}`);
  return lines;
}

const AS_IT_COMES = { convert: EMPTY, binary: false, pass: EMPTY } as const;

/** Flat `[name, value…]`: what the request template in `scope` wrote to `$context.requestOverride`. */
export function emitOverride(place: 'header' | 'querystring' | 'path'): Code {
  return code`${mappings('integration/mapping', 'overrides')}(scope, "requestOverride", ${place})`;
}

/** The mapped value, a string or undefined; body sources look into `input`. */
export function emitMappedValue(mapping: RequestMapping, operation: Operation, unit: Unit): Code {
  const source = parseSource(mapping.source)!;
  return source.kind === 'body' ? emitBodyValue(source.path, unit, code`input`) : emitSource(source, operation, unit);
}
