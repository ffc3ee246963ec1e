/** 2-read: Document → Api. Reads what no slice owns, asks every slice for its parts, and never throws on user input. */
import { escapePointer, Node } from '../1-load/node.js';
import type { Document } from '../1-load/document.js';
import type { Reporter } from '../diagnostics/report.js';
import type { BuildOptions, Feature, RawApi, RawOperation } from '../feature.js';
import { features } from '../features/index.js';
import type { Api, ApiParts, Dialect, HttpMethod, Integration, Operation, OperationParts, PathTemplate, SecurityScheme } from '../ir.js';
import { RememberingSchemaReader, SchemaReader } from '../schema/index.js';
import { BESIDE_REFERENCE, DUPLICATE_OPERATION_ID, INVALID_PATH, MISSING_PATHS, NO_ADDITIONAL_OPERATION, NO_INTEGRATION, NO_RESPONSES, UNREACHABLE_PATH } from './diagnostics.js';
import { readFlavour } from './flavour.js';
import { camelCase, derivedId, UniqueNames } from './operation-id.js';
import { isDefaultRoute, readPathTemplate } from './path-template.js';
import { readRequestBody, readResponses } from './read-bodies.js';
import { readParameters } from './read-parameters.js';
import { readSecurity, readSecuritySchemes } from './read-security.js';
import type { ReadCache } from './read-cache.js';
import { readBasePath } from './base-path.js';
import { readStages } from './read-stages.js';
import { readServedUnder } from './served-under.js';
import { readTags } from './read-tags.js';

const ANY_METHOD = 'x-amazon-apigateway-any-method';
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query', ANY_METHOD] as const;

/** `cache`: of the readings of this document before, with the same result. */
export function readApi(document: Document, options: BuildOptions, reporter: Reporter, cache?: ReadCache): Api {
  const root = Node.root(document);
  const dialect: Dialect = document.version === '2.0' ? 'draft-04' : document.version === '3.0' ? 'oas-3.0' : 'oas-3.1';
  const flavour = readFlavour(root, options.flavour, reporter);
  const schemas = cache ? new RememberingSchemaReader(dialect, reporter, cache.schemas) : new SchemaReader(dialect, reporter);
  const schemaHolder = document.version === '2.0' ? '/definitions' : '/components/schemas';
  const componentSchemas = Node.find(document, document.entry, schemaHolder);
  const base = readBasePath(root, options.basepath, reporter);
  const raw: RawApi = {
    root, flavour, options, servers: base.servers, prefix: base.prefix,
    schema: (node) => schemas.read(node),
    namedSchema: (name) => (componentSchemas?.at(name) ? schemas.read(referenceTo(root, schemaHolder, name)) : undefined),
  };
  // Every named schema becomes a type of the clients, used or not, as every one becomes a model on import.
  for (const [name, node] of componentSchemas?.entries() ?? []) if (node.isObject || typeof node.value === 'boolean') schemas.read(referenceTo(root, schemaHolder, name));

  const securitySchemes = readSecuritySchemes(root);
  const parts = readApiParts(raw, reporter);
  const operations = readOperations(raw, securitySchemes, reporter);
  const info = root.get('info');
  const description = info?.string('description');
  const api: Api = {
    flavour,
    title: info?.string('title') ?? 'API',
    version: info?.at('version') ? String(info.at('version')!.value) : '0',
    ...(description !== undefined ? { description } : {}),
    dialect,
    basePath: base.basePath,
    servedUnder: readServedUnder(root, reporter),
    servers: base.servers,
    operations,
    schemas: schemas.named(),
    securitySchemes,
    stages: readStages(root, options.stage, reporter),
    tags: readTags(root, reporter),
    parts,
    origin: root.origin,
  };
  for (const feature of features) feature.check?.(api, reporter);
  return api;
}

function readApiParts(raw: RawApi, reporter: Reporter): ApiParts {
  const parts: Record<string, unknown> = {};
  for (const feature of features) {
    const part = feature.readApi?.(raw, reporter);
    if (part !== undefined) parts[feature.key] = part;
  }
  return parts;
}

