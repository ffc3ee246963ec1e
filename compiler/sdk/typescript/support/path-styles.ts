/** Path variables: OpenAPI's styles simple, label and matrix (RFC 6570 sections 3.2.2, 3.2.5, 3.2.7), and greedy variables of API Gateway. */
import { encode, entries, isObject, plain } from './encode.js';
import type { ParameterSpec } from './operation.js';

export function simplePath({ explode }: ParameterSpec, value: unknown): string {
  return list(value, explode, ',', '');
}

/** A list with a separator of OpenAPI 2.0's. */
export function separatedPath({ separator }: ParameterSpec, value: unknown): string {
  return list(value, false, encode(separator!), '');
}

export function labelPath({ explode }: ParameterSpec, value: unknown): string {
  return list(value, explode, explode ? '.' : ',', '.');
}

export function matrixPath({ name, explode }: ParameterSpec, value: unknown): string {
  const start = `;${encode(name)}`;
  if (explode && Array.isArray(value)) return value.map((item) => `${start}=${encode(plain(item))}`).join('');
  if (explode && isObject(value)) return list(value, true, ';', ';');
  const text = list(value, false, ',', '');
  return text ? `${start}=${text}` : start;
}

/** `{proxy+}`: slashes in the value separate segments. */
export function greedyPath(_: ParameterSpec, value: unknown): string {
  return plain(value).split('/').map(encode).join('/');
}

export function jsonPath(_: ParameterSpec, value: unknown): string {
  return encode(JSON.stringify(value));
}

function list(value: unknown, explode: boolean | undefined, separator: string, prefix: string): string {
  const items = Array.isArray(value) ? value.map((item) => encode(plain(item)))
    : isObject(value) ? entries(value).map((pair) => pair.map(encode).join(explode ? '=' : ','))
    : [encode(plain(value))];
  return prefix + items.join(separator);
}
