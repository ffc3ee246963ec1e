/** What becomes of a security scheme in the gateway: what the slices security, api-keys and authorizers have to agree on. */
import type { Origin } from '../diagnostics/define.js';
import type { RawApi, RawOperation } from '../feature.js';
import type { SecurityScheme } from '../ir.js';
import { isCheckedKey } from './key-requirement.js';

export type Enforcement =
  /** An API key that the gateway checks. */
  | 'key'
  /** Checked by a Lambda authorizer, or by verifying a token. */
  | 'authorizer'
  /** API Gateway would check it, this version does not: who needs it is refused. */
  | 'closed'
  /** Nothing in the document says how a gateway could check it. */
  | 'backend';

export function enforcement(scheme: SecurityScheme, api: RawApi): Enforcement {
  if (isCheckedKey(scheme, api)) return 'key';
  if (scheme.aws) return scheme.aws.kind === 'other' ? 'closed' : 'authorizer';
  // Who terminates TLS sees certificates.
  if (scheme.kind === 'mutualTLS' && api.options.tls === true) return 'authorizer';
  return scheme.jwt || isCheckedBasic(scheme) ? 'authorizer' : 'backend';
}

/** `x-amazon-apigateway-auth: {type: AWS_IAM}` of an operation. */
export function asksForIam({ node }: Pick<RawOperation, 'node'>): boolean {
  return node.get('x-amazon-apigateway-auth')?.string('type')?.toUpperCase() === 'AWS_IAM';
}

/** The document says who the users of an http basic scheme are. */
export function isCheckedBasic(scheme: SecurityScheme): scheme is Extract<SecurityScheme, { kind: 'http' }> & { readonly basic: Origin } {
  return scheme.kind === 'http' && scheme.scheme === 'basic' && scheme.basic !== undefined;
}
