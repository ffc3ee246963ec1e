/** A gateway instance: compiled handlers with their options resolved. Knows no socket; transports and `fetch` drive it. */
import { process } from './this-process.js';
import type { Cluster } from 'node:cluster';
import type { AdminPart } from './admin-part.js';
import { CannotStart } from './cannot-start.js';
import type { RequestHandler } from './exchange.js';
import type { CreateServer } from './gateway-server.js';
import { PARTS, STORES, TRANSPORT } from './flags.js';
import type { GatewayState } from './gateway-state.js';
import type { TrustDeclaration } from './http2/client-trust.js';
import type { Flag, Given, NumberOptions } from './options.js';
import type { Primary } from './limits/shared-limits.js';
import type { GatewayStore } from './store/limits-backend.js';
import type { StoreRole } from './store/store-driver.js';
import type { UpstreamLimits } from './backends/upstream.js';

/** What the compiler knows of the API. */
export interface ApiDescription {
  readonly title: string;
  readonly version: string;
  /** Content hash of the bundle. */
  readonly hash: string;
  readonly apiId: string;
  /** Stage → variables; the stage chosen at build time. */
  readonly stages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly stage: string;
  readonly operations: number;
  /** The base path when none is given. */
  readonly servedUnder?: string;
  readonly handle: RequestHandler;
  /** The server half that the build chose. */
  readonly server: CreateServer;
  readonly tooLarge: RequestHandler;
  readonly fault: RequestHandler;
  /** Absent: `PARTS` is false. */
  readonly parts?: ApiParts;
  /** The store that is used when none is chosen; absent: the bundle has none but its memory. */
  readonly store?: string;
  /** Opens a store of one of the kinds in the bundle. */
  readonly openStore?: (address: string, role: StoreRole, log: (line: string) => void) => GatewayStore | null;
  /** Whose certificates clients show, by domain name; only in bundles with TLS. */
  readonly clients?: readonly TrustDeclaration[];
}

/** What parts of the bundle that not every document needs bring. */
export interface ApiParts {
  /** What to call when the gateway ends. */
  readonly close: readonly (() => void)[];
  /** What to call when a gateway is made: steps put what they keep per gateway on its state. May throw CannotStart. */
  readonly start: readonly ((state: GatewayState, options: GatewayOptions) => void)[];
  /** What to call in the primary process of `--workers`. `store`: where it keeps what it decides about, null: in memory. */
  readonly primary: readonly ((cluster: Cluster, store: GatewayStore | null, log: (line: string) => void) => void)[];
  /** Numbers that they let the command line set. */
  readonly numbers: readonly NumberOptions[];
  /** Other flags of theirs. */
  readonly flags: readonly Flag[];
  /** What they put on the admin port. */
  readonly admin: readonly AdminPart[];
}

export interface GatewayOptions {
  /** One of the document's stages. */
  readonly stage?: string | undefined;
  /** Path the gateway is served under; `{stage}` stands for the stage's name. Default: the base path of the document's domain name, else '' (the root). */
  readonly basePath?: string | undefined;
  /** Bytes of a request body that validation and mappings collect. Default 10 485 760. */
  readonly payloadLimit?: number | undefined;
  /** Over the stage's own variables. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** Twelve digits: `$context.accountId`, and the account in ARNs. Default '000000000000': which one it is does not matter. */
  readonly accountId?: string | undefined;
  /** Flags of parts of the bundle, as the command line gave them. */
  readonly given?: Given;
  /** Where declared API keys are found. Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The state of the gateway whose place this one takes: what was used of its limits stays used. */
  readonly replaces?: GatewayState;
  /** The process that keeps the limits of all workers. */
  readonly primary?: Primary | undefined;
  /** Where keys, usage and limits are kept: an address as `--store` has it. Default: what the document says, else memory. */
  readonly store?: string | undefined;
  /** Limits of the connections to backends, over their defaults. */
  readonly backend?: Partial<UpstreamLimits>;
  /** Where execution messages go. Default: standard error. */
  readonly log?: (line: string) => void;
}

