import type { Origin } from '../../diagnostics/define.js';
import type { UriPart } from '../uri-parts.js';

/** Whose rights a service or a function is called with. */
export type Credentials =
  /** The gateway's own. `origin`: of a field that says something else which is not known. */
  | { readonly kind: 'own'; readonly origin?: Origin }
  /** A role that the gateway's own credentials may assume; stage variables may stand in its ARN. */
  | { readonly kind: 'role'; readonly arn: readonly UriPart[]; readonly origin: Origin }
  /** `arn:aws:iam::*:user/*`: the client's, which the gateway has when AWS_IAM let the request in. */
  | { readonly kind: 'caller'; readonly origin: Origin };

/** For `gwc plan`; '' for the gateway's own. */
export function credentialsText(credentials: Credentials): string {
  switch (credentials.kind) {
    case 'own': return '';
    case 'caller': return ', as the caller';
    case 'role': return `, as ${credentials.arn.map((part) => (part.kind === 'text' ? part.text : `\${stageVariables.${part.name}}`)).join('')}`;
    default: return credentials satisfies never;
  }
}
