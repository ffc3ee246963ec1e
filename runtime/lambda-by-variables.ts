/** Functions whose name or alias stage variables say. */
import { invokeFunction } from './lambda-invoke.js';
import type { Invoke } from './lambda-proxy.js';
import { parseFunction } from './lambda-reference.js';

/** Stages are few and their variables do not change. */
const invokes = /* @__PURE__ */ new Map<string, Invoke>();

/** `bound`: functions that run elsewhere, by name; a text is the URL of an Invoke endpoint, which is asked for the alias too. */
export function functionByVariables(reference: string, region: string, bound: Readonly<Record<string, Invoke | string>>): Invoke {
  const name = parseFunction(reference)?.name;
  const target = name !== undefined && Object.hasOwn(bound, name) ? bound[name]! : '';
  if (typeof target !== 'string') return target;
  const key = `${region} ${reference} ${target}`;
  let invoke = invokes.get(key);
  if (invoke === undefined) invokes.set(key, (invoke = invokeFunction(reference, target, region)));
  return invoke;
}
