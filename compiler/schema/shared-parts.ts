/**
 * Subschemas that stand in several places of what is checked, as functions of their own: Stripe writes `metadata` and an address into every body, and
 * inline each would be a hundred lines again.
 */
import type { Json } from '../code.js';
import { planReferences, type EvaluationPlan } from './evaluation.js';
import { stableName } from './stable-name.js';

type CheckedObject = { readonly [keyword: string]: Json };
type Checked = CheckedObject | boolean;

const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas', 'gwcCases']);
const SINGLE: ReadonlySet<string> = new Set([
  'items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties', 'if', 'then', 'else', 'gwcNoTag', 'gwcNoObject', 'gwcDefault',
]);
/** Keywords below which the call of a function is as long as what it would check. */
const WORTH_A_CALL = 3;

/** A subschema, wherever it stands. */
interface Part {
  readonly number: number;
  readonly schema: CheckedObject;
  /** The parts of its subschemas, by the objects in `schema`. */
  readonly inner: ReadonlyMap<Json, Part>;
  /** Keywords in it, all in all. */
  readonly keywords: number;
  /** It refers to what leads back to itself: how deep such circles go is counted in calls, which must stay what they are. */
  readonly leadsIntoCircle: boolean;
  /** How often it stands in another part. */
  places: number;
  /** What stands for it wherever it stood, once it is a node. */
  ref: string | undefined;
}

/**
 * `nodes` (by text or reference) with what they have in common as further nodes, `part/…`, and references to those. `isInCircle`: whether what a
 * reference stands for leads back to itself. The same nodes in the same order give the same result.
 */
export function shareParts(nodes: ReadonlyMap<string, Checked>, isInCircle: (ref: string) => boolean): Map<string, Checked> {
  const parts = new Parts(isInCircle);
  const tops = [...nodes].map(([node, schema]) => [node, typeof schema === 'boolean' ? undefined : parts.of(schema)] as const);
  for (const [node, top] of tops) if (top && isWorthACall(top)) top.ref ??= node;

  const result = new Map<string, Checked>();
  const place = (part: Part): CheckedObject => {
    if (part.ref === undefined && part.places > 1 && isWorthACall(part)) {
      const schema = written(part, place);
      part.ref = `part/${stableName(JSON.stringify(schema))}`;
      result.set(part.ref, schema);
    }
    return part.ref === undefined ? written(part, place) : { $ref: part.ref };
  };
  for (const [node, top] of tops) result.set(node, top ? written(top, place) : nodes.get(node)!);
  return result;
}

const isWorthACall = (part: Part): boolean => part.inner.size > 0 && part.keywords >= WORTH_A_CALL && !part.leadsIntoCircle;

/** Equal subschemas are one part. */
class Parts {
  private readonly byText = new Map<string, Part>();
  constructor(private readonly isInCircle: (ref: string) => boolean) {}

  of(schema: CheckedObject): Part {
    const inner = new Map<Json, Part>();
    const below: Part[] = [];
    // No text of JSON begins with `#`.
    const text = textOf(schema, (sub) => {
      const part = this.of(sub);
      inner.set(sub, part);
      below.push(part);
      return `#${part.number}`;
    });
    let part = this.byText.get(text);
    if (part) return part;
    part = {
      number: this.byText.size, schema, inner, keywords: below.reduce((sum, { keywords }) => sum + keywords, Object.keys(schema).length),
      leadsIntoCircle: referencesOf(schema).some(this.isInCircle) || below.some(({ leadsIntoCircle }) => leadsIntoCircle), places: 0, ref: undefined,
    };
    for (const each of below) each.places++;
    this.byText.set(text, part);
    return part;
  }
}

/** `schema` as a text, its subschemas as `sub` writes them. */
function textOf(schema: CheckedObject, sub: (schema: CheckedObject) => string): string {
  let text = '';
  const inner = (value: Json): string => (isObject(value) ? sub(value) : JSON.stringify(value));
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]!;
    text += `${keyword}:`;
    if (LISTS.has(keyword)) for (const item of value as readonly Json[]) text += `${inner(item)},`;
    else if (MAPS.has(keyword)) for (const [name, item] of Object.entries(value as CheckedObject)) text += `${JSON.stringify(name)}${inner(item)},`;
    else text += SINGLE.has(keyword) ? inner(value) : JSON.stringify(value);
    text += '\n';
  }
  return text;
}

/** The part's schema, every subschema as `place` gives it. */
function written({ schema, inner }: Part, place: (part: Part) => CheckedObject): CheckedObject {
  if (inner.size === 0) return schema;
  const at = (value: Json): Json => (isObject(value) ? place(inner.get(value)!) : value);
  const result: Record<string, Json> = {};
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]!;
    if (LISTS.has(keyword)) result[keyword] = (value as readonly Json[]).map(at);
    else if (MAPS.has(keyword)) result[keyword] = Object.fromEntries(Object.entries(value as CheckedObject).map(([name, item]) => [name, at(item)]));
    else result[keyword] = SINGLE.has(keyword) ? at(value) : value;
  }
  return result;
}

const isObject = (value: Json): value is CheckedObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the schema itself, not what is inside it, refers to. */
function referencesOf({ $ref: reference, gwcPlan: plan }: CheckedObject): string[] {
  return [...(typeof reference === 'string' ? [reference] : []), ...(plan === undefined ? [] : planReferences(plan as unknown as EvaluationPlan))];
}
