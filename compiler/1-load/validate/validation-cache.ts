/**
 * Which parts of a document swagger-parser has found nothing at all to say about: they need not be judged again. Parts are judged where they stand,
 * without following references, so that what it says of one depends on no other.
 */
import type { Json } from '../../code.js';
import { escapePointer } from '../node.js';
import { setOwn } from '../set-own.js';
import type { SpecVersion } from '../document.js';

type JsonObject = { readonly [key: string]: Json };

/** The maps that hold nearly all of a document, by their path, with the smallest thing that may stand in each. */
const STUBS: readonly (readonly [path: readonly string[], stub: Json])[] = [
  [['paths'], {}], [['webhooks'], {}], [['definitions'], {}], [['parameters'], { name: 'a', in: 'query', type: 'string' }], [['responses'], { description: '' }],
  [['components', 'schemas'], {}], [['components', 'responses'], { description: '' }], [['components', 'parameters'], { name: 'a', in: 'query', schema: {} }], [['components', 'examples'], {}],
  [['components', 'requestBodies'], { content: {} }], [['components', 'headers'], { schema: {} }], [['components', 'pathItems'], {}],
];

interface Part { readonly value: Json; readonly text: string }

export class ValidationCache {
  /** Pointer of a part → what it was. */
  private clean = new Map<string, Part>();
  private version: SpecVersion | undefined;
  /** Of the last document, with the parts that are clean now as stubs. */
  private parts = new Map<string, Part>();

  /** `value` with clean parts replaced by stubs. What is found in it is what is found in `value`. */
  reduce(value: Json, version: SpecVersion): Json {
    if (version !== this.version) this.clean = new Map();
    this.version = version;
    this.parts = new Map();
    let reduced = value;
    for (const [path, stub] of STUBS) {
      const holder = path.reduce<Json | undefined>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
      if (!isObject(holder)) continue;
      const copy: { [key: string]: Json } = {};
      for (const [key, part] of Object.entries(holder)) {
        const pointer = `/${path.join('/')}/${escapePointer(key)}`;
        const before = this.clean.get(pointer);
        // Parts that did not change are the same objects where documents are loaded with a cache, too.
        const now = before?.value === part ? before : { value: part, text: JSON.stringify(part) };
        this.parts.set(pointer, now);
        setOwn(copy, key, isObject(part) && before?.text === now.text ? stub : part);
      }
      reduced = replaced(reduced, path, copy);
    }
    return reduced;
  }

  /** What was found in the value that `reduce` gave last: pointers of all faults. */
  judged(faulty: Iterable<string>): void {
    this.clean = this.parts;
    for (const pointer of faulty) {
      const [first, second, third] = pointer.slice(1).split('/');
      this.clean.delete(`/${first}/${second}`);
      this.clean.delete(`/${first}/${second}/${third}`);
    }
  }
}

function replaced(value: Json, [key, ...rest]: readonly string[], part: Json): Json {
  if (key === undefined) return part;
  const copy: { [key: string]: Json } = {};
  for (const [name, item] of Object.entries(value as JsonObject)) setOwn(copy, name, name === key ? replaced(item, rest, part) : item);
  return copy;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
