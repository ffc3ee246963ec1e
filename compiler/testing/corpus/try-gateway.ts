/**
 * A mocked gateway called through the client of the same document, without sockets: what conforms is answered as declared, what does
 * not is refused with 400.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Api, MediaType, Operation } from '../../ir.js';
import type { Json } from '../../code.js';
import type { Compilation } from '../../index.js';
import { Reporter } from '../../diagnostics/report.js';
import { Sampler } from '../../schema/index.js';
import { compileValidators } from '../../schema/compile-validators.js';
import { loadModule, type Validate } from '../../schema/testing/helpers.js';
import { buildSdkModel, type SdkOperation } from '../../sdk/model.js';
import type { GatewayTrial } from './outcome.js';

interface Called { readonly status: number; readonly body: unknown }
type ClientModule = Record<string, (...args: unknown[]) => Promise<Called>> & { createClient(options: object): unknown };
type Fetch = (request: Request) => Promise<Response>;

const build = fileURLToPath(new URL('../../', import.meta.url));

/** Calls up to `most` operations, spread over the document. */
export async function tryGateway({ api, bundle, clients }: Compilation, most: number): Promise<GatewayTrial> {
  // Inside the build: the client is a module of a package that says so.
  const folder = mkdtempSync(join(build, '.trial-'));
  try {
    writeFileSync(join(folder, 'gateway.mjs'), bundle!.code);
    for (const { path, text } of clients!.get('typescript')!) {
      mkdirSync(dirname(join(folder, 'client', path)), { recursive: true });
      writeFileSync(join(folder, 'client', path), text);
    }
    const { createGateway } = (await import(pathToFileURL(join(folder, 'gateway.mjs')).href)) as { createGateway(options: object): { fetch: Fetch; close(): void } };
    const client = (await import(pathToFileURL(join(folder, 'client/index.js')).href)) as ClientModule;
    const gateway = createGateway({ log: () => {} });
    try { return await call(api!, client, gateway.fetch, most); } finally { gateway.close(); }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function call(api: Api, client: ClientModule, send: Fetch, most: number): Promise<GatewayTrial> {
  const trial = { answered: 0, refused: 0, skipped: 0, faults: [] as string[] };
  const model = buildSdkModel(api, 'trial', new Reporter());
  const sent: { request: Request; body: ArrayBuffer }[] = [];
  const bound = client.createClient({
    baseUrl: 'http://gateway.test', retry: false,
    fetch: async (url: string, init: RequestInit) => {
      const request = new Request(url, init);
      sent.push({ request, body: await request.clone().arrayBuffer() });
      return send(request);
    },
  });
  const operations = model.operations.map((sdk) => ({ sdk, operation: api.operations.find(({ origin }) => origin.pointer === sdk.origin.pointer && origin.file === sdk.origin.file)! }));
  const step = Math.max(1, operations.length / most);
  for (let at = 0; at < operations.length; at += step) {
    const { sdk, operation } = operations[Math.floor(at)]!;
    const params = conformingParams(sdk, operation, api);
    if (params === undefined) { trial.skipped++; continue; }
    const where = `${operation.method} ${operation.path.text}`;
    try {
      // Words of the language are exported with an underscore.
      const result = await (client[sdk.name] ?? client[`${sdk.name}_`]!)(bound, params);
      const fault = await answerFault(operation, result, api);
      if (fault === undefined) trial.answered++;
      else trial.faults.push(`${where} with ${JSON.stringify(params).slice(0, 300)}: ${fault}`);
    } catch (error) {
      trial.faults.push(`${where} with ${JSON.stringify(params).slice(0, 300)}: ${(error as Error).stack ?? String(error)}`);
      continue;
    }
    const broken = await brokenRequest(operation, api, sent.at(-1)!);
    if (!broken) continue;
    const { status } = await send(broken);
    if (status === 400) trial.refused++;
    else trial.faults.push(`${where}: a broken request ${broken.url} was answered ${status}`);
  }
  return trial;
}

/** Arguments for the client's function; undefined when the schemas leave nothing to be found. */
function conformingParams(sdk: SdkOperation, operation: Operation, api: Api): Record<string, Json> | undefined {
  const params: Record<string, Json> = {};
  const sampler = new Sampler(api.schemas, 'request');
  for (const parameter of sdk.parameters) {
    const own = operation.parameters.find((each) => each.name === parameter.name && each.in === parameter.in);
    const { value, isValid } = sampler.sample(own?.schema ?? {});
    // No schema at all: any text will do.
    const given = own === undefined || own.schema === true || Object.keys(own.schema).length === 0 ? 'text' : value;
    const fits = isValid && given !== null && given !== '' && isFlat(given);
    if (fits) params[parameter.key] = given;
    else if (parameter.required) return undefined;
  }
  // fetch sends no body with GET and HEAD.
  if (!operation.requestBody || ((sdk.method === 'GET' || sdk.method === 'HEAD') && !operation.requestBody.required)) return params;
  if (sdk.method === 'GET' || sdk.method === 'HEAD') return undefined;
  const media = jsonOf(operation.requestBody.content);
  if (media) {
    const { value, isValid } = sampler.sample(media.schema ?? {});
    if (!isValid) return operation.requestBody.required ? undefined : params;
    params['body'] = value;
    if (operation.requestBody.content.length > 1) params['contentType'] = media.type;
    return params;
  }
  return operation.requestBody.required ? undefined : params;
}

/** OpenAPI says how lists and objects of scalars are written into a URL, and no more. */
const isFlat = (value: Json): boolean => Object.values(typeof value === 'object' && value !== null ? value : {}).every((item) => typeof item !== 'object');

const jsonOf = (content: readonly MediaType[]): MediaType | undefined => content.find(({ type }) => /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type));

/** What is wrong with an answer. */
async function answerFault(operation: Operation, { status, body }: Called, api: Api): Promise<string | undefined> {
  const response = operation.responses.find((each) => each.status === String(status)) ?? operation.responses.find((each) => each.status === `${String(status)[0]}XX`)
    ?? operation.responses.find((each) => each.status === 'default');
  // 1xx is no answer: who declares nothing else declares none.
  if (!response) return operation.responses.every((each) => each.status.startsWith('1')) && status === 200 ? undefined : `the answer is ${status}, which is not declared: ${JSON.stringify(body)?.slice(0, 300)}`;
  if (status === 400 && !/^[45]/.test(operation.responses[0]!.status)) return `refused: ${JSON.stringify(body)?.slice(0, 400)}`;
  const media = jsonOf(response.content);
  if (!media || media !== response.content[0] || status === 204 || operation.method === 'HEAD') return undefined;
  if (media.examples.length > 0) return media.examples.some(({ value }) => JSON.stringify(value) === JSON.stringify(body)) ? undefined : 'the answer is none of the examples';
  if (media.schema === undefined) return undefined;
  // A schema that nothing was found for is not the gateway's fault; where something is, it must fit.
  const { isValid } = new Sampler(api.schemas, 'response').sample(media.schema);
  if (!isValid) return undefined;
  const faults = (await validator(media, api, 'response'))(body);
  return faults === null ? undefined : `the answer does not fit its schema: ${JSON.stringify(faults).slice(0, 300)}: ${JSON.stringify(body)?.slice(0, 300)}`;
}

async function validator(media: MediaType, api: Api, direction: 'request' | 'response'): Promise<Validate> {
  const { source, exportOf } = compileValidators([{ key: 'body', schema: media.schema!, direction }], api.schemas);
  return (await loadModule(source))[exportOf('body')]!;
}

/** The request that was sent with one thing wrong; undefined when nothing can be wrong with it. */
async function brokenRequest(operation: Operation, api: Api, { request, body }: { request: Request; body: ArrayBuffer }): Promise<Request | undefined> {
  const media = jsonOf(operation.requestBody?.content ?? []);
  if (media?.schema !== undefined && body.byteLength > 0) {
    const validate = await validator(media, api, 'request');
    const wrong = ([null, 'gwc', 7, true, [], {}, [null], { gwc: null }] as Json[]).find((value) => validate(value) !== null);
    if (wrong !== undefined) return new Request(request.url, { method: request.method, headers: withoutLength(request.headers), body: JSON.stringify(wrong) });
    return new Request(request.url, { method: request.method, headers: withoutLength(request.headers), body: '{"gwc": ' });
  }
  const hasBody = body.byteLength > 0;
  const again = (url: URL): Request => new Request(url, { method: request.method, headers: withoutLength(request.headers), ...(hasBody && { body }) });
  for (const parameter of operation.parameters) {
    if (parameter.in !== 'query') continue;
    const url = new URL(request.url);
    const text = parameter.schema as { type?: Json };
    if (parameter.required && url.searchParams.has(parameter.name)) { url.searchParams.delete(parameter.name); return again(url); }
    if (url.searchParams.has(parameter.name) && (text.type === 'integer' || text.type === 'number')) { url.searchParams.set(parameter.name, 'gwc'); return again(url); }
  }
  return undefined;
}

function withoutLength(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete('content-length');
  return copy;
}
