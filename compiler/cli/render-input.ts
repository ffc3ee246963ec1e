/** What `gwc render` puts before a template: parameters, `$context` and stage variables from the command line, the rest as a gateway fills it. */
import { setOwn } from '../1-load/set-own.js';
import type { Json } from '../code.js';
import { closest } from '../diagnostics/suggest.js';
import { routeFacts } from '../expressions/route-facts.js';
import type { Api, Operation } from '../ir.js';
import type { ScopeSource } from '../vtl/scope-from-json.js';
import { UsageError } from './usage-error.js';

type Parameters = { path: Record<string, string>; querystring: Record<string, string>; header: Record<string, string> };

/** Takes the request's parameters, `path.id=7`, out of `--param`; what is left are values of placeholders. */
export function splitParameters(pairs: readonly string[]): { parameters: Parameters; placeholders: string[] } {
  const parameters: Parameters = { path: {}, querystring: {}, header: {} };
  const placeholders: string[] = [];
  for (const pair of pairs) {
    const [, place, name, value] = /^(path|querystring|header)\.([^=]+)=([^]*)$/.exec(pair) ?? [];
    if (place === undefined) placeholders.push(pair);
    else setOwn(parameters[place as keyof Parameters], name!, value!);
  }
  return { parameters, placeholders };
}

/** Ways to name a place that people write. */
const PLACES: Readonly<Record<string, keyof Parameters>> = {
  path: 'path', paths: 'path', pathParameters: 'path', query: 'querystring', querystring: 'querystring', queryString: 'querystring', queryStringParameters: 'querystring', header: 'header', headers: 'header',
};
const PREFIXES = 'path.NAME, querystring.NAME and header.NAME are parameters of the request; any other name is a ${placeholder} of the document';

/** `unused`: names given with `--param` that no placeholder has. Whoever renders one operation meant a parameter of its request: throws UsageError. */
export function refuseUnused(unused: readonly string[], operation: Operation): void {
  const [name] = unused;
  if (name === undefined) return;
  const [, place, rest] = /^(\w+)\.(.+)$/s.exec(name) ?? [];
  const meant = place !== undefined && Object.hasOwn(PLACES, place) ? `${PLACES[place]}.${rest}` : ownParameter(operation, name);
  throw new UsageError(`--param ${name}: the document has no placeholder \${${name}}${meant === undefined ? '' : `: did you mean ${meant}?`} (${PREFIXES})`);
}

function ownParameter({ path, parameters }: Operation, name: string): string | undefined {
  const candidates = path.variables.map((variable): [keyof Parameters, string] => ['path', variable]);
  for (const parameter of parameters) if (parameter.in === 'query' || parameter.in === 'header') candidates.push([parameter.in === 'query' ? 'querystring' : 'header', parameter.name]);
  const near = closest(name, candidates.map(([, own]) => own));
  const found = candidates.find(([, own]) => own === name) ?? candidates.find(([, own]) => own.toLowerCase() === name.toLowerCase()) ?? candidates.find(([, own]) => own === near);
  return found && found.join('.');
}

/** `{"stage": "dev"}`, or `stage=dev`, `identity.sourceIp=192.0.2.1`: values are texts. Later ones win. */
export function readContext(texts: readonly string[]): { [name: string]: Json } {
  let context: { [name: string]: Json } = {};
  for (const text of texts) {
    if (text.trimStart().startsWith('{')) {
      try { context = merged(context, JSON.parse(text) as { [name: string]: Json }); } catch (error) { throw new UsageError(`--context ${text}: it is no JSON (${(error as Error).message})`); }
      continue;
    }
    const equals = text.indexOf('=');
    if (equals <= 0) throw new UsageError(`--context ${text}: write name=value or a JSON object`);
    let value: Json = text.slice(equals + 1);
    for (const name of text.slice(0, equals).split('.').reverse()) {
      const outer: { [name: string]: Json } = {};
      setOwn(outer, name, value);
      value = outer;
    }
    context = merged(context, value as { [name: string]: Json });
  }
  return context;
}

function merged(below: { [name: string]: Json }, above: { [name: string]: Json }): { [name: string]: Json } {
  const result = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const old = Object.hasOwn(below, name) ? below[name]! : null;
    setOwn(result, name, isObject(old) && isObject(value) ? merged(old, value) : value);
  }
  return result;
}

const isObject = (value: Json): value is { [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);

export interface RenderInput {
  readonly body: string;
  readonly parameters: Parameters;
  readonly context: { readonly [name: string]: Json };
  readonly stage: string | undefined;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
}

/** Throws UsageError when a path parameter is none of the operation's. */
export function renderScope(api: Api, operation: Operation, input: RenderInput): ScopeSource {
  const { path, querystring, header } = input.parameters;
  for (const name of Object.keys(path)) {
    if (operation.path.variables.includes(name)) continue;
    const suggestion = closest(name, operation.path.variables);
    throw new UsageError(`--param path.${name}: ${operation.path.text} has no such variable${suggestion !== undefined ? `: did you mean path.${suggestion}?` : ''}`);
  }
  const headers = { ...header };
  const given = new Set(Object.keys(header).map((name) => name.toLowerCase()));
  for (const [name, value] of [['Content-Type', input.contentType], ['Accept', input.accept]] as const) if (value !== undefined && !given.has(name.toLowerCase())) headers[name] = value;
  const stage = input.stage ?? Object.keys(api.stages)[0] ?? '$default';
  const now = new Date();
  const [, day, month, year, time] = /^\w+, (\d\d) (\w+) (\d+) ([\d:]+) GMT$/.exec(now.toUTCString())!;
  const context: { [name: string]: Json } = {
    accountId: '000000000000', apiId: 'render', domainName: 'localhost', domainPrefix: 'localhost', protocol: 'HTTP/1.1', stage,
    httpMethod: operation.method === 'ANY' ? 'GET' : operation.method, ...routeFacts(api, operation),
    path: operation.path.variables.reduce((text, name) => text.replace(new RegExp(`\\{${name.replace(/[^\w]/g, '\\$&')}\\+?\\}`), () => (Object.hasOwn(path, name) ? path[name]! : `{${name}}`)), operation.path.text),
    requestId: 'render-request', extendedRequestId: 'render-request', requestTime: `${day}/${month}/${year}:${time} +0000`, requestTimeEpoch: now.getTime(),
    identity: { sourceIp: '127.0.0.1', userAgent: Object.entries(headers).find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? null },
  };
  return {
    body: input.body,
    params: { path, querystring, header: headers },
    context: merged(context, input.context),
    stageVariables: Object.hasOwn(api.stages, stage) ? api.stages[stage]!.variables : {},
  };
}
