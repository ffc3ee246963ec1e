/** Schemas with an `$id` (JSON Schema 2020-12 §8.2.1): what references inside them are relative to, and the names by which they are found. */
import { pathToFileURL } from 'node:url';
import type { Json } from '../code.js';
import { escapePointer } from './node.js';
import { isRemote } from './remote/url.js';
import { zoneOf, type Zone } from './zones.js';

/** A schema with an `$id`, or a file. `uri` has no fragment. */
interface Resource { readonly uri: string; readonly file: string; readonly pointer: string; readonly anchors: ReadonlyMap<string, string> }

export class SchemaResources {
  private readonly byUri = new Map<string, Resource>();
  /** By file: its resources, those inside others after them. */
  private readonly byFile = new Map<string, readonly Resource[]>();

  /** Takes in a file. Most have no `$id`, and are not searched. */
  add(file: string, text: string, root: Json): void {
    if (this.byFile.has(file)) return;
    const found: Resource[] = [];
    if (text.includes('$id')) collect(root, file, isRemote(file) ? file : pathToFileURL(file).href, found);
    this.byFile.set(file, found);
    // The first to have a name keeps it.
    for (const resource of found) if (resource.pointer !== '' && !this.byUri.has(resource.uri)) this.byUri.set(resource.uri, resource);
    const whole = found.find(({ pointer }) => pointer === '');
    if (whole && !this.byUri.has(whole.uri)) this.byUri.set(whole.uri, whole);
  }

  /** Where `reference`, in the object at `pointer` of `file`, leads by the `$id`s around it; undefined when no resource has that name, and it means a file. */
  resolve(file: string, pointer: string, reference: string): { readonly file: string; readonly pointer: string } | undefined {
    if (this.byUri.size === 0) return undefined;
    let base: Resource | undefined;
    for (const resource of this.byFile.get(file) ?? []) if (pointer === resource.pointer || pointer.startsWith(`${resource.pointer}/`)) base = resource;
    // A file without a name of its own: its references are relative to where it is, and lead to a resource only by its whole name.
    if (!base && !/^[a-z][a-z0-9+.-]+:/i.test(reference)) return undefined;
    if (!URL.canParse(reference, base?.uri)) return undefined;
    const url = new URL(reference, base?.uri);
    const fragment = decoded(url.hash.slice(1));
    url.hash = '';
    const target = this.byUri.get(url.href);
    if (!target) return undefined;
    if (fragment === '') return target;
    if (fragment.startsWith('/')) return { file: target.file, pointer: target.pointer + fragment };
    const anchor = target.anchors.get(fragment);
    return anchor === undefined ? undefined : { file: target.file, pointer: anchor };
  }
}

function collect(root: Json, file: string, base: string, found: Resource[]): void {
  const visit = (value: Json, pointer: string, zone: Zone, uri: string, anchors: Map<string, string>): void => {
    if (typeof value !== 'object' || value === null || zone === 'data') return;
    let ownUri = uri, own = anchors;
    if (zone === 'object' && !Array.isArray(value)) {
      const { $id, $anchor, $dynamicAnchor } = value as { readonly [key: string]: Json };
      if (typeof $id === 'string' && URL.canParse($id, uri)) {
        const url = new URL($id, uri);
        url.hash = '';
        ownUri = url.href;
        found.push({ uri: ownUri, file, pointer, anchors: own = new Map() });
      }
      for (const anchor of [$anchor, $dynamicAnchor]) if (typeof anchor === 'string') own.set(anchor, pointer);
    }
    for (const [key, child] of Object.entries(value)) if (typeof child === 'object') visit(child as Json, `${pointer}/${escapePointer(key)}`, Array.isArray(value) ? zone : zoneOf(zone, key, child as Json), ownUri, own);
  };
  visit(root, '', 'object', base, new Map());
}

function decoded(text: string): string {
  try { return decodeURIComponent(text); } catch { return text; }
}
