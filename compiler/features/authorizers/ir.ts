import type { KeyPlace } from '../../access/key-requirement.js';
import type { Source } from '../../expressions/parse-source.js';
import type { FunctionCall } from '../../functions/call.js';

/** Who is let in: one of the alternatives, with all of its checks. */
export interface AuthorizePart { readonly alternatives: readonly (readonly Check[])[] }

export type Check =
  | { readonly kind: 'lambda'; readonly authorizer: LambdaAuthorizer }
  /** Only beside alternatives with other checks: elsewhere the apiKey step does it. */
  | { readonly kind: 'key'; readonly places: readonly KeyPlace[] }
  /** What the scheme says cannot work: nobody is let in. */
  | { readonly kind: 'broken'; readonly scheme: string };

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
