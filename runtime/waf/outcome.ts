/** `$context.wafResponseCode`, `webaclArn` and `waf.*`: what the web ACL said (API Gateway developer guide, "Variables for access logging"). Only in bundles whose document asks for it. */
import { gatewayRegion } from '../access/method-arn.js';
import type { Exchange } from '../exchange.js';
import type { WafRequest } from './request.js';

interface WafOutcome {
  readonly arn: string;
  /** performance.now() when the ACL began to judge; then the milliseconds it took. */
  began: number;
  latency: number;
  /** 0: not decided. */
  status: number;
}

/** `arn`: the ACL's own, or its name and id behind `regional/webacl/`. */
export function beginOutcome({ exchange }: WafRequest, arn: string): void {
  (exchange.context ??= {})['waf'] = { arn, began: performance.now(), latency: 0, status: 0 } satisfies WafOutcome;
}

/** `status`: 200 lets the request in, any other is the refusal's. */
export function decided({ exchange }: WafRequest, status: number): void {
  const outcome = outcomeOf(exchange)!;
  outcome.latency = Math.round(performance.now() - outcome.began);
  outcome.status = status;
}

function outcomeOf(exchange: Exchange): WafOutcome | undefined {
  return exchange.context === null ? undefined : exchange.context['waf'] as WafOutcome | undefined;
}

/** `$context.<name>`; '' where the stage has no web ACL or it has not decided. */
export function contextWaf(exchange: Exchange, name: string): string {
  const outcome = outcomeOf(exchange);
  if (outcome === undefined) return '';
  if (name === 'webaclArn') return wholeArn(exchange, outcome.arn);
  if (outcome.status === 0) return '';
  const isAllowed = outcome.status === 200;
  switch (name) {
    case 'wafResponseCode': return isAllowed ? 'WAF_ALLOW' : 'WAF_BLOCK';
    case 'waf.status': return String(outcome.status);
    case 'waf.latency': return String(outcome.latency);
    case 'waf.error': return isAllowed ? '' : 'Forbidden';
    default: return '';
  }
}

function wholeArn(exchange: Exchange, arn: string): string {
  if (arn.startsWith('arn:')) return arn;
  const region = gatewayRegion();
  return `arn:${region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'}:wafv2:${region}:${exchange.gateway.accountId}:regional/webacl/${arn}`;
}
