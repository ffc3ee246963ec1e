/** Run-time keys in a worker of `--workers`: the primary process keeps them, tells what changes and answers the control plane; a worker knows what opens. */
import type { GatewayState } from '../gateway-state.js';
import type { Primary } from '../limits/shared-limits.js';
import type { ControlAnswer, ControlRequest } from './control-request.js';
import type { RunningApi } from './description.js';
import { liveKeys, type KeyChange } from './live-keys.js';
import type { KeyManagement } from './start-key-management.js';

/** Worker to primary; `of` is the worker's number in messages about its limits. */
export type KeysQuestion = { readonly gwc: 'keys'; readonly of: number } & (
  | { readonly join: RunningApi }
  | { readonly call: number; readonly request: ControlRequest }
  /** Changes up to this number are in force. */
  | { readonly done: number }
  /** Flat: client, requests it was let in without asking. */
  | { readonly used: readonly number[] }
  | { readonly leave: true });

/** Primary to worker. */
export type KeysAnswer = { readonly gwc: 'keys'; readonly of: number } & (
  | { readonly joined: true }
  | { readonly failed: string }
  | { readonly answered: number; readonly answer: ControlAnswer }
  | { readonly seq: number; readonly changes: readonly KeyChange[] }
  | { readonly refill: number });

const REPORT_MS = 1_000;
const PATIENCE_MS = 30_000;

export function joinManager(state: GatewayState, api: RunningApi, primary: Primary): KeyManagement {
  const limits = state.limits!;
  const { of } = limits.keeper!;
  const live = liveKeys(state, true);
  const open = new Map<number, { resolve: (answer: ControlAnswer) => void; timer: NodeJS.Timeout }>();
  let calls = 0;
  const send = (message: KeysQuestion): void => {
    // A closed channel: the primary is gone, and this worker ends too.
    try { primary.send(message); } catch { /* see above */ }
  };
  let joined: () => void = () => {}, failed: (error: Error) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => { joined = resolve; failed = reject; });
  ready.catch(() => {});
  const conclude = (call: number, answer: ControlAnswer): void => {
    const waiting = open.get(call);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    open.delete(call);
    waiting.resolve(answer);
  };
  const deaf = primary.listen((text) => {
    const message = text as KeysAnswer;
    if (message.gwc !== 'keys' || message.of !== of) return;
    if ('changes' in message) {
      live.apply(message.changes);
      send({ gwc: 'keys', of, done: message.seq });
    } else if ('answered' in message) conclude(message.answered, message.answer);
    else if ('refill' in message) limits.keeper?.forget(message.refill);
    else if ('failed' in message) failed(new Error(message.failed));
    else joined();
  });
  const report = (): void => {
    const used: number[] = [];
    limits.clients.forEach((client, number) => {
      if (client.used === 0) return;
      used.push(number, client.used);
      client.used = 0;
    });
    if (used.length > 0) send({ gwc: 'keys', of, used });
  };
  const timer = setInterval(report, REPORT_MS).unref();
  send({ gwc: 'keys', of, join: api });
  return {
    ready,
    manager: null,
    call(request) {
      // The answer is to know of what this worker has let in.
      report();
      return new Promise((resolve) => {
        const call = calls++;
        open.set(call, { resolve, timer: setTimeout(() => conclude(call, { status: 503, errorType: 'ServiceUnavailableException', body: JSON.stringify({ message: 'The primary process does not answer' }) }), PATIENCE_MS).unref() });
        send({ gwc: 'keys', of, call, request });
      });
    },
    close() {
      clearInterval(timer);
      report();
      send({ gwc: 'keys', of, leave: true });
      deaf();
    },
  };
}
