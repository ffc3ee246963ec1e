/** How an authorization step says no. Generated code turns the kind into a gateway response. */
import type { Exchange } from '../exchange.js';
import { addField } from '../send.js';

export interface Refusal {
  /** unauthorized 401, configuration and failure 500, busy 429, all others 403. */
  readonly kind: 'unauthorized' | 'busy' | 'denied' | 'key' | 'configuration' | 'failure' | 'missing' | 'incomplete' | 'unknown' | 'expired' | 'signature';
  /** `$context.error.message`; '' = the gateway response's own. */
  readonly message: string;
  /** `WWW-Authenticate`; '' when there is none. */
  readonly challenge: string;
  /** `$context.authorizer.error`. */
  readonly error: string;
}

export type Step = (exchange: Exchange) => void;
export type Refuse = (exchange: Exchange, refusal: Refusal) => void;
/** Calls one of `next` and `refuse`, at once or later. */
export type Guard = (exchange: Exchange, next: Step, refuse: Refuse) => void;

export const UNAUTHORIZED: Refusal = { kind: 'unauthorized', message: '', challenge: '', error: '' };
export const INVALID_KEY: Refusal = { kind: 'key', message: '', challenge: '', error: '' };
/** A certificate is needed, and none was shown. */
export const NO_CERTIFICATE: Refusal = { kind: 'denied', message: 'User is not authorized to access this resource', challenge: '', error: '' };
export const CONFIGURATION: Refusal = { kind: 'configuration', message: '', challenge: '', error: '' };

/** Puts what a refusal says where the gateway response finds it. */
export function tellRefusal(exchange: Exchange, { message, challenge, error }: Refusal): void {
  if (message !== '') exchange.errorMessage = message;
  if (challenge !== '') addField(exchange, 'www-authenticate', challenge);
  if (error !== '') (exchange.context ??= {})['authorizerError'] = error;
}

/** Alternatives in order: the first that lets the request in decides; when none does, the first refusal is the answer. */
export function oneOf(exchange: Exchange, guards: readonly Guard[], next: Step, refuse: Refuse): void {
  tryGuard(exchange, guards, 0, null, next, refuse);
}

function tryGuard(exchange: Exchange, guards: readonly Guard[], index: number, first: Refusal | null, next: Step, refuse: Refuse): void {
  const guard = guards[index];
  if (guard === undefined) return refuse(exchange, first!);
  guard(exchange, next, (_, refusal) => {
    // What a failed alternative found out about the caller does not count.
    if (exchange.context !== null) delete exchange.context['authorizer'];
    tryGuard(exchange, guards, index + 1, first ?? refusal, next, refuse);
  });
}
