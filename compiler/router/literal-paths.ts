import { wireForms, type ByteTest } from './path-bytes.js';
import type { RouteNode } from './route-tree.js';

/** A literal way on from a node. */
export interface LiteralPath {
  /** One segment, or several that can only follow one another; more than one where clients send the text in two ways. */
  readonly forms: readonly (readonly ByteTest[])[];
  /** Length of the first segment in each form. */
  readonly firstLengths: readonly number[];
  /** Where it leads. */
  readonly node: RouteNode;
}

/** In the order of the texts. No path is the beginning of another's but at a slash. */
export function literalPaths(node: RouteNode): LiteralPath[] {
  return [...node.statics].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { text, node: child }]) => {
    const forms = wireForms(text);
    const { bytes, node: next } = onlyWay(child);
    return { forms: forms.map((form) => [...form, ...bytes]), firstLengths: forms.map((form) => form.length), node: next };
  });
}

/** The segments below `node` while there is only one way on: `actions/runs` is compared in one go. */
function onlyWay(node: RouteNode): { bytes: ByteTest[]; node: RouteNode } {
  const bytes: ByteTest[] = [];
  while (node.statics.size === 1 && node.routes.size === 0 && node.mixed.size === 0 && !node.variable && node.greedy.size === 0) {
    const [only] = node.statics.values();
    const forms = wireForms(only!.text);
    if (forms.length > 1) break;
    bytes.push(0x2f, ...forms[0]!);
    node = only!.node;
  }
  return { bytes, node };
}
