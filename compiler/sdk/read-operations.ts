/** From the operations of an Api to those of an SDK. */
import type { Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Api, MediaType, Operation, Parameter, Response } from '../ir.js';
import { isXml, requestKind, responseKind, type ContentKind } from './content-kind.js';
import { OPERATION_NOT_IN_CLIENTS } from './diagnostics.js';
import { camelCase, Names, pascalCase, propertyKey } from './names.js';
import type { TypeReader } from './read-types.js';
import { readItemStream, type SdkItemStream } from './item-streams.js';
import { docOf } from './schema-doc.js';
import { isKeywords } from './schema-graph.js';
import { union, UNKNOWN, type SdkDoc, type TypeNode } from './type-node.js';
import type { Json } from '../code.js';

export interface SdkOperation {
  /** camelCase, unique without regard to case. May be a keyword of a language. */
  readonly name: string;
  /** Upper case, or 'ANY': the caller says. */
  readonly method: string;
  /** As in the document, for people. */
  readonly pathText: string;
  /** Literal text, and for each variable the index of its parameter. */
  readonly path: readonly (string | number)[];
  readonly parameters: readonly SdkParameter[];
  readonly body: SdkBody | undefined;
  readonly responses: readonly SdkResponse[];
  /** Alternatives of credentials that go together; none: open. */
  readonly security: readonly (readonly string[])[];
  readonly doc: SdkDoc;
  readonly tags: readonly string[];
  /** Names of the types of its parameters and its result. */
  readonly paramsType: string;
  readonly resultType: string;
  readonly origin: Origin;
}

export interface SdkParameter {
  /** An identifier, unique in the operation (`body`, and `contentType`, `method` where they are needed, are not parameters). */
  readonly key: string;
  /** Name on the wire. */
  readonly name: string;
  readonly in: Parameter['in'];
  /** 'json': by its media type. 'greedy': slashes separate segments. 'wholeForm' and so on: it is all of the query. */
  readonly style: Parameter['style'] | 'json' | 'greedy' | 'wholeForm' | 'wholeJson' | 'wholeText';
  /** Of 'wholeForm'. */
  readonly encoding?: MediaType['encoding'];
  readonly explode: boolean;
  readonly allowReserved: boolean;
  readonly required: boolean;
  readonly type: TypeNode;
  readonly example: Json | undefined;
  readonly doc: SdkDoc;
}

export interface SdkBody {
  readonly required: boolean;
  /** In order of preference: JSON, then as in the document. */
  readonly content: readonly SdkContent[];
  readonly doc: SdkDoc;
}

export interface SdkContent {
  /** As sent; a range (`image/*`) when the caller says. */
  readonly mediaType: string;
  readonly kind: Exclude<ContentKind, 'any' | 'stream'>;
  readonly type: TypeNode;
  readonly encoding: MediaType['encoding'];
  readonly example: Json | undefined;
}

export interface SdkResponse {
  /** '200', '4XX' or 'default'. */
  readonly status: string;
  /** A success that the document declares. */
  readonly success: boolean;
  /** Kinds of body that may come; [] when the document does not say. */
  readonly kinds: readonly ContentKind[];
  readonly mediaTypes: readonly string[];
  /** Media types whose items are typed (`itemSchema`). */
  readonly itemStreams: readonly SdkItemStream[];
  readonly type: TypeNode;
  readonly text: string;
}

export function readOperations(api: Api, types: TypeReader, authKeys: ReadonlyMap<string, string>, reporter: Reporter): SdkOperation[] {
  const names = new Names(reporter, 'operation');
  const operations: SdkOperation[] = [];
  for (const operation of api.operations) {
    if (operation.path.isDefaultRoute) {
      reporter.report(OPERATION_NOT_IN_CLIENTS, operation.origin, { path: operation.path.text });
      continue;
    }
    // Answers to a browser's preflight are not calls.
    if (operation.method === 'OPTIONS' && operation.integration.kind === 'mock') continue;
    operations.push(readOperation(api, operation, names, types, authKeys, reporter));
  }
  return operations;
}

