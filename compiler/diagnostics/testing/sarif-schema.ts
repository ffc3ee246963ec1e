/** The part of SARIF 2.1.0 (OASIS standard, section 3) that gwc writes, as a schema that lets nothing else pass. */
import { Ajv } from 'ajv';

export interface SarifLog { readonly runs: readonly { readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }; readonly results: readonly SarifResult[] }[] }
interface SarifResult { readonly ruleId: string; readonly ruleIndex: number; readonly message: { readonly text: string }; readonly locations: readonly SarifLocation[]; readonly relatedLocations?: readonly SarifLocation[] }
interface SarifLocation { readonly physicalLocation: { readonly region: { readonly startLine: number } } }

const object = (required: Record<string, object>, optional: Record<string, object> = {}): object => ({ type: 'object', required: Object.keys(required), properties: { ...required, ...optional }, additionalProperties: false });
const text = { type: 'string' };
// §3.8.2: characters that a URI has, nothing else; relative ones too.
const uri = { type: 'string', pattern: "^(?:[A-Za-z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$" };
const level = { enum: ['none', 'note', 'warning', 'error'] };
// §3.30: lines and columns count from 1; endColumn is that of the character after the region.
const count = { type: 'integer', minimum: 1 };
const location = (own: Record<string, object>): object => object({
  physicalLocation: object({ artifactLocation: object({ uri }, { uriBaseId: text }), region: object({ startLine: count, startColumn: count }, { endColumn: count }) }),
  ...own,
}, { logicalLocations: { type: 'array', minItems: 1, uniqueItems: true, items: object({ fullyQualifiedName: text, kind: text }) } });

const LOG = object({
  $schema: { const: 'https://json.schemastore.org/sarif-2.1.0.json' },
  version: { const: '2.1.0' },
  runs: { type: 'array', minItems: 1, maxItems: 1, items: object({
    tool: object({ driver: object({ name: text, semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' }, rules: { type: 'array', uniqueItems: true, items: object({ id: text }, {
      fullDescription: object({ text }), help: object({ text }, { markdown: text }), defaultConfiguration: object({ level }),
    }) } }) }),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    // §3.14.14: absolute, and ending in a slash.
    originalUriBaseIds: { type: 'object', additionalProperties: object({ uri: { ...uri, pattern: '^[a-z]+:.*/$' } }) },
    results: { type: 'array', items: object({
      ruleId: text, ruleIndex: { type: 'integer', minimum: 0 }, level, message: object({ text: { type: 'string', minLength: 1 } }), locations: { type: 'array', minItems: 1, items: location({}) },
    }, { relatedLocations: { type: 'array', uniqueItems: true, items: location({ id: { type: 'integer', minimum: 0 }, message: object({ text }) }) } }) },
  }) },
});

const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(LOG);

/** What does not conform, by place. */
export function sarifFaults(log: unknown): string[] {
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
