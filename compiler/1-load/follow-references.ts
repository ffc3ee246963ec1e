/** Loads every file that `$ref`s reach and reports each reference that leads nowhere. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, relative, sep, isAbsolute, basename } from 'node:path';
import { readdirSync } from 'node:fs';
import type { Json } from '../code.js';
import type { Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import * as diagnostics from './diagnostics.js';
import { findReferences, isReached, type FoundReference, type ReferenceMemo } from './find-references.js';
import { MAX_FILES } from './limits.js';
import type { LoadedDocument, Place, Target } from './loaded-document.js';
import { isProse } from './parse-source.js';
import { readFailure, textOf } from './read-file.js';
import type { RemoteFiles } from './remote/remote-files.js';
import { parsePointer } from './node.js';
import { isRemote } from './remote/url.js';
import type { Zone } from './zones.js';

export interface FollowOptions {
  readonly allowOutside: boolean;
  readonly remote: RemoteFiles;
  /** Reads and parses a file; undefined after reporting why not. */
  load(path: string, origin: Origin, reference: string): Promise<Json | undefined>;
  /** The value of a text that was read; undefined after reporting why there is none. */
  parse(path: string, text: string): Promise<Json | undefined>;
  /** Of the loads before: no object of the entry's root stands at two places. */
  readonly memo?: ReferenceMemo | undefined;
  /** Values of this file were changed. */
  onChanged?(file: string): void;
}

/** Models that every REST API has; exports of API Gateway define them, documents by hand leave them out and are taken. */
const BUILT_IN = /^#\/(?:components\/schemas|definitions)\/(Empty|Error)$/;

export async function followReferences(document: LoadedDocument, options: FollowOptions, reporter: Reporter): Promise<void> {
  const { root } = document.files.get(document.entry)!;
  const examplesAreData = document.version === '2.0';
  const queue: { place: Place; value: Json; zone: Zone; memo?: ReferenceMemo | undefined }[] = [{ place: { file: document.entry, pointer: '' }, value: root, zone: 'object', memo: options.memo }];
  const seen = new Set<object>();
  const refused = new Set<string>(), models = new Set<string>();
  const checked = new Set<string>();
  const hops = new Map<string, { origin: Origin; reference: string; next: string }>();
  /** By file: references that lead to a place that is looked at, and no further. */
  const settled = new Map<string, Set<string>>();
  /** URLs may be names of schemas that are found later on. */
  let waiting: { file: string; found: FoundReference[] }[] = [];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { file } = next.place;
    const source = document.files.get(file)!;
    document.resources.add(file, source.text, source.root);
    const found: FoundReference[] = [];
    findReferences(next.value, next.place.pointer, next.zone, { seen, examplesAreData, found: (reference) => found.push(reference), memo: next.memo });
    const names = found.filter(({ reference }) => reference !== undefined && isRemote(reference) && !isRemote(file) && document.target(file, reference).kind === 'file');
    if (names.length > 0) waiting.push({ file, found: names });
    await follow(file, names.length === 0 ? found : found.filter((reference) => !names.includes(reference)));
    if (queue.length > 0) continue;
    const asked = waiting;
    waiting = [];
    for (const { file: from, found: last } of asked) await follow(from, last);
  }
  reportCircles(hops, reporter);

  async function follow(file: string, found: readonly FoundReference[]): Promise<void> {
    let known = settled.get(file);
    if (!known) settled.set(file, (known = new Set()));
    for (const { pointer, reference: written, field, zone, isOptional } of found) {
      const reference = written === undefined ? undefined : named(document, file, pointer, field, written, options);
      if (reference !== undefined && known.has(reference)) continue;
      const origin: Origin = { file, pointer: field };
      if (reference === undefined) {
        reporter.report(diagnostics.referenceNotString, origin, {});
        continue;
      }
      const isHop = field.endsWith('/$ref');
      let target = document.target(file, reference);
      // Data that only looks like a reference is no reason to ask for files that are not there.
      if (isOptional && (target.kind === 'remote' || target.kind === 'missing' || (target.kind === 'file' && (isRemote(target.file) || !existsSync(target.file))))) continue;
      if (target.kind === 'file' && !refused.has(target.file)) {
        if (await loadFile(document, target.file, origin, reference, options, reporter)) target = document.target(file, reference);
        else refused.add(target.file);
      }
      if (target.kind !== 'found') {
        // A model of API Gateway's own is told once, however often it is referred to.
        if (BUILT_IN.test(reference) && target.kind === 'missing') { if (models.has(reference)) continue; models.add(reference); }
        reportTarget(document, target, origin, reference, reporter);
        continue;
      }
      const id = `${target.file}#${target.pointer}`;
      if (referenceOf(target.value) === undefined) known.add(reference);
      else if (isHop) hops.set(`${file}#${pointer}`, { origin, reference, next: id });
      if (checked.has(id)) continue;
      checked.add(id);
      if (options.memo && target.file === document.entry && isReached(root, parsePointer(target.pointer), examplesAreData)) continue;
      queue.push({ place: target, value: target.value, zone });
    }
  }
}

