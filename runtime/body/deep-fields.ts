/** Forms with properties in the style deepObject: `metadata[order]=7&items[0][price]=p1`. */
import { DeepPlace, type DeepShape } from '../parameters/deep.js';
import { define, MALFORMED, REPEATED } from '../parameters/text.js';
import { fieldsObject, type Field, type FieldReaders, type FieldsObject } from './fields.js';

/** As `fieldsObject`; `deep`: the properties whose fields have brackets in their names, and their shapes. */
export function deepFieldsObject(fields: ReadonlyMap<string, Field>, readers: FieldReaders, deep: Readonly<Record<string, readonly DeepShape[]>>): FieldsObject {
  const places = new Map<string, DeepPlace>();
  const others = new Map<string, Field>();
  const unreadable = new Set<string>();
  for (const [key, field] of fields) {
    const bracket = key.indexOf('[');
    const name = bracket < 0 ? key : key.slice(0, bracket);
    if (!Object.prototype.hasOwnProperty.call(deep, name)) { others.set(key, field); continue; }
    let place = places.get(name);
    if (!place) places.set(name, (place = new DeepPlace()));
    for (const value of field.values) if (!place.add(key.slice(name.length), value)) unreadable.add(name);
  }
  const { value, malformed } = fieldsObject(others, readers);
  for (const [name, place] of places) {
    const read = place.read(deep[name]!, 0);
    if (read === MALFORMED || read === REPEATED) unreadable.add(name);
    else define(value, name, read);
  }
  return { value, malformed: [...malformed, ...Array.from(unreadable, (name): [string, string] => [name, 'has brackets in the names of its fields that contradict each other'])] };
}
