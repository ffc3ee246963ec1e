import type { Node } from '../1-load/node.js';
import type { Json } from '../code.js';
import type { Example, MediaType, ParameterStyle, RequestBody, Response, ResponseHeader, Schema } from '../ir.js';
import { exampleValue, readEncoding, readExamples, readStyle } from './read-parameters.js';

type ReadSchema = (node: Node) => Schema;

/** `requestBody`, or 2.0's body and formData parameters with `consumes`. */
export function readRequestBody(operation: Node, root: Node, legacy: readonly Node[], schema: ReadSchema): RequestBody | undefined {
  const node = operation.get('requestBody');
  if (node) {
    return {
      required: node.boolean('required') === true,
      ...(node.string('description') !== undefined ? { description: node.string('description') } : {}),
      content: readContent(node.get('content'), schema),
      origin: node.origin,
    };
  }
  if (legacy.length === 0) return undefined;
  const consumes = stringList(operation.get('consumes') ?? root.get('consumes'));
  const body = legacy.find((parameter) => parameter.string('in') === 'body');
  if (body) {
    const types = consumes.length > 0 ? consumes : ['application/json'];
    const bodySchema = body.at('schema') ? schema(body.at('schema')!) : true;
    return {
      required: body.boolean('required') === true,
      ...(body.string('description') !== undefined ? { description: body.string('description') } : {}),
      content: types.map((type) => ({ type, schema: bodySchema, examples: [], encoding: {}, origin: body.origin })),
      origin: body.origin,
    };
  }
  return readFormData(legacy, consumes, schema);
}

function readFormData(fields: readonly Node[], consumes: readonly string[], schema: ReadSchema): RequestBody {
  const properties: Record<string, Json> = {};
  const required: string[] = [];
  const encoding: Record<string, { style: ParameterStyle; explode: boolean }> = {};
  for (const field of fields) {
    const name = field.string('name') ?? '';
    Object.defineProperty(properties, name, { value: schema(field) as Json, enumerable: true, configurable: true, writable: true });
    if (field.boolean('required')) required.push(name);
    if (field.string('type') === 'array') encoding[name] = readStyle(field, 'query');
  }
  const hasFile = fields.some((field) => field.string('type') === 'file');
  const types = consumes.filter((type) => /^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type));
  const body: Schema = { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
  const chosen = types.length > 0 ? types : [hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded'];
  return { required: required.length > 0, content: chosen.map((type) => ({ type, schema: body, examples: [], encoding, origin: fields[0]!.origin })), origin: fields[0]!.origin };
}

export function readResponses(operation: Node, root: Node, schema: ReadSchema): Response[] {
  const produces = stringList(operation.get('produces') ?? root.get('produces'));
  const responses: Response[] = [];
  for (const [status, entry] of operation.get('responses')?.entries() ?? []) {
    if (status.startsWith('x-')) continue;
    const node = entry.follow();
    responses.push({
      status: /^[1-5]xx$/i.test(status) ? status.toUpperCase() : status,
      description: node.string('description') ?? '',
      headers: readHeaders(node.get('headers'), schema),
      content: root.at('swagger') ? legacyContent(node, produces, schema) : readContent(node.get('content'), schema),
      origin: node.origin,
    });
  }
  return responses.sort((a, b) => (a.status < b.status ? -1 : a.status > b.status ? 1 : 0));
}

function readContent(content: Node | undefined, schema: ReadSchema): MediaType[] {
  return (content?.entries() ?? []).filter(([type]) => !type.startsWith('x-')).map(([type, entry]) => {
    const node = entry.follow();
    const schemaNode = node.at('schema');
    const itemNode = node.at('itemSchema');
    return { type, ...(schemaNode ? { schema: schema(schemaNode) } : {}), ...(itemNode ? { itemSchema: schema(itemNode) } : {}), examples: readExamples(node, type), encoding: readEncoding(node), origin: node.origin };
  });
}

/** 2.0: `schema` and `examples` by media type on the response itself. */
function legacyContent(node: Node, produces: readonly string[], schema: ReadSchema): MediaType[] {
  const schemaNode = node.at('schema');
  const examples = node.get('examples');
  if (!schemaNode && !examples) return [];
  const types = new Set(produces.length > 0 ? produces : ['application/json']);
  for (const [type] of examples?.entries() ?? []) types.add(type);
  const read = schemaNode ? schema(schemaNode) : undefined;
  return [...types].map((type) => {
    const example = examples?.at(type);
    const list: Example[] = example ? [{ value: exampleValue(example) }] : [];
    return { type, ...(read !== undefined ? { schema: read } : {}), examples: list, encoding: {}, origin: node.origin };
  });
}

function readHeaders(headers: Node | undefined, schema: ReadSchema): ResponseHeader[] {
  return (headers?.entries() ?? []).filter(([name]) => name.toLowerCase() !== 'content-type').map(([name, entry]) => {
    const node = entry.follow();
    const holder = node.at('schema') ?? node.get('content')?.entries()[0]?.[1].at('schema') ?? (node.at('type') ? node : undefined);
    return {
      name,
      required: node.boolean('required') === true,
      schema: holder ? schema(holder) : true,
      ...(node.string('description') !== undefined ? { description: node.string('description') } : {}),
      style: 'simple',
      explode: node.boolean('explode') === true,
    };
  });
}

function stringList(node: Node | undefined): string[] {
  return (node?.items() ?? []).map((item) => item.value).filter((value) => typeof value === 'string');
}
