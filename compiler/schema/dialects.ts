/** Which keywords each dialect knows and what kind of value they hold. */
import type { Dialect } from '../ir.js';

/**
 * How a keyword's value is read: 'schema', 'schemas' (a list), 'map' (name → schema), 'annotation' (kept as it is), 'skip' (known,
 * means nothing to a gateway), or what an assertion's value must be.
 */
export type KeywordKind =
  | 'schema' | 'schemas' | 'map' | 'annotation' | 'skip' | 'number' | 'count' | 'positive' | 'boolean' | 'string' | 'strings' | 'list' | 'value' | 'own';

const COMMON: Record<string, KeywordKind> = {
  type: 'own', format: 'own', pattern: 'own', enum: 'list', required: 'own', properties: 'map', additionalProperties: 'own', items: 'own',
  allOf: 'schemas', anyOf: 'schemas', oneOf: 'schemas', not: 'schema',
  multipleOf: 'positive', minimum: 'number', maximum: 'number', exclusiveMinimum: 'own', exclusiveMaximum: 'own',
  minLength: 'count', maxLength: 'count', minItems: 'count', maxItems: 'count', uniqueItems: 'boolean', minProperties: 'count', maxProperties: 'count',
  title: 'annotation', description: 'annotation', default: 'annotation', readOnly: 'boolean',
  discriminator: 'own', example: 'own', externalDocs: 'skip', xml: 'skip',
};

const KEYWORDS: Record<Dialect, ReadonlyMap<string, KeywordKind>> = {
  'draft-04': new Map(Object.entries<KeywordKind>({
    ...COMMON, patternProperties: 'map', additionalItems: 'own', dependencies: 'own', definitions: 'skip', id: 'skip', $schema: 'skip', deprecated: 'boolean', writeOnly: 'boolean', nullable: 'own',
  })),
  'oas-3.0': new Map(Object.entries<KeywordKind>({ ...COMMON, nullable: 'own', writeOnly: 'boolean', deprecated: 'boolean' })),
  'oas-3.1': new Map(Object.entries<KeywordKind>({
    ...COMMON, writeOnly: 'boolean', deprecated: 'boolean', examples: 'list', const: 'value', nullable: 'own',
    prefixItems: 'schemas', contains: 'schema', minContains: 'count', maxContains: 'count', patternProperties: 'map', propertyNames: 'schema',
    dependentRequired: 'own', dependentSchemas: 'map', if: 'schema', then: 'schema', else: 'schema', unevaluatedItems: 'schema', unevaluatedProperties: 'schema',
    contentEncoding: 'string', contentMediaType: 'string', contentSchema: 'schema',
    $id: 'skip', $anchor: 'skip', $dynamicAnchor: 'skip', $dynamicRef: 'own', $defs: 'skip', definitions: 'skip', $comment: 'skip', $schema: 'skip', $vocabulary: 'skip',
    dependencies: 'own', additionalItems: 'own',
  })),
};

export const keywordsOf = (dialect: Dialect): ReadonlyMap<string, KeywordKind> => KEYWORDS[dialect];

/** How messages call a dialect. */
export const DIALECT_NAME: Record<Dialect, string> = { 'draft-04': 'JSON Schema draft-04', 'oas-3.0': 'OpenAPI 3.0', 'oas-3.1': 'OpenAPI 3.1' };

const LATER = KEYWORDS['oas-3.1'];
/** The dialect that has `keyword` when `dialect` does not. */
export function laterDialect(keyword: string, dialect: Dialect): string | undefined {
  if (dialect === 'oas-3.1') return undefined;
  if (dialect === 'oas-3.0' && KEYWORDS['draft-04'].has(keyword)) return 'JSON Schema draft-04 and OpenAPI 3.1';
  return LATER.has(keyword) ? 'OpenAPI 3.1' : undefined;
}
