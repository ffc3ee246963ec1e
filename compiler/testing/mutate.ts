/** Documents with a few things changed, the same ones for the same seed: what fuzz tests are made of. */
import type { Json } from '../code.js';

/** Mulberry32: small, and the same sequence for the same seed everywhere. */
export function random(state: number): (below: number) => number {
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Loose = { [key: string]: Json };

const STRANGE: Json[] = [null, true, 0, -1, 1e308, '', '#', '#/', '#/paths', '~', '${', '${a}', '$ref', [], {}, [[]], { $ref: '#/components' }, { $ref: 7 }, { 'Fn::Sub': [1] }, { Ref: 'x' }, '\u0000', '\ud800', 'a'.repeat(2_000), '[?(@.', '{x}', '/{a}/{a+}/'];
const KEYS = ['$ref', '__proto__', 'constructor', 'x-amazon-apigateway-integration', 'x-gwc', '', 'a/b~c', 'type', 'properties', '200', 'paths', '<<', '\u202e'];

/** Changes one random node: dropped, replaced, swapped with another, doubled or renamed. */
export function mutate(root: Json, pick: (below: number) => number): void {
  const containers: Loose[] = [];
  const collect = (value: Json): void => {
    if (typeof value !== 'object' || value === null || containers.length > 5_000) return;
    containers.push(value as Loose);
    Object.values(value).forEach((child) => collect(child as Json));
  };
  collect(root);
  if (containers.length === 0) return;
  const container = containers[pick(containers.length)]!;
  const keys = Object.keys(container);
  const key = keys[pick(Math.max(1, keys.length))];
  if (key === undefined) return;
  const set = (name: string, value: Json): void => void Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true });
  switch (pick(5)) {
    case 0: Array.isArray(container) ? container.splice(Number(key), 1) : delete container[key]; break;
    case 1: set(key, structuredClone(STRANGE[pick(STRANGE.length)]!)); break;
    case 2: set(key, structuredClone(containers[pick(containers.length)]!) as Json); break;
    case 3: if (!Array.isArray(container)) set(KEYS[pick(KEYS.length)]!, structuredClone(container[key]!) as Json); break;
    case 4: if (!Array.isArray(container)) { set(`${key.slice(0, -1)}`, container[key]!); delete container[key]; } break;
  }
}

/** A text with a few bytes changed. */
export function corrupt(text: string, pick: (below: number) => number): Buffer {
  const bytes = Buffer.from(text);
  for (let n = 1 + pick(3); n > 0; n--) bytes[pick(bytes.length)] = pick(4) === 0 ? pick(256) : ' \n\t:-{}[]"\'&*#|>!%@,'.charCodeAt(pick(20));
  return bytes;
}
