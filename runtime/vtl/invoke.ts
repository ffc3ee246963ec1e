/** Method calls: which implementation a name means depends on the class of the object at run time. */
import { kindOf } from './values.js';
import type { Kind, Value } from './values.js';

export type Method = (self: never, args: readonly Value[]) => Value;
/** The implementations of one method name by kind of object; `any` when every object has it. */
export type Methods = { readonly [kind in Kind | 'any']?: Method };

/** Gives a table of implementations its type. */
export function methods(table: Methods): Methods { return table; }

/** `$target.name(…)`: null when the target is null or has no such method. */
export function invoke(target: Value, table: Methods, args: readonly Value[]): Value {
  if (target === null || target === undefined) return null;
  const kind = kindOf(target);
  if (kind === 'special') return null;
  const method = table[kind] ?? table.any;
  return method === undefined ? null : (method as (self: Value, args: readonly Value[]) => Value)(target, args);
}

/** The same when the target may be one of the engine's own objects (`$foreach`, `$input` …). */
export function invokeNamed(target: Value, name: string, table: Methods, args: readonly Value[]): Value {
  return typeof target === 'object' && target !== null && target.kind === 'special' ? target.call(name, args) : invoke(target, table, args);
}
