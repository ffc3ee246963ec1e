/**
 * `$dynamicRef` of JSON Schema 2020-12 (§8.2.3.2): where it leads depends on the schemas that were gone through on the way. The outermost one with a
 * `$dynamicAnchor` of that name is meant, so a schema that can be reached on several ways is several schemas to a validator.
 */
import type { Document } from '../1-load/document.js';
import { escapePointer } from '../1-load/node.js';
import type { Json } from '../code.js';

interface Place { readonly file: string; readonly pointer: string }

/** The outermost place of each `$dynamicAnchor`. */
export interface DynamicScope { readonly key: string; readonly anchors: ReadonlyMap<string, Place> }

export const NO_SCOPE: DynamicScope = { key: '', anchors: new Map() };

interface Resource { readonly pointer: string; readonly anchors: Map<string, string> }

/** What a document's dynamic anchors and references are. Documents without any cost nothing. */
export class DynamicAnchors {
  readonly isUsed: boolean;
  private readonly resources = new Map<string, readonly Resource[]>();
  private readonly reaching = new Map<string, boolean>();

  constructor(private readonly document: Document) {
    this.isUsed = [...document.files.values()].some(({ text }) => text.includes('$dynamicRef'));
  }

  /** The scope inside the schema at `place`, when it is reached in `scope`. */
  enter(scope: DynamicScope, { file, pointer }: Place): DynamicScope {
    if (!this.isUsed) return NO_SCOPE;
    let added: Map<string, Place> | undefined;
    for (const [name, at] of this.resourceOf(file, pointer).anchors) if (!scope.anchors.has(name)) (added ??= new Map(scope.anchors)).set(name, { file, pointer: at });
    if (!added) return scope;
    return { anchors: added, key: [...added].map(([name, place]) => `${name}=${place.file}#${place.pointer}`).sort().join('\n') };
  }

  /** Whether what is at `place` depends on the scope at all. `follow`: the place of a `$ref`. */
  depends(place: Place, rawAt: (place: Place) => Json | undefined, follow: (reference: string, from: Place) => Place | undefined): boolean {
    const id = `${place.file}#${place.pointer}`;
    const known = this.reaching.get(id);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const queue = [place];
    let found = false;
    for (let at = queue.pop(); at && !found; at = queue.pop()) {
      const key = `${at.file}#${at.pointer}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const settled = this.reaching.get(key);
      if (settled === false) continue;
      found = settled === true;
      const visit = (value: Json | undefined, here: Place): void => {
        if (typeof value !== 'object' || value === null || found) return;
        const { $ref, $dynamicRef } = value as { readonly [key: string]: Json };
        if (typeof $dynamicRef === 'string') found = true;
        const next = typeof $ref === 'string' ? follow($ref, here) : undefined;
        if (next) queue.push(next);
        for (const [name, child] of Object.entries(value)) if (typeof child === 'object') visit(child as Json, { file: here.file, pointer: `${here.pointer}/${escapePointer(name)}` });
      };
      visit(rawAt(at), at);
    }
    if (!found) for (const key of seen) this.reaching.set(key, false);
    this.reaching.set(id, found);
    return found;
  }

  private resourceOf(file: string, pointer: string): Resource {
    let all = this.resources.get(file);
    if (!all) this.resources.set(file, (all = resourcesIn(this.document.files.get(file)!.root)));
    let innermost = all[0]!;
    for (const resource of all) if (pointer === resource.pointer || pointer.startsWith(`${resource.pointer}/`)) innermost = resource;
    return innermost;
  }
}

/** The file, then every schema in it with an `$id`, outer ones first. */
function resourcesIn(root: Json): Resource[] {
  const found: Resource[] = [{ pointer: '', anchors: new Map() }];
  const visit = (value: Json, pointer: string, resource: Resource): void => {
    if (typeof value !== 'object' || value === null) return;
    let own = resource;
    const { $id, $dynamicAnchor } = value as { readonly [key: string]: Json };
    if (typeof $id === 'string' && pointer !== '') found.push((own = { pointer, anchors: new Map() }));
    if (typeof $dynamicAnchor === 'string' && !own.anchors.has($dynamicAnchor)) own.anchors.set($dynamicAnchor, pointer);
    for (const [key, child] of Object.entries(value)) visit(child as Json, `${pointer}/${escapePointer(key)}`, own);
  };
  visit(root, '', found[0]!);
  return found;
}
