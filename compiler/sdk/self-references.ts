/** Types that are made of themselves with nothing in between: no language can write them down. */
import type { SdkType } from './read-types.js';
import { intersection, union, UNKNOWN, type TypeNode } from './type-node.js';

/** References followed from within one another; a chain of types may be longer than the stack. */
const MAX_OPEN = 100;

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
        if (open.size < MAX_OPEN) visit(node.name);
        else if (!nodes.has(node.name) && leadsTo(node.name, owner.name, byName)) {
          report(owner);
          return UNKNOWN;
        }
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

/** Whether direct references lead from a type to another. */
function leadsTo(from: string, to: string, types: ReadonlyMap<string, SdkType>): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    const type = types.get(name);
    if (type) directReferences(type.node, queue);
  }
  return false;
}

function directReferences(node: TypeNode, into: string[]): void {
  switch (node.kind) {
    case 'reference': into.push(node.name); break;
    case 'union': case 'intersection': for (const member of node.members) directReferences(member, into); break;
    case 'tuple': for (const item of [...node.items, ...(node.rest ? [node.rest] : [])]) directReferences(item, into); break;
    case 'discriminated': for (const type of [...node.variants.map((variant) => variant.type), ...(node.base ? [node.base] : [])]) directReferences(type, into); break;
    default:
  }
}
