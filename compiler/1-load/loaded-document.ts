import { dirname, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../code.js';
import type { Origin } from '../diagnostics/define.js';
import type { Sources } from '../diagnostics/locate.js';
import type { Document, Location, SourceFile, SpecVersion } from './document.js';
import { escapePointer, parsePointer } from './node.js';
import { modelName } from '../schema/reference-name.js';
import { identifiers } from './identifiers.js';
import { isRemote } from './remote/url.js';
import { SchemaResources } from './schema-resources.js';

export interface Place { readonly file: string; readonly pointer: string }

/** Where a reference leads, or why nowhere. */
export type Target =
  | { readonly kind: 'found'; readonly file: string; readonly pointer: string; readonly value: Json }
  /** No file, and no http or https URL; or a local file that a remote one asks for. */
  | { readonly kind: 'remote' }
  /** The file has not been loaded. */
  | { readonly kind: 'file'; readonly file: string }
  /** The file has no such node: `holder` exists, `missing` in it does not. */
  | { readonly kind: 'missing'; readonly file: string; readonly holder: string; readonly missing: string; readonly candidates: readonly string[] };

const MOST_HOPS = 100;

export class LoadedDocument implements Document {
  readonly files = new Map<string, SourceFile>();
  /** Schemas that have names of their own. */
  readonly resources = new SchemaResources();
  /** Remote files that were redirected: what their relative references are relative to. */
  readonly bases = new Map<string, string>();
  /** By file, then by reference. */
  private readonly resolved = new Map<string, Map<string, Place | undefined>>();
  private readonly byIdentifier = new Map<string, ReturnType<typeof identifiers>>();

  constructor(readonly entry: string, readonly version: SpecVersion, readonly sources: Sources) {}

  locate(origin: Origin): Location { return this.sources.locate(origin); }

  resolve(file: string, reference: string, pointer?: string): Place | undefined {
    const named = pointer === undefined ? undefined : this.resources.resolve(file, pointer, reference);
    if (named && this.target(named.file, `#${encodeURI(named.pointer).replace(/#/g, '%23')}`).kind === 'found') return named;
    let ofFile = this.resolved.get(file);
    if (!ofFile) this.resolved.set(file, (ofFile = new Map()));
    const known = ofFile.get(reference);
    if (known !== undefined || ofFile.has(reference)) return known;
    const target = this.target(file, reference);
    const place = target.kind === 'found' ? { file: target.file, pointer: target.pointer } : undefined;
    ofFile.set(reference, place);
    return place;
  }

  /** RFC 3986 for the file, RFC 6901 for the fragment; `$id` and `$anchor` of schemas are known too. A models URL of API Gateway is a schema of the entry file. */
  target(file: string, reference: string, hops = 0): Target {
    const model = modelName(reference);
    if (model !== undefined) return this.target(this.entry, `${this.version === '2.0' ? '#/definitions/' : '#/components/schemas/'}${encodeURIComponent(model)}`, hops);
    const hash = reference.indexOf('#');
    const location = hash === -1 ? reference : reference.slice(0, hash);
    const fragment = decode(hash === -1 ? '' : reference.slice(hash + 1));
    const known = this.identified(file, location === '' ? `#${fragment}` : reference);
    if (known) return { kind: 'found', ...known, value: this.valueAt(known) };
    const path = this.named(location) ?? (location === '' ? file : filePath(file, this.bases.get(file) ?? file, location));
    if (path === undefined) return { kind: 'remote' };
    const root = this.files.get(path)?.root;
    if (root === undefined) return { kind: 'file', file: path };
    if (fragment !== '' && !fragment.startsWith('/')) {
      const anchor = this.identified(path, `#${fragment}`);
      return anchor ? { kind: 'found', ...anchor, value: this.valueAt(anchor) } : { kind: 'missing', file: path, holder: '', missing: `#${fragment}`, candidates: [] };
    }
    return this.walk({ file: path, pointer: '' }, root, parsePointer(fragment), hops);
  }

  /** The file that calls itself `location` by `$self` (OpenAPI 3.2 §4.1.2): such a reference stays inside the document. */
  private named(location: string): string | undefined {
    if (this.version !== '3.2' || !isRemote(location)) return undefined;
    for (const [path, { root }] of this.files) {
      const self = typeof root === 'object' && root !== null && !Array.isArray(root) ? (root as { readonly $self?: Json }).$self : undefined;
      if (typeof self === 'string' && self.replace(/#$/, '') === location) return path;
    }
    return undefined;
  }

  /** Follows pointer tokens; a `$ref` on the way is followed too, as other tools do. */
  private walk(start: Place, root: Json, tokens: readonly string[], hops: number): Target {
    let { file, pointer } = start;
    let value = root;
    for (const [index, token] of tokens.entries()) {
      if (typeof value === 'object' && value !== null && Object.hasOwn(value, token) && !(Array.isArray(value) && token === 'length')) {
        pointer = `${pointer}/${escapePointer(token)}`;
        value = (value as { readonly [key: string]: Json })[token]!;
        continue;
      }
      const reference = typeof value === 'object' && value !== null ? (value as { readonly $ref?: Json }).$ref : undefined;
      const next = typeof reference === 'string' && hops < MOST_HOPS ? this.target(file, reference, hops + 1) : undefined;
      if (next?.kind === 'found') return this.walk(next, next.value, tokens.slice(index), hops + 1);
      const candidates = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
      return { kind: 'missing', file, holder: pointer, missing: token, candidates };
    }
    return { kind: 'found', file, pointer, value };
  }

  valueAt(place: Place): Json {
    let value: Json = this.files.get(place.file)!.root;
    for (const token of parsePointer(place.pointer)) value = (value as { readonly [key: string]: Json })[token]!;
    return value;
  }

  private identified(file: string, reference: string): Place | undefined {
    if (reference === '#' || reference.startsWith('#/')) return undefined;
    if (!reference.startsWith('#') && !/^[a-z][a-z0-9+.-]+:/i.test(reference)) return undefined;
    const source = this.files.get(file);
    if (!source) return undefined;
    let index = this.byIdentifier.get(file);
    if (!index) this.byIdentifier.set(file, (index = identifiers(source.root)));
    const pointer = index.get(reference.replace(/#$/, ''));
    return pointer === undefined ? undefined : { file, pointer };
  }
}

/** An absolute path, or a URL of http or https without fragment; undefined for anything else. */
function filePath(from: string, base: string, location: string): string | undefined {
  if (isRemote(from)) return remoteFile(location, base);
  if (/^file:/i.test(location)) {
    try { return fileURLToPath(location); } catch { return undefined; }
  }
  if (isRemote(location)) return remoteFile(location);
  if (/^[a-z][a-z0-9+.-]+:|^\/\//i.test(location)) return undefined;
  return resolvePath(dirname(from), decode(location));
}

/** What came over the network never leads to a file of this machine. */
function remoteFile(location: string, base?: string): string | undefined {
  if (!URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  url.hash = '';
  return isRemote(url.href) ? url.href : undefined;
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try { return decodeURIComponent(text); } catch { return text; }
}
