/** The whole pipeline on one screen: load → read → plan → emit → bundle. */
import { loadDocument, readParams, unexplained, validateDocument } from './1-load/index.js';
import type { Document } from './1-load/document.js';
import { checkKnownFields } from './2-read/known-fields.js';
import { readApi } from './2-read/read-api.js';
import { withdrawSaidElsewhere } from './2-read/said-elsewhere.js';
import { planApi } from './3-plan/plan-api.js';
import { Bundle } from './5-bundle/bundle.js';
import { bundle as bundleInThread, compileAhead, prepareBundling } from './5-bundle/thread.js';
import { TOO_INTRICATE } from './4-emit/diagnostics.js';
import type { EmittedGateway } from './4-emit/emit-gateway.js';
import type { Diagnostic } from './diagnostics/define.js';
import type { CompileCache } from './compile-cache.js';
import { Sources } from './diagnostics/locate.js';
import { documentHash } from './document-hash.js';
import { Reporter } from './diagnostics/report.js';
import { UNRESOLVED_FUNCTION } from './features/lambda/diagnostics.js';
import { UNRESOLVED_ROLE } from './integration/credentials/diagnostics.js';
import type { BuildOptions } from './feature.js';
import type { Api, Plan } from './ir.js';
import type { GeneratedFile } from './sdk/generated-file.js';

export interface CompileOptions extends BuildOptions {
  /** Values of `${placeholders}`; they win over those of `paramsFiles`. */
  readonly params?: Readonly<Record<string, string>>;
  /** JSON, YAML, .env or .tfvars files of such values; later files win. */
  readonly paramsFiles?: readonly string[];
  /** Where `GWC_PARAM_name` and `TF_VAR_name` are looked up for names that have no value otherwise. Default none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly overlays?: readonly string[];
  /** Lets `$ref`s lead to https URLs at public addresses. */
  readonly allowRemote?: boolean;
  /** Origins (`https://host:port`) that `$ref`s may lead to, over http too and wherever they are. */
  readonly allowRemoteFrom?: readonly string[];
  /** Which API of a SAM or CloudFormation template: its logical id. */
  readonly api?: string;
  /** Functions of a template run in the gateway, from their sources. */
  readonly localFunctions?: boolean;
  readonly cwd?: string;
  readonly minify?: boolean;
  /** Lay the generated TypeScript out for people: `emitted.files` of the result. */
  readonly sources?: boolean;
  readonly clients?: readonly ClientLanguage[];
  /** Warnings stop the build too. */
  readonly strict?: boolean;
  /** Given everything but the bundle as soon as it is there: what is done with it costs no time as long as the bundler works. */
  readonly onGenerated?: (generated: Generated) => void;
  /** Of the builds of this document before: what did not change is not made again. */
  readonly cache?: CompileCache;
  /** Whether there is a source map. Default true. */
  readonly map?: boolean;
  /** Told when a phase begins, for progress on a terminal. */
  readonly onPhase?: (phase: Phase, operations: number | undefined) => void;
}

const MOST_PREPARED = 50;
const OF_PLACEHOLDERS: ReadonlySet<string> = new Set([UNRESOLVED_FUNCTION.code, UNRESOLVED_ROLE.code]);

export type ClientLanguage = 'typescript';
export type Phase = 'load' | 'read' | 'plan' | 'validate' | 'emit' | 'bundle' | 'clients';

export interface Analysis {
  readonly document: Document | undefined;
  readonly api: Api | undefined;
  readonly plan: Plan | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that were read: what diagnostics are printed with. */
  readonly sources: Sources;
}

export interface Compilation extends Analysis {
  /** Absent after an error. */
  readonly emitted?: EmittedGateway;
  readonly bundle?: Bundle;
  readonly clients?: ReadonlyMap<ClientLanguage, readonly GeneratedFile[]>;
  /** Milliseconds per phase. */
  readonly timings: Readonly<Partial<Record<Phase, number>>>;
}

export interface Generated {
  readonly document: Document;
  readonly clients: ReadonlyMap<ClientLanguage, readonly GeneratedFile[]>;
}

/** Phases 1 to 3 (`path`: of a file, or a URL): everything there is to say about a document, nothing generated. */
export async function analyse(path: string, options: CompileOptions = {}): Promise<Analysis> {
  const clock = new Clock(options.onPhase);
  const { document, api, plan, sources, reporter, validation } = await read(path, options, clock);
  clock.begin('validate');
  prepareLocations(sources, reporter);
  reporter.add(unexplained(await validation, reporter.diagnostics));
  return { document, api, plan, sources, diagnostics: reporter.diagnostics };
}

/** The whole build, in memory. Never throws on user input: without errors `bundle` is set. */
export async function compile(path: string, options: CompileOptions = {}): Promise<Compilation> {
  prepareBundling();
  const clock = new Clock(options.onPhase);
  const { document, api, plan, sources, reporter, validation } = await read(path, options, clock);
  const validated = async (): Promise<void> => {
    clock.begin('validate');
    reporter.add(unexplained(await validation, reporter.diagnostics));
  };
  const refused = (): Compilation => ({ document, api, plan, sources, diagnostics: reporter.diagnostics, timings: clock.timings() });
  if (!document || !api || !plan || stops(reporter, options)) return validated().then(refused);

  clock.begin('emit');
  const { emitGateway } = await import('./4-emit/emit-gateway.js');
  const emitted = withinStack('generate a gateway from', document, reporter, () => emitGateway(api, plan, options, options.cache, options.cache ? undefined : compileAhead));
  if (!emitted) return validated().then(refused);
  const bundling = clock.beside('bundle', bundleInThread({ emitted, minify: options.minify ?? true, map: options.map ?? true, origin: api.origin, sources: options.sources, isRepeated: options.cache !== undefined }, options.cache?.bundle));
  clock.begin('clients');
  const clients = await emitClients(api, document, options.clients ?? ['typescript'], reporter);
  // What swagger-parser alone objects to is a warning: nothing above depends on it.
  await validated();
  clock.begin('bundle');
  if (!stops(reporter, options)) options.onGenerated?.({ document, clients });
  prepareLocations(sources, reporter);
  const { bundle, diagnostics, files = [] } = await bundling;
  reporter.add(diagnostics);
  if (!bundle || stops(reporter, options)) return refused();
  return { ...refused(), emitted: options.sources ? await layOut({ ...emitted, files: [...emitted.files, ...files] }) : emitted, bundle: Bundle.of(bundle), clients };
}

