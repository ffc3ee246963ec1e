/**
 * The intermediate representation. `Api` says what the document means (clients, portal and export stop here); `Plan` says what
 * the gateway does, in which order. Both are plain data. A slice declares its own part's type and it is imported here by name.
 */
import type { Json } from './code.js';
import type { Origin } from './diagnostics/define.js';
import type { ApiKeyPart, ApiKeysPart } from './features/api-keys/ir.js';
import type { AuthorizePart, CallersPart } from './features/authorizers/ir.js';
import type { CompressionPart } from './features/compression/ir.js';
import type { AwsServiceIntegration, AwsSubtypeIntegration } from './features/aws-service/ir.js';
import type { CorsPart } from './features/cors/ir.js';
import type { GatewayResponsesPart } from './features/gateway-responses/ir.js';
import type { ExamplesIntegration } from './features/examples/ir.js';
import type { HttpIntegration, HttpPart } from './features/http/ir.js';
import type { LambdaCustomIntegration, LambdaIntegration, LambdaPart } from './features/lambda/ir.js';
import type { MockIntegration } from './features/mock/ir.js';
import type { MutualTlsPart } from './features/mutual-tls/ir.js';
import type { NotCompiledIntegration } from './features/not-compiled/ir.js';
import type { RequestValidationPart } from './features/request-validation/ir.js';
import type { ResourceDecisionPart, ResourcePolicyPart } from './features/resource-policy/ir.js';
import type { ResponseValidationPart } from './features/response-validation/ir.js';
import type { SecurityPart } from './features/security/ir.js';
import type { StorePart } from './features/store/ir.js';
import type { LimitsPart, QuotaPart, ThrottlePart } from './features/throttle/ir.js';
import type { WebAclsPart } from './features/web-acl/ir.js';

export type Flavour = 'rest' | 'http';

/** Which rules the document's schemas follow. 'draft-04' = OpenAPI 2.0 and API Gateway models. */
export type Dialect = 'draft-04' | 'oas-3.0' | 'oas-3.1';

export interface Api {
  readonly flavour: Flavour;
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  readonly dialect: Dialect;
  /** Path in front of every route, '' or '/v1'; what `basePath` / `servers[].url` say, for clients. The gateway serves from --base-path. */
  readonly basePath: string;
  /** What `--base-path` of the gateway is when it is not given: '' or '/v1'. */
  readonly servedUnder: string;
  /** Absolute or relative URLs of `servers` (2.0: schemes, host, basePath), variables replaced by their defaults. */
  readonly servers: readonly string[];
  readonly operations: readonly Operation[];
  /** Named schemas: `components.schemas` / `definitions` by their own name, others that were `$ref`ed by a derived name. */
  readonly schemas: Readonly<Record<string, NamedSchema>>;
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  readonly stages: Readonly<Record<string, Stage>>;
  readonly tags: readonly ApiTag[];
  readonly parts: ApiParts;
  readonly origin: Origin;
}

/** `parent` names another tag, `kind` says what it is for (`nav`, `badge`, `audience`): OpenAPI 3.2. */
export interface ApiTag { readonly name: string; readonly summary?: string; readonly description?: string; readonly parent?: string; readonly kind?: string }

export interface ApiParts {
  readonly gatewayResponses?: GatewayResponsesPart;
  readonly compression?: CompressionPart;
  readonly cors?: CorsPart;
  readonly http?: HttpPart;
  readonly lambda?: LambdaPart;
  readonly apiKey?: ApiKeysPart;
  readonly throttle?: LimitsPart;
  readonly store?: StorePart;
  readonly resourcePolicy?: ResourcePolicyPart;
  readonly webAcl?: WebAclsPart;
  readonly authorize?: CallersPart;
  readonly mutualTls?: MutualTlsPart;
}

export interface Stage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly origin: Origin;
}

export type HttpMethod = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH' | 'TRACE' | (string & {});

export interface Operation {
  /** Unique in the document, an identifier in camelCase: from `operationId`, else method and path (`getPetsByPetId`). */
  readonly id: string;
  /** As written in the document. */
  readonly operationId?: string;
  /** Upper case, or 'ANY' (x-amazon-apigateway-any-method). */
  readonly method: HttpMethod | 'ANY';
  readonly path: PathTemplate;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: readonly Response[];
  readonly doc: OperationDoc;
  /** Alternatives (OR) of requirements (AND): `[{ apiKey: [] }]`. Empty: open. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly integration: Integration;
  readonly parts: OperationParts;
  readonly origin: Origin;
}

export interface OperationDoc {
  readonly summary?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
}

/** What an operation does besides being routed and integrated. Absent = it does not use the feature; `read` filled in the defaults. */
export interface OperationParts {
  readonly resourcePolicy?: ResourceDecisionPart;
  readonly resourceDecision?: ResourceDecisionPart;
  readonly security?: SecurityPart;
  readonly authorize?: AuthorizePart;
  readonly apiKey?: ApiKeyPart;
  readonly throttle?: ThrottlePart;
  readonly quota?: QuotaPart;
  readonly requestValidation?: RequestValidationPart;
  readonly responseValidation?: ResponseValidationPart;
}

export type Integration = MockIntegration | ExamplesIntegration | HttpIntegration | LambdaIntegration | LambdaCustomIntegration | AwsServiceIntegration | AwsSubtypeIntegration | NotCompiledIntegration;

/** `/pets/{petId}/files/{path+}`. */
export interface PathTemplate {
  readonly text: string;
  readonly segments: readonly PathSegment[];
  /** Names of its variables, in order. */
  readonly variables: readonly string[];
  /** The route of an HTTP API that takes whatever no other route does (`$default`). */
  readonly isDefaultRoute?: boolean;
}

/** One segment between slashes. `mixed` alternates literal text and variables: `{base}...{head}`. */
export type PathSegment =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string }
  | { readonly kind: 'mixed'; readonly parts: readonly (string | { readonly name: string })[] };

