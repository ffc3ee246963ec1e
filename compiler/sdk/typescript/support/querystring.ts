/** The whole query as one value (`in: querystring` of OpenAPI 3.2). */
import { formPairs } from './body.js';
import { encode, plain } from './encode.js';
import type { Draft, ParameterSpec } from './operation.js';

export function formQuerystring({ encoding }: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(...formPairs(value, encoding ?? {}));
}

export function jsonQuerystring(_: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(encode(JSON.stringify(value)));
}

export function textQuerystring(_: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(encode(plain(value)));
}
