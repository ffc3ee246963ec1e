/** Types that are made of themselves with nothing in between: no language can write them down. */
import type { SdkType } from './read-types.js';
import { intersection, union, UNKNOWN, type TypeNode } from './type-node.js';

/** Cuts references that lead from a type to itself through unions, intersections and other references only. `report` is told the type where it cut. */
export function withoutSelfReferences(types: readonly SdkType[], report: (type: SdkType) => void): SdkType[] {
  const byName = new Map(types.map((type) => [type.name, type]));
  const nodes = new Map<string, TypeNode>();
  const open = new Set<string>();

  const cut = (node: TypeNode, owner: SdkType, intersected = false): TypeNode => {
    switch (node.kind) {
      case 'reference':
        if (open.has(node.name)) {
          report(owner);
          return UNKNOWN;
        }
        visit(node.name);
        return node;
      case 'union': return union(node.members.map((member) => cut(member, owner, intersected)));
      case 'intersection': return intersection(node.members.map((member) => cut(member, owner, true)));
      // Items may refer back, but not where a compiler has to look at them to intersect.
      case 'tuple': return intersected ? { ...node, items: node.items.map((item) => cut(item, owner, true)), rest: node.rest && cut(node.rest, owner, true) } : node;
      case 'discriminated': return { ...node, variants: node.variants.map((variant) => ({ ...variant, type: cut(variant.type, owner) })), base: node.base && cut(node.base, owner) };
      default: return node;
    }
  };
  const visit = (name: string): void => {
    const type = byName.get(name);
    if (!type || nodes.has(name)) return;
    open.add(name);
    nodes.set(name, cut(type.node, type));
    open.delete(name);
  };

  for (const { name } of types) visit(name);
  return types.map((type) => ({ ...type, node: nodes.get(type.name)! }));
}
