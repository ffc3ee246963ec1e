/** Properties that are true or false and decide who gets in, or what is checked: they must be known in a build. */
import * as diagnostics from './diagnostics.js';
import type { JsonObject } from './is-template.js';
import type { Template } from './template.js';

export function paramHint(names: readonly string[]): string {
  return names.length === 0 ? 'give it a value' : `give it a value: ${names.slice(0, 3).map((name) => `--param '${name}=…'`).join(' ')}`;
}

/** Whether a property holds; `absent` when it is not there. One without a value is reported. `pointer`: of the properties. */
export function flagOf(template: Template, properties: JsonObject, name: string, pointer: string, absent = false): boolean {
  const written = properties[name];
  const value = written === undefined ? undefined : template.chosen(written);
  if (value === undefined) return absent;
  const flag = template.flag(value);
  if (flag === undefined) template.report(diagnostics.BAD_PROPERTY, `${pointer}/${name}`, { name, expected: 'true or false', hint: template.unknownIn(value).length > 0 ? paramHint(template.unknownIn(value)) : `write ${name}: true` });
  return flag ?? absent;
}
