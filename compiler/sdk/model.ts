/** What every client emitter works from: the operations and types of an Api, named, once for all languages. */
import type { Json } from '../code.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Api, SecurityScheme } from '../ir.js';
import { Names, propertyKey } from './names.js';
import { readOperations, sentSchemas, type SdkOperation } from './read-operations.js';
import { TypeReader, type SdkType } from './read-types.js';
import { docOf } from './schema-doc.js';
import { isKeywords } from './schema-graph.js';
import type { SdkTag } from './tag-groups.js';
import type { SdkDoc, TypeNode } from './type-node.js';

export interface SdkModel {
  readonly title: string;
  readonly version: string;
  readonly description: string | undefined;
  /** Identifies the document the clients were made from. */
  readonly documentHash: string;
  /** Absolute http(s) URLs without a slash at the end; the first is the default. */
  readonly servers: readonly string[];
  readonly operations: readonly SdkOperation[];
  /** As the document declares them. */
  readonly tags: readonly SdkTag[];
  readonly types: readonly SdkType[];
  readonly auth: readonly SdkAuth[];
  readonly errors: readonly SdkError[];
}

/** A credential that callers give. */
export interface SdkAuth {
  /** Property of the client's `auth`, an identifier. */
  readonly key: string;
  /** Name of the security scheme. */
  readonly scheme: string;
  /** 'sign': a function of the caller's completes the request. 'sigv4': the same, with AWS's signature. */
  readonly kind: 'headerKey' | 'queryKey' | 'cookieKey' | 'bearer' | 'basic' | 'sigv4' | 'sign';
  /** Header field, query parameter or cookie of a key. */
  readonly field: string | undefined;
  /** Where client credentials get a token (OAuth 2.0). */
  readonly tokenUrl: string | undefined;
  readonly doc: SdkDoc;
}

/** What calls can fail with: a declared status that is not a success, with one of its bodies. */
export interface SdkError { readonly status: string; readonly type: TypeNode; readonly operations: readonly string[] }

export type { Json } from '../code.js';
export type { SdkOperation, SdkParameter, SdkBody, SdkContent, SdkResponse } from './read-operations.js';
export type { SdkItemStream } from './item-streams.js';
export { groups, tagGroups, type SdkTag } from './tag-groups.js';
export type { SdkType } from './read-types.js';
export type { SdkDoc, SdkProperty, SdkVariant, TypeNode } from './type-node.js';

/** Reads nothing but `api`; what had to be renamed or cannot be typed is reported (GWC41xx), never fatal. */
export function buildSdkModel(api: Api, documentHash: string, reporter: Reporter): SdkModel {
  const types = new TypeReader(api, reporter, new Names(reporter, 'type'));
  const named = types.readAll(sentSchemas(api));
  const auth = readAuth(api, reporter);
  const operations = readOperations(api, types, new Map(auth.map(({ scheme, key }) => [scheme, key])), reporter);
  return {
    title: api.title,
    version: api.version,
    description: api.description,
    documentHash,
    servers: api.servers.filter(isAbsolute).map((url) => url.replace(/\/+$/, '')),
    operations,
    tags: api.tags,
    types: named,
    auth,
    errors: gatherErrors(operations),
  };
}

function readAuth(api: Api, reporter: Reporter): SdkAuth[] {
  const names = new Names(reporter, 'credential');
  return Object.entries(api.securitySchemes).flatMap(([scheme, definition]) => {
    // A client certificate belongs to the connection, not to the request.
    if (definition.kind === 'mutualTLS') return [];
    const key = names.take(propertyKey(scheme, 'auth'), scheme, definition.origin);
    return [{ key, scheme, ...carrier(definition), tokenUrl: tokenUrlOf(definition), doc: docOf({}, definition.description) }];
  });
}

function carrier(definition: Exclude<SecurityScheme, { kind: 'mutualTLS' }>): Pick<SdkAuth, 'kind' | 'field'> {
  if (definition.aws?.kind === 'iam') return { kind: 'sigv4', field: undefined };
  switch (definition.kind) {
    case 'apiKey': return { kind: `${definition.in}Key`, field: definition.name };
    case 'oauth2': case 'openIdConnect': return { kind: 'bearer', field: undefined };
    case 'http': {
      const scheme = definition.scheme.toLowerCase();
      return { kind: scheme === 'bearer' || scheme === 'basic' ? scheme : 'sign', field: undefined };
    }
  }
}

function tokenUrlOf(definition: SecurityScheme): string | undefined {
  if (definition.kind !== 'oauth2' || !isKeywords(definition.flows)) return undefined;
  const flow: Json | undefined = definition.flows['clientCredentials'] ?? definition.flows['application'];
  const url = isKeywords(flow) ? flow['tokenUrl'] : undefined;
  return typeof url === 'string' && isAbsolute(url) ? url : undefined;
}

function isAbsolute(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

function gatherErrors(operations: readonly SdkOperation[]): SdkError[] {
  const errors = new Map<string, { status: string; type: TypeNode; operations: string[] }>();
  for (const operation of operations) {
    for (const { status, success, type } of operation.responses) {
      if (success) continue;
      const key = `${status} ${JSON.stringify(type)}`;
      const error = errors.get(key);
      if (error) error.operations.push(operation.name);
      else errors.set(key, { status, type, operations: [operation.name] });
    }
  }
  return [...errors.values()].sort((a, b) => (a.status < b.status ? -1 : a.status > b.status ? 1 : 0));
}
