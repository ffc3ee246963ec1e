/** operations.ts and what is compiled from it: `createClient` and one function per operation. Four texts from one walk. */
import type { Json, SdkAuth, SdkContent, SdkItemStream, SdkModel, SdkOperation, SdkParameter } from '../model.js';
import { docComment, identifier, literal, objectKey, oneLine, quote } from './text.js';
import { isOptional } from './types-file.js';

export type Output = 'source' | 'module' | 'commonjs' | 'declaration';

/** Words that cannot name a function, and the names of this file. */
const RESERVED = new Set(('arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in ' +
  'instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield ' +
  'core types exports module require createClient unwrap isApiError sigV4 clientCredentials').split(' '));

export function functionName(name: string): string {
  return identifier(RESERVED.has(name) ? `${name}_` : name);
}

const OUTPUTS: readonly Output[] = ['source', 'module', 'commonjs', 'declaration'];

export function operationTexts(model: SdkModel): Readonly<Record<Output, string>> {
  const parts: Record<Output, string[]> = { source: [], module: [], commonjs: [], declaration: [] };
  const used = new Set(model.operations.flatMap(({ security }) => security.flat()));
  for (const output of OUTPUTS) {
    if (output !== 'declaration') for (const auth of model.auth) if (used.has(auth.key)) parts[output].push(schemeText(auth, output));
    parts[output].push(createClientText(model, output));
  }
  const auth = new Map(model.auth.map((scheme) => [scheme.key, scheme]));
  for (const operation of model.operations) {
    const spec = specText(operation, auth);
    for (const output of OUTPUTS) if (output !== 'declaration') parts[output].push(`const ${identifier(operation.name)}$${output === 'source' ? ': core.OperationSpec' : ''} = ${spec}`);
    const written = functionTexts(operation);
    for (const output of OUTPUTS) parts[output].push(written[output]);
  }
  return { source: parts.source.join('\n'), module: parts.module.join('\n'), commonjs: parts.commonjs.join('\n'), declaration: parts.declaration.join('\n') };
}

/** Functions are `export function` in modules; CommonJS assigns them at the end. */
function head(output: Output): string {
  return output === 'declaration' ? 'export declare function' : output === 'commonjs' ? 'function' : 'export function';
}

function exported(name: string, output: Output): string {
  return output === 'commonjs' ? `exports.${name} = ${name};\n` : '';
}

function createClientText({ servers, title }: SdkModel, output: Output): string {
  const server = servers[0];
  const options = server === undefined ? 'options' : 'options = {}';
  const signature = output === 'source' ? `(options: types.ClientOptions${server === undefined ? '' : ' = {}'}): core.Client` : output === 'declaration' ? `(options${server === undefined ? '' : '?'}: types.ClientOptions): core.Client;` : `(${options})`;
  const body = output === 'declaration' ? '\n' : ` {\n  return core.newClient(options${server === undefined ? '' : `, ${quote(server)}`});\n}\n`;
  return `${docComment({ text: `A client of ${oneLine(title)}: pass it to the operations. Make one and keep it; calls share its tokens and its budget of retries.`, deprecated: false, notes: [] })}${head(output)} createClient${signature}${body}${exported('createClient', output)}`;
}

function functionTexts(operation: SdkOperation): Record<Output, string> {
  const name = functionName(operation.name);
  const optional = isOptional(operation) ? '?' : '';
  const typed = `(client: core.Client, params${optional}: types.${identifier(operation.paramsType)}${optional && ' | undefined'}, options?: core.CallOptions | undefined): Promise<types.${identifier(operation.resultType)}>`;
  // Who reads documentation reads declarations or sources.
  const doc = docComment({ ...operation.doc, notes: [`${operation.method} ${operation.pathText}`] });
  const body = ` {\n  return core.call(client, ${identifier(operation.name)}$, params, options);\n}\n`;
  const plain = `${name}(client, params, options)${body}`;
  return {
    source: `${doc}${head('source')} ${name}${typed}${body}`,
    module: `${head('module')} ${plain}`,
    commonjs: `${head('commonjs')} ${plain}${exported(name, 'commonjs')}`,
    declaration: `${doc}${head('declaration')} ${name}${typed};\n`,
  };
}

const APPLY: Readonly<Record<SdkAuth['kind'], string>> = { headerKey: 'headerKey', queryKey: 'queryKey', cookieKey: 'cookieKey', bearer: 'bearer', basic: 'basic', sigv4: 'sign', sign: 'sign' };

/** `$$` keeps schemes apart from operations. */
function schemeText({ key, kind, field }: SdkAuth, output: Output): string {
  const signs = APPLY[kind] === 'sign' ? ', signs: true' : '';
  return `const ${identifier(key)}$$${output === 'source' ? ': core.Scheme' : ''} = { key: ${quote(key)}${field === undefined ? '' : `, name: ${quote(field)}`}, apply: core.${APPLY[kind]}${signs} };\n`;
}

