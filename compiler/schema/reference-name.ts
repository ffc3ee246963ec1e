/** What schemas are called: `$ref` values of the IR and the names behind them. */
import type { Schema } from '../ir.js';

const PREFIX = '#/schemas/';

/** The IR's reference to a named schema. The name follows as it is: no JSON Pointer or percent escapes. */
export const reference = (name: string): { readonly $ref: string } => ({ $ref: PREFIX + name });

/** The name a schema's `$ref` stands for; undefined when it has none. */
export function referenceName(schema: Schema): string | undefined {
  return typeof schema === 'object' && typeof schema['$ref'] === 'string' ? schema['$ref'].slice(PREFIX.length) : undefined;
}

const MODEL_URL = /^https:\/\/apigateway\.[a-z0-9.-]*amazonaws\.com(?:\.cn)?\/restapis\/[^/]+\/models\/([^/?#]+)$/;

/** The model's name in `https://apigateway.amazonaws.com/restapis/{id}/models/{name}`, as API Gateway writes references between models. */
export function modelName(reference: string): string | undefined {
  const name = MODEL_URL.exec(reference)?.[1];
  if (name === undefined) return undefined;
  try { return decodeURIComponent(name); } catch { return name; }
}

const STRUCTURE = new Set(['schema', 'schemas', 'components', 'definitions', 'properties', 'items', 'content', 'allOf', 'anyOf', 'oneOf', 'responses', 'paths', '$defs', 'parameters', 'requestBody', 'requestBodies', 'headers', '']);

/**
 * A readable name for a schema that is referred to but stands in no `components.schemas`: the telling parts of where it is,
 * e.g. `pets.yaml` → pets, `#/components/schemas/Pet/properties/owner` → PetOwner.
 */
export function derivedName(file: string, tokens: readonly string[]): string {
  const telling = tokens.filter((token) => !STRUCTURE.has(token)).slice(-2).map(words);
  const parts = telling.filter((part) => part !== '');
  if (parts.length === 0) parts.push(words(file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '')));
  const name = parts.map((part, index) => (index === 0 ? part : part[0]!.toUpperCase() + part.slice(1))).join('');
  return name === '' ? 'Schema' : name;
}

const words = (text: string): string => text.split(/[^A-Za-z0-9_]+/).filter(Boolean).map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('');
