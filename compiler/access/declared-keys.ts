/** What `x-gwc` declares of keys, plans and stages, in the order that numbers them: sorted by name, whatever the document's order. */
import type { Node } from '../1-load/node.js';

export interface DeclaredKey { readonly name: string; readonly plans: readonly string[]; readonly node: Node }

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** `x-gwc.apiKeys`; a key's place in this list is its client number. */
export function declaredKeys(root: Node): DeclaredKey[] {
  const entries = root.get('x-gwc')?.get('apiKeys')?.entries() ?? [];
  return entries.map(([name, entry]) => {
    const node = entry.follow();
    return { name, node, plans: (node.get('usagePlans')?.items() ?? []).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])) };
  }).sort(byName);
}

/** `x-gwc.usagePlans`; a plan's place in this list is its number. */
export function declaredPlans(root: Node): { readonly name: string; readonly node: Node; readonly stages: readonly string[] }[] {
  const entries = root.get('x-gwc')?.get('usagePlans')?.entries() ?? [];
  return entries.map(([name, entry]) => {
    const node = entry.follow();
    return { name, node, stages: (node.get('apiStages')?.items() ?? []).flatMap((stage) => stage.string('stage') ?? []) };
  }).sort(byName);
}

/** Stages a gateway of this document can serve. `chosen`: `--stage`. */
export function stageNames(root: Node, chosen: string | undefined): string[] {
  const declared = (root.get('x-gwc')?.get('stages')?.entries() ?? []).map(([name]) => name);
  return declared.length > 0 ? declared : [chosen ?? '$default'];
}
