/** The control plane without sockets: API Gateway's shapes, patches, pages, imports, and input that nobody should send. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLimits, decide, isLimited, monotonicMicros, type Limits } from '../limits/limits.js';
import { callControlPlane } from './control-plane.js';
import type { ApiKeysDescription } from './description.js';
import { KeyManager } from './key-manager.js';
import type { KeyChange } from './live-keys.js';
import type { Store } from '../store/store.js';
import { digestOf } from './ids.js';

const test = suite('control plane of API keys');

const DESCRIPTION: ApiKeysDescription = {
  title: 'pets', version: '1', flavour: 'rest', stages: ['prod', 'test'], operations: ['GET /pets', 'GET /pets/{id}', 'GET /'],
  plans: [{ id: 'declaredplan', name: 'Seed', description: '', throttle: null, quota: { limit: 3, offset: 0, period: 'DAY' }, apiStages: [{ stage: 'prod', throttle: {} }] }],
  keys: [{ id: 'declaredkey', name: 'built in', description: '', enabled: true, client: 0, plans: ['declaredplan'] }],
};
const DECLARED_VALUE = 'declared-declared-declared';

interface Bench { manager: KeyManager; limits: Limits; opens: Map<string, KeyChange>; call: (method: string, path: string, body?: unknown, query?: Record<string, string>) => Promise<{ status: number; type: string; json: any }>; close(): void }

async function bench(store: Store | null = null): Promise<Bench> {
  const manager = new KeyManager(store);
  await manager.open();
  const limits = createLimits({ operations: 3, stages: {}, plans: [{ throttle: null, quota: [3, 'DAY', 0], operations: {} }], clients: [{ prod: 0 }] }, 'prod', monotonicMicros(), Date.now());
  const opens = new Map<string, KeyChange>();
  await manager.attach({
    api: { apiId: 'abc', stage: 'prod', description: DESCRIPTION, digests: { [digestOf(DECLARED_VALUE)]: 'declaredkey' } }, limits, refill() {},
    tell(changes) {
      for (const change of changes) {
        for (const [digest, { keyId }] of opens) if (keyId === change.keyId) opens.delete(digest);
        for (const digest of change.digests) opens.set(digest, change);
      }
    },
  });
  return {
    manager, limits, opens,
    async call(method, path, body, query = {}) {
      const answer = await callControlPlane(manager, { method, path, query, body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body) });
      return { status: answer.status, type: answer.errorType, json: answer.body === '' ? undefined : JSON.parse(answer.body) };
    },
    close: () => manager.close(),
  };
}

const patch = (...operations: string[][]): unknown => ({ patchOperations: operations.map(([op, path, value]) => ({ op, path, ...(value === undefined ? {} : { value }) })) });
const today = (): string => new Date().toISOString().slice(0, 10);

test('a key is made with its value, which is never seen again', async () => {
  const { call, manager, opens, close } = await bench();
  const made = await call('POST', '/apikeys', { name: 'partner', enabled: true, description: 'for them', tags: { team: 'a' }, customerId: 'c1' });
  assert.is(made.status, 201);
  assert.match(made.json.value, /^[A-Za-z0-9]{40}$/);
  assert.match(made.json.id, /^[a-z0-9]{10}$/);
  assert.equal({ ...made.json, id: '', value: '', createdDate: 0, lastUpdatedDate: 0 }, { id: '', value: '', name: 'partner', customerId: 'c1', description: 'for them', enabled: true, createdDate: 0, lastUpdatedDate: 0, stageKeys: [], tags: { team: 'a' } });
  assert.ok(Math.abs(made.json.createdDate - Date.now() / 1000) < 5, 'seconds');
  assert.is(opens.size, 0, 'it is in no plan');
  for (const path of [`/apikeys/${made.json.id}`, '/apikeys']) {
    const seen = await call('GET', path, undefined, { includeValue: 'true', includeValues: 'true' });
    assert.is(seen.status, 200);
    assert.not(JSON.stringify(seen.json).includes(made.json.value));
  }
  assert.not(JSON.stringify([...manager.registry.keys.values()]).includes(made.json.value));
  assert.equal((await call('POST', '/apikeys', { value: made.json.value })), { status: 409, type: 'ConflictException', json: { message: 'API Key already exists' } });
  assert.is((await call('POST', '/apikeys', { value: DECLARED_VALUE })).status, 409, 'the document has this value');
  assert.is((await call('POST', '/apikeys', {})).json.enabled, false, "API Gateway's default");
  close();
});

test('what a key opens follows plan, membership and enabled', async () => {
  const { call, opens, limits, close } = await bench();
  const { json: key } = await call('POST', '/apikeys', { name: 'k', enabled: true });
  const digest = digestOf(key.value);
  const plan = await call('POST', '/usageplans', { name: 'gold', apiStages: [{ apiId: 'abc', stage: 'prod', throttle: { '/pets/GET': { rateLimit: 1, burstLimit: 1 }, '//GET': { rateLimit: 0.5, burstLimit: 2 } } }], throttle: { rateLimit: 100, burstLimit: 5 }, quota: { limit: 10, period: 'WEEK' } });
  assert.is(plan.status, 201, JSON.stringify(plan));
  assert.match(plan.json.id, /^[a-z0-9]{6}$/);
  assert.equal({ ...plan.json, id: '' }, { id: '', name: 'gold', apiStages: [{ apiId: 'abc', stage: 'prod', throttle: { '/pets/GET': { rateLimit: 1, burstLimit: 1 }, '/GET': { rateLimit: 0.5, burstLimit: 2 } } }], throttle: { burstLimit: 5, rateLimit: 100 }, quota: { limit: 10, offset: 0, period: 'WEEK' } });
  const member = await call('POST', `/usageplans/${plan.json.id}/keys`, { keyId: key.id, keyType: 'API_KEY' });
  assert.equal([member.status, member.json], [201, { id: key.id, type: 'API_KEY', name: 'k' }]);
  const { client } = opens.get(digest)!.layout!;
  const now = Date.now(), micros = monotonicMicros();
  const verdicts = (operation: number, times: number): number[] => Array.from({ length: times }, () => decide(limits, operation, client, micros, now));
  assert.equal(verdicts(0, 2), [0, 1], 'one at once of GET /pets');
  assert.equal(verdicts(2, 3), [0, 0, 1], 'two of GET /');
  assert.equal(verdicts(1, 3), [0, 0, 1], 'five in all');
  assert.equal((await call('GET', `/usageplans/${plan.json.id}/usage`, undefined, { startDate: today(), endDate: today() })).json.values, { [key.id]: [[5, 5]] });
  await call('PATCH', `/usageplans/${plan.json.id}`, patch(['remove', '/throttle'], ['remove', '/apiStages/abc:prod/throttle']));
  const relaid = opens.get(digest)!.layout!;
  assert.is(relaid.client, client);
  assert.equal(Array.from({ length: 6 }, () => decide(limits, 0, client, micros, now)), [0, 0, 0, 0, 0, 2], 'the quota goes on where it was');
  const granted = await call('PATCH', `/usageplans/${plan.json.id}/keys/${key.id}/usage`, patch(['replace', '/remaining', '1']));
  assert.equal(granted.json, { usagePlanId: plan.json.id, startDate: today(), endDate: today(), values: { [key.id]: [[10, 1]] } });
  assert.equal([decide(limits, 0, client, micros, now), decide(limits, 0, client, micros, now)], [0, 2]);
  await call('PATCH', `/usageplans/${plan.json.id}`, patch(['replace', '/quota/limit', '20']));
  assert.is(decide(limits, 0, client, micros, now), 0, 'a larger quota: eleven are used');
  await call('PATCH', `/usageplans/${plan.json.id}`, patch(['remove', '/quota']));
  assert.not(isLimited(limits, 0, client));
  await call('PATCH', `/apikeys/${key.id}`, patch(['replace', '/enabled', 'false']));
  assert.is(opens.size, 0);
  await call('PATCH', `/apikeys/${key.id}`, patch(['replace', '/enabled', 'TRUE'], ['replace', '/name', 'renamed']));
  assert.is(opens.size, 1);
  assert.is((await call('DELETE', `/usageplans/${plan.json.id}`)).type, 'BadRequestException', 'stages first');
  await call('PATCH', `/usageplans/${plan.json.id}`, patch(['remove', '/apiStages', 'abc:prod']));
  assert.is(opens.size, 0, 'no plan covers the stage');
  await call('PATCH', `/usageplans/${plan.json.id}`, patch(['add', '/apiStages', 'abc:prod']));
  assert.is(opens.size, 1);
  assert.equal((await call('DELETE', `/usageplans/${plan.json.id}/keys/${key.id}`)), { status: 202, type: '', json: undefined });
  assert.is(opens.size, 0);
  assert.is((await call('DELETE', `/apikeys/${key.id}`)).status, 202);
  assert.is((await call('GET', `/apikeys/${key.id}`)).type, 'NotFoundException');
  close();
});

test('an old value opens for as long as its grace, and no longer', async () => {
  const { call, opens, manager, close } = await bench();
  const { json: key } = await call('POST', '/apikeys', { name: 'k', enabled: true });
  await call('POST', '/usageplans/declaredplan/keys', { keyId: key.id, keyType: 'API_KEY' });
  const rotated = await call('POST', `/apikeys/${key.id}`, { graceSeconds: 1 }, { mode: 'rotate' });
  assert.is(rotated.status, 200);
  assert.not.equal(rotated.json.value, key.value);
  assert.equal([...opens.keys()].sort(), [digestOf(key.value), digestOf(rotated.json.value)].sort(), 'both');
  assert.is(new Set([...opens.values()].map(({ layout }) => layout!.client)).size, 1, 'they draw on the same limits');
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  assert.equal([...opens.keys()], [digestOf(rotated.json.value)]);
  assert.is(manager.registry.keys.get(key.id)!.digests.length, 1);
  await call('POST', `/apikeys/${key.id}`, { graceSeconds: 0 }, { mode: 'rotate' });
  assert.is(opens.size, 1);
  assert.not(opens.has(digestOf(rotated.json.value)), 'at once');
  assert.is((await call('POST', `/apikeys/${key.id}`, { graceSeconds: -1 }, { mode: 'rotate' })).status, 400);
  close();
});

test('what the document declares is shown, and read-only', async () => {
  const { call, limits, close } = await bench();
  const keys = (await call('GET', '/apikeys')).json.item, plans = (await call('GET', '/usageplans')).json.item;
  assert.equal([keys.map(({ id, name }: any) => [id, name]), plans.map(({ id, name, apiStages }: any) => [id, name, apiStages])], [[['declaredkey', 'built in']], [['declaredplan', 'Seed', [{ apiId: 'abc', stage: 'prod' }]]]]);
  for (const [method, path, body] of [
    ['PATCH', '/apikeys/declaredkey', patch(['replace', '/enabled', 'false'])], ['DELETE', '/apikeys/declaredkey'], ['PATCH', '/usageplans/declaredplan', patch(['replace', '/name', 'x'])], ['DELETE', '/usageplans/declaredplan'],
    ['DELETE', '/usageplans/declaredplan/keys/declaredkey'], ['POST', '/usageplans/declaredplan/keys', { keyId: 'declaredkey', keyType: 'API_KEY' }],
  ] as const) {
    const refused = await call(method, path, body);
    assert.equal([refused.status, refused.type], [400, 'BadRequestException'], `${method} ${path}`);
    assert.match(refused.json.message, /is declared in the API's document .* read-only/);
  }
  assert.is(decide(limits, 0, 0, monotonicMicros(), Date.now()), 0);
  assert.equal((await call('GET', '/usageplans/declaredplan/usage', undefined, { startDate: today(), endDate: today(), keyId: 'declaredkey' })).json.values, { declaredkey: [[1, 2]] });
  await call('PATCH', '/usageplans/declaredplan/keys/declaredkey/usage', patch(['replace', '/remaining', '0']));
  assert.is(decide(limits, 0, 0, monotonicMicros(), Date.now()), 2, 'its quota can be set all the same');
  assert.equal((await call('GET', '/usageplans', undefined, { keyId: 'declaredkey' })).json.item.map(({ id }: any) => id), ['declaredplan']);
  assert.equal((await call('GET', '/restapis')).json, { item: [{ id: 'abc', name: 'pets', version: '1', createdDate: 0 }] });
  assert.equal((await call('GET', '/restapis/abc/stages')).json, { item: [{ stageName: 'prod' }, { stageName: 'test' }] });
  close();
});

test('one plan for each stage', async () => {
  const { call, close } = await bench();
  const { json: key } = await call('POST', '/apikeys', { name: 'k', enabled: true });
  const plan = async (stage: string): Promise<string> => (await call('POST', '/usageplans', { name: stage, apiStages: [{ apiId: 'abc', stage }] })).json.id as string;
  const [one, two, three] = [await plan('prod'), await plan('prod'), await plan('test')];
  const add = (id: string): Promise<{ status: number; type: string }> => call('POST', `/usageplans/${id}/keys`, { keyId: key.id, keyType: 'API_KEY' });
  assert.is((await add(one)).status, 201);
  assert.is((await add(one)).type, 'ConflictException', 'again');
  assert.is((await add(two)).type, 'ConflictException');
  assert.is((await add(three)).status, 201);
  assert.is((await call('PATCH', `/usageplans/${three}`, patch(['add', '/apiStages', 'abc:prod']))).type, 'ConflictException');
  assert.equal((await call('GET', `/usageplans/${three}`)).json.apiStages.length, 1, 'all operations of a patch or none');
  assert.equal((await call('GET', '/usageplans', undefined, { keyId: key.id })).json.item.map(({ id }: any) => id).sort(), [one, three].sort());
  assert.equal([(await call('POST', '/usageplans', { name: 'x', apiStages: [{ apiId: 'abc', stage: 'nowhere' }] })).type, (await call('POST', '/usageplans', { name: 'x', apiStages: [{ apiId: 'other', stage: 'prod' }] })).type, (await call('POST', '/usageplans', { name: 'x', apiStages: [{ stage: 'prod' }] })).type], ['NotFoundException', 'NotFoundException', 'BadRequestException']);
  close();
});

test('names, values and memberships have API Gateway\'s bounds', async () => {
  const { call, close } = await bench();
  const made = async (fields: object): Promise<string> => { const { status, type } = await call('POST', '/apikeys', fields); return status === 201 ? '' : type; };
  assert.equal([await made({ name: 'n'.repeat(1_024) }), await made({ name: 'n'.repeat(1_025) })], ['', 'BadRequestException']);
  assert.equal(await Promise.all([19, 20, 128, 129].map((length) => made({ value: String(length).padEnd(length, 'v') }))), ['BadRequestException', '', '', 'BadRequestException']);
  const { json: key } = await call('POST', '/apikeys', { name: 'k' });
  const types: string[] = [];
  for (let i = 0; i < 11; i++) {
    const { json: plan } = await call('POST', '/usageplans', { name: `plan ${i}` });
    types.push((await call('POST', `/usageplans/${plan.id}/keys`, { keyId: key.id, keyType: 'API_KEY' })).type);
  }
  assert.equal(types, [...Array<string>(10).fill(''), 'LimitExceededException']);
  close();
});

test('tags: fail policies are checked, others are anybody\'s', async () => {
  const { call, close } = await bench();
  const { json: plan } = await call('POST', '/usageplans', { name: 'gold', tags: { 'gwc:fail': 'open', team: 'a,b' } });
  const arn = `arn:aws:apigateway:eu-west-3::/usageplans/${plan.id}`;
  // Clients encode the ARN; some leave its slashes.
  for (const path of [`/tags/${encodeURIComponent(arn)}`, `/tags/${arn}`]) {
    assert.is((await call('PUT', path, { tags: { 'gwc:fail': 'closed' } })).status, 204);
    assert.equal((await call('GET', path)).json, { tags: { 'gwc:fail': 'closed', team: 'a,b' } });
    assert.is((await call('DELETE', path, undefined, { tagKeys: 'gwc:fail' })).status, 204);
  }
  for (const [method, path, body, query] of [
    ['PUT', `/tags/${arn}`, { tags: { 'gwc:fail': 'maybe' } }], ['PUT', `/tags/${arn}`, { tags: { a: 1 } }], ['PUT', `/tags/${arn}`, {}], ['DELETE', `/tags/${arn}`, undefined, {}], ['PUT', `/tags/${arn}`, { tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, ''])) }],
  ] as const) assert.is((await call(method, path, body, query)).type, 'BadRequestException', JSON.stringify(body));
  for (const path of ['/tags', '/tags/x', `/tags/${arn}x`, '/tags/arn:aws:apigateway:eu-west-3::/apikeys/none']) assert.is((await call('GET', path)).type, 'NotFoundException', path);
  const { json: declared } = await call('GET', '/usageplans');
  const own = declared.item.find(({ id }: any) => id !== plan.id);
  assert.match((await call('PUT', `/tags/arn:aws:apigateway:eu-west-3::/usageplans/${own.id}`, { tags: { 'gwc:fail': 'open' } })).json.message, /read-only/);
  assert.equal((await call('GET', `/usageplans/${plan.id}`)).json.tags, { team: 'a,b' });
  close();
});

test('lists come in pages, each item once', async () => {
  const { call, close } = await bench();
  for (let i = 0; i < 60; i++) await call('POST', '/apikeys', { name: i % 2 === 0 ? `even ${i}` : `odd ${i}` });
  const ids: string[] = [];
  let position: string | undefined, pages = 0;
  do {
    const { json } = await call('GET', '/apikeys', undefined, { limit: '7', ...(position === undefined ? {} : { position }) });
    ids.push(...json.item.map(({ id }: any) => id));
    position = json.position as string | undefined;
    pages++;
  } while (position !== undefined);
  assert.equal([ids.length, new Set(ids).size, pages], [61, 61, 9]);
  assert.is((await call('GET', '/apikeys')).json.item.length, 25, 'unless something else is asked for');
  assert.is((await call('GET', '/apikeys', undefined, { name: 'even', limit: '500' })).json.item.length, 30);
  for (const query of [{ position: '%%%' }, { limit: '-1' }, { limit: 'x' }] as Record<string, string>[]) assert.is((await call('GET', '/apikeys', undefined, query)).type, 'BadRequestException');
  close();
});

test("a file of API Gateway's is imported; the same value again is the same key", async () => {
  const { call, opens, close } = await bench();
  const value = (n: number): string => `apikey1234abcdefghij012345678${n}`;
  const file = `Enabled,Name,key,UsageplanIds,Colour\r\ntrue,"First, of ""all""",${value(1)},"declaredplan"\r\nFALSE,second,${value(2)},'declaredplan'\n\n,third,${value(3)},\nTRUE,short,abc,\n,again,${value(1)},\n,lost,${value(4)},nowhere\n,mine,${DECLARED_VALUE},\n`;
  const first = await call('POST', '/apikeys', file, { mode: 'import', format: 'csv' });
  assert.is(first.status, 201, JSON.stringify(first.json));
  assert.is(first.json.ids.length, 4);
  assert.equal(first.json.warnings, ['Line 7 has the same Key as line 2', 'Line 6: an API key value has 20 to 128 characters', 'Line 8: there is no usage plan nowhere', "Line 9: the key is declared in the API's document"]);
  assert.equal([...opens.keys()], [digestOf(value(1))]);
  const { item } = (await call('GET', '/apikeys')).json;
  assert.equal(item.slice(1).map(({ name, enabled }: any) => [name, enabled]).sort(), [['First, of "all"', true], ['lost', true], ['second', false], ['third', true]]);
  const again = await call('POST', '/apikeys', `name,KEY,enabled\nchanged,${value(2)},true\n`, { mode: 'import', format: 'csv' });
  assert.equal(again.json, { ids: [first.json.ids[1]], warnings: [] });
  assert.is(opens.size, 2, 'enabled by the newest');
  const before = (await call('GET', '/apikeys')).json.item.length;
  assert.is((await call('POST', '/apikeys', `name,key\na,${value(7)}\nb,x\n`, { mode: 'import', format: 'csv', failonwarnings: 'true' })).status, 400);
  assert.is((await call('GET', '/apikeys')).json.item.length, before, 'nothing of it');
  for (const bad of ['', 'name\nx', 'name,key,key\n', 'name,key\n"open', 'name,key\n"a"b,c']) assert.is((await call('POST', '/apikeys', bad, { mode: 'import', format: 'csv' })).type, 'BadRequestException', bad);
  assert.is((await call('POST', '/apikeys', file, { mode: 'import', format: 'xml' })).status, 400);
  close();
});

test('patches name what may be patched', async () => {
  const { call, close } = await bench();
  const { json: plan } = await call('POST', '/usageplans', { name: 'p', apiStages: [{ apiId: 'abc', stage: 'prod' }] });
  const { json: key } = await call('POST', '/apikeys', { name: 'k' });
  const all = await call('PATCH', `/usageplans/${plan.id}`, patch(['replace', '/apiStages/abc:prod/throttle/~1pets~1{id}/GET/rateLimit', '5.5'], ['replace', '/apiStages/abc:prod/throttle/~1pets~1{id}/GET/burstLimit', '6'], ['add', '/throttle/rateLimit', '1e3'], ['add', '/throttle/burstLimit', '7'], ['replace', '/quota/limit', '9'], ['replace', '/quota/period', 'MONTH'], ['replace', '/description', 'd'], ['replace', '/productCode', 'c']));
  assert.equal(all.json, { id: plan.id, name: 'p', description: 'd', apiStages: [{ apiId: 'abc', stage: 'prod', throttle: { '/pets/{id}/GET': { rateLimit: 5.5, burstLimit: 6 } } }], throttle: { burstLimit: 7, rateLimit: 1000 }, quota: { limit: 9, offset: 0, period: 'MONTH' }, productCode: 'c' });
  const refused: [string, string[], RegExp][] = [
    [`/apikeys/${key.id}`, ['add', '/name', 'x'], /Invalid patch path {2}'\/name' specified for op 'add'. Must be one of: \[\]/], [`/apikeys/${key.id}`, ['replace', '/value', 'x'], /Must be one of: \[\/customerId, \/description, \/enabled, \/name\]/],
    [`/apikeys/${key.id}`, ['replace', '/enabled', 'maybe'], /true or false/], [`/apikeys/${key.id}`, ['copy', '/name', 'x'], /Must be one of: \[add, remove, replace\]/], [`/apikeys/${key.id}`, ['replace', 'name', 'x'], /begins with a slash/],
    [`/usageplans/${plan.id}`, ['replace', '/quota/period', 'YEAR'], /DAY, WEEK, MONTH/], [`/usageplans/${plan.id}`, ['replace', '/quota/limit', '1.5'], /whole number/], [`/usageplans/${plan.id}`, ['replace', '/quota/limit', '0x10'], /must be a number/],
    [`/usageplans/${plan.id}`, ['remove', '/apiStages', 'abc:test'], /does not cover/], [`/usageplans/${plan.id}`, ['replace', '/apiStages', 'abc:test'], /Invalid patch path/], [`/usageplans/${plan.id}`, ['replace', '/name', ''], /Invalid value/],
    [`/usageplans/${plan.id}`, ['replace', '/apiStages/abc:prod/throttle/~1other/GET/rateLimit', '1'], /rateLimit and a burstLimit/], [`/usageplans/${plan.id}`, ['remove', '/name'], /Invalid patch path/], [`/usageplans/${plan.id}`, ['replace', '/__proto__/x', '1'], /Invalid patch path/],
  ];
  for (const [path, operation, message] of refused) {
    const answer = await call('PATCH', path, patch(operation));
    assert.is(answer.type, 'BadRequestException', operation.join(' '));
    assert.match(answer.json.message, message);
  }
  close();
});

test('a store that fails changes nothing, and says nothing of itself', async () => {
  let fails = false;
  const kept: unknown[] = [];
  const work = async (): Promise<never> => { throw new Error('secret path'); };
  const { call, manager, close } = await bench({
    shown: 'test', ready: async () => {}, get: async () => undefined, list: async () => [], watch: () => () => {}, usage: work, remaining: work, setRemaining: work, close: async () => {},
    put: async (...record) => { if (fails) return work(); return kept.push(record); }, remove: async () => { if (fails) return work(); return true; },
  });
  const { json: key } = await call('POST', '/apikeys', { name: 'k' });
  assert.is(kept.length, 1);
  fails = true;
  const answer = await call('POST', '/apikeys', { name: 'l' });
  assert.equal([answer.status, answer.type, JSON.stringify(answer.json).includes('secret')], [500, 'InternalFailureException', false]);
  assert.is((await call('DELETE', `/apikeys/${key.id}`)).status, 500);
  assert.is(manager.registry.keys.size, 1);
  fails = false;
  assert.is((await call('DELETE', `/apikeys/${key.id}`)).status, 202, 'it goes on');
  close();
});

test('whatever is sent, the answer is JSON and no internal failure', async () => {
  const { call, close } = await bench();
  const { json: key } = await call('POST', '/apikeys', { name: 'k' });
  const { json: plan } = await call('POST', '/usageplans', { name: 'p' });
  const segment = fc.oneof(fc.constantFrom('apikeys', 'usageplans', 'keys', 'usage', 'restapis', key.id as string, plan.id as string, 'declaredkey', 'declaredplan', '__proto__', 'constructor', '%00', '%zz', '..', '%2f'), fc.string());
  const value = fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.constantFrom('API_KEY', true, -1, 1e308, 'DAY', key.id));
  const operation = fc.record({ op: fc.constantFrom('add', 'remove', 'replace', 'x'), path: fc.oneof(fc.constantFrom('/name', '/enabled', '/quota/limit', '/quota/period', '/throttle', '/throttle/rateLimit', '/apiStages', '/apiStages/abc:prod/throttle/~1pets/GET/rateLimit', '/remaining'), fc.string()), value: fc.oneof(fc.constantFrom('true', '1', 'abc:prod', 'DAY', '-1', '1e9'), fc.jsonValue()) }, { requiredKeys: ['op'] });
  const body = fc.oneof(fc.string(), fc.record({ name: value, description: value, enabled: value, value, keyId: value, keyType: value, apiStages: fc.oneof(value, fc.array(fc.record({ apiId: value, stage: value, throttle: value }))), throttle: value, quota: value, tags: value, graceSeconds: value, patchOperations: fc.oneof(value, fc.array(operation)) }, { requiredKeys: [] }), fc.record({ patchOperations: fc.array(operation) }));
  await fc.assert(fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD'), fc.array(segment, { maxLength: 6 }), body, fc.dictionary(fc.constantFrom('limit', 'position', 'name', 'mode', 'format', 'startDate', 'endDate', 'keyId'), fc.oneof(fc.string(), fc.constantFrom('import', 'rotate', 'csv', '5', today()))), async (method, path, content, query) => {
    const answer = await call(method, `/${path.join('/')}`, content, query);
    assert.ok(answer.status < 500, `${method} /${path.join('/')} ${JSON.stringify(content)} ${JSON.stringify(query)}: ${JSON.stringify(answer)}`);
    if (answer.status >= 400) assert.type(answer.json.message, 'string');
  }), { numRuns: 3_000 });
  close();
});

test.run();
