/** What `mock`, `http` and Lambda integrations emit for templates and mapped fields. */
import { code, EMPTY, helper, join, typeHelper, type Code } from '../code.js';
import { emitSource } from '../expressions/emit-source.js';
import { routeFacts } from '../expressions/route-facts.js';
import { parseResponseSource } from '../expressions/parse-source.js';
import type { Operation, Unit } from '../feature.js';
import { emitPath } from '../jsonpath/emit.js';
import { JsonPathError, parseJsonPath, type JsonPath } from '../jsonpath/parse.js';
import { emit } from '../vtl/emit.js';
import { parse } from '../vtl/parse.js';
import { emitBinaryMediaTypes } from './content-handling.js';
import type { IntegrationResponse } from './read-responses.js';
import type { MappingTemplate } from './read-templates.js';

const scopes = helper<typeof import('../../runtime/integration/template-scope.js')>();
const mapping = helper<typeof import('../../runtime/integration/mapping.js')>();
const answers = helper<typeof import('../../runtime/integration/integration-response.js')>();
const trace = helper<typeof import('../../runtime/identifiers/answer-trace-id.js')>();
const gateway = helper<typeof import('../../runtime/gateway-response.js')>();
const exchanges = helper<typeof import('../../runtime/exchange.js')>();
const handling = helper<typeof import('../../runtime/body/content-handling.js')>();
const sends = helper<typeof import('../../runtime/send.js')>();

/** The compiled template, shared by all who use the same text. */
export function emitTemplate(template: MappingTemplate, unit: Unit): Code {
  return unit.constant('TEMPLATE', emit(parse(template.text)));
}

/** `[name, value…]` of the operation's path variables. */
function pathValues(operation: Operation, unit: Unit): Code {
  return code`[${join(operation.path.variables.map((name) => code`${name}, ${unit.pathVariable(operation, name)}`), ', ')}]`;
}

function routeOf(operation: Operation, unit: Unit): Code {
  return unit.constant(`${operation.id} route`, code`${{ ...routeFacts(unit.api, operation) }}`);
}

/** The scope of the operation's request templates over the payload in `exchange.body`. */
export function emitRequestScope(operation: Operation, unit: Unit): Code {
  return code`${scopes('integration/template-scope', 'requestScope')}(exchange, ${pathValues(operation, unit)}, ${routeOf(operation, unit)}, ${mapping('integration/mapping', 'payloadText')}(exchange.body))`;
}

export function emitResponseScope(operation: Operation, unit: Unit, payload: Code): Code {
  return code`${scopes('integration/template-scope', 'responseScope')}(exchange, ${pathValues(operation, unit)}, ${routeOf(operation, unit)}, ${payload})`;
}

/** An expression: the rendered text, or null when the request has been answered. `scope` is in scope. */
export function emitRendered(template: MappingTemplate, operation: Operation, unit: Unit): Code {
  if (template.constant !== null) return code`${template.constant}`;
  return code`${mapping('integration/mapping', 'rendered')}(exchange, ${emitTemplate(template, unit)}, scope, ${unit.gatewayResponse('DEFAULT_4XX', operation)}, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)})`;
}

/** The same for an answer: null when it could not be made, whatever the reason, and then the client has got a 500. */
function emitRenderedAnswer(template: MappingTemplate, operation: Operation, unit: Unit): Code {
  if (template.constant !== null) return code`${template.constant}`;
  return code`${mapping('integration/mapping', 'renderedAnswer')}(exchange, ${emitTemplate(template, unit)}, scope, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)})`;
}

