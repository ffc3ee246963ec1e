import { exampleReference } from '../1-load/find-references.js';
import { Node } from '../1-load/node.js';
import type { Json } from '../code.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import type { Example, MediaType, Parameter, ParameterLocation, ParameterStyle, PathTemplate, Schema } from '../ir.js';
import { UNDECLARED_PATH_PARAMETER, UNREAD_QUERY_STRING, UNUSED_PATH_PARAMETER } from './diagnostics.js';

/** OpenAPI: header parameters of these names are ignored. */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization']);

export interface ReadParameters {
  readonly parameters: readonly Parameter[];
  /** 2.0: `in: body` and `in: formData`, for the request body. */
  readonly body: readonly Node[];
}

/** The operation's parameters: those of the path item, replaced by the operation's own of the same name and place. */
export function readParameters(pathItem: Node, operation: Node, path: PathTemplate, schema: (node: Node) => Schema, reporter: Reporter): ReadParameters {
  const nodes = new Map<string, Node>();
  for (const holder of [pathItem, operation]) {
    for (const item of holder.get('parameters')?.items() ?? []) {
      const node = item.follow();
      nodes.set(`${node.string('in')}:${nameOf(node)}`, node);
    }
  }
  const parameters: Parameter[] = [];
  const body: Node[] = [];
  for (const node of nodes.values()) {
    const location = node.string('in');
    if (location === 'body' || location === 'formData') { body.push(node); continue; }
    const parameter = readParameter(node, schema, reporter);
    if (!parameter) continue;
    if (parameter.in === 'path' && !path.variables.includes(parameter.name.replace(/\+$/, ''))) {
      const free = path.variables.filter((name) => !nodes.has(`path:${name}`));
      reporter.report(UNUSED_PATH_PARAMETER, (node.at('name') ?? node).origin, { name: parameter.name, path: path.text, suggestion: closest(parameter.name, free) ?? (free.length === 1 ? free[0] : undefined) });
      continue;
    }
    parameters.push(parameter);
  }
  for (const name of path.variables) {
    if (parameters.some((parameter) => parameter.in === 'path' && parameter.name === name)) continue;
    reporter.report(UNDECLARED_PATH_PARAMETER, operation.keyOrigin, { name, path: path.text });
    parameters.push({ name, in: 'path', required: true, style: 'simple', explode: false, allowReserved: false, allowEmptyValue: false, schema: { type: 'string' }, deprecated: false, examples: [], origin: operation.origin });
  }
  const whole = parameters.find(({ querystring }) => querystring !== undefined);
  const beside = whole && parameters.find((parameter) => parameter.in === 'query' && parameter !== whole);
  if (beside) reporter.report(UNREAD_QUERY_STRING, whole.origin, { name: whole.name, problem: `stands beside ${beside.querystring ? 'another one' : `the parameter '${beside.name}' with in: query`}: the query is read as both` });
  parameters.sort((a, b) => order(a, path) - order(b, path));
  return { parameters, body };
}

/** Path parameters in the path's order first, then the others as written. */
function order(parameter: Parameter, path: PathTemplate): number {
  return parameter.in === 'path' ? path.variables.indexOf(parameter.name) : path.variables.length;
}

/** A name that YAML takes for a number or a boolean is meant as it is written; checkKnownFields asks for quotes. */
function nameOf(node: Node): string | undefined {
  const value = node.get('name')?.value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : node.string('name');
}

function readParameter(node: Node, schema: (node: Node) => Schema, reporter: Reporter): Parameter | undefined {
  const name = nameOf(node);
  const location = node.string('in');
  // That either is missing, or that there is no such place, has been reported by checkKnownFields.
  if (name === undefined) return undefined;
  if (location === 'querystring') return readQueryString(node, name, schema, reporter);
  if (location !== 'path' && location !== 'query' && location !== 'header' && location !== 'cookie') return undefined;
  if (location === 'header' && IGNORED_HEADERS.has(name.toLowerCase())) return undefined;
  const content = node.get('content')?.entries()[0];
  const { style, explode } = readStyle(node, location);
  // API Gateway exports name a greedy variable's parameter `proxy`, some documents `proxy+`.
  return {
    name: location === 'path' ? name.replace(/\+$/, '') : name,
    in: location,
    required: location === 'path' || node.boolean('required') === true,
    style,
    explode,
    allowReserved: node.boolean('allowReserved') === true,
    allowEmptyValue: node.boolean('allowEmptyValue') === true,
    ...(content ? { contentType: content[0] } : {}),
    schema: readParameterSchema(node, content?.[1], schema),
    ...(node.string('description') !== undefined ? { description: node.string('description') } : {}),
    deprecated: node.boolean('deprecated') === true,
    examples: readExamples(content ? content[1].follow() : node),
    origin: node.origin,
  };
}