function readOperation(api: Api, operation: Operation, names: Names, types: TypeReader, authKeys: ReadonlyMap<string, string>, reporter: Reporter): SdkOperation {
  const { origin } = operation;
  const original = operation.operationId ?? operation.id;
  const name = names.take(camelCase(operation.id, 'call'), original, origin);
  const security = operation.security
    .filter((requirement) => Object.keys(requirement).every((scheme) => Object.hasOwn(api.securitySchemes, scheme)))
    .map((requirement) => Object.keys(requirement).flatMap((scheme) => authKeys.get(scheme) ?? []));
  const body = readBody(operation, types);
  const { parameters, path } = readParameters(operation, body, security.length > 0, types, reporter);
  return {
    name, path, parameters, body, security, origin,
    method: operation.method,
    pathText: operation.path.text,
    responses: readResponses(operation, api, types),
    doc: { text: [operation.doc.summary, operation.doc.description].filter((text) => text?.trim()).join('\n\n') || undefined, deprecated: operation.doc.deprecated, notes: [] },
    tags: operation.doc.tags,
    paramsType: types.typeNames.take(pascalCase(`${name} Params`, 'Params'), original, origin),
    resultType: types.typeNames.take(pascalCase(`${name} Result`, 'Result'), original, origin),
  };
}

/** Schemas that are sent: those of parameters and request bodies. */
export function sentSchemas(api: Api): (MediaType['schema'])[] {
  return api.operations.flatMap((operation) => [...operation.parameters.map((parameter) => parameter.schema), ...(operation.requestBody?.content.map((content) => content.schema) ?? [])]);
}

const LOCATIONS: readonly Parameter['in'][] = ['path', 'query', 'header', 'cookie'];

function readParameters(operation: Operation, body: SdkBody | undefined, secured: boolean, types: TypeReader, reporter: Reporter): Pick<SdkOperation, 'parameters' | 'path'> {
  const names = new Names(reporter, 'parameter');
  if (body) names.take('body', 'body', operation.origin);
  if (body && (body.content.length > 1 || body.content.some(({ mediaType }) => mediaType.includes('*')))) names.take('contentType', 'contentType', operation.origin);
  if (operation.method === 'ANY') names.take('method', 'method', operation.origin);

  const declared = operation.parameters.filter((parameter) => !(parameter.in === 'header' && ownedByCore(parameter.name, secured)));
  const greedy = new Set(operation.path.segments.flatMap((segment) => (segment.kind === 'greedy' ? [segment.name] : [])));
  const parameters: SdkParameter[] = [];
  const add = (name: string, location: Parameter['in'], origin: Origin, rest: Omit<SdkParameter, 'key' | 'name' | 'in'>): void => {
    const key = propertyKey(name, 'parameter');
    parameters.push({ key: names.take(key, name, origin, `${key}In${location[0]!.toUpperCase()}${location.slice(1)}`), name, in: location, ...rest });
  };
  for (const location of LOCATIONS) {
    for (const parameter of declared.filter((candidate) => candidate.in === location)) {
      if (location === 'path' && !operation.path.variables.includes(parameter.name)) continue;
      const schema = isKeywords(parameter.schema as Json) ? (parameter.schema as { readonly [keyword: string]: Json }) : {};
      const isJson = parameter.contentType !== undefined && /[/+]json\b/i.test(parameter.contentType);
      const style = parameter.querystring ? (parameter.contentType === undefined ? 'wholeForm' : isJson ? 'wholeJson' : 'wholeText') : isJson ? 'json' : location === 'path' && greedy.has(parameter.name) ? 'greedy' : parameter.style;
      const doc = docOf(schema, parameter.description);
      add(parameter.name, location, parameter.origin, {
        style, ...(style === 'wholeForm' && { encoding: parameter.querystring!.encoding }), explode: parameter.explode, allowReserved: parameter.allowReserved, required: location === 'path' || parameter.required,
        type: types.read(parameter.schema, 'request'), example: parameter.examples[0]?.value, doc: { ...doc, deprecated: doc.deprecated || parameter.deprecated },
      });
    }
    // API Gateway lets `{proxy+}` go undeclared.
    if (location === 'path') for (const variable of operation.path.variables) {
      if (parameters.some((parameter) => parameter.name === variable)) continue;
      add(variable, 'path', operation.origin, { style: greedy.has(variable) ? 'greedy' : 'simple', explode: false, allowReserved: false, required: true, type: { kind: 'string' }, example: undefined, doc: docOf({}) });
    }
  }
  const index = (name: string): number => parameters.findIndex((parameter) => parameter.in === 'path' && parameter.name === name);
  const path = operation.path.segments.flatMap((segment): (string | number)[] => {
    switch (segment.kind) {
      case 'static': return ['/', segment.text];
      case 'variable': case 'greedy': return ['/', index(segment.name)];
      case 'mixed': return ['/', ...segment.parts.map((part) => (typeof part === 'string' ? part : index(part.name)))];
    }
  });
  return { parameters, path: joinText(path.length === 0 ? ['/'] : path) };
}

