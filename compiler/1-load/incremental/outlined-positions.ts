import type { NodeSpan, Positions } from '../../diagnostics/locate.js';
import { JsonPositions } from '../json-positions.js';
import type { OutlineEntry, OutlineNode } from './outline.js';

/** Where the nodes of an outlined JSON text stand: only what is below the outline is looked for in the text. */
export class OutlinedPositions implements Positions {
  private readonly inner: JsonPositions;
  private readonly byKey = new Map<OutlineNode, ReadonlyMap<string, OutlineEntry>>();

  constructor(text: string, private readonly root: OutlineNode) {
    this.inner = new JsonPositions(text);
  }

  find(tokens: readonly string[]): NodeSpan | undefined {
    let node = this.root;
    let span: NodeSpan = { value: [node.start, node.end] };
    for (const [index, token] of tokens.entries()) {
      if (!node.entries) return this.inner.below(span, tokens.slice(index));
      const entry = this.entriesOf(node).get(token);
      if (!entry) return undefined;
      node = entry;
      span = { key: [entry.keyStart, entry.keyEnd], value: [entry.start, entry.end] };
    }
    return span;
  }

  private entriesOf(node: OutlineNode): ReadonlyMap<string, OutlineEntry> {
    let entries = this.byKey.get(node);
    if (!entries) this.byKey.set(node, (entries = new Map(node.entries!.map((entry) => [entry.key, entry]))));
    return entries;
  }
}
