import { resolve } from 'node:path';
import { accessSync, constants } from 'node:fs';
import type { Json } from '../code.js';
import { Sources } from '../diagnostics/locate.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Document } from './document.js';
import { followReferences, reportMissingFile } from './follow-references.js';
import type { LoadCache } from './load-cache.js';
import { LoadedDocument } from './loaded-document.js';
import { isProse, parseSource } from './parse-source.js';
import { applyOverlay } from './overlay/apply-overlay.js';
import { Provenance } from './overlay/provenance.js';
import { renderDirectives } from './placeholders/directives.js';
import { Environment } from './placeholders/environment.js';
import { reportPlaceholders } from './placeholders/report.js';
import { asWritten, substitute, type Renamed } from './placeholders/substitute.js';
import * as diagnostics from './diagnostics.js';
import { readText, textOf } from './read-file.js';
import { RemotePermissions } from './remote/permissions.js';
import { RemoteFiles } from './remote/remote-files.js';
import { isRemote } from './remote/url.js';
import { NOT_IN_TEMPLATE } from './template/diagnostics.js';
import { isTemplate } from './template/is-template.js';
import { detectVersion } from './version.js';

export interface LoadOptions {
  /** `--param name=value`: for `${name}`, `Ref`, `Fn::Sub` and the `AWS::…` variables. */
  readonly params: Readonly<Record<string, string>>;
  /** The process's environment: `GWC_PARAM_name` and `TF_VAR_name` are values that `params` does not give. Default none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** OpenAPI Overlay files, applied in this order. */
  readonly overlays: readonly string[];
  /** What paths are relative to. */
  readonly cwd: string;
  /** Lets `$ref`s leave the folder of the entry document. Default false. */
  readonly allowOutside?: boolean;
  /** Lets `$ref`s lead to https URLs at public addresses. Default false. */
  readonly allowRemote?: boolean;
  /** Origins that `$ref`s may lead to, over http too and wherever they are. */
  readonly allowRemoteFrom?: readonly string[];
  /** Which API of a SAM or CloudFormation template: its logical id. */
  readonly api?: string | undefined;
  /** Binds the functions of a template to their sources. */
  readonly localFunctions?: boolean | undefined;
  /** Collects the texts that diagnostics are printed with, also when nothing can be loaded. */
  readonly sources?: Sources;
  /** Of the loads of this document before: what did not change is not read again. */
  readonly cache?: LoadCache | undefined;
}

