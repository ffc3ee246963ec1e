/** Lambda authorizers (auth.md §6, §9): a function says who calls and what they may do, its answer is kept per identity. */
import { setAuthorizer, type AuthorizerResult } from './authorizer-result.js';
import type { Exchange } from '../exchange.js';
import { executionLog } from '../execution-log.js';
import type { GatewayState } from '../gateway-state.js';
import type { Invoke, LambdaResult } from '../lambda/proxy.js';
import { CONFIGURATION, UNAUTHORIZED, type Refusal, type Refuse, type Step } from './refusal.js';
import { ResultCache, type Expiring } from './result-cache.js';

/** What a function's answer means. `admits`: asked for every request, also of results that were kept: null, or why not. */
export interface Decision {
  readonly result: AuthorizerResult;
  readonly admits: (exchange: Exchange) => Refusal | null;
}

/** Results whose identities end alike stand in one list. */
interface Kept extends Expiring { readonly identity: string; readonly decision: Decision; readonly size: number; readonly next: Kept | null }

/** One authorizer of the document. Results are kept per running gateway, so per stage, and shared with no other authorizer. */
export class LambdaAuthorizer {
  private readonly caches = new WeakMap<GatewayState, ResultCache<Kept>>();
  private lastState: GatewayState | null = null;
  private lastCache: ResultCache<Kept> | null = null;

  /**
   * `name`: of the security scheme. `ttl`: ms a result is kept, 0: not at all. `timeoutMs`: for the function's answer. `read`: a text says why the answer is none.
   */
  constructor(readonly name: string, readonly ttl: number, readonly timeoutMs: number, readonly read: (answer: unknown) => Decision | string) {}

  cacheFor(state: GatewayState): ResultCache<Kept> {
    if (state === this.lastState) return this.lastCache!;
    let cache = this.caches.get(state);
    if (cache === undefined) this.caches.set(state, (cache = new ResultCache()));
    this.lastState = state;
    return (this.lastCache = cache);
  }
}

/**
 * `identity`: the values of the identity sources as one text (`identityOf`), null when one is missing: then the function is not asked.
 * `event`: makes the function's event. Identical requests that arrive while a function is asked ask it too, as on AWS.
 */
export function authorizeByLambda(exchange: Exchange, authorizer: LambdaAuthorizer, invoke: Invoke, identity: string | null, event: (exchange: Exchange) => object, next: Step, refuse: Refuse): void {
  if (identity === null) return refuse(exchange, UNAUTHORIZED);
  if (authorizer.ttl > 0) {
    const now = performance.now();
    let kept = authorizer.cacheFor(exchange.gateway).get(keyOf(identity), now) ?? null;
    for (; kept !== null; kept = kept.next) if (kept.identity === identity && kept.expires > now) return decide(exchange, kept.decision, next, refuse);
  }
  invoke(exchange, event(exchange), authorizer.timeoutMs, (result) => {
    try {
      const decision = decisionOf(authorizer, result);
      if (typeof decision === 'string') {
        executionLog(exchange, decision);
        return refuse(exchange, CONFIGURATION);
      }
      if (decision === null) return refuse(exchange, UNAUTHORIZED);
      if (authorizer.ttl > 0) keep(authorizer, exchange.gateway, identity, decision, result.kind === 'returned' ? result.text.length : 1_000);
      decide(exchange, decision, next, refuse);
    } catch (error) { exchange.gateway.onFault(exchange, error); }
  });
}

/** What results are found by: the end of the identity, where signatures are, so that little of a long token is hashed. The whole is compared afterwards. */
function keyOf(identity: string): string {
  return identity.length <= KEY ? identity : identity.slice(-KEY);
}

const KEY = 32;
const ALIKE = 8;

function keep(authorizer: LambdaAuthorizer, state: GatewayState, identity: string, decision: Decision, size: number): void {
  const now = performance.now();
  const cache = authorizer.cacheFor(state);
  const key = keyOf(identity);
  const own = identity.length + size;
  let rest: Kept | null = null, count = 0, weight = own;
  for (let other = cache.get(key, now) ?? null; other !== null && count < ALIKE - 1; other = other.next) {
    if (other.identity === identity || other.expires <= now) continue;
    rest = { ...other, next: rest };
    count++;
    weight += other.size;
  }
  cache.set(key, { identity, decision, expires: now + authorizer.ttl, size: own, weight, next: rest });
}

function decide(exchange: Exchange, { result, admits }: Decision, next: Step, refuse: Refuse): void {
  setAuthorizer(exchange, result);
  const refusal = admits(exchange);
  if (refusal === null) next(exchange);
  else refuse(exchange, refusal);
}

/** null: the function said `Unauthorized`. A text is for the log: nobody gets in. */
function decisionOf(authorizer: LambdaAuthorizer, result: LambdaResult): Decision | string | null {
  switch (result.kind) {
    case 'returned': case 'answered': {
      let answer: unknown;
      try { answer = result.kind === 'returned' ? JSON.parse(result.text) : result.answer; } catch { return 'Execution failed due to configuration error: Could not parse policy'; }
      const decision = authorizer.read(answer);
      return typeof decision === 'string' ? `Execution failed due to configuration error: ${decision}` : decision;
    }
    case 'functionError': return result.message === 'Unauthorized' ? null : `Execution failed due to configuration error: Authorizer error: ${result.message}`;
    case 'refused': return result.status === 429 ? 'Execution failed due to configuration error: Rate Exceeded.' : `Execution failed due to configuration error: Invalid permissions on Lambda function (status ${result.status})`;
    case 'timeout': case 'network': case 'configuration': case 'broken': return `Execution failed due to configuration error: Authorizer error: ${result.detail}`;
    default: return 'Execution failed due to configuration error: Authorizer error';
  }
}

/**
 * One text for the values of several identity sources: no two lists give the same one, and all of them have a part in its end. null when a value is missing
 * or empty.
 */
export function identityOf(values: readonly (string | undefined)[]): string | null {
  let text = '', end = '';
  const share = Math.max(4, Math.floor(KEY / values.length));
  for (const value of values) {
    if (value === undefined || value === '') return null;
    text += `${value.length}:${value}`;
    end += value.slice(-share);
  }
  return text + end;
}

/** The same for a single one. */
export function identityOfOne(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
