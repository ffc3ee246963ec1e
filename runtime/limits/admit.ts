/** The throttle and quota steps: the handler goes on (at once, or when the primary process has answered) or the request is refused. */
import type { Exchange } from '../exchange.js';
import type { GatewayState } from '../gateway-state.js';
import { ADMITTED, createLimits, decide, isLimited, monotonicMicros, THROTTLED, type LimitsDeclaration } from './limits.js';
import { addField } from '../send.js';
import { joinKeeper, type Primary } from './shared-limits.js';

type Step = (exchange: Exchange) => void;

/**
 * Sets `state.limits`. `replaces`: the state of the gateway whose place this one takes; unless the document's limits have changed, it hands
 * over what was used. `primary`: the process that keeps the limits of all workers.
 */
export function openLimits(state: GatewayState, declaration: LimitsDeclaration, replaces: GatewayState | undefined, primary: Primary | undefined): void {
  const limits = createLimits(declaration, state.stage, monotonicMicros(), Date.now());
  const before = replaces?.limits;
  if (before?.layout === limits.layout) {
    before.keeper?.share();
    state.limits = before;
    return;
  }
  if (primary !== undefined) limits.keeper = joinKeeper(limits, declaration, state.stage, primary);
  state.limits = limits;
}

/** Calls one of `next`, `throttled` and `overQuota`. */
export function admit(exchange: Exchange, operation: number, next: Step, throttled: Step, overQuota: Step): void {
  const limits = exchange.gateway.limits!;
  const client = exchange.apiKey === null ? -1 : exchange.apiKey.client;
  if (limits.keeper !== null) {
    if (!isLimited(limits, operation, client)) {
      if (client >= 0) limits.clients[client]!.used++;
      next(exchange);
      return;
    }
    limits.keeper.ask(exchange, operation, client, false, next, throttled, overQuota);
    return;
  }
  const verdict = decide(limits, operation, client, monotonicMicros(), client >= 0 && limits.clients[client]!.quota !== null ? Date.now() : 0);
  if (verdict === ADMITTED) next(exchange);
  else if (verdict === THROTTLED) throttled(exchange);
  else overQuota(exchange);
}

/** Puts `Retry-After` (RFC 9110 §10.2.3) on the refusal that follows: seconds, rounded up; nothing when it will never get in. */
export function addRetryAfter(exchange: Exchange): void {
  const { wait } = exchange.gateway.limits!;
  if (wait !== Infinity) addField(exchange, 'Retry-After', String(Math.max(1, Math.ceil(wait / 1e6))));
}