/** Reads a document (a path, or a URL of http or https) and every file its `$ref`s reach. Never throws on what a user wrote: undefined when there is no document to go on with. Errors are in `reporter`. */
export async function loadDocument(path: string, options: LoadOptions, reporter: Reporter): Promise<Document | undefined> {
  const sources = options.sources ?? new Sources(options.cwd);
  const remote = new RemoteFiles(new RemotePermissions({ allowRemote: options.allowRemote ?? false, allowRemoteFrom: options.allowRemoteFrom ?? [] }, isRemote(path) && URL.canParse(path) ? path : undefined));
  let entry = isRemote(path) ? path : resolve(options.cwd, path);
  let base: string | undefined;
  let text: string | undefined;
  if (isRemote(path)) ({ entry, base, text } = await fetchEntry(path, remote, sources, reporter));
  else text = readText(entry, path, { file: entry, pointer: '' }, sources, reporter);
  if (text === undefined) return undefined;
  const { cache } = options;
  const environment = new Environment(options.params, undefined, options.environment);
  const rendered = renderDirectives(entry, text, environment, reporter);
  let parsed = rendered === undefined ? undefined : await parseSource(entry, rendered, sources, reporter, { cache });
  if (parsed === undefined) return undefined;
  if (isTemplate(parsed)) {
    const { readTemplate } = await import('./template/read-template.js');
    const found = await readTemplate(entry, text, parsed, { api: options.api, localFunctions: (options.localFunctions ?? false) && !isRemote(entry) }, environment, sources, reporter);
    if (found === undefined) return undefined;
    ({ entry, text, root: parsed } = found);
    const source = sources.get(entry)!;
    source.trace = found.trace;
    // What a template's properties are made into may stand at several places.
    source.hasAliases = true;
  } else if (options.api !== undefined) reporter.report(NOT_IN_TEMPLATE, { file: entry, pointer: '' }, { name: options.api });
  const root = await applyOverlays(entry, replaced(entry, parsed), options, environment, sources, reporter);
  if (root === undefined) return undefined;
  const version = detectVersion(root, entry, reporter);
  if (version === undefined) return undefined;

  const document = new LoadedDocument(entry, version, sources);
  const isTree = options.overlays.length === 0 && sources.get(entry)?.hasAliases === false;
  document.files.set(entry, { path: entry, text, root, isTree });
  if (base !== undefined) document.bases.set(entry, base);
  await followReferences(document, { allowOutside: options.allowOutside ?? false, remote, load: loadReferenced, parse: parseReferenced, memo: isTree ? cache?.references : undefined, onChanged: (file) => cache?.forget(file) }, reporter);
  cache?.loaded();
  reportPlaceholders(environment, entry, reporter);
  // A broken reference stands for an empty object (Node.follow), so that the rest of the document can be checked too.
  return document;

  async function loadReferenced(file: string, origin: { file: string; pointer: string }, reference: string): Promise<Json | undefined> {
    sources.sought.add(file);
    try { accessSync(file, constants.R_OK); } catch (error) {
      reportMissingFile(file, error, origin, reference, reporter);
      return undefined;
    }
    const content = readText(file, reference, origin, sources, reporter);
    return content === undefined ? undefined : parseReferenced(file, content);
  }

  /** With placeholders replaced; where keys held any, places are found by what is written. */
  function replaced(file: string, value: Json): Json {
    const source = sources.get(file);
    const renamed: Renamed = new Map();
    const result = substitute(file, value, environment, reporter, source?.hasAliases ?? true, cache?.substitutions, renamed);
    if (source && renamed.size > 0) {
      const before = source.trace;
      source.trace = (origin) => {
        const place = asWritten(origin, renamed);
        return before ? before(place) : place;
      };
    }
    return result;
  }

  async function parseReferenced(file: string, content: string): Promise<Json | undefined> {
    const rendered = isProse(file) ? content : renderDirectives(file, content, environment, reporter);
    const value = rendered === undefined ? undefined : await parseSource(file, rendered, sources, reporter, { asText: true, cache });
    return value === undefined || typeof value === 'string' ? value : replaced(file, value);
  }
}

/** The document that was named by a URL. `base`: where it really is, after redirects. */
async function fetchEntry(path: string, remote: RemoteFiles, sources: Sources, reporter: Reporter): Promise<{ entry: string; base?: string; text: string | undefined }> {
  const url = URL.canParse(path) ? new URL(path) : undefined;
  if (url) url.hash = '';
  const got = url ? await remote.get(url) : { reason: 'it is no URL' };
  const entry = url?.href ?? path;
  if ('reason' in got) {
    reporter.report(diagnostics.cannotRead, { file: entry, pointer: '' }, { path, reason: got.reason });
    return { entry, text: undefined };
  }
  return { entry, ...(got.url !== entry && { base: got.url }), text: textOf(entry, got.bytes, sources, reporter) };
}

/** The entry document's value after the overlays; what they brought is located in their files. */
async function applyOverlays(entry: string, root: Json, options: LoadOptions, environment: Environment, sources: Sources, reporter: Reporter): Promise<Json | undefined> {
  if (options.overlays.length === 0) return root;
  // What was recorded so far speaks of the document before the overlays.
  environment.relocate((origin) => sources.pin(origin));
  const changed = { root: structuredClone(root) as Json };
  const provenance = new Provenance(entry);
  for (const path of options.overlays) {
    const file = resolve(options.cwd, path);
    const text = readText(file, path, { file, pointer: '' }, sources, reporter);
    const overlay = text === undefined ? undefined : await parseSource(file, text, sources, reporter);
    if (overlay !== undefined && !applyOverlay(changed, substitute(file, overlay, environment, reporter), file, provenance, reporter)) return undefined;
  }
  const source = sources.get(entry)!;
  const before = source.trace;
  source.trace = (origin) => {
    const place = provenance.trace(origin);
    return place.file === entry && before ? before(place) : place;
  };
  return changed.root;
}
