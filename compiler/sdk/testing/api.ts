/** Short ways to write an Api by hand. */
import type { Json } from '../../code.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Api, MediaType, Operation, Parameter, PathSegment, Response, Schema, SecurityScheme } from '../../ir.js';

export const ORIGIN: Origin = { file: 'zoo.yaml', pointer: '' };

export function api(given: { title?: string; version?: string; description?: string; servers?: string[]; operations: Operation[]; schemas?: Record<string, Schema>; securitySchemes?: Record<string, SecurityScheme> }): Api {
  return {
    flavour: 'http', title: given.title ?? 'Zoo', version: given.version ?? '1.0.0', ...(given.description === undefined ? {} : { description: given.description }), dialect: 'oas-3.1', basePath: '', servedUnder: '',
    servers: given.servers ?? [], operations: given.operations, securitySchemes: given.securitySchemes ?? {}, stages: {}, tags: [], parts: {}, origin: ORIGIN,
    schemas: Object.fromEntries(Object.entries(given.schemas ?? {}).map(([name, schema]) => [name, { name, schema, origin: { ...ORIGIN, pointer: `/components/schemas/${name}` } }])),
  };
}

interface OperationInput {
  description?: string;
  deprecated?: boolean;
  parameters?: Parameter[];
  /** By media type. */
  body?: Record<string, Schema | MediaType>;
  bodyRequired?: boolean;
  /** By status: a schema for JSON, media types with schemas, or null for no content. */
  responses?: Record<string, Schema | null | { content: Record<string, Schema> }>;
  security?: Operation['security'];
}

/** `operation('getPet', 'GET /pets/{petId}', …)`; variables in the path are declared unless given. */
export function operation(id: string, route: string, given: OperationInput = {}): Operation {
  const [method, text] = route.split(' ') as [string, string];
  const segments = text.split('/').slice(1).map(segment);
  const variables = segments.flatMap((part) => (part.kind === 'variable' || part.kind === 'greedy' ? [part.name] : part.kind === 'mixed' ? part.parts.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.name])) : []));
  const parameters = given.parameters ?? [];
  const undeclared = variables.filter((name) => !parameters.some((one) => one.in === 'path' && one.name === name));
  return {
    id, operationId: id, method, path: { text, segments, variables }, parameters: [...undeclared.map((name) => parameter(name, 'path', { type: 'string' })), ...parameters],
    ...(given.body ? { requestBody: { required: given.bodyRequired ?? true, content: Object.entries(given.body).map(([type, schema]) => media(type, schema)), origin: ORIGIN } } : {}),
    responses: Object.entries(given.responses ?? { 200: { type: 'object' } }).map(([status, content]): Response => ({ status, description: `answer ${status}`, headers: [], origin: ORIGIN, content: contentOf(content) })),
    doc: { ...(given.description === undefined ? {} : { description: given.description }), tags: [], deprecated: given.deprecated ?? false },
    security: given.security ?? [], integration: { kind: 'not-compiled' } as never, parts: {}, origin: { ...ORIGIN, pointer: `/paths/${text.replaceAll('/', '~1')}/${method.toLowerCase()}` },
  };
}

export function parameter(name: string, location: Parameter['in'], schema: Schema, given: Partial<Parameter> = {}): Parameter {
  const style = location === 'path' || location === 'header' ? 'simple' : 'form';
  return { name, in: location, required: location === 'path', style, explode: style === 'form', allowReserved: false, allowEmptyValue: false, schema, deprecated: false, examples: [], origin: ORIGIN, ...given };
}

export function media(type: string, schema: Schema | MediaType): MediaType {
  if (typeof schema === 'object' && 'encoding' in schema && 'origin' in schema) return schema as unknown as MediaType;
  return { type, schema: schema as Schema, examples: [], encoding: {}, origin: ORIGIN };
}

export function ref(name: string): { readonly [keyword: string]: Json } {
  return { $ref: `#/schemas/${name}` };
}

function contentOf(content: Schema | null | { content: Record<string, Schema> }): MediaType[] {
  if (content === null) return [];
  if (typeof content === 'object' && 'content' in content && typeof content['content'] === 'object') return Object.entries(content['content'] as Record<string, Schema>).map(([type, schema]) => media(type, schema));
  return [media('application/json', content as Schema)];
}

function segment(text: string): PathSegment {
  const greedy = /^\{(.+)\+\}$/.exec(text);
  if (greedy) return { kind: 'greedy', name: greedy[1]! };
  const variable = /^\{([^{}]+)\}$/.exec(text);
  if (variable) return { kind: 'variable', name: variable[1]! };
  if (!text.includes('{')) return { kind: 'static', text };
  return { kind: 'mixed', parts: text.split(/(\{[^}]+\})/).filter(Boolean).map((part) => (part.startsWith('{') ? { name: part.slice(1, -1) } : part)) };
}