export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie';
export type ParameterStyle = 'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject' | 'tabDelimited' | 'cookie';

export interface Parameter {
  readonly name: string;
  readonly in: ParameterLocation;
  readonly required: boolean;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly allowReserved: boolean;
  readonly allowEmptyValue: boolean;
  /** Set when the value is serialised by a media type (`content`) instead of a style. */
  readonly contentType?: string;
  /** `in: querystring` (3.2): the whole query is this one value, in this media type. `in` is 'query' then. */
  readonly querystring?: Pick<MediaType, 'type' | 'encoding'>;
  readonly schema: Schema;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly examples: readonly Example[];
  readonly origin: Origin;
}

export interface RequestBody {
  readonly required: boolean;
  readonly description?: string;
  /** In the document's order. */
  readonly content: readonly MediaType[];
  readonly origin: Origin;
}

export interface Response {
  /** '200', '4XX' or 'default'. */
  readonly status: string;
  readonly description: string;
  readonly headers: readonly ResponseHeader[];
  readonly content: readonly MediaType[];
  readonly origin: Origin;
}

export interface ResponseHeader { readonly name: string; readonly required: boolean; readonly schema: Schema; readonly description?: string; readonly style: 'simple'; readonly explode: boolean }

export interface MediaType {
  /** As written, e.g. `application/json`, `image/*`. */
  readonly type: string;
  /** Absent: anything. */
  readonly schema?: Schema;
  /** Of a stream: what each event, line or part is (OpenAPI 3.2). */
  readonly itemSchema?: Schema;
  readonly examples: readonly Example[];
  /** form-urlencoded and multipart: how a field is serialised. */
  readonly encoding: Readonly<Record<string, { readonly contentType?: string; readonly style: ParameterStyle; readonly explode: boolean }>>;
  readonly origin: Origin;
}

export interface Example { readonly name?: string; readonly value: Json }

/**
 * JSON Schema 2020-12, lowered from the document's dialect (nullable → type array, boolean exclusiveMinimum → number, `id` → gone).
 * `$ref` is only ever '#/schemas/<name>' into `Api.schemas`. A `discriminator` is {propertyName, mapping: {tag: schema name}} with
 * every tag listed, and `default`: the schema for other tags and none (3.2's defaultMapping). `readOnly`/`writeOnly`, `format`, `title`, `description`, `default`, `examples`, `deprecated` are kept.
 */
export type Schema = boolean | { readonly [keyword: string]: Json };

export interface NamedSchema { readonly name: string; readonly schema: Schema; readonly origin: Origin }

/** `jwt`: where `x-gwc-jwt` says whose tokens the gateway accepts; `basic`: where `x-gwc-basic` says who its users are. */
export type SecurityScheme =
  | { readonly kind: 'apiKey'; readonly name: string; readonly in: 'header' | 'query' | 'cookie'; readonly description?: string; readonly origin: Origin; readonly aws?: AwsAuthorizer; readonly jwt?: Origin }
  | { readonly kind: 'http'; readonly scheme: string; readonly bearerFormat?: string; readonly basic?: Origin; readonly description?: string; readonly origin: Origin; readonly aws?: AwsAuthorizer; readonly jwt?: Origin }
  | { readonly kind: 'oauth2'; readonly flows: Json; readonly description?: string; readonly origin: Origin; readonly aws?: AwsAuthorizer; readonly jwt?: Origin }
  | { readonly kind: 'openIdConnect'; readonly url: string; readonly description?: string; readonly origin: Origin; readonly aws?: AwsAuthorizer; readonly jwt?: Origin }
  | { readonly kind: 'mutualTLS'; readonly description?: string; readonly origin: Origin; readonly aws?: AwsAuthorizer; readonly jwt?: Origin };

/** The scheme's API Gateway half: an authorizer (`x-amazon-apigateway-authorizer`) or IAM (`x-amazon-apigateway-authtype: awsSigv4`). */
export interface AwsAuthorizer { readonly kind: 'iam' | 'lambda' | 'jwt' | 'cognito' | 'other'; readonly configuration: Json; readonly origin: Origin }

// ── Plan ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Plan {
  readonly flavour: Flavour;
  readonly routes: readonly Route[];
  readonly handlers: readonly HandlerPlan[];
}

export interface Route { readonly method: HttpMethod | 'ANY'; readonly path: PathTemplate; readonly handler: number }

/** One operation's life: steps in STAGES order, exactly one terminal step among the request steps. */
export interface HandlerPlan {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** A step needs the whole request body before it runs. */
  readonly buffersRequest: boolean;
  /** A response step needs the whole response body. */
  readonly buffersResponse: boolean;
  readonly request: readonly PlanStep[];
  readonly response: readonly PlanStep[];
}

export interface PlanStep { readonly stage: string; readonly feature: string; readonly needsBody: boolean; readonly summary: string }