/** What transports and `runtime/process/run.ts` work with. */
export interface Gateway {
  readonly handler: RequestHandler;
  readonly state: GatewayState;
  /** Resolves when what the gateway keeps elsewhere can be used (or is away for now); rejects with CannotStart when it never will be. */
  readonly ready: Promise<void>;
  /** What its handlers ask of a transport: see `TRANSPORT` in flags.ts. Absent: everything there is. */
  readonly transport?: number;
  /** The server that has it. */
  readonly server?: CreateServer;
  /** Ends what the gateway holds (upstream pools, timers); exchanges under way may still end. */
  close(): void;
}

/** Stands for the account where nobody says which it is. */
export const NO_ACCOUNT = '000000000000';

export const logLine = (line: string): void => void process.stderr.write(line + '\n');

const STORE_LINGER_MS = 2_000;

/** Throws a TypeError with a message for the operator when an option is wrong, CannotStart when something outside is missing. */
export function makeGateway(api: ApiDescription, options: GatewayOptions = {}): Gateway {
  const stage = options.stage ?? api.stage;
  const stages = Object.keys(api.stages);
  const variables = Object.hasOwn(api.stages, stage) && api.stages[stage];
  if (options.stage !== undefined && stages.length > 0 && !variables) throw new TypeError(`there is no stage "${stage}"; this gateway has ${stages.join(', ')}`);
  const log = options.log ?? logLine;
  const state: GatewayState = {
    stage,
    stageVariables: Object.assign(Object.create(null) as Record<string, string>, variables, options.stageVariables),
    basePath: basePath(options.basePath ?? api.servedUnder ?? '', stage),
    apiId: api.apiId,
    accountId: options.accountId ?? NO_ACCOUNT,
    payloadLimit: options.payloadLimit ?? 10_485_760,
    onTooLarge: api.tooLarge,
    onFault(exchange, error) {
      log(`fault ${exchange.method} route ${exchange.route}: ${(error as Error | null)?.stack ?? error}`);
      if (exchange.reply.started) exchange.reply.abort();
      else api.fault(exchange);
    },
    log,
    apiKeys: null,
    limits: null,
    management: null,
    store: openStore(api, options.store, options.primary === undefined ? 'alone' : 'worker', log),
  };
  if (PARTS) for (const begin of api.parts!.start) begin(state, options);
  const ready = PARTS ? Promise.all([state.store?.ready(), state.management?.ready]).then(() => {}) : Promise.resolve();
  // Whoever embeds the gateway may not wait; each request that needs the store finds out by itself.
  if (PARTS) ready.catch(() => undefined);
  return {
    handler: guard(api.handle), state, ready, transport: TRANSPORT, server: api.server,
    close() {
      if (!PARTS) return;
      for (const end of api.parts!.close) end();
      state.management?.close();
      state.limits?.keeper?.retire();
      // Requests that were let in under the old gateway may still be on their way to it.
      if (state.store !== null) setTimeout(() => void state.store!.close(), STORE_LINGER_MS).unref();
    },
  };
}

/** null: in memory, or another process's to open. Throws CannotStart when there is no such store in the bundle. */
export function openStore(api: ApiDescription, address: string | undefined, role: StoreRole, log: (line: string) => void): GatewayStore | null {
  const wanted = address ?? (STORES ? api.store : undefined) ?? 'memory';
  if (STORES && api.openStore !== undefined) return api.openStore(wanted, role, log);
  if (wanted !== 'memory') throw new CannotStart(`built to keep limits in memory: build with --store redis,sqlite or x-gwc: {store: [memory, redis, sqlite]}`);
  return null;
}

/** A handler that throws is a bug in gwc: the request gets the 5xx, the process lives. */
export function guard(handle: RequestHandler): RequestHandler {
  return (exchange) => {
    try { handle(exchange); } catch (error) { exchange.gateway.onFault(exchange, error); }
  };
}

function basePath(option: string, stage: string): string {
  const path = option.replaceAll('{stage}', stage).replace(/\/+$/, '');
  return path === '' || path.startsWith('/') ? path : `/${path}`;
}
