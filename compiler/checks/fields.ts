/** Code that reads the fields of form bodies as the properties of their schema. */
import { code, helper, type Code } from '../code.js';
import type { Unit } from '../feature.js';
import type { MediaType, Schema } from '../ir.js';
import { conversion, shapeOf, table } from './conversion.js';
import { deepShapes } from './deep-shapes.js';
import { parseRange, rangesCode } from './media-types.js';
import { itemsOf, propertiesOf } from './value-types.js';

const fields = helper<typeof import('../../runtime/body/fields.js')>();
const deepFields = helper<typeof import('../../runtime/body/deep-fields.js')>();

const SEPARATORS: Readonly<Record<string, string>> = { form: ',', spaceDelimited: ' ', pipeDelimited: '|', tabDelimited: '\t' };

/**
 * The function that makes fields the object of their schema. `isForm`: url-encoded, where lists and objects may be spread over several fields
 * (encoding object; objects are JSON unless it says otherwise).
 */
export function fieldsReader(media: Pick<MediaType, 'encoding'>, schema: Schema, isForm: boolean, unit: Unit): Code {
  const properties = [...propertiesOf(schema, unit.api.schemas)];
  const isDeep = ([name, property]: readonly [string, Schema]): boolean => isForm && media.encoding[name]?.style === 'deepObject' && media.encoding[name].contentType === undefined && shapeOf(property, unit) !== 'scalar';
  const readers = unit.constant('fields', table(properties.filter((property) => !isDeep(property)).map(([name, property]): [string, Code] => [name, fieldReader(media.encoding[name], property, unit)])));
  const deep = properties.filter(isDeep);
  if (deep.length === 0) return code`(fields) => ${fields('body/fields', 'fieldsObject')}(fields, ${readers})`;
  const shapes = unit.constant('deep fields', table(deep.map(([name, property]): [string, Code] => [name, deepShapes(property, unit)])));
  return code`(fields) => ${deepFields('body/deep-fields', 'deepFieldsObject')}(fields, ${readers}, ${shapes})`;
}

function fieldReader(encoding: MediaType['encoding'][string] | undefined, property: Schema, unit: Unit): Code {
  const shape = shapeOf(property, unit);
  const isJson = encoding?.contentType !== undefined && /[/+]json\b/i.test(encoding.contentType);
  if (shape === 'list') {
    const items = itemsOf(property, unit.api.schemas);
    if (isJson) return code`${fields('body/fields', 'jsonValue')}`;
    if (shapeOf(items, unit) === 'object') return code`${fields('body/fields', 'jsonValues')}`;
    if (encoding && !encoding.explode) return code`${fields('body/fields', 'delimitedValue')}(${SEPARATORS[encoding.style] ?? ','}, ${conversion(items, unit)})`;
    return code`${fields('body/fields', 'eachValue')}(${conversion(items, unit)})`;
  }
  if (isJson || shape === 'object') return code`${fields('body/fields', 'jsonValue')}`;
  return code`${fields('body/fields', 'oneValue')}(${conversion(property, unit)})`;
}

/** Table: field → content types its parts may have, for those an encoding object restricts. */
export function partTypes(media: MediaType, unit: Unit): Code {
  const entries = Object.entries(media.encoding).flatMap(([name, { contentType }]): [string, Code][] => {
    const ranges = (contentType ?? '').split(',').map(parseRange).filter((range) => range !== undefined);
    return ranges.length === 0 ? [] : [[name, rangesCode(ranges)]];
  });
  return unit.constant('part types', table(entries));
}
