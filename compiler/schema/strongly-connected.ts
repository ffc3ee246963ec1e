/** Which nodes of a graph lie on cycles together (Tarjan 1972), leaves first. With a stack of its own: graphs of documents can be deep. */

export interface Components {
  /** Every node after all it leads to, but for cycles. */
  readonly order: readonly string[];
  /** Nodes have the same number when each leads to the other. A node alone shares its number with itself: ask for edges too. */
  readonly componentOf: ReadonlyMap<string, number>;
}

export function components(nodes: readonly string[], edges: (node: string) => readonly string[]): Components {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const componentOf = new Map<string, number>();
  const open: string[] = [];
  const order: string[] = [];
  let count = 0;
  for (const start of nodes) {
    if (index.has(start)) continue;
    const work: { node: string; at: number }[] = [{ node: start, at: 0 }];
    while (work.length > 0) {
      const frame = work[work.length - 1]!;
      const { node } = frame;
      if (frame.at === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node)!);
        open.push(node);
      }
      const target = edges(node)[frame.at++];
      if (target !== undefined) {
        if (!index.has(target)) work.push({ node: target, at: 0 });
        else if (!componentOf.has(target)) low.set(node, Math.min(low.get(node)!, index.get(target)!));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1]?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(node)!));
      if (low.get(node) !== index.get(node)) continue;
      for (;;) {
        const member = open.pop()!;
        componentOf.set(member, count);
        if (member === node) break;
      }
      count++;
    }
  }
  // Tarjan closes components leaves first; inside one any order will do, so the nodes' own is kept.
  order.push(...[...nodes].sort((a, b) => componentOf.get(a)! - componentOf.get(b)!));
  return { order, componentOf };
}
