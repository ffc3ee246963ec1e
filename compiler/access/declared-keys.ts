/** What `x-gwc` declares of keys, plans and stages, in the order that numbers them: sorted by name, whatever the document's order; then the keys of `apiKeysFile`. */
import type { Node } from '../1-load/node.js';
import type { Json } from '../code.js';
import { keysFile } from './keys-file.js';
import { keyId, planId } from './stored-ids.js';

export interface DeclaredKey {
  readonly name: string;
  /** `$context.identity.apiKeyId`. */
  readonly id: string;
  /** Names of its plans, as declared in `x-gwc.usagePlans`. */
  readonly plans: readonly string[];
  /** As written in the document, or `sha256:<hex>` of the file's. */
  readonly value: Json | undefined;
  readonly enabled: boolean;
  readonly description: string;
  /** undefined: it stands in `apiKeysFile`. */
  readonly node: Node | undefined;
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** `x-gwc.apiKeys` and `x-gwc.apiKeysFile`; a key's place in this list is its client number. */
export function declaredKeys(root: Node): DeclaredKey[] {
  const plans = declaredPlans(root);
  const inFile = keysFile(root)?.keys.map(({ name, sha256, enabled, description, usagePlanIds }): DeclaredKey => ({
    name, id: keyId(sha256), value: `sha256:${sha256}`, enabled, description, node: undefined, plans: usagePlanIds.map((id) => plans.find((plan) => plan.id === id)?.name ?? id),
  }));
  return [...keysInDocument(root), ...(inFile ?? [])];
}

/** `x-gwc.apiKeys` alone. */
export function keysInDocument(root: Node): (DeclaredKey & { readonly node: Node })[] {
  const entries = root.get('x-gwc')?.get('apiKeys')?.entries() ?? [];
  return entries.map(([name, entry]) => {
    const node = entry.follow();
    return {
      name, id: keyId(name), node, value: node.get('value')?.value, enabled: node.boolean('enabled') !== false, description: node.string('description') ?? '',
      plans: (node.get('usagePlans')?.items() ?? []).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])),
    };
  }).sort(byName);
}

export interface DeclaredPlan { readonly name: string; /** By which the control plane, stores and `usageplanIds` of a key file know it. */ readonly id: string; readonly node: Node; readonly stages: readonly string[] }

/** `x-gwc.usagePlans`; a plan's place in this list is its number. */
export function declaredPlans(root: Node): DeclaredPlan[] {
  const entries = root.get('x-gwc')?.get('usagePlans')?.entries() ?? [];
  const title = root.get('info')?.string('title') ?? 'API';
  return entries.map(([name, entry]) => {
    const node = entry.follow();
    return { name, id: planId(title, name), node, stages: (node.get('apiStages')?.items() ?? []).flatMap((stage) => stage.string('stage') ?? []) };
  }).sort(byName);
}

/** Stages a gateway of this document can serve. `chosen`: `--stage`. */
export function stageNames(root: Node, chosen: string | undefined): string[] {
  const declared = (root.get('x-gwc')?.get('stages')?.entries() ?? []).map(([name]) => name);
  return declared.length > 0 ? declared : [chosen ?? '$default'];
}
