import type { KeyPlace } from '../../access/key-requirement.js';
import type { Json } from '../../code.js';
import type { Source } from '../../expressions/parse-source.js';
import type { FunctionCall } from '../../functions/call.js';

/** Who is let in: one of the alternatives, with all of its checks. */
export interface AuthorizePart { readonly alternatives: readonly (readonly Check[])[] }

export type Check =
  | { readonly kind: 'lambda'; readonly authorizer: LambdaAuthorizer }
  /** `scopes`: the token must have one of them; empty: any token will do. */
  | { readonly kind: 'jwt'; readonly authorizer: JwtAuthorizer; readonly scopes: readonly string[] }
  | { readonly kind: 'cognito'; readonly authorizer: CognitoAuthorizer; readonly scopes: readonly string[] }
  /** A client certificate that the TLS front accepted (OpenAPI's mutualTLS). */
  | { readonly kind: 'certificate' }
  | BasicCheck
  /** A signed request of a known caller. */
  | { readonly kind: 'iam' }
  /** Only beside alternatives with other checks: elsewhere the apiKey step does it. */
  | { readonly kind: 'key'; readonly places: readonly KeyPlace[] }
  /** What the scheme says cannot work: nobody is let in. */
  | { readonly kind: 'broken'; readonly scheme: string };

/** An http basic scheme with `x-gwc-basic`. */
export interface BasicCheck {
  readonly kind: 'basic';
  readonly scheme: string;
  readonly realm: string;
  /** Name and hash (scrypt or bcrypt), or `env:<variable>`. More come from --htpasswd. */
  readonly users: readonly (readonly [name: string, hash: string])[];
}

/** `x-amazon-apigateway-authorizer` of type token or request. */
export interface LambdaAuthorizer {
  /** Name of the security scheme. */
  readonly scheme: string;
  readonly type: 'token' | 'request';
  /** Bindings are added when they are known (`boundCall`). */
  readonly call: Omit<FunctionCall, 'targets'>;
  readonly format: 'rest' | '1.0' | '2.0';
  /** `{"isAuthorized": …}` instead of a policy. */
  readonly simple: boolean;
  /** token: exactly one header. */
  readonly sources: readonly Source[];
  /** The function is not asked unless every source has a value. */
  readonly sourcesRequired: boolean;
  /** Java regular expression that the whole token must match; null when none. */
  readonly expression: string | null;
  /** Seconds. */
  readonly ttl: number;
}

/** Type jwt, or `x-gwc-jwt` of a plain scheme. */
export interface JwtAuthorizer {
  readonly scheme: string;
  readonly source: Source;
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  /** Seconds. */
  readonly skew: number;
  /** null: the issuer's discovery document says it. */
  readonly jwksUri: string | null;
}

/** Type cognito_user_pools. */
export interface CognitoAuthorizer {
  readonly scheme: string;
  readonly source: Source;
  readonly pools: readonly { readonly region: string; readonly id: string }[];
  /** Java regular expression that the whole audience of an identity token must match; null when none. */
  readonly expression: string | null;
}

/** `x-gwc.callers`. */
export interface CallersPart { readonly callers: readonly DeclaredCaller[] }

export interface DeclaredCaller {
  readonly name: string;
  /** Or `env:<variable>`; '': keys come from the credentials file given at start. */
  readonly accessKeyId: string;
  /** `env:<variable>`. */
  readonly secretAccessKey: string;
  /** `env:<variable>`; '' for long-term keys. */
  readonly sessionToken: string;
  /** '': a user of the API's account. */
  readonly arn: string;
  /** null: none. */
  readonly policy: Json;
  /** '': the access key. */
  readonly userId: string;
  /** '': none. */
  readonly organization: string;
  readonly tags: Readonly<Record<string, string>>;
}
