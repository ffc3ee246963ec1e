/** Opt-in `RateLimit-Policy` and `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-11): what a client may do, and has left. */
import type { Exchange } from '../exchange.js';
import { ADMITTED, decide, monotonicMicros, THROTTLED, type Limits } from './limits.js';
import { periodSeconds } from './quota.js';
import { addField } from '../send.js';
import { bucketSize, secondsToFill, secondsUntilFull, tokensLeft, type Buckets } from './token-bucket.js';

type Step = (exchange: Exchange) => void;

/** `admit` that tells the client where it stands, whether or not it is let in. */
export function admitAndTell(exchange: Exchange, operation: number, next: Step, throttled: Step, overQuota: Step): void {
  const limits = exchange.gateway.limits!;
  const client = exchange.apiKey === null ? -1 : exchange.apiKey.client;
  if (limits.keeper !== null) {
    limits.keeper.ask(exchange, operation, client, true, next, throttled, overQuota);
    return;
  }
  const now = Date.now();
  const verdict = decide(limits, operation, client, monotonicMicros(), now);
  const fields = rateLimitFields(limits, operation, client, now);
  for (let i = 0; i < fields.length; i += 2) addField(exchange, fields[i]!, fields[i + 1]!);
  if (verdict === ADMITTED) next(exchange);
  else if (verdict === THROTTLED) throttled(exchange);
  else overQuota(exchange);
}

/**
 * Flat `[name, value…]` as of the decision just made; empty when no limit applies. A token bucket is a policy of `q` requests, all of which it
 * regains in `w` seconds; `t` is the time until it is full, or until the quota's next period. Policies are not named after usage plans: those are
 * the operator's business.
 */
export function rateLimitFields(limits: Limits, operation: number, client: number, now: number): string[] {
  const { buckets } = limits;
  const policies: string[] = [];
  const states: string[] = [];
  if (client >= 0) {
    const { ofPlan, base, methods, quota } = limits.clients[client]!;
    const place = methods === null ? -1 : methods[operation]!;
    if (place >= 0) addBucket('client-operation', buckets, base + place, policies, states);
    if (ofPlan >= 0) addBucket('client', buckets, ofPlan, policies, states);
    if (quota !== null) {
      policies.push(`"quota";q=${quota.limit};w=${periodSeconds(quota.period, quota.end)}`);
      states.push(`"quota";r=${quota.remaining};t=${Math.max(0, Math.ceil((quota.end - now) / 1000))}`);
    }
  }
  if (limits.ofStage[operation]! >= 0) addBucket('operation', buckets, limits.ofStage[operation]!, policies, states);
  return policies.length === 0 ? [] : ['RateLimit-Policy', policies.join(', '), 'RateLimit', states.join(', ')];
}

/** A bucket that gains nothing has neither window nor time of recovery. */
function addBucket(name: string, buckets: Buckets, bucket: number, policies: string[], states: string[]): void {
  const window = secondsToFill(buckets, bucket);
  const recovery = secondsUntilFull(buckets, bucket);
  policies.push(`"${name}";q=${bucketSize(buckets, bucket)}${Number.isFinite(window) ? `;w=${Math.max(1, window)}` : ''}`);
  states.push(`"${name}";r=${tokensLeft(buckets, bucket)}${Number.isFinite(recovery) ? `;t=${recovery}` : ''}`);
}