/** What the core is told of an operation: an object, with the rest of its statement. */
function specText(operation: SdkOperation, auth: ReadonlyMap<string, SdkAuth>): string {
  const accept = [...new Set(operation.responses.filter(({ success }) => success).flatMap(({ mediaTypes }) => mediaTypes))];
  const members = [
    `id: ${quote(operation.name)}`,
    ...(operation.method === 'ANY' ? [] : [`method: ${quote(operation.method)}`]),
    `path: [${operation.path.map((part) => (typeof part === 'string' ? quote(part) : String(part))).join(', ')}]`,
    ...(operation.parameters.length === 0 ? [] : [`parameters: [${operation.parameters.map(parameterText).join(', ')}]`]),
    ...(operation.body ? [`send: core.sendBody, body: [${operation.body.content.map(contentText).join(', ')}]`] : []),
    ...(accept.length === 0 ? [] : [`accept: ${quote(accept.join(', '))}`]),
    `responses: { ${operation.responses.map(({ status, kinds }) => `${quote(status)}: [${kinds.map((kind) => quote(kind)).join(', ')}]`).join(', ')} }`.replace('{  }', '{}'),
    ...itemsMember(operation),
    ...(operation.security.length === 0 ? [] : [`security: [${operation.security.map((keys) => `[${keys.filter((key) => auth.has(key)).map((key) => `${identifier(key)}$$`).join(', ')}]`).join(', ')}]`]),
  ];
  return `{\n${members.map((member) => `  ${member},\n`).join('')}};\n`;
}

const READ_ITEMS: Readonly<Record<SdkItemStream['format'], string>> = { lines: 'lineItems', sequence: 'sequenceItems', events: 'eventItems', jsonEvents: 'jsonEventItems', parts: 'partItems' };

function itemsMember({ responses }: SdkOperation): string[] {
  const members = responses.filter(({ itemStreams, success }) => success && itemStreams.length > 0).map(({ status, itemStreams, mediaTypes }) => {
    const readers = itemStreams.map(({ mediaType, format }) => `[${quote(mediaType)}, core.${READ_ITEMS[format]}]`);
    // Servers call such types many names: where nothing else is declared, whatever comes is one.
    if (itemStreams.length === mediaTypes.length) readers.push(`['', core.${READ_ITEMS[itemStreams[0]!.format]}]`);
    return `${quote(status)}: [${readers.join(', ')}]`;
  });
  return members.length === 0 ? [] : [`items: { ${members.join(', ')} }`, 'read: core.readItems'];
}

const QUERY: Readonly<Record<string, string>> = { form: 'formQuery', spaceDelimited: 'spaceQuery', pipeDelimited: 'pipeQuery', tabDelimited: 'tabQuery', deepObject: 'deepQuery', json: 'jsonQuery', wholeForm: 'formQuerystring', wholeJson: 'jsonQuerystring', wholeText: 'textQuerystring' };
const PATH: Readonly<Record<string, string>> = { simple: 'simplePath', spaceDelimited: 'separatedPath', pipeDelimited: 'separatedPath', tabDelimited: 'separatedPath', label: 'labelPath', matrix: 'matrixPath', greedy: 'greedyPath', json: 'jsonPath' };

function parameterText(parameter: SdkParameter): string {
  const { key, name, style, explode, allowReserved, required } = parameter;
  const write = {
    path: PATH[style] ?? 'simplePath',
    query: allowReserved && style === 'form' ? 'reservedQuery' : (QUERY[style] ?? 'formQuery'),
    header: style === 'json' ? 'jsonHeader' : Object.hasOwn(DELIMITERS, style) ? 'separatedHeader' : 'simpleHeader',
    cookie: style === 'json' ? 'jsonCookie' : style === 'cookie' ? 'plainCookie' : 'formCookie',
  }[parameter.in];
  // Explode says something only about lists and objects; most parameters are neither.
  const exploded = explode && !isScalar(parameter) && !style.startsWith('whole') ? ', explode: true' : '';
  const separator = (parameter.in === 'path' || parameter.in === 'header') && Object.hasOwn(DELIMITERS, style) ? `, separator: ${quote(DELIMITERS[style]!)}` : '';
  return `{ key: ${quote(key)}, name: ${quote(name)}, write: core.${write}${exploded}${separator}${encodingText(parameter.encoding ?? {}, true)}${required ? ', required: true' : ''} }`;
}

function isScalar({ type }: SdkParameter): boolean {
  return ['string', 'number', 'boolean', 'enum', 'literal'].includes(type.kind);
}

/** OpenAPI 2.0's collection formats, where they stand in a path or field. */
const DELIMITERS: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|', tabDelimited: '\t' };

const SEPARATORS: Readonly<Record<string, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C', tabDelimited: '%09', deepObject: 'deep' };

function contentText({ mediaType, kind, encoding }: SdkContent): string {
  return `{ type: ${quote(mediaType)}, encode: core.${kind}${encodingText(encoding, kind === 'form')} }`;
}

/** The member `encoding`, with a comma before it; '' where there is nothing to say. */
function encodingText(encoding: SdkContent['encoding'], isForm: boolean): string {
  const fields = Object.entries(encoding).map(([name, { contentType, style, explode }]): [string, Json] => [
    name,
    { ...(contentType === undefined ? {} : { contentType }), ...(isForm && contentType === undefined ? { explode, separator: SEPARATORS[style] ?? ',' } : {}) },
  ]).filter(([, said]) => Object.keys(said as object).length > 0);
  return fields.length === 0 ? '' : `, encoding: { ${fields.map(([name, value]) => `${objectKey(name)}: ${literal(value)}`).join(', ')} }`;
}
