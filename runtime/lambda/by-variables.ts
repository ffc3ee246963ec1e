/** Functions whose name or alias stage variables say. */
import { parseFunction } from './reference.js';

/** Stages are few and their variables do not change. */
const made = /* @__PURE__ */ new Map<unknown, Map<string, unknown>>();

/** `bound`: functions that run elsewhere, by name; a text is the URL of an Invoke endpoint, which is asked for the alias too. `make`: invokeFunction or invokeStream. */
export function functionByVariables<I>(reference: string, region: string, bound: Readonly<Record<string, I | string>>, make: (reference: string, endpoint: string, region: string) => I): I {
  const name = parseFunction(reference)?.name;
  const target = name !== undefined && Object.hasOwn(bound, name) ? bound[name]! : '';
  if (typeof target !== 'string') return target;
  let known = made.get(make);
  if (known === undefined) made.set(make, (known = new Map()));
  const key = `${region} ${reference} ${target}`;
  let invoke = known.get(key) as I | undefined;
  if (invoke === undefined) known.set(key, (invoke = make(reference, target, region)));
  return invoke;
}