/** OpenAPI: such header parameters are ignored; the core sets them from the body, the responses and the credentials. */
function ownedByCore(name: string, secured: boolean): boolean {
  const lower = name.toLowerCase();
  return lower === 'accept' || lower === 'content-type' || (lower === 'authorization' && secured);
}

function joinText(parts: readonly (string | number)[]): (string | number)[] {
  const joined: (string | number)[] = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined;
}

function readBody(operation: Operation, types: TypeReader): SdkBody | undefined {
  const { requestBody } = operation;
  if (!requestBody) return operation.method === 'ANY' ? { required: false, content: [{ mediaType: '*/*', kind: 'binary', type: { kind: 'binary', sent: true }, encoding: {}, example: undefined }], doc: docOf({}) } : undefined;
  const content = requestBody.content.map((media): SdkContent => {
    const kind = requestKind(media.type);
    const common = { encoding: media.encoding, example: media.examples[0]?.value };
    if (kind === 'any') {
      // `*/*` with the schema of an object is what frameworks write for JSON.
      const type = types.read(media.schema, 'request');
      if (media.schema !== undefined && type.kind !== 'string' && type.kind !== 'unknown') return { ...common, mediaType: 'application/json', kind: 'json', type };
      return { ...common, mediaType: media.type, kind: 'binary', type: { kind: 'binary', sent: true } };
    }
    const type: TypeNode = kind === 'text' ? { kind: 'string' } : kind === 'binary' || kind === 'stream' ? { kind: 'binary', sent: true } : kind === 'multipart' ? types.readForm(media.schema) : types.read(media.schema, 'request');
    return { ...common, mediaType: media.type, kind: kind === 'stream' ? 'binary' : kind, type };
  });
  if (content.length === 0) return undefined;
  const ordered = [...content.filter(({ kind }) => kind === 'json'), ...content.filter(({ kind }) => kind !== 'json')];
  return { required: requestBody.required, content: ordered, doc: docOf({}, requestBody.description) };
}

function readResponses(operation: Operation, api: Api, types: TypeReader): SdkResponse[] {
  const declared = operation.responses.map((response) => ({ ...response, status: response.status.toUpperCase() === 'DEFAULT' ? 'default' : response.status.toUpperCase() }));
  const successDeclared = declared.some(({ status }) => status.startsWith('2'));
  return declared.map((response): SdkResponse => {
    const empty = operation.method === 'HEAD' || ['204', '205', '304'].includes(response.status) || response.status.startsWith('1');
    const content = empty ? [] : preferJson(response.content);
    const streams = content.map((media) => readItemStream(media, api, types));
    const kinds = content.map(({ type }, index) => (streams[index] ? 'stream' : responseKind(type)));
    return {
      status: response.status,
      success: response.status.startsWith('2') || (response.status === 'default' && !successDeclared),
      kinds: kinds.includes('any') ? [] : [...new Set(kinds)],
      mediaTypes: content.map(({ type }) => type),
      itemStreams: streams.filter((stream) => stream !== undefined),
      type: empty ? { kind: 'void' } : content.length === 0 ? UNKNOWN : union(content.map((media, index) => (streams[index] ? { kind: 'stream', items: streams[index].items } : responseType(media, kinds[index]!, types)))),
      text: response.description,
    };
  });
}

/** Who can have JSON does not ask for XML. */
function preferJson(content: Response['content']): Response['content'] {
  const json = content.filter(({ type }) => responseKind(type) === 'json');
  return json.length === 0 ? content : [...json, ...content.filter(({ type }) => responseKind(type) !== 'json' && !isXml(type))];
}

function responseType(media: MediaType, kind: ContentKind, types: TypeReader): TypeNode {
  switch (kind) {
    case 'stream': return { kind: 'stream' };
    case 'binary': return { kind: 'binary', sent: false };
    case 'text': return { kind: 'string' };
    default: return types.read(media.schema, 'response');
  }
}
