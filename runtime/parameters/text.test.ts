import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Exchange, type Fields } from '../exchange.js';
import { mediaRangeOf, parseContentType } from '../body/type.js';
import { parseForm } from '../body/form.js';
import { asIs, cookieList, cookieText, fieldList, fieldText } from './fields.js';
import { ANY, NO_LIST, type DeepShape } from './deep.js';
import { queryDeepObject, queryItems, queryList, queryProperties, queryText, readQuery } from './query.js';
import { decodeForm, decodePercent, MALFORMED, REPEATED, toAny, toBoolean, toJson, toNull, toNumber, toText } from './text.js';

const test = suite('parameters');

function withQuery(query: string): Exchange {
  const target = Buffer.from(`/p?${query}`, 'latin1');
  return new Exchange(null as never, 'GET', target, 0, 2, 3, target.length, null as never, null as never, null as never, null as never);
}

function withFields(...lines: [string, string][]): Fields {
  const all = (name: string): string[] => lines.filter(([each]) => each === name).map(([, value]) => value);
  return { get: (name) => all(name)[0], last: (name) => all(name).at(-1), all, forEach: (visit) => lines.forEach(([name, value]) => visit(name, value)) };
}

test('numbers are JSON numbers', () => {
  for (const [text, value] of [['5', 5], ['-0.5', -0.5], ['1e3', 1000], ['0', 0], ['9007199254740993', 9007199254740992]] as const) assert.is(toNumber(text), value);
  for (const text of ['', ' 5', '5 ', '05', '+5', '.5', '5.', '0x10', '1e999', 'NaN', 'Infinity', '１', '1_000', '5\n']) assert.is(toNumber(text), text);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => assert.is(Object.is(toNumber(JSON.stringify(number)), number) || number === 0, true)));
});

test('booleans, null and mixtures', () => {
  assert.equal([toBoolean('true'), toBoolean('false'), toBoolean('TRUE'), toBoolean('1')], [true, false, 'TRUE', '1']);
  assert.equal([toNull(''), toNull('null'), toNull('x')], [null, null, 'x']);
  const any = toAny([toNumber, toBoolean]);
  assert.equal([any('5'), any('true'), any('x')], [5, true, 'x']);
  assert.equal([toJson('{"a":1}'), toJson('{')], [{ a: 1 }, MALFORMED]);
});

test('decoding is strict, and never throws', () => {
  assert.equal([decodePercent('a%20b+c'), decodeForm('a%20b+c'), decodePercent('%C3%A9'), decodePercent('\xc3\xa9'), decodePercent('\xc3%A9')], ['a b+c', 'a b c', 'é', 'é', 'é']);
  for (const raw of ['%', '%z', '%zz', '%c3', '%ff', '\xff', '%C3%28', '%ED%A0%80', '%00%']) assert.is(decodePercent(raw), MALFORMED, raw);
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => assert.is(decodeForm(encodeURIComponent(text)), text)));
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('%', 'a', '0', 'f', 'C', '3', '+', '\xff', '\xc3') }), (raw) => assert.ok(['string', 'symbol'].includes(typeof decodeForm(raw)))));
});

test('the query is read by name', () => {
  const names = new Map([['a', 0], ['b c', 1], ['__proto__', 2]]);
  assert.equal(readQuery(withQuery('a=1&x=2&a=3&b+c=4&b%20c=5&__proto__=6&%ff=7&&=8&a'), names), [['1', '3', ''], ['4', '5'], '6']);
  assert.equal(readQuery(withQuery(''), names), []);
  assert.is(queryText('a+b'), 'a b');
  assert.is(queryText(['1', '2']), REPEATED);
  assert.is(queryText(undefined), undefined);
  assert.equal(queryItems(['1', 'x'], toNumber), [1, 'x']);
  assert.equal(queryList('a%2Cb,c', ',', toText), ['a,b', 'c']);
  assert.equal(queryList('', ',', toText), []);
  assert.equal(queryList('1%7c2|3', '|', toNumber), [1, 2, 3]);
  assert.is(queryList(['1', '2'], ',', toText), REPEATED);
});

