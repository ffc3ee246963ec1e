/** Functions whose name stage variables say. */
import { invokeFunction } from './lambda-invoke.js';
import type { Invoke } from './lambda-proxy.js';
import { parseFunction } from './lambda-reference.js';

/** Stages are few and their variables do not change. */
const onAws = /* @__PURE__ */ new Map<string, Invoke>();

/** `bound`: functions that run elsewhere, by name. */
export function functionByVariables(reference: string, region: string, bound: Readonly<Record<string, Invoke>>): Invoke {
  const name = parseFunction(reference)?.name;
  if (name !== undefined && Object.hasOwn(bound, name)) return bound[name]!;
  const key = `${region} ${reference}`;
  let invoke = onAws.get(key);
  if (invoke === undefined) onAws.set(key, (invoke = invokeFunction(reference, '', region)));
  return invoke;
}
