import { code, helper, join, typeHelper, type Code, EMPTY } from '../../code.js';
import { emitSource } from '../../expressions/emit-source.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Operation, Unit } from '../../feature.js';
import { GATEWAY_RESPONSE_TYPES, type GatewayResponseType } from './catalogue.js';
import type { GatewayResponse, GatewayResponsesPart } from './ir.js';
import { parseTemplate } from './template.js';

const runtime = helper<typeof import('../../../runtime/gateway-response.js')>();
const exchangeModule = helper<typeof import('../../../runtime/exchange.js')>();
const EXCHANGE = code`exchange: ${typeHelper('exchange', 'Exchange')}`;

/** Names of functions that no document says anything of, by type: every operation asks for several. */
const builtIns = new WeakMap<Unit, Map<string, Code>>();

/** Declares the function that answers with gateway response `type` and returns its name. Resolution order: errors.md §2. */
export function emitGatewayResponse(type: string, part: GatewayResponsesPart | undefined, operation: Operation | undefined, unit: Unit): Code {
  const entry = GATEWAY_RESPONSE_TYPES[type];
  if (!entry) throw new Error(`no such gateway response type: ${type}`);
  const isRest = unit.api.flavour === 'rest';
  const status = isRest ? entry.status : entry.http.status;
  const custom = part?.byType[type] ?? part?.byType[status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
  const declare = (body: Code): Code => unit.func(type.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), EXCHANGE, code`void`, body);
  if (custom) return declare(customised(type, entry, custom, status, operation, unit));
  let known = builtIns.get(unit);
  if (!known) builtIns.set(unit, (known = new Map()));
  let name = known.get(type);
  if (!name) known.set(type, (name = declare(builtIn(type, entry, status, isRest, unit))));
  return name;
}

function builtIn(type: string, entry: GatewayResponseType, status: number, isRest: boolean, unit: Unit): Code {
  const message = isRest ? entry.message : entry.http.message;
  const key = entry.capital && isRest ? 'Message' : 'message';
  const colon = isRest && entry.writer === 'pipeline' ? ': ' : ':';
  const prefix = `{"${key}"${colon}`;
  const errorType = isRest ? entry.errorType : '';
  if (entry.varies && isRest) return code`${runtime('gateway-response', 'answerMessage')}(exchange, ${type}, ${status}, ${errorType}, ${message}, ${prefix}, "}");`;
  const fields = ['Content-Type', 'application/json', ...(errorType ? ['x-amzn-ErrorType', errorType] : [])];
  const answer = unit.constant(type, code`${exchangeModule('exchange', 'constantAnswer')}(${status}, ${fields}, ${prefix + JSON.stringify(message) + '}'})`);
  const remember = message === null ? EMPTY : code`exchange.errorMessage = ${message};\n`;
  return code`${remember}${runtime('gateway-response', 'answerDefault')}(exchange, ${type}, ${answer});`;
}

function customised(type: string, entry: GatewayResponseType, custom: GatewayResponse, status: number, operation: Operation | undefined, unit: Unit): Code {
  const message = unit.api.flavour === 'rest' ? entry.message : entry.http.message;
  const errorType = unit.api.flavour === 'rest' ? entry.errorType : '';
  const headers = Object.entries(custom.headers).map(([name, source]) => code`${name}, ${emitSource(parseSource(source)!, operation, unit)}`);
  const statusCode = custom.statusCode !== null ? code`${custom.statusCode}` : entry.varies ? code`(exchange.status !== 0 ? exchange.status : ${status})` : code`${status}`;
  const answer = (mime: string, template: string): Code =>
    code`${runtime('gateway-response', 'sendGatewayResponse')}(exchange, ${statusCode}, ${mime}, ${errorType}, [${join(headers, ', ')}], ${emitTemplate(template, operation, unit)});`;

  const templates = Object.entries(custom.templates);
  const fallback = templates.find(([mime]) => mime === 'application/json') ?? templates[0] ?? ['application/json', '{"message":$context.error.messageString}'];
  const others = templates.filter(([mime]) => mime !== fallback[0]);
  const begin = code`${runtime('gateway-response', 'beginGatewayResponse')}(exchange, ${type}, ${message ?? ''});`;
  if (others.length === 0) return code`${begin}\n${answer(...fallback)}`;
  const cases = others.map(([mime, template]) => code`case ${mime.toLowerCase()}: return ${answer(mime, template)}`);
  return code`${begin}\nswitch (${runtime('gateway-response', 'acceptedType')}(exchange)) {\n${join(cases, '\n')}\n}\n${answer(...fallback)}`;
}

function emitTemplate(template: string, operation: Operation | undefined, unit: Unit): Code {
  const parts = parseTemplate(template).map((part) => (typeof part === 'string' ? code`${part}` : part.kind === 'context' ? emitSource(part, operation, unit) : code`(${emitSource(part, operation, unit)} ?? "")`));
  return parts.length === 0 ? code`""` : parts.length === 1 ? parts[0]! : code`(${join(parts, ' + ')})`;
}
