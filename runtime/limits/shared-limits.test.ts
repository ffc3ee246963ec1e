/** Both halves of limits over workers, with a channel in between that delivers as late as it likes. */
import { EventEmitter } from 'node:events';
import type { Cluster, Worker } from 'node:cluster';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Exchange } from '../exchange.js';
import { admit, openLimits } from './admit.js';
import { admitAndTell, rateLimitFields } from './rate-limit-fields.js';
import type { GatewayState } from '../gateway-state.js';
import { testState } from '../http1/testing/state.js';
import { keepLimits } from './limits-keeper.js';
import type { LimitsDeclaration } from './limits.js';
import type { Primary } from './shared-limits.js';

const test = suite('limits over workers');
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const declaration: LimitsDeclaration = { operations: 2, stages: { test: { every: null, operations: { 1: [0, 3] } } }, plans: [{ throttle: [0, 10], quota: [4, 'DAY', 0], operations: {} }], clients: [{ test: 0 }, {}] };

/** A primary with workers that talk JSON to it, as over IPC. */
class Machine {
  private readonly cluster = new EventEmitter();
  private readonly channels: EventEmitter[] = [];
  messages = 0;
  dead = false;
  private readonly late: (() => void)[] = [];
  constructor(tell = false) { keepLimits(this.cluster as unknown as Cluster, tell ? rateLimitFields : null); }

  revive(): void {
    this.dead = false;
    for (const deliver of this.late.splice(0)) deliver();
  }

  worker(stage = 'test', layout = declaration, log: (line: string) => void = () => {}, replaces?: GatewayState): { state: GatewayState; primary: Primary; listeners: () => number } {
    const toWorker = new EventEmitter();
    this.channels.push(toWorker);
    const worker = { send: (message: object) => setImmediate(() => toWorker.emit('message', JSON.parse(JSON.stringify(message)))) } as unknown as Worker;
    const primary: Primary = {
      send: (message) => { this.messages++; const text = JSON.stringify(message); setImmediate(() => { const deliver = (): void => void this.cluster.emit('message', worker, JSON.parse(text)); if (this.dead) this.late.push(deliver); else deliver(); }); },
      listen: (receive) => { toWorker.on('message', receive); return () => toWorker.off('message', receive); },
    };
    const state = testState({ stage, log });
    openLimits(state, layout, replaces, primary);
    return { state, primary, listeners: () => toWorker.listenerCount('message') };
  }
}

type Verdict = 'in' | 'throttled' | 'quota';
function ask(state: GatewayState, operation: number, client: number | null, how = admit): Promise<{ verdict: Verdict; exchange: Exchange }> {
  const exchange = { gateway: state, apiKey: client === null ? null : { client }, extraFields: null } as unknown as Exchange;
  return new Promise((resolve) => {
    const say = (verdict: Verdict) => (each: Exchange): void => resolve({ verdict, exchange: each });
    how(exchange, operation, say('in'), say('throttled'), say('quota'));
  });
}
const count = (verdicts: readonly { verdict: Verdict }[], verdict: Verdict): number => verdicts.filter((each) => each.verdict === verdict).length;

test('two workers together let in what one process would: bucket and quota', async () => {
  const machine = new Machine();
  const [one, two] = [machine.worker(), machine.worker()];
  const stage = await Promise.all(Array.from({ length: 20 }, (_, i) => ask((i % 2 ? one : two).state, 1, null)));
  assert.equal([count(stage, 'in'), count(stage, 'throttled')], [3, 17]);
  const keyed = await Promise.all(Array.from({ length: 20 }, (_, i) => ask((i % 3 ? one : two).state, 0, 0)));
  assert.equal([count(keyed, 'in'), count(keyed, 'quota')], [4, 16]);
});

test('requests of one turn share a message; a refusal is remembered and costs none', async () => {
  const machine = new Machine();
  const { state } = machine.worker();
  const before = machine.messages;
  await Promise.all(Array.from({ length: 50 }, () => ask(state, 1, null)));
  assert.is(machine.messages - before, 1);
  assert.is(count(await Promise.all(Array.from({ length: 50 }, () => ask(state, 1, null))), 'throttled'), 50);
  await Promise.all(Array.from({ length: 10 }, () => ask(state, 0, 0)));
  const after = machine.messages;
  assert.is(count(await Promise.all(Array.from({ length: 10 }, () => ask(state, 0, 0))), 'quota'), 10);
  assert.is(machine.messages, after);
});

test('a worker that knows nothing of the refusal asks, and tokens that come in are found', async () => {
  const machine = new Machine();
  const layout: LimitsDeclaration = { operations: 1, stages: { test: { every: [20, 1], operations: {} } }, plans: [], clients: [] };
  const { state } = machine.worker('test', layout);
  const first = await Promise.all([ask(state, 0, null), ask(state, 0, null)]);
  assert.equal(first.map((each) => each.verdict), ['in', 'throttled']);
  await pause(60);
  assert.is((await ask(state, 0, null)).verdict, 'in');
});

test('a worker that dies and comes back finds the limits as they were', async () => {
  const machine = new Machine();
  await Promise.all(Array.from({ length: 3 }, () => ask(machine.worker().state, 1, null)));
  const again = machine.worker();
  assert.is((await ask(again.state, 1, null)).verdict, 'throttled');
});

