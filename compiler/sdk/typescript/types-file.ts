/** types.ts: schemas, parameters and results. Only types, so its source is its declaration file too. */
import type { SdkAuth, SdkModel, SdkOperation, SdkParameter, SdkResponse } from '../model.js';
import { declarationText, propertyText, typeText } from './type-text.js';
import { docComment, identifier, oneLine, quote } from './text.js';

export function typesText(model: SdkModel): string {
  const parts = [
    authText(model.auth),
    clientOptionsText(model),
    ...model.types.map(declarationText),
    ...model.operations.flatMap((operation) => [paramsText(operation), resultText(operation)]),
  ];
  return parts.join('\n');
}

const CREDENTIALS: Readonly<Record<SdkAuth['kind'], string>> = {
  headerKey: 'core.Secret', queryKey: 'core.Secret', cookieKey: 'core.Secret', bearer: 'core.Secret', basic: 'core.BasicCredentials', sigv4: 'core.RequestSigner', sign: 'core.RequestSigner',
};

function authText(auth: readonly SdkAuth[]): string {
  if (auth.length === 0) return 'export interface Auth { readonly [scheme: string]: never }\n';
  const members = auth.map(({ key, kind, field, scheme, tokenUrl, doc }) => {
    const how = { headerKey: `Sent in the header field ${field}.`, queryKey: `Sent in the query as ${field}.`, cookieKey: `Sent in the cookie ${field}.`, bearer: `A bearer token${tokenUrl ? `, e.g. from clientCredentials({ tokenUrl: '${tokenUrl}', … })` : ''}.`, basic: 'Basic authentication.', sigv4: 'AWS Signature Version 4: sigV4({ region, credentials }).', sign: 'A function that completes each request.' }[kind];
    return `${docComment({ ...doc, notes: [`Security scheme ${scheme}. ${how}`] }, '  ')}  readonly ${identifier(key)}?: ${CREDENTIALS[kind]} | undefined;\n`;
  });
  return `/** Credentials, one per security scheme. A call uses the first alternative of its operation that is complete. */\nexport interface Auth {\n${members.join('')}}\n`;
}

function clientOptionsText({ servers }: SdkModel): string {
  const server = servers[0];
  const doc = server === undefined ? 'Where the API is served; the document names no server.' : `Default: ${oneLine(server)}`;
  return `export interface ClientOptions extends core.BaseClientOptions<Auth> {\n  /** ${doc} */\n  readonly baseUrl${server === undefined ? '' : '?'}: core.BaseUrl${server === undefined ? '' : ' | undefined'};\n}\n`;
}

function parameterText({ key, type, required, doc, name, in: location }: SdkParameter): string {
  const notes = key === name ? doc.notes : [...doc.notes, `Sent as ${name} (${location}).`];
  return propertyText({ name: key, type, required, readOnly: false, doc: { ...doc, notes } }, '  ');
}

export function isOptional(operation: SdkOperation): boolean {
  return !operation.parameters.some(({ required }) => required) && !operation.body?.required;
}

function paramsText(operation: SdkOperation): string {
  const name = identifier(operation.paramsType);
  const { body } = operation;
  const comment = `/** Parameters of ${operation.name}. */\n`;
  const method = operation.method === 'ANY' ? '  /** Default: GET. */\n  method?: "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT" | core.OtherString | undefined;\n' : '';
  const members = method + operation.parameters.map(parameterText).join('');
  const mark = body?.required ? '' : '?';
  const none = body?.required ? '' : ' | undefined';
  const bodyMember = (type: string, indent = '  '): string => `${body!.doc.text && indent ? docComment(body!.doc, indent) : ''}${indent}body${mark}: ${type}${none};`;
  if (!body) return members === '' ? `${comment}export type ${name} = { readonly [parameter: string]: never };\n` : `${comment}export interface ${name} {\n${members}}\n`;
  const [first, ...others] = body.content;
  if (others.length === 0 && !first!.mediaType.includes('*')) return `${comment}export interface ${name} {\n${members}${bodyMember(typeText(first!.type, '  '))}\n}\n`;
  const alternatives = body.content.map(({ mediaType, type }, index) => {
    const range = mediaType.includes('*');
    return `  | { contentType${index === 0 || range ? '?' : ''}: ${range ? 'string' : quote(mediaType)}${index === 0 || range ? ' | undefined' : ''}; ${bodyMember(typeText(type, '  '), '')} }\n`;
  });
  return `${comment}export type ${name} = ${members === '' ? '' : `{\n${members}} & `}(\n${alternatives.join('')});\n`;
}

const RANGES: Readonly<Record<string, string>> = { 1: 'core.InformationalStatus', 2: 'core.SuccessStatus', 3: 'core.RedirectStatus', 4: 'core.ClientErrorStatus', 5: 'core.ServerErrorStatus' };

function resultText({ name, resultType, responses, doc }: SdkOperation): string {
  const exact = responses.filter(({ status }) => /^\d/.test(status) && !status.endsWith('XX'));
  const ranges = responses.filter(({ status }) => status.endsWith('XX'));
  const known = [...exact.map(({ status }) => status), ...ranges.map(({ status }) => RANGES[status[0]!]!)];
  const except = (all: string, others: readonly string[]): string => (others.length === 0 ? all : `core.Other<${all}, ${others.join(' | ')}>`);
  const variant = (response: SdkResponse, status: string, success: boolean): string => `core.${success ? 'Success' : 'Failure'}<${status}, ${typeText(response.type, '  ')}>`;

  const variants = [
    ...exact.map((response) => variant(response, response.status, response.success)),
    ...ranges.map((response) => variant(response, except(RANGES[response.status[0]!]!, exact.filter(({ status }) => status[0] === response.status[0]).map(({ status }) => status)), response.success)),
  ];
  const fallback = responses.find(({ status }) => status === 'default');
  const successDeclared = known.some((status) => status.startsWith('2') || status === RANGES[2]);
  if (fallback) {
    if (!successDeclared) variants.push(variant(fallback, RANGES[2]!, true));
    variants.push(variant(fallback, except('core.HttpStatus', successDeclared ? known : [...known, RANGES[2]!]), false));
  } else if (successDeclared) variants.push(`core.Unexpected<${known.join(' | ')}>`);
  else variants.push(`core.Success<${RANGES[2]!}, unknown>`, `core.Unexpected<${[...known, RANGES[2]!].join(' | ')}>`);
  return `${docComment({ text: `What ${name} answers.`, deprecated: doc.deprecated, notes: [] })}export type ${identifier(resultType)} =\n${variants.map((text) => `  | ${text}`).join('\n')};\n`;
}
