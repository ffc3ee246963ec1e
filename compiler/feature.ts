/** The contract between the phases and the vertical slices in `features/`. */
import type { Node } from './1-load/node.js';
import type { Code } from './code.js';
import type { DiagnosticDefinition, Origin } from './diagnostics/define.js';
import type { Reporter } from './diagnostics/report.js';
import type { Api, ApiParts, Flavour, Integration, Operation, OperationParts, Parameter, RequestBody, Response, Schema } from './ir.js';

/**
 * The life of a request, in order, with the reason for each position (reference: API Gateway's own order).
 * `emit` of a feature at stage S runs after everything before S and sees what that wrote on the exchange.
 */
export const STAGES = [
  'waf',            // judges the raw request before any other access control [D]
  'resourcePolicy', // explicit denies come before authentication [D]
  'authorize',      // routing is complete before any authorization [O]
  'apiKey',         // after authorize: the key may come from the authorizer (AUTHORIZER source)
  'throttle',       // a request that is not let in takes no token
  'quota',          // a throttled request does not count
  'validate',       // "Starting execution": parameters, then body
  'cache',          // only valid requests look up or fill the cache
  'mapRequest',     // templates run only on valid requests [D]
  'integrate',      // exactly one terminal step
  'mapResponse',    // sees what the backend sent
  'validateResponse', // sees what the client would get
  'send',
  'log',            // sees status and length of whatever was sent
] as const;
export type Stage = (typeof STAGES)[number];

export type Basepath = 'ignore' | 'prepend' | 'split';

/** What the command line decides for a build. */
export interface BuildOptions {
  readonly flavour?: Flavour;
  /** Operations without an integration become http_proxy there. */
  readonly upstream?: string;
  /** Operations without an integration answer from examples and schemas. */
  readonly mock?: boolean;
  readonly stage?: string;
  /** The server in front: gwc's own HTTP/1.1 (default) or Node's (`llhttp`). */
  readonly http1?: 'own' | 'llhttp';
  /** TLS and HTTP/2 in the bundle. */
  readonly tls?: boolean;
  /** Kinds of store to build in besides those of the document: `redis`, `sqlite`. */
  readonly stores?: readonly string[];
  /** Function name → where it runs, as `--function` has it; relative to `cwd`. */
  readonly functions?: Readonly<Record<string, string>>;
  /** What becomes of the document's base path, as on import into API Gateway. Default: `x-gwc.basepath`, else 'ignore'. */
  readonly basepath?: Basepath;
  /** Lets what the document refers to leave its folder. */
  readonly allowOutside?: boolean;
  /** Folder of the OWASP core rule set's files, for the rule group OWASP CRS of web ACLs, which SqliMatch and XssMatch ask, too; relative to `cwd`. */
  readonly crs?: string;
  /** What relative paths of options are relative to. Default: the process's. */
  readonly cwd?: string;
}

/** A document while 2-read works on it. */
export interface RawApi {
  readonly root: Node;
  /** Absolute or relative URLs of the document's servers, and what stands before its paths ('' or '/v1') because of `--basepath`. */
  readonly servers: readonly string[];
  readonly prefix: string;
  readonly flavour: Flavour;
  readonly options: BuildOptions;
  /** Lowers a schema of the document (any dialect) and registers what it refers to by name. */
  readonly schema: (node: Node) => Schema;
  /** The schema a `$ref`-style name of an API Gateway model or component stands for. */
  readonly namedSchema: (name: string) => Schema | undefined;
}

/** An operation while 2-read works on it: what no slice owns has been read already. */
export interface RawOperation {
  readonly api: RawApi;
  readonly node: Node;
  readonly pathItem: Node;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: readonly Response[];
  readonly security: Operation['security'];
  readonly securitySchemes: Api['securitySchemes'];
}

/** One vertical slice. `key` names its part in `OperationParts` (and `ApiParts`). */
export interface Feature<Part = unknown, ApiPart = unknown> {
  readonly key: string;
  readonly stage: Stage;
  readonly diagnostics: Readonly<Record<string, DiagnosticDefinition<never>>>;

  /** Stage `integrate` only: the kinds of integration this slice reads and emits. */
  readonly integrationKinds?: readonly Integration['kind'][];

  /** 2-read, once per document. The result becomes `api.parts[key]`. */
  readApi?(raw: RawApi, reporter: Reporter): ApiPart | undefined;
  /** 2-read, per operation. The result becomes `operation.parts[key]`. Fills in every default. */
  read?(raw: RawOperation, reporter: Reporter): Part | undefined;
  /** 2-read, integrations: the first feature that answers owns the operation's integration. */
  readIntegration?(raw: RawOperation, reporter: Reporter): Integration | undefined;
  /** Cross-operation rules, when the whole Api is known. */
  check?(api: Api, reporter: Reporter): void;

