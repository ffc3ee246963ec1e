/** Every style of OpenAPI, from the tables of the specification (3.1.1, "Style Examples"; percent-encoding as RFC 6570 has it). */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Draft, ParameterSpec } from './operation.js';
import { greedyPath, jsonPath, labelPath, matrixPath, separatedPath, simplePath } from './path-styles.js';
import { deepQuery, formCookie, formQuery, jsonCookie, jsonHeader, jsonQuery, pipeQuery, plainCookie, reservedQuery, separatedHeader, simpleHeader, spaceQuery, tabQuery } from './query-styles.js';

const test = suite('typescript client: parameter styles');
const ARRAY = ['blue', 'black', 'brown'];
const OBJECT = { R: 100, G: 200, B: 150 };

function path(write: ParameterSpec['write'], value: unknown, explode = false): string {
  return write({ key: 'color', name: 'color', write, explode }, value, { query: [], cookies: [], headers: new Headers() }) as string;
}
function written(write: ParameterSpec['write'], value: unknown, explode = false): Draft {
  const draft: Draft = { query: [], cookies: [], headers: new Headers() };
  write({ key: 'color', name: 'color', write, explode }, value, draft);
  return draft;
}
const query = (write: ParameterSpec['write'], value: unknown, explode = false): string => written(write, value, explode).query.join('&');

test('path', () => {
  const rows: [ParameterSpec['write'], boolean, string, string, string][] = [
    [simplePath, false, 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
    [simplePath, true, 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
    [labelPath, false, '.blue', '.blue,black,brown', '.R,100,G,200,B,150'],
    [labelPath, true, '.blue', '.blue.black.brown', '.R=100.G=200.B=150'],
    [matrixPath, false, ';color=blue', ';color=blue,black,brown', ';color=R,100,G,200,B,150'],
    [matrixPath, true, ';color=blue', ';color=blue;color=black;color=brown', ';R=100;G=200;B=150'],
  ];
  for (const [write, explode, ...expected] of rows) assert.equal(['blue', ARRAY, OBJECT].map((value) => path(write, value, explode)), expected, `${write.name} ${explode}`);
  assert.is(path(matrixPath, ''), ';color');
  assert.is(path(simplePath, "a/b?c#d e%!'()*,;é"), 'a%2Fb%3Fc%23d%20e%25%21%27%28%29%2A%2C%3B%C3%A9');
  assert.is(path(simplePath, ['a,b', 'c']), 'a%2Cb,c');
  assert.is(path(greedyPath, 'a/b c/é'), 'a/b%20c/%C3%A9');
  assert.is(path(jsonPath, { a: ['/'] }), '%7B%22a%22%3A%5B%22%2F%22%5D%7D');
  assert.equal([1.5, true, 10n, new Date(0)].map((value) => path(simplePath, value)), ['1.5', 'true', '10', '1970-01-01T00%3A00%3A00.000Z']);
});

test('query', () => {
  assert.equal(['', 'blue', ARRAY, OBJECT].map((value) => query(formQuery, value)), ['color=', 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150']);
  assert.equal(['', 'blue', ARRAY, OBJECT].map((value) => query(formQuery, value, true)), ['color=', 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150']);
  assert.equal([ARRAY, OBJECT].map((value) => query(spaceQuery, value)), ['color=blue%20black%20brown', 'color=R%20100%20G%20200%20B%20150']);
  assert.equal([ARRAY, OBJECT].map((value) => query(pipeQuery, value)), ['color=blue%7Cblack%7Cbrown', 'color=R%7C100%7CG%7C200%7CB%7C150']);
  assert.is(query(tabQuery, ARRAY), 'color=blue%09black%09brown');
  assert.is(query(deepQuery, OBJECT), 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150');
  assert.is(query(deepQuery, { a: { b: [1, 2], c: null, d: undefined } }), 'color%5Ba%5D%5Bb%5D=1&color%5Ba%5D%5Bb%5D=2');
  assert.is(query(jsonQuery, { a: 1 }), 'color=%7B%22a%22%3A1%7D');
  assert.is(query(reservedQuery, 'a/b?c=d&e[f]#é '), 'color=a/b?c=d&e[f]%23%C3%A9%20');
  for (const empty of [[], {}, [null, undefined]]) for (const explode of [false, true]) assert.is(query(formQuery, empty, explode), '');
  assert.is(query(formQuery, ['a,b', 'c&d=e']), 'color=a%2Cb,c%26d%3De');
  assert.is(query(formQuery, { 'a&b': '=' }, true), 'a%26b=%3D');
});

test('header and cookie', () => {
  const header = (value: unknown, explode = false): string | null => written(simpleHeader, value, explode).headers.get('color');
  assert.equal([header('blue'), header(ARRAY), header(OBJECT), header(OBJECT, true)], ['blue', 'blue,black,brown', 'R,100,G,200,B,150', 'R=100,G=200,B=150']);
  assert.is(written(jsonHeader, { a: 1 }).headers.get('color'), '{"a":1}');
  const separated = (separator: string): Draft => { const draft: Draft = { query: [], cookies: [], headers: new Headers() }; separatedHeader({ key: 'color', name: 'color', write: separatedHeader, separator }, ARRAY, draft); return draft; };
  assert.equal([' ', '|', '\t'].map((separator) => separated(separator).headers.get('color')), ['blue black brown', 'blue|black|brown', 'blue\tblack\tbrown']);
  assert.is(separatedPath({ key: 'color', name: 'color', write: separatedPath, separator: '|' }, ARRAY), 'blue%7Cblack%7Cbrown');
  assert.equal(written(plainCookie, ['a%20b', 'é'], true).cookies, ['color=a%20b', 'color=é']);
  assert.throws(() => written(plainCookie, 'a; admin=1'), /cannot hold/);
  assert.equal(written(formCookie, ARRAY, true).cookies, ['color=blue', 'color=black', 'color=brown']);
  assert.equal(written(formCookie, 'a; b').cookies, ['color=a%3B%20b']);
  assert.equal(written(jsonCookie, 1).cookies, ['color=1']);
});

test.run();