/** `in: querystring` (3.2): the whole query as one value: a form, JSON or a text. */
function readQueryString(node: Node, name: string, schema: (node: Node) => Schema, reporter: Reporter): Parameter | undefined {
  const entry = node.get('content')?.entries()[0];
  const media = entry?.[1].follow();
  const type = entry?.[0].split(';')[0]!.trim().toLowerCase();
  const isForm = type === 'application/x-www-form-urlencoded';
  if (node.document.version !== '3.2' || type === undefined || !(isForm || /^(?:text\/|.*[/+]json$)/.test(type))) {
    const place = node.document.version !== '3.2' ? node.at('in')! : node.get('content') ?? node;
    reporter.report(UNREAD_QUERY_STRING, place.origin, { name, problem: node.document.version !== '3.2' ? 'came with OpenAPI 3.2' : entry === undefined ? 'needs a content with one media type' : `as ${entry[0]} is neither checked nor in the clients` });
    return undefined;
  }
  return {
    name, in: 'query', required: node.boolean('required') === true, style: 'form', explode: true, allowReserved: false, allowEmptyValue: false,
    ...(isForm ? {} : { contentType: type }), querystring: { type, encoding: readEncoding(media!) },
    schema: media!.at('schema') ? schema(media!.at('schema')!) : isForm ? { type: 'object' } : true,
    ...(node.string('description') !== undefined ? { description: node.string('description') } : {}),
    deprecated: node.boolean('deprecated') === true, examples: readExamples(media!), origin: node.origin,
  };
}

function readParameterSchema(node: Node, content: Node | undefined, schema: (node: Node) => Schema): Schema {
  const holder = content ? content.follow().at('schema') : node.at('schema');
  if (holder) return schema(holder);
  // 2.0 writes the type on the parameter itself.
  return node.at('type') ? schema(node) : true;
}

/** `encoding` of a form: how each field becomes text. */
export function readEncoding(media: Node): MediaType['encoding'] {
  const encoding: Record<string, MediaType['encoding'][string]> = {};
  for (const [name, entry] of media.get('encoding')?.entries() ?? []) {
    const field = entry.follow();
    const contentType = field.string('contentType');
    Object.defineProperty(encoding, name, { value: { ...(contentType !== undefined ? { contentType } : {}), ...readStyle(field, 'query') }, enumerable: true, configurable: true, writable: true });
  }
  return encoding;
}

/** Style and explode with OpenAPI's defaults; 2.0's `collectionFormat` in the same words. */
export function readStyle(node: Node, location: ParameterLocation): { style: ParameterStyle; explode: boolean } {
  const format = node.string('collectionFormat');
  const isQuery = location === 'query' || location === 'cookie';
  if (node.string('type') === 'array' && !node.at('schema')) {
    if (format === 'multi') return { style: 'form', explode: true };
    if (format === 'ssv') return { style: 'spaceDelimited', explode: false };
    if (format === 'pipes') return { style: 'pipeDelimited', explode: false };
    if (format === 'tsv') return { style: 'tabDelimited', explode: false };
    return { style: isQuery ? 'form' : 'simple', explode: false };
  }
  const style = (node.string('style') ?? (isQuery ? 'form' : 'simple')) as ParameterStyle;
  return { style, explode: node.boolean('explode') ?? (style === 'form' || style === 'cookie') };
}

/** `example` and `examples` of a parameter, header or media type object. `mediaType` says how a serialised one is read. */
export function readExamples(node: Node, mediaType?: string): Example[] {
  const examples: Example[] = [];
  const single = node.at('example');
  if (single) examples.push({ value: exampleValue(single) });
  const many = node.get('examples');
  if (many?.isObject) {
    for (const [name, entry] of many.entries()) {
      const example = entry.follow();
      const given = example.at('value') ?? example.at('dataValue');
      const value = given ? exampleValue(given) : deserialised(example.string('serializedValue'), mediaType);
      if (value !== undefined) examples.push({ name, value: value as Json });
    }
  }
  return examples;
}

/** The value itself, or that of the file it refers to. */
export function exampleValue(node: Node): Json {
  const reference = exampleReference(node.value);
  const target = reference === undefined ? undefined : node.document.resolve(node.file, reference);
  return target ? Node.find(node.document, target.file, target.pointer)!.value : node.value;
}

/** A `serializedValue` (3.2) of JSON as its value; of a text as it is. Others cannot be told from texts that were encoded. */
function deserialised(text: string | undefined, mediaType: string | undefined): Json | undefined {
  if (text === undefined || mediaType === undefined) return undefined;
  if (!/[/+]json\b/i.test(mediaType)) return /^text\/|[/+]xml\b/i.test(mediaType) ? text : undefined;
  try { return JSON.parse(text) as Json; } catch { return undefined; }
}
