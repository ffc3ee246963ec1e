import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../diagnostics/report.js';
import type { Api } from '../ir.js';
import { contentKind } from './typescript/support/content-kind.js';
import { requestKind, responseKind } from './content-kind.js';
import { buildSdkModel, tagGroups, type SdkModel, type SdkOperation, type SdkTag } from './model.js';
import { camelCase, isVocabulary, pascalCase } from './names.js';
import { api, media, operation, parameter, ref } from './testing/api.js';
import { zoo } from './testing/zoo.js';

const test = suite('sdk model');

function build(input: Api): { model: SdkModel; codes: string[]; messages: string[] } {
  const reporter = new Reporter();
  const model = buildSdkModel(input, 'hash', reporter);
  return { model, codes: reporter.diagnostics.map(({ code }) => code), messages: reporter.diagnostics.map(({ message }) => message) };
}

test('names', () => {
  const rows: [string, string, string][] = [
    ['simple-user', 'SimpleUser', 'simpleUser'], ['HTTPRoute', 'HTTPRoute', 'httpRoute'], ['X-Request-Id', 'XRequestId', 'xRequestId'], ['URL', 'URL', 'url'], ['getPet', 'GetPet', 'getPet'], ['2fa', 'T2fa', 't2fa'],
    ['', 'Type', 'type'], ['__proto__', 'Proto', 'proto'], ["x'); alert(1); //", 'XAlert1', 'xAlert1'], ['../../etc/passwd', 'EtcPasswd', 'etcPasswd'], ['Übung größe', 'ÜbungGröße', 'übungGröße'], ['a\u202eb\u2028c', 'ABC', 'aBC'], ['😀', 'Type', 'type'],
  ];
  for (const [text, pascal, camel] of rows) assert.equal([pascalCase(text, 'Type'), camelCase(text, 'type')], [pascal, camel], text);
});

test('names that meet are told apart, and told', () => {
  const { model, messages } = build(api({
    schemas: { 'a-b': { type: 'string' }, a_b: { type: 'integer' }, AB: { type: 'boolean' }, Client: { type: 'string' }, GetPetResult: { type: 'string' } },
    operations: [
      operation('getPet', 'GET /pets/{id}', { parameters: [parameter('id', 'query', { type: 'string' }), parameter('id', 'header', { type: 'string' }), parameter('x-y', 'query', {}), parameter('xY', 'query', {}), parameter('body', 'query', {})], body: { 'application/json': {} } }),
      operation('getpet', 'GET /other'),
    ],
  }));
  assert.equal(model.types.map(({ name }) => name), ['AB', 'AB2', 'AB3', 'ClientModel', 'GetPetResult']);
  assert.equal(model.operations.map(({ name, paramsType, resultType }) => [name, paramsType, resultType]), [['getPet', 'GetPetParams', 'GetPetResult2'], ['getpet2', 'Getpet2Params', 'Getpet2Result']]);
  assert.equal(model.operations[0]!.parameters.map(({ key }) => key), ['id', 'idInQuery', 'xY', 'xYInQuery', 'bodyInQuery', 'idInHeader']);
  assert.is(messages.length, 9);
  assert.ok(messages.includes("type 'a_b' and 'a-b' have the same name in clients: this one is called AB2"), messages.join('\n'));
  assert.ok(messages.includes("the schema 'Client' is called ClientModel in clients: the client core has a type of that name"));
});

test('the same Api gives the same model', () => {
  assert.is(JSON.stringify(build(zoo()).model), JSON.stringify(build(zoo()).model));
});

test('types that are sent differ from those received only where a property is readOnly or writeOnly below', () => {
  const { model } = build(zoo());
  const byName = new Map(model.types.map((type) => [type.name, type]));
  assert.equal(['Keeper', 'KeeperInput', 'Team', 'TeamInput', 'Address', 'Cat'].map((name) => byName.get(name)?.direction), ['response', 'request', 'response', 'request', 'both', 'both']);
  const keys = (name: string): string[] => { const node = byName.get(name)!.node; return node.kind === 'object' ? node.properties.map((property) => property.name) : []; };
  assert.ok(keys('Keeper').includes('id') && !keys('Keeper').includes('password'));
  assert.ok(!keys('KeeperInput').includes('id') && keys('KeeperInput').includes('password'));
  assert.not.ok(byName.has('CatInput'));
});

test('a schema made of itself is cut and reported, recursion through properties and items is not', () => {
  const { codes, model } = build(zoo());
  assert.is(codes.filter((code) => code === 'GWC4103').length, 1);
  const nest = model.types.find(({ name }) => name === 'Nest')!.node;
  assert.equal(nest, { kind: 'array', items: { kind: 'union', members: [{ kind: 'string' }, { kind: 'reference', name: 'Nest' }] } });
});

test('unions keep their tags; tags that a variant says itself are not repeated', () => {
  const { model } = build(zoo());
  const animal = model.types.find(({ name }) => name === 'Animal')!.node;
  assert.ok(animal.kind === 'discriminated');
  assert.equal(animal.kind === 'discriminated' && animal.variants.map(({ tags, tagged }) => [tags, tagged]), [[['cat'], true], [['dog', 'puppy'], false], [['fish'], true]]);
  const vehicle = model.types.find(({ name }) => name === 'Vehicle')!.node;
  assert.equal(vehicle.kind === 'discriminated' && vehicle.base, { kind: 'reference', name: 'VehicleBase' });
  const car = model.types.find(({ name }) => name === 'Car')!.node;
  assert.equal(car.kind === 'intersection' && car.members[0], { kind: 'reference', name: 'VehicleBase' });
});

