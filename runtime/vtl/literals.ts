/** Values that generated code cannot write as JavaScript literals. */
import { InputObject, UtilObject } from './builtin-objects.js';
import { bigInteger } from './arithmetic.js';
import { JavaDouble, JavaMap } from './values.js';
import type { JsonPath } from './jsonpath/path.js';
import type { TemplateScope } from './scope.js';
import type { JavaBigInteger, Value } from './values.js';

export function double(value: number): JavaDouble { return new JavaDouble(value); }
export function big(value: bigint): JavaBigInteger { return bigInteger(value); }
export function jsonPath(path: JsonPath): JsonPath { return path; }

/** `{key: value, …}` from a flat list. */
export function mapOf(entries: readonly Value[]): JavaMap {
  const map = new JavaMap();
  for (let i = 0; i < entries.length; i += 2) map.put(entries[i]!, entries[i + 1]!);
  return map;
}

export function inputObject(scope: TemplateScope): Value { return new InputObject(scope.input); }
export function utilObject(scope: TemplateScope): Value { return new UtilObject(scope.input); }
