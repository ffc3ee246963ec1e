import type { Origin } from '../../diagnostics/define.js';
import { escapePointer, parsePointer } from '../node.js';

interface Trace { place?: { readonly file: string; readonly pointer: string }; children?: Map<string, Trace> }

/** Remembers which nodes of the changed document came from elsewhere: from an overlay, or from another index of a list. */
export class Provenance {
  private readonly root: Trace;

  constructor(file: string) { this.root = { place: { file, pointer: '' } }; }

  /** Where the node at `path` of the changed document stands in a text. */
  placeOf(path: readonly string[]): { readonly file: string; readonly pointer: string } {
    let trace: Trace | undefined = this.root;
    let { file, pointer } = this.root.place!;
    for (const token of path) {
      trace = trace?.children?.get(token);
      if (trace?.place) ({ file, pointer } = trace.place);
      else pointer = `${pointer}/${escapePointer(token)}`;
    }
    return { file, pointer };
  }

  /** The node at `path`, and all below it, now come from `place`. */
  set(path: readonly string[], place: { readonly file: string; readonly pointer: string }): void {
    if (path.length === 0) {
      this.root.place = place;
      delete this.root.children;
      return;
    }
    const parent = this.reach(path.slice(0, -1));
    (parent.children ??= new Map()).set(path.at(-1)!, { place });
  }

  /** The element `index` of the list at `path` is gone: those behind it move up. `length` counts the elements before. */
  removeElement(path: readonly string[], index: number, length: number): void {
    const places = Array.from({ length }, (_, at) => this.placeOf([...path, String(at)]));
    const list = this.reach(path);
    const before = list.children ?? new Map<string, Trace>();
    const after = new Map<string, Trace>();
    for (let at = 0; at < length; at++) {
      if (at === index) continue;
      const known = before.get(String(at));
      after.set(String(at < index ? at : at - 1), { place: places[at]!, ...(known?.children && { children: known.children }) });
    }
    list.children = after;
  }

  removeKey(path: readonly string[]): void {
    this.reach(path.slice(0, -1)).children?.delete(path.at(-1)!);
  }

  trace(origin: Origin): Origin {
    if (origin.span) return origin;
    const place = this.placeOf(parsePointer(origin.pointer));
    return { ...origin, ...place };
  }

  private reach(path: readonly string[]): Trace {
    let trace = this.root;
    for (const token of path) {
      trace.children ??= new Map();
      let next = trace.children.get(token);
      if (!next) trace.children.set(token, (next = {}));
      trace = next;
    }
    return trace;
  }
}
