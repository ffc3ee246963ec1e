/**
 * Objects and lists of any depth from pairs of texts: `filter[price][lt]=5&filter[tags]=a&filter[tags]=b&filter[rows][0][id]=1`. OpenAPI
 * defines deepObject for one level; what is below follows what servers read (qs, Rails, PHP) and what gwc's clients write.
 */
import { define, MALFORMED, REPEATED, type Convert } from './text.js';

/** What a place in the value holds, by its schema. Shapes are numbered, so that schemas may contain themselves. */
export interface DeepShape {
  /** How a single text is read. null: there may only be lists or objects. */
  readonly convert: Convert | null;
  /** Shape of a list's items; `NO_LIST`: no list may be here, and `[0]` is a property. */
  readonly items: number;
  /** Declared property → its shape. */
  readonly properties: Readonly<Record<string, number>>;
  /** Shape of properties that are not declared. */
  readonly others: number;
}

export const NO_LIST = -1;
/** A shape nothing is known of: a text, or a list of texts when repeated. */
export const ANY = -2;

/** Brackets in one name. qs reads five; more than this is an attack on memory. */
const MAX_DEPTH = 16;

/** A place that pairs have led to. */
export class DeepPlace {
  private texts: string[] | undefined;
  private isList = false;
  private children: Map<string, DeepPlace> | undefined;

  /** Adds the pair `…path=text`, `path` being `[a][b]` or ''. False when it is malformed. */
  add(path: string, text: string): boolean {
    let place: DeepPlace = this;
    for (let start = 0, depth = 0; start < path.length; depth++) {
      const end = path.indexOf(']', start);
      if (path[start] !== '[' || end < 0 || depth === MAX_DEPTH) return false;
      const segment = path.slice(start + 1, end);
      start = end + 1;
      if (segment.includes('[')) return false;
      if (segment === '') {
        // `[]` can only be an item of its own: what belongs to the same item as what is not told.
        if (start < path.length) return false;
        place.isList = true;
        break;
      }
      place.children ??= new Map();
      let child = place.children.get(segment);
      if (!child) place.children.set(segment, (child = new DeepPlace()));
      place = child;
    }
    (place.texts ??= []).push(text);
    return true;
  }

  /** The value, undefined when nothing led here. What does not fit its shape is left for the schema to refuse. */
  read(shapes: readonly DeepShape[], index: number): unknown {
    const shape = index < 0 ? undefined : shapes[index]!;
    const { texts, children } = this;
    if (texts) return children ? MALFORMED : this.readTexts(texts, shapes, shape);
    if (!children) return undefined;
    const indexes = shape && shape.items !== NO_LIST ? listIndexes(children) : null;
    if (indexes) {
      const list: unknown[] = [];
      for (const key of indexes) {
        const item = children.get(key)!.read(shapes, shape!.items);
        if (item === MALFORMED || item === REPEATED) return item;
        list.push(item);
      }
      return list;
    }
    const object = {};
    for (const [name, child] of children) {
      const own = shape === undefined ? ANY : Object.prototype.hasOwnProperty.call(shape.properties, name) ? shape.properties[name]! : shape.others;
      const value = child.read(shapes, own);
      if (value === MALFORMED || value === REPEATED) return value;
      define(object, name, value);
    }
    return object;
  }

  private readTexts(texts: readonly string[], shapes: readonly DeepShape[], shape: DeepShape | undefined): unknown {
    if (shape === undefined) return this.isList || texts.length > 1 ? [...texts] : texts[0]!;
    const items = shape.items < 0 ? undefined : shapes[shape.items]!;
    const only = texts.length === 1 && !this.isList;
    if (only && (shape.items === NO_LIST || items?.convert === null)) return shape.convert ? shape.convert(texts[0]!) : texts[0]!;
    if (shape.items === NO_LIST && !this.isList) return REPEATED;
    const convert = items?.convert;
    return convert ? texts.map(convert) : [...texts];
  }
}

/** Keys in order when all of them are indexes. Lists may have gaps: what was empty is not written. */
function listIndexes(children: ReadonlyMap<string, DeepPlace>): readonly string[] | null {
  for (const key of children.keys()) if (!/^(?:0|[1-9]\d{0,8})$/.test(key)) return null;
  return [...children.keys()].sort((a, b) => Number(a) - Number(b));
}
