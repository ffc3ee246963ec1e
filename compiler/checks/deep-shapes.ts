/** What the gateway has to know of a schema to read `name[a][b]=c` as a value of it: a numbered list of shapes, the schema's own first. */
import { code, helper, join, typeHelper, type Code } from '../code.js';
import type { Unit } from '../feature.js';
import type { Schema } from '../ir.js';
import { referenceName } from '../schema/index.js';
import { conversion, table } from './conversion.js';
import { additionalOf, itemsOf, propertiesOf, valueTypes } from './value-types.js';

const deep = helper<typeof import('../../runtime/parameters/deep.js')>();

/** Brackets that the gateway reads: what no name can reach has no shape. */
const MAX_DEPTH = 16;
/** Schemas are written once each; those without a name may still unfold into very many. */
const MAX_SHAPES = 2_000;

interface Place { readonly schema: Schema; readonly depth: number }

/** The expression for a `readonly DeepShape[]`. */
export function deepShapes(schema: Schema, unit: Unit): Code {
  const named = unit.api.schemas;
  const places: Place[] = [];
  const known = new Map<unknown, number>();
  const any = deep('parameters/deep', 'ANY');
  const indexOf = (of: Schema, depth: number): Code => {
    if (typeof of === 'boolean' || depth > MAX_DEPTH || (valueTypes(of, named) === undefined && propertiesOf(of, named).size === 0)) return code`${any}`;
    const key = referenceName(of) ?? of;
    let index = known.get(key);
    if (index === undefined) {
      if (places.length >= MAX_SHAPES) return code`${any}`;
      known.set(key, (index = places.length));
      places.push({ schema: of, depth });
    }
    return code`${index}`;
  };
  indexOf(schema, 0);
  const shapes: Code[] = [];
  for (let at = 0; at < places.length; at++) {
    const { schema: own, depth } = places[at]!;
    const types = valueTypes(own, named);
    // Who declares properties and no type means an object.
    const isText = types !== undefined && [...types].some((type) => type !== 'array' && type !== 'object');
    const items = types?.has('array') ? indexOf(itemsOf(own, named), depth + 1) : code`${deep('parameters/deep', 'NO_LIST')}`;
    const mayBeObject = types === undefined || types.has('object');
    const properties = mayBeObject ? [...propertiesOf(own, named)].map(([name, property]): [string, Code] => [name, indexOf(property, depth + 1)]) : [];
    const others = mayBeObject ? indexOf(additionalOf(own, named), depth + 1) : code`${any}`;
    shapes.push(code`{ convert: ${isText ? conversion(own, unit) : code`null`}, items: ${items}, properties: ${table(properties)}, others: ${others} }`);
  }
  return unit.constant('shapes', code`[${join(shapes, ', ')}] as readonly ${typeHelper('parameters/deep', 'DeepShape')}[]`);
}
