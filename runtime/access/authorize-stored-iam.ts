/** AWS_IAM in a gateway with a store: whoever the document and the credentials file do not know may be in the store. */
import { authorizeSigner, knownCallers, verify } from './authorize-iam.js';
import { CALLER_RECORD } from './caller-record.js';
import { callerInPrimary } from './callers-keeper.js';
import type { Exchange } from '../exchange.js';
import type { GatewayOptions } from '../gateway.js';
import type { GatewayState } from '../gateway-state.js';
import { callerOf, factsOf, type CallerDeclaration } from './iam-callers.js';
import { readSignature } from './iam-signature.js';
import type { Policy } from './policy/policy.js';
import type { Refusal, Refuse, Step } from './refusal.js';
import { StoredCallers } from './stored-callers.js';

const storedOf = /* @__PURE__ */ new WeakMap<GatewayState, StoredCallers>();

const BUSY: Refusal = { kind: 'busy', message: '', challenge: '', error: '' };
/** Nobody can tell whether the signer may. */
const AWAY: Refusal = { kind: 'failure', message: '', challenge: '', error: '' };

/** A worker of a primary process that holds the store asks that. */
export function openStoredCallers(state: GatewayState, declarations: readonly CallerDeclaration[], { primary }: Pick<GatewayOptions, 'primary'>): void {
  const { store } = state;
  if (store === null && primary === undefined) return;
  // What listens to the primary must not keep a gateway whose place another took.
  const self = new WeakRef(state);
  const changed = (): void => { const running = self.deref(); if (running !== undefined) storedOf.get(running)?.forget(); };
  const find = store === null ? callerInPrimary(primary!, changed) : async (accessKeyId: string) => (await store.get(CALLER_RECORD, accessKeyId))?.value;
  storedOf.set(state, new StoredCallers(find, (accessKeyId, record) => {
    const { name, secretAccessKey, sessionToken, expires } = record;
    return callerOf(name, { accessKeyId, secretAccessKey, sessionToken }, factsOf(record, declarations.find((each) => each.name === name)), expires ?? Infinity, state.accountId);
  }, state.log));
  // It ends with the store.
  store?.ready().then(() => store.watch((kind) => { if (kind === CALLER_RECORD) changed(); }), () => { /* the gateway says so, and does not start */ });
}

/** `own`: the API's resource policy, null when it has none. */
export function authorizeByStoredIam(exchange: Exchange, own: Policy | null, next: Step, refuse: Refuse): void {
  const signature = readSignature(exchange);
  if ('kind' in signature) return authorizeSigner(exchange, signature, own, next, refuse);
  const known = knownCallers(exchange.gateway), stored = storedOf.get(exchange.gateway);
  if (stored === undefined || known.get(signature.accessKeyId) !== undefined) return authorizeSigner(exchange, verify(exchange, signature, known), own, next, refuse);
  stored.look(signature.accessKeyId, (found, caller) => {
    try {
      if (found !== 'known') return refuse(exchange, found === 'busy' ? BUSY : AWAY);
      authorizeSigner(exchange, verify(exchange, signature, { get: () => caller }), own, next, refuse);
    } catch (error) { exchange.gateway.onFault(exchange, error); }
  });
}
