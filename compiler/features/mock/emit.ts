import { code, helper, join, type Code } from '../../code.js';
import { emitSource } from '../../expressions/emit-source.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Operation, Unit } from '../../feature.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import { isConstantTemplate } from './constant-template.js';
import type { MockIntegration } from './ir.js';

const send = helper<typeof import('../../../runtime/send.js')>();
const exchangeModule = helper<typeof import('../../../runtime/exchange.js')>();
const mapped = helper<typeof import('../../../runtime/integration-response.js')>();
const gateway = helper<typeof import('../../../runtime/gateway-response.js')>();
const media = helper<typeof import('../../../runtime/request-media-type.js')>();

/** Statements that answer: which template applies is decided by the request's content type, everything else at build time. */
export function emitMock(part: MockIntegration, operation: Operation, unit: Unit): Code {
  const answer = (status: number | null): Code => emitAnswer(part, status, operation, unit);
  if (part.requestStatus.length === 0) {
    // Without a request template the default integration response is used (integrations.md §2); NEVER refuses the call.
    return part.passthrough === 'never' ? unsupported(operation, unit) : answer(defaultStatus(part));
  }
  const all = part.requestStatus.find((template) => template.type === '$default');
  const rest = part.passthrough === 'when_no_match' ? answer(defaultStatus(part)) : unsupported(operation, unit);
  const fallback = all ? answer(all.status) : rest;
  // Nearly every mock has one template, for application/json: what a request without Content-Type gets.
  const cases = part.requestStatus.filter((template) => template !== all).map((template) => code`case ${template.type}: ${answer(template.status)} return;`);
  return code`switch (${media('request-media-type', 'requestMediaType')}(exchange)) {\n${join(cases, '\n')}\n}\n${fallback}`;
}

/** The status whose integration response is the default one. */
function defaultStatus(part: MockIntegration): number {
  return part.responses.find((response) => response.pattern === null)?.status ?? 200;
}

function unsupported(operation: Operation, unit: Unit): Code {
  return code`${unit.gatewayResponse('UNSUPPORTED_MEDIA_TYPE', operation)}(exchange);`;
}

/** integrations.md §6: the entry whose own statusCode equals the status wins among several matching ones [O], then pattern order, then default. */
function select(part: MockIntegration, status: number): IntegrationResponse | undefined {
  const matching = part.responses.filter((response) => response.pattern !== null && new RegExp(`^(?:${response.pattern})$`).test(String(status)));
  return matching.find((response) => response.status === status) ?? matching[0] ?? part.responses.find((response) => response.pattern === null);
}

function emitAnswer(part: MockIntegration, status: number | null, operation: Operation, unit: Unit): Code {
  const response = status === null ? undefined : select(part, status);
  if (!response) return code`${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  const templates = Object.entries(response.templates);
  const fallback = templates.find(([mime]) => mime === 'application/json') ?? templates[0];
  const others = templates.filter((entry) => entry !== fallback);
  const body = emitBody(response, fallback?.[1] ?? '', operation, unit);
  if (others.length === 0) return body;
  const cases = others.map(([mime, template]) => code`case ${mime.toLowerCase()}: ${emitBody(response, template, operation, unit)} return;`);
  return code`switch (${gateway('gateway-response', 'acceptedType')}(exchange)) {\n${join(cases, '\n')}\n}\n${body}`;
}

function emitBody(response: IntegrationResponse, template: string, operation: Operation, unit: Unit): Code {
  const text = isConstantTemplate(template) ? template : '';
  const sources = response.headers.map((header) => ({ name: header.name, source: parseSource(header.source) }));
  if (sources.every(({ source }) => source === undefined || source.kind === 'literal')) {
    const fields = constantFields(sources.flatMap(({ name, source }) => (source?.kind === 'literal' ? [name, source.value] : [])));
    const answer = unit.constant(`${operation.id} answer`, code`${exchangeModule('exchange', 'constantAnswer')}(${response.status}, ${fields}, ${text})`);
    return code`${send('send', 'sendConstant')}(exchange, ${answer});`;
  }
  const fields = sources.map(({ name, source }) => code`${name}, ${source ? emitSource(source, operation, unit) : code`undefined`}`);
  return code`${send('send', 'send')}(exchange, ${response.status}, ${mapped('integration-response', 'mappedFields')}([${join(fields, ', ')}]), ${text});`;
}

/** The build-time half of `mappedFields`: nothing of it is needed at run time when every value is literal. */
function constantFields(pairs: readonly string[]): string[] {
  const fields: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i + 1] !== '') fields.push(pairs[i]!, pairs[i + 1]!);
  if (!fields.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')) fields.unshift('Content-Type', 'application/json');
  return fields;
}
