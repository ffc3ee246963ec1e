/** Whatever a function returns, reading it never throws, and what comes out can be sent. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Exchange } from '../exchange.js';
import { fieldLines } from '../http1/field-lines.js';
import { readHttpAnswer1, readHttpAnswer2 } from './answer-http.js';
import { readRestAnswer } from './answer-rest.js';
import { decodeBase64, type LambdaAnswer, type LambdaAnswerFault } from './answer.js';
import { plainAnswer } from './handler.js';

const test = suite('Lambda answers');
const RUNS = Number(process.env.FUZZ_RUNS ?? 1_500);
const exchange = { head: { get: (name: string) => (name === 'accept' ? 'image/png' : undefined) }, context: null } as unknown as Exchange;

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('Content-Type', 'set-cookie', '__proto__', 'a\r\nb', 'x-a', 'X-A', 'transfer-encoding', 'Date', '200', '99', 'YQ==', '%%'));
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const anything = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(text, scalar, { maxKeys: 3 }));
const map = fc.oneof(fc.dictionary(text, fc.oneof({ weight: 4, arbitrary: text }, anything), { maxKeys: 4 }), anything);
const lists = fc.oneof(fc.dictionary(text, fc.array(scalar, { maxLength: 3 }), { maxKeys: 3 }), anything);
const result = fc.oneof(
  fc.record({ statusCode: fc.oneof(fc.constantFrom(200, '201', 404), anything), headers: map, multiValueHeaders: lists, body: fc.oneof(text, anything), isBase64Encoded: fc.oneof(fc.boolean(), anything), cookies: anything, other: anything }, { requiredKeys: [] }),
  anything,
);

function check(answer: LambdaAnswer | LambdaAnswerFault): void {
  if (typeof answer === 'string') return;
  assert.ok(Number.isInteger(answer.status) && answer.status >= 200 && answer.status <= 599, `status ${answer.status}`);
  assert.ok(fieldLines(answer.fields) !== null, JSON.stringify(answer.fields));
  assert.ok(answer.fields.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type'));
  assert.ok(answer.body === null || typeof answer.body === 'string' || Buffer.isBuffer(answer.body));
}

test(`${RUNS} results by all three contracts`, () => {
  fc.assert(fc.property(result, (value) => {
    const json = JSON.stringify(value) ?? 'null';
    const parsed: unknown = JSON.parse(json);
    check(readRestAnswer(exchange, parsed, json, ['image/*']));
    check(readHttpAnswer1(exchange, parsed));
    check(readHttpAnswer2(exchange, parsed, json));
  }), { numRuns: RUNS });
});

test(`${RUNS} plain answers are what JSON makes of them`, () => {
  let plain = 0;
  const likely = fc.oneof(result, fc.record({ statusCode: fc.constantFrom(200, 201), body: fc.oneof(text, fc.constant(undefined)), isBase64Encoded: fc.boolean(), headers: fc.dictionary(text, fc.oneof({ weight: 5, arbitrary: text }, scalar), { maxKeys: 3 }) }, { requiredKeys: ['statusCode'] }));
  fc.assert(fc.property(likely, (value) => {
    if (plainAnswer(value) === null) return;
    plain++;
    const json = JSON.stringify(value);
    for (const read of [readRestAnswer, readHttpAnswer1, readHttpAnswer2]) assert.equal(read(exchange, value, '', ['image/*']), read(exchange, JSON.parse(json), json, ['image/*']));
  }), { numRuns: RUNS });
  assert.ok(plain > RUNS / 20, `${plain} were plain`);
});

test('what is not plain takes the way through JSON', () => {
  const ok = { statusCode: 200 };
  assert.equal(plainAnswer(ok), ok);
  for (const value of [null, 'x', [], {}, { statusCode: '200' }, { statusCode: NaN }, { ...ok, body: 5 }, { ...ok, body: undefined }, { ...ok, other: 1 }, { ...ok, headers: [] }, { ...ok, headers: { a: 1 } }, { ...ok, toJSON: () => ok }, { ...ok, multiValueHeaders: {} }, { ...ok, body: 'x'.repeat(1_000_001) }, Object.assign(new Date(), ok), Object.create(ok)]) assert.is(plainAnswer(value), null, String(value));
  assert.equal(plainAnswer(Object.defineProperty({ statusCode: 200 }, 'body', { enumerable: false, value: 'hidden' })), { statusCode: 200 });
});

for (const [encoded, decoded] of [['', ''], ['YQ==', 'a'], ['YQ', 'a'], ['YWI=', 'ab'], ['YWJj', 'abc'], ['Y', null], ['YQ=', 'a'], ['Y Q==', null], ['_-==', null], ['====', null], ['YQ===', null]] as const) {
  test(`base64 "${encoded}"`, () => assert.is(decodeBase64(encoded)?.toString() ?? null, decoded));
}
test.run();
