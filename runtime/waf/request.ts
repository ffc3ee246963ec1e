/** One request while its web ACL judges it. */
import type { Exchange } from '../exchange.js';
import { send } from '../send.js';
import { logRepeated } from '../repeated-log.js';

export type Next = (exchange: Exchange) => void;

export class WafRequest {
  /** The body's beginning, as a byte string; '' until it was asked for (body-prefix.ts). */
  body = '';
  /** There was more of it than is inspected. */
  bodyIsCut = false;
  /** Fully qualified labels, in the order in which they were added. */
  labels: string[] = [];
  /** Fields for the backend, flat. */
  inserted: string[] | null = null;
  /** Texts and lists of texts that several rules look at, by slot. */
  readonly texts: (string | undefined)[] = [];
  readonly lists: (readonly string[] | undefined)[] = [];

  constructor(readonly exchange: Exchange, readonly next: Next) {}
}

/** `next`: the rest of the dispatcher, for a request that is let in. */
export function beginJudging(exchange: Exchange, next: Next): WafRequest {
  return new WafRequest(exchange, next);
}

export function addLabel(request: WafRequest, label: string): void {
  if (!request.labels.includes(label)) request.labels.push(label);
}

/** LabelMatch with scope LABEL: `prefix` is the context's, `key` what the rule says of the rest: the label itself or the end of its namespaces. */
export function hasLabel(request: WafRequest, prefix: string, key: string): boolean {
  for (const label of request.labels) {
    if (label.length >= prefix.length + key.length && label.startsWith(prefix) && label.endsWith(key) && (label.length === prefix.length + key.length || label.charCodeAt(label.length - key.length - 1) === 58)) return true;
  }
  return false;
}

/** Scope NAMESPACE: `key` (which ends with a colon) stands somewhere among the label's namespaces. */
export function hasLabelIn(request: WafRequest, prefix: string, key: string): boolean {
  for (const label of request.labels) {
    if (!label.startsWith(prefix)) continue;
    for (let at = label.indexOf(key, prefix.length); at >= 0; at = label.indexOf(key, at + 1)) if (at === 0 || label.charCodeAt(at - 1) === 58) return true;
  }
  return false;
}

/** The web ACL lets the request in. */
export function letIn(request: WafRequest): void {
  request.next(request.exchange);
}

/** A custom response: it wins over gateway responses (rest-pipeline.md §1). */
export function sendCustom(exchange: Exchange, status: number, fields: readonly string[], body: string): void {
  exchange.errorType = 'WAF_FILTERED';
  send(exchange, status, fields, body);
}

/** One line for a rule that matched, then how often it did. `what` names action, rule and metric. */
export function tell(request: WafRequest, what: string): void {
  logRepeated(request.exchange, what, request.labels.length === 0 ? what : `${what} labels=${request.labels.join()}`);
}