/** Places are looked up when a diagnostic is printed. The first look-up in a large text takes a while, and there is time while others work. */
function prepareLocations(sources: Sources, reporter: Reporter): void {
  for (const { origin } of reporter.diagnostics.slice(0, MOST_PREPARED)) sources.locate(origin);
}

/** ts-morph takes longer to load than most builds take in all: only who keeps the sources pays for it. */
async function layOut(emitted: EmittedGateway): Promise<EmittedGateway> {
  const { formatFile } = await import('./4-emit/format-file.js');
  return { ...emitted, files: emitted.files.map((file) => (file.path.endsWith('.ts') ? { ...file, text: formatFile(file.path, file.text) } : file)) };
}

interface Reading {
  readonly document: Document | undefined;
  readonly api: Api | undefined;
  readonly plan: Plan | undefined;
  readonly sources: Sources;
  readonly reporter: Reporter;
  /** swagger-parser takes longer than everything else together: it runs in a thread of its own meanwhile. */
  readonly validation: ReturnType<typeof validateDocument>;
}

async function read(path: string, options: CompileOptions, clock: Clock): Promise<Reading> {
  const reporter = new Reporter();
  clock.begin('load');
  const cwd = options.cwd ?? process.cwd();
  const sources = new Sources(cwd);
  const params: Record<string, string> = {};
  for (const file of options.paramsFiles ?? []) Object.assign(params, await readParams(file, cwd, sources, reporter));
  Object.assign(params, options.params);
  const document = await loadDocument(path, { params, environment: options.environment ?? {}, overlays: options.overlays ?? [], allowOutside: options.allowOutside ?? false, allowRemote: options.allowRemote ?? false, allowRemoteFrom: options.allowRemoteFrom ?? [], api: options.api, localFunctions: options.localFunctions, cwd, sources, cache: options.cache?.load }, reporter);
  if (!document) return { document, api: undefined, plan: undefined, sources, reporter, validation: Promise.resolve([]) };
  const validation = validateDocument(document, options.cache?.validation);
  clock.begin('read');
  const read = withinStack('read', document, reporter, () => {
    checkKnownFields(document, reporter, options.cache?.read.knownFields);
    const api = readApi(document, options, reporter, options.cache?.read);
    withdrawSaidElsewhere(document, reporter, OF_PLACEHOLDERS);
    clock.operations = api.operations.length;
    clock.begin('plan');
    return { api, plan: planApi(api, reporter, options.cache?.conflicts) };
  });
  return { document, api: read?.api, plan: read?.plan, sources, reporter, validation };
}

/** Recursion over what a document nests and joins ends where the stack does: that is said, not thrown. */
function withinStack<T>(doing: string, document: Document, reporter: Reporter, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    // Too deep a stack, or too long a string.
    if (!(error instanceof RangeError)) throw error;
    reporter.report(TOO_INTRICATE, { file: document.entry, pointer: '' }, { doing, problem: error.message });
    return undefined;
  }
}

function stops(reporter: Reporter, options: CompileOptions): boolean {
  return reporter.hasErrors || (options.strict === true && reporter.diagnostics.some((diagnostic) => diagnostic.severity === 'warning'));
}

async function emitClients(api: Api, document: Document, languages: readonly ClientLanguage[], reporter: Reporter): Promise<Map<ClientLanguage, readonly GeneratedFile[]>> {
  const clients = new Map<ClientLanguage, readonly GeneratedFile[]>();
  if (languages.length === 0) return clients;
  const { buildSdkModel } = await import('./sdk/model.js');
  const { emitTypescript } = await import('./sdk/typescript/emit.js');
  withinStack('generate a client from', document, reporter, () => {
    const model = buildSdkModel(api, documentHash(document), reporter);
    for (const language of languages) clients.set(language, emitTypescript(model));
  });
  return clients;
}

class Clock {
  private readonly spent: Partial<Record<Phase, number>> = {};
  private phase: Phase | undefined;
  private since = 0;
  /** Known once the document is read. */
  operations: number | undefined;
  constructor(private readonly onPhase: CompileOptions['onPhase']) {}

  begin(phase: Phase): void {
    this.end();
    this.phase = phase;
    this.since = performance.now();
    this.onPhase?.(phase, this.operations);
  }

  /** The time of what runs in another thread is its own, not what is waited for it. */
  beside<T>(phase: Phase, result: Promise<T>): Promise<T> {
    const started = performance.now();
    return result.then((value) => {
      this.elsewhere[phase] = performance.now() - started;
      return value;
    });
  }
  private readonly elsewhere: Partial<Record<Phase, number>> = {};

  timings(): Partial<Record<Phase, number>> {
    this.end();
    this.phase = undefined;
    return { ...this.spent, ...this.elsewhere };
  }

  private end(): void {
    if (this.phase !== undefined) this.spent[this.phase] = (this.spent[this.phase] ?? 0) + performance.now() - this.since;
  }
}
