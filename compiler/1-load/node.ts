import type { Json } from '../code.js';
import type { Origin } from '../diagnostics/define.js';
import type { Document } from './document.js';

/** A cursor over a loaded document: a value and where it came from. */
export class Node {
  constructor(readonly document: Document, readonly file: string, readonly pointer: string, readonly value: Json) {}

  static root(document: Document): Node {
    return new Node(document, document.entry, '', document.files.get(document.entry)!.root);
  }

  get origin(): Origin { return { file: this.file, pointer: this.pointer }; }

  /** The origin of the key under which this node stands. */
  get keyOrigin(): Origin { return { file: this.file, pointer: this.pointer, key: true }; }

  get isObject(): boolean { return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value); }
  get isArray(): boolean { return Array.isArray(this.value); }

  /** The child `key` of an object or array; undefined when there is none. Own properties only. Does not follow `$ref`. */
  at(key: string | number): Node | undefined {
    const value = this.value;
    if (typeof value !== 'object' || value === null || !Object.prototype.hasOwnProperty.call(value, key)) return undefined;
    return new Node(this.document, this.file, `${this.pointer}/${escapePointer(String(key))}`, (value as Record<string, Json>)[key]!);
  }

  /** The child with `$ref` followed. */
  get(key: string | number): Node | undefined { return this.at(key)?.follow(); }

  /** Own entries of an object in the document's order; [] for anything else. `$ref`s are not followed. */
  entries(): [string, Node][] {
    return this.isObject ? Object.keys(this.value as object).map((key) => [key, this.at(key)!]) : [];
  }

  /** Elements of an array; [] for anything else. `$ref`s are not followed. */
  items(): Node[] {
    return Array.isArray(this.value) ? this.value.map((_, index) => this.at(index)!) : [];
  }

  /**
   * The node a `$ref` leads to, through any number of hops. Itself when there is none. A reference that leads nowhere or round in
   * a circle was reported by 1-load; such a node stands for an empty object.
   */
  follow(): Node {
    let node: Node = this;
    let seen: Set<string> | undefined;
    for (let hops = 0; ; hops++) {
      const reference = node.reference;
      if (reference === undefined) return node;
      // Nearly all references lead to no other one: only then may there be a circle.
      const id = hops === 0 ? undefined : `${node.file}#${node.pointer}`;
      const target = id !== undefined && seen?.has(id) ? undefined : node.document.resolve(node.file, reference);
      if (id !== undefined) (seen ??= new Set()).add(id);
      const next = target && nodeAt(node.document, target);
      if (!next) return new Node(node.document, node.file, node.pointer, {});
      node = next;
    }
  }

  /** The value of `$ref` when this is a reference object. */
  get reference(): string | undefined {
    if (!this.isObject) return undefined;
    const reference = (this.value as Record<string, Json>)['$ref'];
    return typeof reference === 'string' ? reference : undefined;
  }

  /** Thousands of references lead to the same few places: each is looked up once. */
  static find(document: Document, file: string, pointer: string): Node | undefined {
    const { byId } = foundIn(document);
    const id = `${file}#${pointer}`;
    if (!byId.has(id)) byId.set(id, look(document, file, pointer));
    return byId.get(id);
  }

  string(key: string): string | undefined {
    const value = this.get(key)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  boolean(key: string): boolean | undefined {
    const value = this.get(key)?.value;
    return typeof value === 'boolean' ? value : undefined;
  }

  number(key: string): number | undefined {
    const value = this.get(key)?.value;
    return typeof value === 'number' ? value : undefined;
  }
}

type Place = NonNullable<ReturnType<Document['resolve']>>;
interface Found { readonly byId: Map<string, Node | undefined>; readonly byPlace: Map<Place, Node | undefined> }
const found = new WeakMap<Document, Found>();

function foundIn(document: Document): Found {
  let known = found.get(document);
  if (known === undefined) found.set(document, (known = { byId: new Map(), byPlace: new Map() }));
  return known;
}

/** A document gives the same place each time for the same reference: no text need be made to look for it. */
function nodeAt(document: Document, place: Place): Node | undefined {
  const { byPlace } = foundIn(document);
  let node = byPlace.get(place);
  if (node === undefined && !byPlace.has(place)) byPlace.set(place, (node = Node.find(document, place.file, place.pointer)));
  return node;
}

function look(document: Document, file: string, pointer: string): Node | undefined {
  const root = document.files.get(file)?.root;
  if (root === undefined) return undefined;
  let node: Node | undefined = new Node(document, file, '', root);
  for (const token of parsePointer(pointer)) node = node?.at(token);
  return node;
}

export function escapePointer(token: string): string {
  return token.includes('~') || token.includes('/') ? token.replace(/~/g, '~0').replace(/\//g, '~1') : token;
}

export function parsePointer(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~'));
}