test('what clients have no use for is left out', () => {
  const preflight = { ...operation('cors', 'OPTIONS /pets'), integration: { kind: 'mock' } as never };
  const fallback = { ...operation('rest', 'ANY /$default'), path: { text: '$default', segments: [], variables: [], isDefaultRoute: true } };
  const { model, codes } = build(api({ operations: [preflight, fallback, operation('options', 'OPTIONS /real')] }));
  assert.equal(model.operations.map(({ name }) => name), ['options']);
  assert.equal(codes, ['GWC4104']);
});

test('paths, undeclared and greedy variables, fields the core owns', () => {
  const { model } = build(api({ operations: [operation('a', 'GET /x/{base}...{head}/{proxy+}', { parameters: [parameter('Accept', 'header', {}), parameter('Authorization', 'header', {}), parameter('content-type', 'header', {}), parameter('stray', 'path', {})] }), operation('root', 'GET /')] }));
  assert.equal(model.operations[0]!.path, ['/x/', 0, '...', 1, '/', 2]);
  assert.equal(model.operations[0]!.parameters.map(({ key, style, required }) => [key, style, required]), [['base', 'simple', true], ['head', 'simple', true], ['proxy', 'greedy', true], ['Authorization', 'simple', false]]);
  assert.equal(model.operations[1]!.path, ['/']);
});

test('bodies: JSON first, wildcard objects are JSON, XML is not asked for', () => {
  const { model } = build(api({
    operations: [
      operation('send', 'POST /a', { body: { 'text/csv': {}, 'application/json': { type: 'string' }, 'image/png': {} }, responses: { 200: { content: { 'application/xml': {}, 'text/csv': {}, 'application/json': {} } }, 204: null } }),
      operation('wild', 'POST /b', { body: { '*/*': media('*/*', { type: 'object' }) } as never, responses: { 200: { content: { '*/*': { type: 'object' } } } } }),
    ],
  }));
  const [send, wild] = model.operations;
  assert.equal(send!.body!.content.map(({ mediaType, kind }) => [mediaType, kind]), [['application/json', 'json'], ['text/csv', 'text'], ['image/png', 'binary']]);
  assert.equal(send!.responses.map(({ mediaTypes, kinds, type }) => [mediaTypes, kinds, type.kind]), [[['application/json', 'text/csv'], ['json', 'text'], 'unknown'], [[], [], 'void']]);
  assert.equal(wild!.body!.content.map(({ mediaType, kind }) => [mediaType, kind]), [['application/json', 'json']]);
  assert.equal(wild!.responses[0]!.kinds, []);
});

test('the compiler and the core agree on media types', () => {
  for (const type of ['application/json', 'application/vnd.a+json; charset=utf-8', 'text/plain', 'TEXT/HTML', 'application/xml', 'image/svg+xml', 'application/yaml', 'application/x-yaml', 'application/pdf', 'image/*', 'text/event-stream', 'application/x-ndjson', 'application/jsonl', 'application/x-jsonlines', 'application/json-seq', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/javascript', '']) assert.is(contentKind(type), responseKind(type), type);
  assert.equal(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/event-stream', '*/*', 'multipart/mixed'].map(requestKind), ['form', 'multipart', 'binary', 'any', 'binary']);
});

test('errors are gathered, servers are absolute', () => {
  const { model } = build(zoo());
  assert.equal(model.servers, ['https://zoo.example.com/v1']);
  assert.ok(model.errors.some(({ status, operations }) => status === '404' && operations.includes('getAnimal')));
  assert.ok(isVocabulary('apierror'));
  const { model: bare } = build(api({ servers: ['javascript:alert(1)', '//x', 'https://', 'http://ok/'], operations: [] }));
  assert.equal(bare.servers, ['http://ok']);
  void ref;
});

test('tags group operations as a tree; marks, unknown parents and circles do not break it', () => {
  const of = (name: string, ...tags: string[]): SdkOperation => ({ name, tags }) as unknown as SdkOperation;
  const grouped = (tags: readonly SdkTag[], operations: readonly SdkOperation[]): unknown => tagGroups({ tags, operations }).map(({ tag, depth, operations: own }) => [tag?.name, depth, own.map(({ name }) => name)]);
  const tags: SdkTag[] = [
    { name: 'cats', parent: 'pets' }, { name: 'pets', kind: 'nav' }, { name: 'new', kind: 'badge' }, { name: 'big cats', parent: 'new cats' }, { name: 'new cats', parent: 'cats', kind: 'audience' },
    { name: 'lost', parent: 'nowhere' }, { name: 'a', parent: 'b' }, { name: 'b', parent: 'a' }, { name: 'empty', parent: 'pets' }, { name: '__proto__' },
  ];
  assert.equal(grouped(tags, [of('lion', 'new', 'big cats', 'cats'), of('tom', 'cats'), of('plain'), of('marked', 'new'), of('where', 'lost'), of('ring', 'a'), of('undeclared', 'constructor'), of('proto', '__proto__')]), [
    ['pets', 0, []], ['cats', 1, ['tom']], ['big cats', 2, ['lion']], ['lost', 0, ['where']], ['a', 0, ['ring']], ['__proto__', 0, ['proto']], ['constructor', 0, ['undeclared']], [undefined, 0, ['plain', 'marked']],
  ]);
  assert.equal(grouped([], []), []);
});

test.run();
