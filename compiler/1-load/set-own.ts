import type { Json } from '../code.js';

/** `object[key] = value`, also for `__proto__`: a plain assignment to that would set the prototype. */
export function setOwn(object: { [key: string]: Json }, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
