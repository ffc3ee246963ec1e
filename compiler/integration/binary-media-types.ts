import type { Node } from '../1-load/node.js';

/** `x-amazon-apigateway-binary-media-types`, lower case: which bodies are bytes and not text. */
export function readBinaryMediaTypes(root: Node): string[] {
  const types = (root.get('x-amazon-apigateway-binary-media-types')?.items() ?? []).map((item) => item.value).filter((value) => typeof value === 'string');
  return [...new Set(types.map((type) => type.trim().toLowerCase()))].sort();
}
