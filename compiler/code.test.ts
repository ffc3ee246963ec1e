/** Generated text: whatever a document holds comes back as the same data and never as code. */
import fc from 'fast-check';
import vm from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { code, comment, Helper, identifier, Imports, join, literal, print, type Json } from './code.js';

const test = suite('code');
const context = vm.createContext({});
const evaluate = (text: string): unknown => vm.runInContext(`(${text})`, context);

test('a literal of any JSON value evaluates to that value', () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false } as never), (value) => {
    assert.equal(JSON.stringify(evaluate(literal(value as Json))), JSON.stringify(value));
  }), { numRuns: 500 });
});

test('keys and strings that are dangerous as code are data', () => {
  for (const text of ['__proto__', 'constructor', '"', "'", '`', '${x}', '\\', '\u2028', '\u2029', '</script>', '<!--', '*/', '\n', '\0', '\ud800', 'a-b', '1', '']) {
    const value = JSON.parse(`{${JSON.stringify(text)}: ${JSON.stringify(text)}}`) as Json;
    const back = evaluate(literal(value)) as Record<string, unknown>;
    assert.equal(Object.keys(back), [text]);
    assert.is(back[text], text);
    assert.is(Object.getPrototypeOf(Object.getPrototypeOf(back)), null, 'the prototype was not set');
    assert.not.match(literal(text), /[\n\r\u2028\u2029]/);
  }
});

test('what is no JSON is refused', () => {
  for (const value of [NaN, Infinity, new Date(), new Map(), () => 1, Symbol('x'), 1n]) assert.throws(() => literal(value as never));
});

test('holes: data is quoted, code is spliced, helpers are imported once', () => {
  const send = new Helper('send', 'send');
  const imports = new Imports(new Set(['taken']));
  const text = print(code`${send}(exchange, ${'a"b'}, ${[1, 'x']}, ${join([code`1`, code`2`], ', ')}); ${send}();`, imports);
  assert.is(text, 'send(exchange, "a\\"b", [1, "x"], 1, 2); send();');
  assert.equal(imports.entries(), [['gwc/runtime/send', [['send', 'send']]]]);
});

test('an import gives way to a name the file declares', () => {
  const imports = new Imports(new Set(['send', 'send$1']));
  assert.is(print(code`${new Helper('send', 'send')}()`, imports), 'send$2()');
});

test('identifiers and comments cannot break out', () => {
  for (const name of ['a b', '1a', 'a;b', '', 'a-b', 'a\n']) assert.throws(() => identifier(name));
  fc.assert(fc.property(fc.string(), (text) => {
    const printed = print(comment(text), new Imports(new Set()));
    assert.is(evaluate(`${printed} 42`), 42);
  }));
});

test.run();
