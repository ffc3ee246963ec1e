/** Arguments as rules of the OWASP CRS see them: none is hidden by others, and no body makes them many times its size. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Exchange } from '../exchange.js';
import { argumentsOfBody, argumentsOfQuery } from './crs-collections.js';
import { jsonArguments } from './json-arguments.js';
import { beginJudging, type WafRequest } from './request.js';

const test = suite('arguments for the CRS');

function requestOf(query: string, type: string, body: string): WafRequest {
  const target = Buffer.from(`/?${query}`, 'latin1');
  const exchange = { target, pathStart: 0, pathEnd: 1, queryStart: 2, queryEnd: target.length, head: { get: (name: string) => (name === 'content-type' ? type : undefined) } };
  const request = beginJudging(exchange as unknown as Exchange, () => {});
  request.body = body;
  return request;
}

test('forms: pairs, and what comes behind any number of them is an argument of its own', () => {
  const form = (text: string): readonly string[] => argumentsOfBody(requestOf('', 'application/x-www-form-urlencoded', text));
  assert.equal(form('a=1&b&=c&&d=%3c=&'), ['a', '1', 'b', '', '', 'c', '', '', 'd', '<=', '', '']);
  for (const many of ['&'.repeat(65_000), 'a=b&'.repeat(16_000), 'x&'.repeat(32_700), Array.from({ length: 8_000 }, (_, i) => `${i}=&`).join('')]) {
    for (const pairs of [form(`${many}q=<script>`), argumentsOfQuery(requestOf(`${many}q=<script>`, '', ''))]) {
      assert.equal(pairs.slice(-2), ['q', '<script>']);
      assert.is(pairs.length / 2, Math.min(many.split('&').length - 1, many.startsWith('&') ? 1_000 : Infinity) + 1);
    }
  }
});

test('multipart: no part hides behind others, no header line behind others', () => {
  const part = (lines: string, text: string): string => `--B\r\n${lines}Content-Disposition: form-data; name="q"\r\n\r\n${text}\r\n`;
  for (const many of ['--B\n\n'.repeat(10_000), part('', 'x').repeat(1_000)]) {
    const started = performance.now();
    const pairs = argumentsOfBody(requestOf('', 'multipart/form-data; boundary=B', `${many}${part('A: b\r\n'.repeat(1_000), '<script>')}--B--\r\n`));
    assert.equal(pairs.slice(-2), ['q', '<script>']);
    assert.ok(performance.now() - started < 500, `${performance.now() - started} ms`);
  }
});

test('JSON: names are paths, empty objects count', () => {
  assert.equal(jsonArguments('{"a":{"b/c":[1,{"d~e":"x"}]},"f":{},"g":[[]],"a2":true}', false), ['json.a.b/c.0', '1', 'json.a.b/c.1.d~e', 'x', 'json.a2', 'true', 'json.f', '', 'json.g', '']);
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const all = JSON.stringify(jsonArguments(JSON.stringify([value]), false));
    JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner === 'string') assert.ok(all.includes(JSON.stringify(Buffer.from(inner, 'utf8').toString('latin1')).slice(1, -1)), all);
      return inner;
    });
  }), { numRuns: 200 });
});

test('JSON: what names weigh is bounded by the body, and every key and text is there', () => {
  const deep = `${'{"kkkkkkkk":'.repeat(150)}[${'1,'.repeat(15_000)}"needle"]${'}'.repeat(150)}`;
  for (const body of [`{"${'k'.repeat(30_000)}needle":[${'1,'.repeat(15_000)}1]}`, `{"${'k'.repeat(500)}":[${'1,'.repeat(30_000)}"needle"]}`, deep, `{${Array.from({ length: 6_000 }, (_, i) => `"${i}":{}`).join()},"needle":1}`, `{${Array.from({ length: 6_000 }, (_, i) => `"${i}":1`).join()},"needle":1}`]) {
    const started = performance.now();
    const pairs = jsonArguments(body, false);
    const size = pairs.reduce((sum, text) => sum + text.length, 0);
    assert.ok(size <= 16 * body.length, `${body.slice(0, 20)}: ${size} of ${body.length}`);
    assert.ok(performance.now() - started < 500, `${body.slice(0, 20)}: ${performance.now() - started} ms`);
    assert.ok(pairs.some((text) => text.includes('needle')), body.slice(0, 20));
  }
});

test.run();