test('other limits, or another stage, are other limits', async () => {
  const machine = new Machine();
  await Promise.all(Array.from({ length: 3 }, () => ask(machine.worker().state, 1, null)));
  assert.is((await ask(machine.worker('test', { ...declaration, stages: { test: { every: null, operations: { 1: [0, 4] } } } }).state, 1, null)).verdict, 'in');
  assert.is((await ask(machine.worker('prod').state, 1, null)).verdict, 'in');
});

test('a new gateway of the same limits in the same worker shares them; the old one lets go of the channel when limits changed', async () => {
  const machine = new Machine();
  const { state, primary, listeners } = machine.worker();
  const same = testState();
  openLimits(same, declaration, state, primary);
  assert.is(same.limits, state.limits);
  state.limits!.keeper!.retire();
  assert.is(listeners(), 1);
  const changed = testState();
  openLimits(changed, { ...declaration, clients: [] }, same, primary);
  assert.is(listeners(), 2);
  const waiting = ask(same, 1, null);
  same.limits!.keeper!.retire();
  assert.is(listeners(), 2, 'somebody still waits');
  assert.is((await waiting).verdict, 'in');
  assert.is(listeners(), 1);
});

test('RateLimit fields come from the primary', async () => {
  const machine = new Machine(true);
  const [one, two] = [machine.worker(), machine.worker()];
  const fields = async (state: GatewayState): Promise<readonly string[] | null> => (await ask(state, 1, null, admitAndTell)).exchange.extraFields;
  assert.equal(await fields(one.state), ['RateLimit-Policy', '"operation";q=3', 'RateLimit', '"operation";r=2']);
  assert.equal(await fields(two.state), ['RateLimit-Policy', '"operation";q=3', 'RateLimit', '"operation";r=1']);
  await fields(two.state);
  const { verdict, exchange } = await ask(one.state, 1, null, admitAndTell);
  assert.equal([verdict, exchange.extraFields!.at(-1)], ['throttled', '"operation";r=0']);
});

test('every request of a mixed turn gets its own answer, in its own order', async () => {
  const machine = new Machine(true);
  const layout: LimitsDeclaration = { operations: 4, stages: { test: { every: null, operations: { 0: [0, 5], 1: [0, 0], 2: [0, 100] } } }, plans: [{ throttle: [0, 7], quota: null, operations: {} }], clients: [{ test: 0 }, { test: 0 }] };
  const { state } = machine.worker('test', layout);
  const asked = Array.from({ length: 200 }, (_, i) => ({ operation: (i >> 2) % 4, client: i % 5 === 0 ? 1 : i % 7 === 0 ? 0 : null, how: i % 11 === 0 ? admitAndTell : admit }));
  const answers = await Promise.all(asked.map(({ operation, client, how }) => ask(state, operation, client, how)));
  const left: Record<string, number> = { '0': 5, '1': 0, '2': 100, '3': Infinity, k0: 7, k1: 7 };
  asked.forEach(({ operation, client, how }, i) => {
    const drawn = [String(operation), ...(client === null ? [] : [`k${client}`])];
    const room = drawn.every((each) => left[each]! > 0);
    assert.is(answers[i]!.verdict, room ? 'in' : 'throttled', `request ${i}`);
    if (room) for (const each of drawn) left[each]!--;
    const told = answers[i]!.exchange.extraFields?.at(-1);
    // A full bucket has its time of recovery, 0; one that gains nothing has none.
    if (how === admitAndTell && operation !== 3) assert.match(told!, new RegExp(`"operation";r=${left[operation]}(;t=0)?$`), String(i));
    else if (how === admit) assert.is(told, undefined);
  });
});

test('a primary that does not answer: the request is served after two seconds, and the log says so', async () => {
  const machine = new Machine();
  const lines: string[] = [];
  const { state } = machine.worker('test', declaration, (line) => lines.push(line));
  await turn(); await turn();
  machine.dead = true;
  const started = performance.now();
  // The timer does not keep a process alive that has nothing else to do.
  const alive = setInterval(() => {}, 100);
  const answers = await Promise.all([ask(state, 1, null), pause(300).then(() => ask(state, 1, null))]);
  clearInterval(alive);
  assert.is(count(answers, 'in'), 2);
  assert.ok(performance.now() - started > 1_900 && performance.now() - started < 4_000);
  // It comes back: answers that are late change nothing, and those that follow belong to their questions.
  machine.revive();
  await pause(20);
  assert.equal((await Promise.all(Array.from({ length: 3 }, () => ask(state, 1, null)))).map((each) => each.verdict), ['in', 'throttled', 'throttled']);
  assert.match(lines[0]!, /Usage Plan check failed due to an internal error/);
});

test('a step that throws is a fault of that request only', async () => {
  const machine = new Machine();
  let faults = 0;
  const state = testState({ onFault: () => { faults++; } });
  openLimits(state, declaration, undefined, machine.worker().primary);
  const exchange = { gateway: state, apiKey: null, extraFields: null } as unknown as Exchange;
  const broken = (): void => { throw new Error('broken'); };
  admit(exchange, 1, broken, broken, broken);
  assert.is((await ask(state, 1, null)).verdict, 'in');
  assert.is(faults, 1);
});

test('messages that are none of its own are ignored', async () => {
  const machine = new Machine();
  const { state, primary } = machine.worker();
  for (const message of [{}, { gwc: 'other' }, { gwc: 'limits', of: 1, ask: [1, 2, 3, 4] }]) primary.send(message);
  assert.is((await ask(state, 1, null)).verdict, 'in');
});

test.run();