/** All operations, sorted by path and method: the Api does not depend on the order of the document's keys. */
function readOperations(raw: RawApi, securitySchemes: Readonly<Record<string, SecurityScheme>>, reporter: Reporter): Operation[] {
  const paths = raw.root.get('paths');
  if (!paths || paths.entries().length === 0) {
    reporter.report(MISSING_PATHS, paths?.origin ?? raw.root.origin, {});
    return [];
  }
  const found: { path: PathTemplate; method: string; pathItem: Node; node: Node }[] = [];
  for (const [key, entry] of paths.entries()) {
    if (key.startsWith('x-')) continue;
    const path = isDefaultRoute(key) ? defaultRoute() : readPathTemplate(key, raw.prefix);
    if ('problem' in path) { reporter.report(INVALID_PATH, entry.keyOrigin, { path: key, ...path }); continue; }
    const mark = /[?#]/.exec(key.replace(/\{[^{}]*\}/g, ''))?.[0];
    if (mark === '?' || mark === '#') reporter.report(UNREACHABLE_PATH, entry.keyOrigin, { path: key, mark });
    const target = entry.follow();
    // Values of other kinds than OpenAPI wants have been reported by checkKnownFields.
    if (!target.isObject) continue;
    if (entry.reference !== undefined) reportBesideReference(entry, target, reporter);
    for (const name of METHODS) {
      // Operations beside a `$ref` belong to the path as much as those behind it.
      const pathItem = entry.at(name) ? entry : target;
      const node = pathItem.get(name);
      if (!node?.isObject) continue;
      found.push({ path, method: name === ANY_METHOD ? 'ANY' : name.toUpperCase(), pathItem, node });
    }
    for (const [method, node] of target.get('additionalOperations')?.entries() ?? []) {
      const fault = faultOfMethod(method);
      if (fault) reporter.report(NO_ADDITIONAL_OPERATION, node.keyOrigin, { method, ...fault });
      else if (node.isObject) found.push({ path, method, pathItem: target, node });
    }
  }
  found.sort((a, b) => (a.path.text === b.path.text ? compare(a.method, b.method) : compare(a.path.text, b.path.text)));

  const ids = nameOperations(found, raw.prefix, reporter);
  return found.map((item, index) => readOperation(raw, item.node, item.pathItem, item.path, item.method, ids[index]!, securitySchemes, reporter));
}

function nameOperations(found: readonly { path: PathTemplate; method: string; node: Node }[], prefix: string, reporter: Reporter): string[] {
  const names = new UniqueNames();
  const seen = new Map<string, Node>();
  const ids: string[] = [];
  // Given names first, so that a derived name never takes one away.
  found.forEach(({ node }, index) => {
    const given = node.string('operationId');
    if (given === undefined) return;
    const first = seen.get(given);
    // One path item that stands at several paths has its operations once, under several names.
    if (first && first.pointer === node.at('operationId')!.pointer && first.file === node.file) { /* named below */ }
    else if (first) reporter.report(DUPLICATE_OPERATION_ID, node.at('operationId')!.origin, { id: given }, [{ message: 'it is used first here', origin: first.origin }]);
    else seen.set(given, node.at('operationId')!);
    const id = camelCase(given);
    if (id) ids[index] = names.take(id);
  });
  found.forEach(({ path, method }, index) => { ids[index] ??= names.take(derivedId(method, path.isDefaultRoute ? path.text : path.text.slice(prefix.length) || '/')); });
  return ids;
}

function readOperation(api: RawApi, node: Node, pathItem: Node, path: PathTemplate, method: HttpMethod | 'ANY', id: string, securitySchemes: Readonly<Record<string, SecurityScheme>>, reporter: Reporter): Operation {
  const { parameters, body } = readParameters(pathItem, node, path, api.schema, reporter);
  const requestBody = readRequestBody(node, api.root, body, api.schema);
  const responses = readResponses(node, api.root, api.schema);
  if (responses.length === 0 && (node.at('responses')?.isObject ?? true)) reporter.report(NO_RESPONSES, node.keyOrigin, { method, path: path.text });
  const security = readSecurity(node, api.root, securitySchemes, reporter);
  const raw: RawOperation = { api, node, pathItem, method, path: path.text, parameters, ...(requestBody ? { requestBody } : {}), responses, security, securitySchemes };

  const parts: Record<string, unknown> = {};
  for (const feature of features) {
    const part = feature.read?.(raw, reporter);
    if (part !== undefined) parts[feature.key] = part;
  }
  const operationId = node.string('operationId');
  const summary = node.string('summary') ?? pathItem.string('summary');
  const description = node.string('description') ?? pathItem.string('description');
  return {
    id,
    ...(operationId !== undefined ? { operationId } : {}),
    method, path, parameters,
    ...(requestBody ? { requestBody } : {}),
    responses,
    doc: {
      ...(summary !== undefined ? { summary } : {}),
      ...(description !== undefined ? { description } : {}),
      tags: (node.get('tags')?.items() ?? []).map((tag) => String(tag.value)),
      deprecated: node.boolean('deprecated') === true,
    },
    security,
    integration: readIntegration(raw, reporter),
    parts: parts as OperationParts,
    origin: node.origin,
  };
}

function readIntegration(raw: RawOperation, reporter: Reporter): Integration {
  for (const feature of features as readonly Feature[]) {
    const integration = feature.readIntegration?.(raw, reporter);
    if (integration) return integration;
  }
  const servers = raw.api.root.get('servers')?.items() ?? [];
  const notes = servers.slice(0, 1).map((server) => ({ message: `'${server.string('url') ?? ''}' is no absolute URL, so it is no upstream`, origin: (server.at('url') ?? server).origin }));
  reporter.report(NO_INTEGRATION, raw.node.keyOrigin, { method: raw.method, path: raw.path }, notes);
  return { kind: 'not_compiled', type: 'none', origin: raw.node.origin };
}

/** OpenAPI leaves open what a field means that is both beside a path item's `$ref` and behind it. */
function reportBesideReference(entry: Node, target: Node, reporter: Reporter): void {
  for (const [field, node] of entry.entries()) {
    if (field === '$ref' || field.startsWith('x-') && field !== ANY_METHOD) continue;
    const both = target.at(field);
    if (both) reporter.report(BESIDE_REFERENCE, node.keyOrigin, { field, problem: 'both' }, [{ message: 'it is here too', origin: both.keyOrigin }]);
    else if (field === 'parameters' || field === 'servers' || field === 'additionalOperations') reporter.report(BESIDE_REFERENCE, node.keyOrigin, { field, problem: field === 'additionalOperations' ? 'ignored' : 'shared' });
  }
}

/** Why an entry of `additionalOperations` cannot be served. */
function faultOfMethod(method: string): { problem: string; hint: string } | undefined {
  const field = METHODS.find((name) => name === method.toLowerCase());
  if (field !== undefined) return { problem: 'it has a field of its own', hint: `write ${field} in the path item` };
  if (/^CONNECT$/i.test(method)) return { problem: 'CONNECT asks for a tunnel', hint: 'remove it' };
  return /^[A-Z][A-Z0-9-]*$/.test(method) ? undefined : { problem: 'it is no method of capital letters, digits and hyphens', hint: `write ${/^[a-z][a-z0-9-]*$/i.test(method) ? method.toUpperCase() : 'the method as it is sent'}` };
}

/** A reference object to a named schema, as if the document held one: reading it registers the name. */
function referenceTo(root: Node, holder: string, name: string): Node {
  const pointer = `${holder}/${escapePointer(name)}`;
  return new Node(root.document, root.file, pointer, { $ref: `#${encodeURI(pointer).replace(/#/g, '%23')}` });
}

function defaultRoute(): PathTemplate {
  return { text: '/$default', segments: [], variables: [], isDefaultRoute: true };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
