/** What a request asks for, as an ARN: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<verb>/<path>` (auth.md §4). */
import type { Exchange } from '../exchange.js';
import type { GatewayState } from '../gateway-state.js';
import { pathForms } from './policy/path-forms.js';
import { latin1 } from '../request-values.js';

const prefixes = new WeakMap<GatewayState, string>();
let lastState: GatewayState | null = null;
let lastPrefix = '';

let region: string | null = null;

/** Where the gateway says it runs. */
export function gatewayRegion(): string {
  return (region ??= process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || 'us-east-1');
}

/** `arn:…:<api>/<stage>/`. */
function prefix(state: GatewayState): string {
  if (state === lastState) return lastPrefix;
  let text = prefixes.get(state);
  if (text === undefined) {
    const region = gatewayRegion();
    text = `arn:${region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'}:execute-api:${region}:${state.accountId}:${state.apiId}/${state.stage}/`;
    prefixes.set(state, text);
  }
  lastState = state;
  return (lastPrefix = text);
}

/** The path as the client sent it; the verb in capitals, however it was sent. */
export function methodArn(exchange: Exchange): string {
  return `${prefix(exchange.gateway)}${exchange.method.toUpperCase()}/${latin1(exchange.target, exchange.pathStart + 1, exchange.pathEnd)}`;
}

/** The same in every form that the path may be taken for. */
export function methodArns(exchange: Exchange): readonly string[] {
  const start = `${prefix(exchange.gateway)}${exchange.method.toUpperCase()}/`;
  return pathForms(latin1(exchange.target, exchange.pathStart, exchange.pathEnd)).map((form) => start + form);
}

/** `<stage>/<verb>/<path>`, likewise: what policies of the API itself are asked about. */
export function methodPaths(exchange: Exchange): readonly string[] {
  const start = `${exchange.gateway.stage}/${exchange.method.toUpperCase()}/`;
  return pathForms(latin1(exchange.target, exchange.pathStart, exchange.pathEnd)).map((form) => start + form);
}

/** For messages: of the account only the last four digits. */
export function maskedMethodArn(exchange: Exchange): string {
  return methodArn(exchange).replace(/^((?:[^:]*:){4})\d*(\d{4}):/, '$1********$2:');
}
