/** Code that turns texts into the values a schema speaks of. */
import { code, helper, join, type Code } from '../code.js';
import type { Unit } from '../feature.js';
import type { Schema } from '../ir.js';
import { propertiesOf, valueTypes, type ValueType } from './value-types.js';

const text = helper<typeof import('../../runtime/parameters/text.js')>();

/** How one text becomes a value of `schema`. */
export function conversion(schema: Schema, unit: Unit): Code {
  const types = valueTypes(schema, unit.api.schemas);
  const steps: Code[] = [];
  const has = (type: ValueType): boolean => types?.has(type) === true;
  if (has('integer') || has('number')) steps.push(code`${text('parameters/text', 'toNumber')}`);
  if (has('boolean')) steps.push(code`${text('parameters/text', 'toBoolean')}`);
  // Where any text is a value, "null" is one.
  if (has('null') && !has('string')) steps.push(code`${text('parameters/text', 'toNull')}`);
  if (steps.length === 0) return code`${text('parameters/text', 'toText')}`;
  return steps.length === 1 ? steps[0]! : unit.constant('to value', code`${text('parameters/text', 'toAny')}([${join(steps, ', ')}])`);
}

/** Whether `conversion` changes anything. */
export function isPlainText(schema: Schema, unit: Unit): boolean {
  const types = valueTypes(schema, unit.api.schemas);
  return !types || !(['integer', 'number', 'boolean'] as const).some((type) => types.has(type)) && (!types.has('null') || types.has('string'));
}

/** A table: declared property → conversion. Properties that stay text are listed too where `all` asks for every declared name. */
export function conversions(schema: Schema, unit: Unit, all = false): Code {
  const entries = [...propertiesOf(schema, unit.api.schemas)].filter(([, property]) => all || !isPlainText(property, unit));
  return unit.constant('properties', table(entries.map(([name, property]): [string, Code] => [name, conversion(property, unit)])));
}

/** An object literal whose keys come from a document. */
export function table(entries: readonly (readonly [string, Code])[]): Code {
  return code`{ ${join(entries.map(([name, value]) => code`[${name}]: ${value}`), ', ')} }`;
}

/** What a parameter's value looks like. */
export function shapeOf(schema: Schema, unit: Unit): 'list' | 'object' | 'scalar' {
  const types = valueTypes(schema, unit.api.schemas);
  if (!types) return propertiesOf(schema, unit.api.schemas).size > 0 ? 'object' : 'scalar';
  if (types.has('array')) return 'list';
  return types.has('object') ? 'object' : 'scalar';
}
