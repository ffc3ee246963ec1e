/** Run-time keys over all workers of `--workers N`, the primary's half: it keeps registry and usage, and tells every worker. */
import type { Cluster, Worker } from 'node:cluster';
import type { LimitsOf } from '../limits/limits-keeper.js';
import { callControlPlane } from './control-plane.js';
import { KeyManager, type AttachedGateway } from './key-manager.js';
import type { KeyChange } from './live-keys.js';
import type { Store } from '../store/store.js';
import { openManager } from './open-manager.js';
import type { KeysAnswer, KeysQuestion } from './shared-keys.js';

/** A worker that does not say within this time that it heeds a change is not waited for: it does when it gets to it. */
const PATIENCE_MS = 2_000;

/** Without a callback a worker that has just died would be an uncaught error here. */
const IGNORE = (): void => {};

interface Joined { readonly gateway: AttachedGateway; readonly detach: Promise<() => void>; settle(): void; done(seq: number): void }

/** Answers the workers of `cluster`; `limitsOf` is what `keepLimits` returned. `store`: the primary's own. */
export function keepKeys(cluster: Pick<Cluster, 'on'>, limitsOf: LimitsOf, store: Store | null, log: (line: string) => void): void {
  const manager = new KeyManager(store);
  const opened = openManager(manager, log);
  const joined = new Map<Worker, Map<number, Joined>>();
  const leave = (worker: Worker, of: number): void => {
    const one = joined.get(worker)?.get(of);
    if (one === undefined) return;
    joined.get(worker)!.delete(of);
    one.settle();
    void one.detach.then((detach) => detach(), IGNORE);
  };

  cluster.on('exit', (worker) => {
    for (const of of [...(joined.get(worker)?.keys() ?? [])]) leave(worker, of);
    joined.delete(worker);
  });
  cluster.on('message', (worker: Worker, message: unknown) => {
    if (!isQuestion(message)) return;
    const { of } = message;
    const send = (answer: KeysAnswer): void => void worker.send(answer, IGNORE);
    if ('join' in message) {
      const limits = limitsOf(worker, of);
      if (limits === undefined) return;
      const one = join(manager, opened, { api: message.join, limits }, (seq, changes) => send({ gwc: 'keys', of, seq, changes }), (client) => send({ gwc: 'keys', of, refill: client }));
      if (!joined.has(worker)) joined.set(worker, new Map());
      joined.get(worker)!.set(of, one);
      one.detach.then(() => send({ gwc: 'keys', of, joined: true }), (error: Error) => send({ gwc: 'keys', of, failed: error.message }));
      return;
    }
    const one = joined.get(worker)?.get(of);
    if (one === undefined) return;
    if ('call' in message) void callControlPlane(manager, message.request).then((answer) => send({ gwc: 'keys', of, answered: message.call, answer }));
    else if ('done' in message) one.done(message.done);
    else if ('used' in message) manager.countUnlimited(one.gateway, message.used);
    else leave(worker, of);
  });
}

function join(manager: KeyManager, opened: Promise<void>, of: Pick<AttachedGateway, 'api' | 'limits'>, send: (seq: number, changes: readonly KeyChange[]) => void, refill: (client: number) => void): Joined {
  const waiting = new Map<number, () => void>();
  let last = 0;
  const gateway: AttachedGateway = {
    ...of,
    refill,
    tell: (changes) => new Promise((resolve) => {
      const seq = ++last;
      const timer = setTimeout(() => { waiting.delete(seq); resolve(); }, PATIENCE_MS).unref();
      waiting.set(seq, () => { clearTimeout(timer); waiting.delete(seq); resolve(); });
      send(seq, changes);
    }),
  };
  return {
    gateway,
    detach: opened.then(() => manager.attach(gateway)),
    settle() { for (const each of [...waiting.values()]) each(); },
    done(seq) { waiting.get(seq)?.(); },
  };
}

function isQuestion(message: unknown): message is KeysQuestion {
  return typeof message === 'object' && message !== null && (message as KeysQuestion).gwc === 'keys';
}