test('objects in the query', () => {
  const shape = { convert: null, items: NO_LIST, properties: {}, others: ANY };
  const number = { ...shape, convert: toNumber };
  const shapes: DeepShape[] = [{ ...shape, properties: { a: 1, list: 2, deep: 0, rows: 3 } }, number, { ...shape, items: 1 }, { ...shape, items: 0 }];
  const read = (query: string): unknown => queryDeepObject(withQuery(query), 'f', shapes);
  assert.equal(read('f[a]=1&f[list]=1&f[list]=2&f[list][]=3&f[x]=y&g[a]=2'), { a: 1, list: [1, 2, 3], x: 'y' });
  assert.is(read('f=1&g[a]=1'), undefined);
  assert.is(read('f[a]=1&f[a]=2'), REPEATED);
  // Deeper than its schema goes: that is for the schema to refuse.
  assert.equal(read('f[a][b]=1'), { a: { b: '1' } });
  assert.equal(read('f[deep][deep][a]=1&f[deep][list]=2&f%5Bdeep%5D%5Ba%5D=3'), { deep: { deep: { a: 1 }, list: [2], a: 3 } });
  assert.equal(read('f[rows][10][a]=3&f[rows][2][list][]=1&f[rows][2][a]=2'), { rows: [{ list: [1], a: 2 }, { a: 3 }] });
  assert.equal(read('f[rows][x][a]=3&f[a][0]=1&f[x]=1&f[x]=2'), { rows: { x: { a: '3' } }, a: { 0: '1' }, x: ['1', '2'] });
  for (const query of ['f[]=1', 'f[a]=1&f[a][b]=2', 'f[a][b]=2&f[a]=1', 'f[a]b=1', 'f[a]]=1', 'f[[a]]=1', 'f[][a]=1', 'f[a][][b]=1', 'f[', 'f[a]=%ff', `f${'[a]'.repeat(17)}=1`]) {
    assert.is(typeof read(query), query === 'f[]=1' ? 'object' : 'symbol', query);
  }
  assert.equal(read(`f${'[x]'.repeat(16)}=1`) === MALFORMED, false);
  assert.is(read('f[ab=1'), MALFORMED);
  const hostile = read('f[__proto__]=1&f[constructor]=2&f[toString]=3') as Record<string, unknown>;
  assert.equal(Object.keys(hostile), ['__proto__', 'constructor', 'toString']);
  assert.is(Object.getPrototypeOf(hostile), Object.prototype);
  assert.equal(queryProperties(withQuery('a=1&b=x&c=3'), { a: toNumber }, null), { a: 1 });
  assert.equal(queryProperties(withQuery('a=1&b=x&c=3'), { a: toNumber }, new Set(['c'])), { a: 1, b: 'x' });
  assert.is(queryProperties(withQuery('z=1'), { a: toNumber }, null), undefined);
});

test('header fields and cookies', () => {
  assert.equal(fieldList(withFields(['x', '1, 2'], ['x', '3']), 'x', ',', toNumber), [1, 2, 3]);
  assert.equal(fieldList(withFields(['x', '1|2 ']), 'x', '|', toNumber), [1, 2]);
  assert.equal(fieldList(withFields(['x', ' 1 2']), 'x', ' ', toNumber), [1, 2]);
  assert.is(fieldText(withFields(['x', '1'], ['x', '3']), 'x'), REPEATED);
  assert.is(fieldText(withFields(['x', Buffer.from('é').toString('latin1')]), 'x'), 'é');
  assert.is(fieldText(withFields(['x', '\xff']), 'x'), '\xff');
  const cookies = withFields(['cookie', 'a=1; b="q"; a=2; c=%C3%A9; d=%zz; e'], ['cookie', 'f=1,2']);
  assert.is(cookieText(cookies, 'a', decodePercent), REPEATED);
  assert.equal([cookieText(cookies, 'b', decodePercent), cookieText(cookies, 'c', decodePercent), cookieText(cookies, 'd', decodePercent), cookieText(cookies, 'e', decodePercent)], ['q', 'é', MALFORMED, undefined]);
  assert.equal(cookieList(cookies, 'a', decodePercent, toNumber), [1, 2]);
  assert.equal(cookieList(cookies, 'f', decodePercent, toNumber), [1, 2]);
  assert.is(cookieText(cookies, 'c', asIs), '%C3%A9');
});

test('forms', () => {
  const fields = parseForm(Buffer.from('a=1&a=2&b+c=%C3%A9&d&&=x')) as ReadonlyMap<string, { values: string[] }>;
  assert.equal([...fields].map(([name, field]) => [name, field.values]), [['a', ['1', '2']], ['b c', ['é']], ['d', ['']], ['', ['x']]]);
  assert.match(parseForm(Buffer.from('a=%')) as string, /decoded/);
  assert.match(parseForm(Buffer.from('a=1&'.repeat(1001))) as string, /1000 fields/);
});

test('content types', () => {
  const ranges = [{ type: 'application', subtype: 'json', parameters: [['version', '2']] as const }, { type: 'application', subtype: 'json', parameters: [] }, { type: 'application', subtype: '*+json', parameters: [] }, { type: 'text', subtype: '*', parameters: [] }];
  const index = (field: string): number | undefined => { const type = parseContentType(field); return type && mediaRangeOf(type, ranges); };
  assert.equal(['application/json', 'Application/JSON; charset=utf-8', 'application/json;version="2"', 'application/vnd.x+json', 'text/csv; header=present', 'image/png'].map(index), [1, 1, 0, 2, 3, -1]);
  for (const wrong of ['', 'json', 'a/b/c', 'a b/c', '/', 'application/json x']) assert.is(parseContentType(wrong), undefined, wrong);
  assert.is(parseContentType('multipart/form-data; boundary="a;b\\"c"')!.parameters.get('boundary'), 'a;b"c');
  const started = performance.now();
  parseContentType(`a/b${'; '.repeat(8000)}`);
  parseContentType(`a/b; x="${'\\'.repeat(16_000)}`);
  assert.ok(performance.now() - started < 200);
});

test.run();