  /** 3-plan: whether the request step / the response step need the whole body in memory. */
  needsRequestBody?(part: Part, operation: Operation): boolean;
  needsResponseBody?(part: Part, operation: Operation): boolean;
  /** 3-plan: false when the part leads to no statement in the handler (then no step is planned). Default true. */
  hasRequestStep?(part: Part, operation: Operation): boolean;
  hasResponseStep?(part: Part, operation: Operation): boolean;
  /** 4-emit: the step decides whether the handler goes on, now or later, by calling `unit.continuation`. Default false. */
  continues?(part: Part, operation: Operation): boolean;
  /** One line for `gwc plan`: what the step does with these settings. */
  summary(part: Part, operation: Operation): string;

  /**
   * 4-emit, once per bundle: statements of the dispatcher, run for every request before its handler. `exchange: Exchange` and
   * `route: number` (-1: none) are in scope; a statement that answers returns. With `dispatchContinues` everything after it is the function `next`.
   */
  emitDispatch?(part: ApiPart, unit: Unit, next: Code): Code;
  /** 4-emit: what `emitDispatch` emits decides whether and when the rest of the dispatcher runs: it calls `next`, `(exchange: Exchange) => void`. Default false. */
  readonly dispatchContinues?: boolean;
  /** 4-emit: statements of the request handler. `exchange: Exchange` is in scope; a step that answers returns. */
  emit?(part: Part, operation: Operation, unit: Unit): Code;
  /** 4-emit: statements of the response handler. `exchange: Exchange` and `response: UpstreamResponse` are in scope. */
  emitResponse?(part: Part, operation: Operation, unit: Unit): Code;
}

/** Where generated code is put together: one per bundle. */
export interface Unit {
  readonly api: Api;
  readonly options: BuildOptions;
  /** An unused file-level identifier close to `hint` (which may come from a document). */
  name(hint: string): Code;
  /** Declares `const <name> = <value>` once per distinct value; returns its name. */
  constant(hint: string, value: Code): Code;
  /** What takes long to make and nothing else depends on: `make` is called when all handlers are emitted, once per `key`, which says what it makes. */
  later(key: string, make: () => Code): Code;
  /** Declares `function <name>(<parameters>): <result> { <body> }` once per distinct text; returns its name. `doc` becomes its comment. */
  func(hint: string, parameters: Code, result: Code, body: Code, doc?: string): Code;
  /** A compiled validator for `schema` in the given direction (readOnly/writeOnly; model: as API Gateway): `(value: unknown) => readonly ValidationError[] | null`. */
  validator(schema: Schema, direction: 'request' | 'response' | 'model', hint: string): Code;
  /** Code that answers with a gateway response, e.g. `BAD_REQUEST_BODY`: `function (exchange: Exchange): void`. `exchange.errorMessage` is set first when it varies. */
  gatewayResponse(type: string, operation?: Operation): Code;
  /** Has every new gateway run `statement`; `state: GatewayState` and `options: GatewayOptions` are in scope; once per distinct code. */
  atStart(statement: Code): void;
  /** Has the primary process of `--workers` run `statement`; `cluster`, `store` (its own, or null) and `log` are in scope; once per distinct code. */
  atPrimary(statement: Code): void;
  /** Has the gateway call `end` when it closes; once per distinct code. */
  atClose(end: Code): void;
  /** Gives the gateway file options of its own: `numbers` is a `NumberOptions` (runtime/options.ts); once per distinct code. */
  commandLine(numbers: Code): void;
  /** Gives the gateway file a flag of its own: `flag` is a `Flag` (runtime/options.ts); steps read it at start as `options.given`; once per distinct code. */
  flag(flag: Code): void;
  /** Puts something on the admin port: `part` is an `AdminPart` (runtime/admin-part.ts); once per distinct code. */
  adminPort(part: Code): void;
  /** Indexes (into `exchange.route`) of the operations for which `test` holds. */
  routesWhere(test: (operation: Operation) => boolean): readonly number[];
  /** Declares an array indexed by `exchange.route`, one value per operation; returns its name. */
  perRoute(hint: string, value: (operation: Operation) => Code): Code;
  /** The expression that gives path variable `name` of the operation's route (raw, not decoded): `string`. */
  pathVariable(operation: Operation, name: string): Code;
  /** The expression for export `exportName` of the user's module `file` (absolute), which becomes part of the bundle. `origin`: who asked for it. */
  localFunction(file: string, exportName: string, origin: Origin): Code;
  /** The expression for the text of an ES module that serves that export in a thread (`runtime/lambda-isolated/worker.ts`). `streams`: results are wanted piece by piece, too. */
  localProgram(file: string, exportName: string, streams: boolean, origin: Origin): Code;
  /** Set for the operation whose handler is being emitted: the response handler to call in buffer mode, or undefined when the answer may stream. */
  responseHandler(operation: Operation): Code | undefined;
  /** For a step that `continues`: the function that holds everything after it, `(exchange: Exchange) => void`. */
  continuation(operation: Operation): Code;
  /** Whether the handler being emitted has the whole request body in `exchange.body`. */
  hasRequestBody(operation: Operation): boolean;
}

export type { Api, ApiParts, Operation, OperationParts };
