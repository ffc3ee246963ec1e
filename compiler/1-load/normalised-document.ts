import { relative, dirname } from 'node:path';
import type { Json } from '../code.js';
import type { Document } from './document.js';
import { escapePointer, Node } from './node.js';
import { isRemote } from './remote/url.js';

/** Root key under which the normalised document keeps what came from other files. */
const FILES = 'x-gwc-files';

/**
 * The document as one JSON value that refers to nothing outside itself: parameters and overlays applied, the files its `$ref`s reached
 * under `x-gwc-files`, their references rewritten.
 */
export function normalisedDocument(document: Document): Json {
  const name = (file: string): string => (isRemote(file) ? file : relative(dirname(document.entry), file).replace(/\\/g, '/'));
  const others = [...document.files.values()].filter((file) => file.path !== document.entry);
  const prefix = (file: string): string => (file === document.entry ? '' : `/${FILES}/${escapePointer(name(file))}`);
  const rewrite = (value: Json, file: string): Json => {
    if (Array.isArray(value)) return value.map((item) => rewrite(item as Json, file));
    if (typeof value !== 'object' || value === null) return value;
    const words = wordsOf(value as { readonly [key: string]: Json }, file, document);
    if (words !== undefined) return words;
    const copy: Record<string, Json> = {};
    for (const [key, item] of Object.entries(value)) {
      const target = key === '$ref' && typeof item === 'string' ? document.resolve(file, item) : undefined;
      const rewritten = target && (target.file !== document.entry || file !== document.entry || !(item as string).startsWith('#')) ? `#${encodeURI(prefix(target.file) + target.pointer)}` : rewrite(item as Json, file);
      Object.defineProperty(copy, key, { value: rewritten, enumerable: true, configurable: true, writable: true });
    }
    return copy;
  };
  const root = document.files.get(document.entry)!.root;
  if (others.length === 0) return root;
  /** Where the specification has no references, what they lead to takes their place, so that every tool can read it. */
  const put = (node: Node, levels: number): Json => {
    const target = node.follow();
    if (levels === 0 || !target.isObject) return rewrite(target.value, target.file);
    return Object.fromEntries(target.entries().map(([key, child]) => [key, put(child, key === 'components' ? 1 : 0)]));
  };
  return { ...(put(Node.root(document), 1) as Record<string, Json>), [FILES]: Object.fromEntries(others.map((file) => [name(file.path), rewrite(file.root, file.path)])) };
}

/** The text that a `{$ref}` leads to. */
function wordsOf(value: { readonly [key: string]: Json }, file: string, document: Document): string | undefined {
  const reference = value['$ref'];
  const target = typeof reference === 'string' ? document.resolve(file, reference) : undefined;
  if (!target || target.pointer !== '') return undefined;
  const { root } = document.files.get(target.file)!;
  return typeof root === 'string' ? root : undefined;
}