/** A reference by the name of a schema is put as one to its place, so that nobody else has to know of names. The reference to follow. */
function named(document: LoadedDocument, file: string, pointer: string, field: string, reference: string, { onChanged }: FollowOptions): string {
  const place = document.resources.resolve(file, pointer, reference);
  if (!place || !field.endsWith('/$ref') || !document.files.has(place.file)) return reference;
  const location = place.file === file ? '' : isRemote(place.file) ? place.file : encodeURI(place.file).replace(/[?#]/g, encodeURIComponent);
  const direct = `${location}#${encodeURI(place.pointer).replace(/#/g, '%23')}`;
  if (document.target(file, direct).kind !== 'found') return reference;
  (document.valueAt({ file, pointer }) as { $ref: Json }).$ref = direct;
  onChanged?.(file);
  return direct;
}

async function loadFile(document: LoadedDocument, path: string, origin: Origin, reference: string, options: FollowOptions, reporter: Reporter): Promise<boolean> {
  if (document.files.size >= MAX_FILES) {
    reporter.report(diagnostics.tooManyFiles, origin, { limit: MAX_FILES });
    return false;
  }
  if (isRemote(path)) return loadRemote(document, path, origin, reference, options, reporter);
  const root = dirname(document.entry);
  if (!options.allowOutside && !isInside(root, path)) {
    reporter.report(diagnostics.outsideReference, origin, { reference, root: document.sources.display(root) });
    return false;
  }
  const value = await options.load(path, origin, reference);
  if (value === undefined) return false;
  const source = document.sources.get(path);
  document.files.set(path, { path, text: source?.text ?? '', root: value, isTree: source?.hasAliases === false });
  return true;
}

async function loadRemote(document: LoadedDocument, path: string, origin: Origin, reference: string, options: FollowOptions, reporter: Reporter): Promise<boolean> {
  const url = new URL(path);
  if (options.remote.permissions.forbids(url)) {
    reporter.report(diagnostics.remoteReference, origin, { reference, origin: url.origin });
    return false;
  }
  const got = await options.remote.get(url);
  if ('reason' in got) {
    if (got.refused) reporter.report(diagnostics.remoteRefused, origin, { reference, reason: got.reason, origin: got.origin });
    else reporter.report(diagnostics.remoteFailed, origin, { reference, reason: got.reason });
    return false;
  }
  const text = textOf(path, got.bytes, document.sources, reporter);
  if (text !== undefined && isWebPage(text) && !isProse(path)) {
    reporter.report(diagnostics.remoteFailed, origin, { reference, reason: 'it is a web page, no document', instead: rawUrl(reference) });
    return false;
  }
  const value = text === undefined ? undefined : await options.parse(path, text);
  if (value === undefined) return false;
  if (got.url !== path) document.bases.set(path, got.url);
  document.files.set(path, { path, text: text!, root: value, isTree: document.sources.get(path)?.hasAliases === false });
  return true;
}

/** What servers answer where a file is shown, or asks for a login. */
const isWebPage = (text: string): boolean => /^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b/i.test(text.slice(0, 1_000));

/** The file itself, of a page that shows it. */
function rawUrl(reference: string): string | undefined {
  const github = /^https:\/\/github\.com\/([^/]+\/[^/]+)\/blob\/(.+)$/.exec(reference);
  if (github) return `https://raw.githubusercontent.com/${github[1]!}/${github[2]!}`;
  return /^https:\/\/[^/]+\/.+\/-\/blob\//.test(reference) ? reference.replace('/-/blob/', '/-/raw/') : undefined;
}

/** Also when a symbolic link on the way leads elsewhere. */
function isInside(root: string, path: string): boolean {
  const below = (from: string, to: string): boolean => {
    const way = relative(from, to);
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  if (!below(root, path)) return false;
  try { return below(realpathSync(root), realpathSync(path)); } catch { return true; }
}

/** Says why a `$ref`'s file cannot be opened. */
export function reportMissingFile(path: string, error: unknown, origin: Origin, reference: string, reporter: Reporter): void {
  let names: string[] = [];
  try { names = readdirSync(dirname(path)); } catch { /* its folder is missing too */ }
  const similar = closest(basename(path), names);
  const [file = ''] = reference.split('#');
  const suggestion = similar === undefined ? undefined : reference.replace(file, `${file.slice(0, file.length - basename(file).length)}${similar}`);
  reporter.report(diagnostics.missingFile, origin, { reference, reason: readFailure(path, error).reason, suggestion });
}

function reportTarget(document: LoadedDocument, target: Exclude<Target, { kind: 'found' }>, origin: Origin, reference: string, reporter: Reporter): void {
  if (target.kind === 'remote') reporter.report(diagnostics.notFetchable, origin, { reference, from: isRemote(origin.file) ? 'remote' : 'local' });
  // A file that could not be loaded was reported where it was first asked for.
  if (target.kind !== 'missing') return;
  const model = BUILT_IN.exec(reference)?.[1];
  if (model !== undefined) return reporter.report(diagnostics.builtInModel, origin, { reference, model, isError: model === 'Error' });
  const similar = closest(target.missing, target.candidates) ?? inSiblings(document, target, reference);
  const holder = target.file === document.entry && target.holder === '' ? undefined : target.file === origin.file ? target.holder.slice(1).replace(/\//g, '.') : document.sources.display(target.file);
  const suggestion = similar === undefined ? undefined : similar.startsWith('#') ? similar : replaceLast(reference, target.missing, similar);
  reporter.report(diagnostics.unresolvedReference, origin, { reference, missing: target.missing, holder: holder || undefined, suggestion });
}

/** The usual mix-up of versions: `#/definitions/Pet` in 3.x, `#/components/schemas/Pet` in 2.0, or a parameter sought among the schemas. */
function inSiblings(document: LoadedDocument, target: Extract<Target, { kind: 'missing' }>, reference: string): string | undefined {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  if (name === '' || target.file !== document.entry) return undefined;
  const folders = ['components/schemas', 'components/parameters', 'components/responses', 'components/requestBodies', 'components/headers', 'components/examples', 'definitions', 'parameters', 'responses'];
  const folder = folders.find((candidate) => document.target(document.entry, `#/${candidate}/${name}`).kind === 'found');
  return folder === undefined ? undefined : `#/${folder}/${name}`;
}

function replaceLast(reference: string, missing: string, similar: string): string {
  const escape = (token: string): string => token.replace(/~/g, '~0').replace(/\//g, '~1');
  const at = reference.lastIndexOf(escape(missing));
  return at === -1 ? similar : `${reference.slice(0, at)}${escape(similar)}${reference.slice(at + escape(missing).length)}`;
}

function referenceOf(value: Json): string | undefined {
  const reference = typeof value === 'object' && value !== null ? (value as { readonly $ref?: Json }).$ref : undefined;
  return typeof reference === 'string' ? reference : undefined;
}

/** References that lead from one to the next and back, each circle once. */
function reportCircles(hops: ReadonlyMap<string, { origin: Origin; reference: string; next: string }>, reporter: Reporter): void {
  const settled = new Set<string>();
  for (const start of hops.keys()) {
    const way: string[] = [];
    let at: string | undefined = start;
    while (at !== undefined && hops.has(at) && !settled.has(at) && !way.includes(at)) {
      way.push(at);
      at = hops.get(at)!.next;
    }
    const entered = at === undefined ? -1 : way.indexOf(at);
    if (entered !== -1) {
      const [first, ...others] = way.slice(entered).map((id) => hops.get(id)!);
      reporter.report(diagnostics.circularReference, first!.origin, { reference: first!.reference }, others.map(({ origin, reference }) => ({ message: `goes on to '${reference}'`, origin })));
    }
    for (const id of way) settled.add(id);
  }
}
