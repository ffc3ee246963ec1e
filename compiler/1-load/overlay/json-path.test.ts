import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../code.js';
import { selectNodes } from './evaluate-json-path.js';
import { JsonPathError, parseJsonPath } from './parse-json-path.js';

const test = suite('JSONPath (RFC 9535)');

const select = (query: string, root: Json): Json[] => selectNodes(parseJsonPath(query), root).map(({ value }) => value);
const places = (query: string, root: Json): string[] => selectNodes(parseJsonPath(query), root).map(({ path }) => path.join('/'));

// RFC 9535 figure 1 and table 2.
const store: { store: { book: Json; bicycle: Json } } = {
  store: {
    book: [
      { category: 'reference', author: 'Nigel Rees', title: 'Sayings of the Century', price: 8.95 },
      { category: 'fiction', author: 'Evelyn Waugh', title: 'Sword of Honour', price: 12.99 },
      { category: 'fiction', author: 'Herman Melville', title: 'Moby Dick', isbn: '0-553-21311-3', price: 8.99 },
      { category: 'fiction', author: 'J. R. R. Tolkien', title: 'The Lord of the Rings', isbn: '0-395-19395-8', price: 22.99 },
    ],
    bicycle: { color: 'red', price: 399 },
  },
};
const authors = ['Nigel Rees', 'Evelyn Waugh', 'Herman Melville', 'J. R. R. Tolkien'];
const book = store.store.book as Json[];
const cases: [string, Json[]][] = [
  ['$.store.book[*].author', authors],
  ['$..author', authors],
  ['$.store.*', [book, store.store.bicycle]],
  ['$.store..price', [8.95, 12.99, 8.99, 22.99, 399]],
  ['$..book[2]', [book[2]!]],
  ['$..book[2].author', ['Herman Melville']],
  ['$..book[2].publisher', []],
  ['$..book[-1]', [book[3]!]],
  ['$..book[0,1]', [book[0]!, book[1]!]],
  ['$..book[:2]', [book[0]!, book[1]!]],
  ['$..book[?@.isbn]', [book[2]!, book[3]!]],
  ['$..book[?@.price<10]', [book[0]!, book[2]!]],
  ["$..book[?(@.price < 10 && @.category == 'fiction')].title", ['Moby Dick']],
  ["$..book[?!@.isbn || @.price > 20].title", ['Sayings of the Century', 'Sword of Honour', 'The Lord of the Rings']],
  ["$..book[?match(@.author, '.*Rees')].price", [8.95]],
  ["$..book[?search(@.title, '^S')].price", [8.95, 12.99]],
  ['$..book[?length(@.title) > 20].price', [8.95, 22.99]],
  ['$..book[?count(@.*) == 5].isbn', ['0-553-21311-3', '0-395-19395-8']],
  ['$.store.book[?value(@..isbn) == "0-553-21311-3"].price', [8.99]],
  ['$..book[?@.price == $.store.book[0].price].title', ['Sayings of the Century']],
];
for (const [query, expected] of cases) test(query, () => assert.equal(select(query, store), expected));

test('names, slices and escapes', () => {
  const list = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  assert.equal(select('$[1:3]', list), ['b', 'c']);
  assert.equal(select('$[5:]', list), ['f', 'g']);
  assert.equal(select('$[1:5:2]', list), ['b', 'd']);
  assert.equal(select('$[5:1:-2]', list), ['f', 'd']);
  assert.equal(select('$[::-1]', list), [...list].reverse());
  assert.equal(select('$[::0]', list), []);
  assert.equal(select("$['/pets/{id}'].get", { '/pets/{id}': { get: 1 } }), [1]);
  assert.equal(select("$['it\\'s', \"\\u0061\"]", { "it's": 1, a: 2 }), [1, 2]);
  assert.equal(select('$.paths.*.get.x-traits', { paths: { '/a': { get: { 'x-traits': 3 } } } }), [3]);
  assert.equal(select('$', 5), [5]);
  assert.equal(select('$.constructor', {}), [], 'own members only');
  assert.equal(select('$[?@ == null]', [null, 0]), [null]);
  assert.equal(select('$[?@.a == @.b]', [{}, { a: 1 }, { a: [1, { c: 2 }], b: [1, { c: 2 }] }]), [{}, { a: [1, { c: 2 }], b: [1, { c: 2 }] }], 'nothing equals nothing');
  assert.equal(select('$[?@.a <= @.b]', [{ a: 1, b: 1 }, { a: 'a', b: 'b' }, { a: true, b: true }, { a: 1, b: '1' }]), [{ a: 1, b: 1 }, { a: 'a', b: 'b' }, { a: true, b: true }]);
});

test('each place is selected once', () => assert.equal(places('$..[0, 0]', [[1]]), ['0', '0/0']));

test('faults are shown at the character', () => {
  const faults: [string, number][] = [
    ['store', 0], ['$.', 2], ['$.paths./pets', 8], ['$[', 2], ['$[1', 1], ["$['a", 2], ['$[a]', 2], ['$.a b', 3], ['$[?@.a == ]', 10], ['$[?@.a == b]', 10], ['$[?1]', 4], ["$[?'a']", 6], ['$[?@.* == 1]', 3], ['$[?foo(@)]', 3],
    ['$[?length(@.a, 1) == 1]', 3], ["$['\\x']", 3], ['$[?(@.a]', 3], ['$[?@.a && ]', 10], ['$[1 2]', 4],
  ];
  for (const [query, offset] of faults) {
    try {
      parseJsonPath(query);
      assert.unreachable(`${query} is no JSONPath`);
    } catch (error) {
      assert.instance(error, JsonPathError, query);
      assert.is((error as JsonPathError).offset, offset, query);
    }
  }
});

test('any text is a query or a JsonPathError, quickly', () => {
  const piece = fc.constantFrom('$', '@', '.', '..', '[', ']', '*', '?', "'a'", '"b"', 'name', '1', ':', ',', '(', ')', '==', '<', '&&', '||', '!', 'match(', 'length(', ' ', '\\', '-1');
  fc.assert(fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
    try { selectNodes(parseJsonPath(`$${pieces.join('')}`), store); } catch (error) { assert.instance(error, JsonPathError); }
  }), { numRuns: 2000 });
  try { parseJsonPath(`$[?${'('.repeat(100_000)}`); assert.unreachable(); } catch (error) { assert.instance(error, JsonPathError); }
});

test.run();
