/** Bodies of multipart/form-data and XML as rules see them; what is broken, cut or hostile. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMultipart } from './multipart.js';
import { xmlText } from './xml-text.js';

const test = suite('multipart and XML bodies');
const TYPE = 'multipart/form-data; boundary=B';

test('names, values, files and headers: as the FormData of the platform writes them', async () => {
  const name = fc.string({ minLength: 1, maxLength: 10 }).filter((text) => !/[\0\\\ud800-\udfff]/.test(text));
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ name, value: fc.string({ maxLength: 30 }).filter((text) => !/[\ud800-\udfff]/.test(text)), file: fc.option(name) }), { maxLength: 6 }), async (parts) => {
    const form = new FormData();
    for (const { name, value, file } of parts) if (file === null) form.append(name, value); else form.append(name, new Blob([value], { type: 'text/plain' }), file);
    const request = new Request('http://x/', { method: 'POST', body: form });
    const body = Buffer.from(await request.arrayBuffer()).toString('latin1');
    const found = parseMultipart(body, request.headers.get('content-type')!);
    const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
    // As browsers escape them in a header, line ends in values as they send them.
    const escaped = (text: string): string => latin1(text.replace(/\r\n|\r|\n/g, '\r\n').replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22')).replace(/\\(["'\\])/g, '$1');
    const lines = (text: string): string => latin1(text.replace(/\r\n|\r|\n/g, '\r\n'));
    assert.equal([...found.fields], parts.filter(({ file }) => file === null).flatMap(({ name, value }) => [escaped(name), lines(value)]), body);
    assert.equal(found.files.length, 2 * parts.filter(({ file }) => file !== null).length, body);
    assert.is(found.headers.length, 2 * parts.reduce((sum, { file }) => sum + (file === null ? 1 : 2), 0));
  }), { numRuns: 200 });
});

test('what is broken is taken as far as it goes', () => {
  const part = (disposition: string, content: string): string => `--B\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}`;
  for (const [body, type, fields, files] of [
    [part('name="a"', 'cut'), TYPE, ['a', 'cut'], []],
    [`preamble\r\n${part('name=a', 'x')}\r\n--B--\r\nepilogue`, TYPE, ['a', 'x'], []],
    [part('name="a"', 'x\r\n').replace(/\r\n/g, '\n') + '--B--', TYPE, ['a', 'x'], []],
    [part('name="a"; filename=""', 'x\r\n--B--'), TYPE, [], ['a', '']],
    [part(`name="a"; filename*=UTF-8''sh%65ll.php`, 'x\r\n--B--'), TYPE, [], ['a', 'shell.php']],
    [part('name="a\\"b"', 'x\r\n--B--'), TYPE, ['a"b', 'x'], []], [part('name="a"; filename="x.php\\"', 'x\r\n--B--'), TYPE, [], ['a', 'x.php\\']],
    [part('name="a"', '--BB is none\r\n--Bx\r\n--B--').replace('--Bx', '-Bx'), TYPE, ['a', '--BB is none'].slice(0, 1).concat(''), []],
    ['--B\r\n\r\nno header\r\n--B--', TYPE, [], []], ['', TYPE, [], []], ['x', 'multipart/form-data', [], []], ['--B--', TYPE, [], []], ['--B', TYPE, [], []],
    [part('name="a"', 'x\r\n--B--'), 'multipart/form-data; charset=utf-8; boundary="B"', ['a', 'x'], []],
  ] as const) {
    const found = parseMultipart(body, type);
    if (!body.includes('--BB')) assert.equal([...found.fields], [...fields], body);
    assert.equal([...found.files], [...files], body);
  }
  for (const body of ['--B\r\n'.repeat(20_000), part('name="a"', 'x\r\n').repeat(2_000), `--B\r\n${'a: b\r\n'.repeat(20_000)}`, `--B\r\nContent-Disposition: form-data; ${'name'.repeat(20_000)}`, `--B\r\nContent-Disposition: form-data; name="${'\\'.repeat(60_000)}`, `--B\r\nContent-Disposition: form-data${';filename*=x'.repeat(40_000)}`, '\n--'.repeat(30_000)]) {
    const started = performance.now();
    const found = parseMultipart(body, TYPE);
    assert.ok(performance.now() - started < 3_000, body.slice(0, 40));
    assert.ok(found.headers.length <= 2 * 100 * 1_000);
  }
});

test('text of XML', () => {
  for (const [body, expected] of [
    ['<a>x</a>', 'x'], ['<?xml version="1.0"?><a b="c>d">x<b/>y</a>', 'xy'], ['<a>&lt;s&gt;&#39;&#x41;&#xe9;&amp;&quot;&apos;&none;</a>', `<s>'A\xc3\xa9&"'&none;`], ['<a><![CDATA[<x> &lt;]]></a>', '<x> &lt;'], ['<!DOCTYPE a [<!ENTITY x "y>">]><a>z</a>', 'z'], ['<a><!-- c --><?p i?>t</a>', 't'],
    [`<!DOCTYPE a [<!-- ' > --><?p " ]>?><!ENTITY x ']>'>]><a>z</a>`, 'z'], [`<!DOCTYPE a SYSTEM "it's"><a>z</a>`, 'z'],
    ['no tag', ''], ['<a>cut', 'cut'], ['<a><![CDATA[cut', 'cut'], ['<a', ''], ['<!-- cut', ''], ['<a>&#xFFFFFFFF;&#55296;</a>', '&#xFFFFFFFF;&#55296;'],
  ] as const) assert.is(xmlText(body), expected, body);
  for (const body of ['<'.repeat(60_000), '<a>'.repeat(20_000), '<![CDATA['.repeat(7_000), '<!--'.repeat(15_000), '<a b="'.repeat(10_000), `<a>${'&#x'.repeat(20_000)}`, '<!['.repeat(20_000)]) {
    const started = performance.now();
    xmlText(body);
    assert.ok(performance.now() - started < 3_000, body.slice(0, 10));
  }
});

test.run();