/** JSONPath of a body source; undefined when it is none. */
export function bodyPath(text: string): JsonPath | null | undefined {
  if (text === '$') return null;
  try { return parseJsonPath(text); } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

/** The expression for `…body.<path>` over `input: TemplateInput`. */
export function emitBodyValue(path: string, unit: Unit, input: Code): Code {
  const parsed = bodyPath(path);
  if (parsed === undefined) return code`undefined`;
  const constant = parsed === null ? code`null` : unit.constant('BODY_PATH', emitPath(parsed) ?? code`null`);
  return code`${mapping('integration/mapping', 'bodyValue')}(${input}, ${constant})`;
}

export interface ResponseContext {
  readonly operation: Operation;
  readonly unit: Unit;
  /** The backend's answer is in `response: UpstreamResponse`; false for mocks. */
  readonly hasBackend: boolean;
  /** Some template writes to `$context.responseOverride`. */
  readonly overrides: boolean;
  /** What `integration.response.body.<path>` over `input` means where it is more than that path. */
  readonly bodyValue?: (path: string, input: Code) => Code;
  /** Of the API, lower case. */
  readonly binaryMediaTypes?: readonly string[];
}

/** Statements that send the answer of integration response `entry`. Ends without a return. */
export function emitIntegrationResponse(entry: IntegrationResponse, context: ResponseContext): Code {
  const { operation, unit, hasBackend } = context;
  if (!entry.isDeclared) return code`${answers('integration/integration-response', 'refuseUndeclared')}(exchange, ${entry.status}, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)});`;
  const answer = emitDeclaredResponse(entry, context);
  return hasBackend ? code`${trace('identifiers/answer-trace-id', 'answerTraceId')}(exchange);\n${answer}` : answer;
}

function emitDeclaredResponse(entry: IntegrationResponse, context: ResponseContext): Code {
  const { operation, unit } = context;
  const payload = emitConvertedPayload(entry, context);
  if (payload === undefined) return emitByAccept(entry, context, undefined);
  // What was converted to bytes meets no template, unless the client asks for the template's very type: then it fails (integrations.md §3).
  const types = entry.templates.map((template) => template.type);
  const refuse = types.length === 0 ? EMPTY : code`if (${unit.constant('TEMPLATE_TYPES', code`${types} as readonly string[]`)}.includes(${gateway('gateway-response', 'acceptedType')}(exchange) || "application/json")) return ${handling('body/content-handling', 'refuseBinaryResponse')}(exchange, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)});\n`;
  const bytes = (): Code => code`${refuse}${emitAnswer(entry, undefined, context, code`payload`)}`;
  const convert = code`const payload = ${payload.value};\n${payload.mayFail ? code`if (payload === null) return;\n` : EMPTY}`;
  switch (payload.kind) {
    case 'text': return code`${convert}${emitByAccept(entry, context, code`payload`)}`;
    case 'bytes': return code`${convert}${bytes()}`;
    case 'either': return code`${convert}if (typeof payload !== "string") {\n${bytes()}\nreturn;\n}\n${emitByAccept(entry, context, code`payload`)}`;
    default: return payload.kind satisfies never;
  }
}

/** The response half of integrations.md §3: an expression for the payload; undefined when it is the backend's text. */
function emitConvertedPayload(entry: IntegrationResponse, context: ResponseContext): { readonly value: Code; readonly kind: 'text' | 'bytes' | 'either'; readonly mayFail: boolean } | undefined {
  const { operation, unit, hasBackend, binaryMediaTypes = [] } = context;
  // A mock has no payload to convert; see emitBody.
  if (!hasBackend || (binaryMediaTypes.length === 0 && entry.contentHandling !== 'binary')) return undefined;
  const list = emitBinaryMediaTypes({ binaryMediaTypes }, unit);
  const broken = unit.gatewayResponse('API_CONFIGURATION_ERROR', operation);
  switch (entry.contentHandling) {
    case 'text': return { value: code`${handling('body/content-handling', 'textOfResponse')}(response, ${list})`, kind: 'text', mayFail: false };
    case 'binary': return { value: code`${handling('body/content-handling', 'bytesOfResponse')}(exchange, response, ${list}, ${broken})`, kind: 'bytes', mayFail: true };
    case null: return { value: code`${handling('body/content-handling', 'acceptedPayload')}(exchange, response, ${list}, ${broken})`, kind: 'either', mayFail: true };
    default: return entry.contentHandling satisfies never;
  }
}

/** By the client's Accept: its template, else the one for JSON, else the first. `payload`: the expression for a converted payload. */
function emitByAccept(entry: IntegrationResponse, context: ResponseContext, payload: Code | undefined): Code {
  const fallback = entry.templates.find((template) => template.type === 'application/json') ?? entry.templates[0];
  const others = entry.templates.filter((template) => template !== fallback);
  const main = emitAnswer(entry, fallback, context, payload);
  if (others.length === 0) return main;
  const cases = others.map((template) => code`case ${template.type}: {\n${emitAnswer(entry, template, context, payload)}\nreturn;\n}`);
  return code`switch (${gateway('gateway-response', 'acceptedType')}(exchange)) {\n${join(cases, '\n')}\n}\n${main}`;
}

function emitAnswer(entry: IntegrationResponse, template: MappingTemplate | undefined, context: ResponseContext, payload: Code | undefined): Code {
  const { operation, unit, hasBackend, overrides } = context;
  const sources = entry.headers.map((header) => ({ name: header.name, source: parseResponseSource(header.source)! }));
  const constantBody = template === undefined ? (hasBackend ? undefined : '') : (template.constant ?? undefined);
  const decodes = !hasBackend && entry.contentHandling === 'binary';
  if (!overrides && !decodes && constantBody !== undefined && sources.every(({ source }) => source.kind === 'literal')) {
    const fields = literalFields(sources.flatMap(({ name, source }) => (source.kind === 'literal' ? [name, source.value] : [])));
    const answer = unit.constant(`${operation.id} answer`, code`${exchanges('exchange', 'constantAnswer')}(${entry.status}, ${fields}, ${constantBody})`);
    return code`${sends('send', 'sendConstant')}(exchange, ${answer});`;
  }

  const lines: Code[] = [];
  const original = hasBackend ? code`${mapping('integration/mapping', 'payloadText')}(response.body)` : code`""`;
  const hasBodySources = sources.some(({ source }) => source.kind === 'responseBody');
  const rendersTemplate = template !== undefined && template.constant === null;
  if (overrides || rendersTemplate || hasBodySources) lines.push(code`const scope = ${emitResponseScope(operation, unit, rendersTemplate && payload ? payload : original)};`);
  // Mapped fields look into the payload as the backend sent it.
  const input = payload === undefined || !rendersTemplate ? code`scope.input` : code`original`;
  if (hasBodySources && payload !== undefined && rendersTemplate) lines.push(code`const original = ${mapping('integration/mapping', 'payloadInput')}(${original});`);
  // The template runs before overrides are read: it may write them.
  lines.push(...emitBody(template, context, payload, decodes));
  const fields = code`[${join(sources.map(({ name, source }) => code`${name}, ${emitResponseSource(source, context, input)}`), ', ')}]`;
  const mapped = overrides ? code`${mapping('integration/mapping', 'overridden')}(${fields}, ${mapping('integration/mapping', 'overrides')}(scope, "responseOverride", "header"))` : fields;
  const status = overrides ? code`${mapping('integration/mapping', 'overriddenStatus')}(scope, ${entry.status})` : code`${entry.status}`;
  const respond = hasBackend ? unit.responseHandler(operation) : undefined;
  lines.push(respond
    ? code`${respond}(exchange, ${answers('integration/integration-response', 'mappedResponse')}(${status}, ${mapped}, body));`
    : code`${sends('send', 'send')}(exchange, ${status}, ${answers('integration/integration-response', 'mappedFields')}(${mapped}), body);`);
  const statements = join(lines, '\n');
  // A body source may find that the payload is no JSON although it starts like some.
  return hasBodySources
    ? code`try {\n${statements}\n} catch (error) {\n${answers('integration/integration-response', 'answerBrokenPayload')}(exchange, error, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)});\n}`
    : code`{\n${statements}\n}`;
}

/** Statements that declare `body`. `decodes`: a mock's answer is base64 of what the client gets. */
function emitBody(template: MappingTemplate | undefined, { operation, unit, hasBackend }: ResponseContext, payload: Code | undefined, decodes: boolean): Code[] {
  if (template === undefined) return [code`const body = ${payload ?? (hasBackend ? code`${handling('body/content-handling', 'utf8Body')}(response.body)` : code`""`)};`];
  const text = emitRenderedAnswer(template, operation, unit);
  if (!decodes) return template.constant === null ? [code`const body = ${text};`, code`if (body === null) return;`] : [code`const body = ${text};`];
  const lines = template.constant === null ? [code`const text = ${text};`, code`if (text === null) return;`] : [code`const text = ${text};`];
  return [...lines, code`const body = ${handling('body/content-handling', 'decoded')}(exchange, text, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)});`, code`if (body === null) return;`];
}

function emitResponseSource(source: NonNullable<ReturnType<typeof parseResponseSource>>, { operation, unit, hasBackend, bodyValue }: ResponseContext, input: Code): Code {
  switch (source.kind) {
    case 'responseHeader': return hasBackend ? code`response.fields.last(${source.name.toLowerCase()})` : code`undefined`;
    case 'responseMultivalueHeader': return hasBackend ? code`(response.fields.all(${source.name.toLowerCase()}).join(",") || undefined)` : code`undefined`;
    case 'responseBody': return bodyValue ? bodyValue(source.path, input) : emitBodyValue(source.path, unit, input);
    case 'body': return code`undefined`;
    default: return emitSource(source, operation, unit);
  }
}

/** The build-time half of `mappedFields`: nothing of it is needed at run time when every value is literal. */
function literalFields(pairs: readonly string[]): string[] {
  const fields: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i + 1] !== '') fields.push(pairs[i]!, pairs[i + 1]!);
  if (!fields.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')) fields.unshift('Content-Type', 'application/json');
  return fields;
}

export const RESPONSE_PARAMETERS = code`exchange: ${typeHelper('exchange', 'Exchange')}, response: ${typeHelper('backends/upstream', 'UpstreamResponse')}`;
