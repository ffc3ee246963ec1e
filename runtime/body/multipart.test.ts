import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Field } from './fields.js';
import { parseMultipart } from './multipart.js';

const test = suite('multipart/form-data');

const body = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
const values = (fields: ReadonlyMap<string, Field> | string): unknown => (typeof fields === 'string' ? fields : Object.fromEntries([...fields].map(([name, field]) => [name, field.values])));

test('texts, files and repeated names', () => {
  const fields = parseMultipart(body('--x', 'Content-Disposition: form-data; name="a"', '', 'one', '--x', 'content-disposition: form-data; name="a"', '', 'two', '--x',
    'Content-Disposition: form-data; name="f"; filename="p.png"', 'Content-Type: image/png', '', '\x89PNG\r\n\r\n--y', '--x--', 'epilogue'), 'x') as ReadonlyMap<string, Field>;
  assert.equal(values(fields), { a: ['one', 'two'], f: ['\x89PNG\r\n\r\n--y'] });
  assert.equal(fields.get('f')!.contentTypes, ['image/png']);
});

test('a preamble, blanks behind the boundary, empty parts, UTF-8', () => {
  assert.equal(values(parseMultipart(body('preamble', '--x  \t', 'Content-Disposition: form-data; name="a"', '', '', '--x', 'Content-Disposition: form-data; name="b"', '', Buffer.from('é€').toString('latin1'), '--x--'), 'x')), { a: [''], b: ['é€'] });
});

test('names as clients write them', () => {
  const name = (disposition: string): unknown => values(parseMultipart(body('--x', `Content-Disposition: form-data; ${disposition}`, '', 'v', '--x--'), 'x'));
  assert.equal(name('name=plain'), { plain: ['v'] });
  assert.equal(name('name="a\\"b"'), { 'a"b': ['v'] });
  assert.equal(name('name="a%22b%0D%0A"'), { 'a"b\r\n': ['v'] });
  assert.equal(name('filename="x"; name="a;b=c"'), { 'a;b=c': ['v'] });
  assert.equal(name('name="__proto__"'), Object.fromEntries([['__proto__', ['v']]]));
  assert.equal(name(`name="${Buffer.from('é').toString('latin1')}"`), { é: ['v'] });
});

test('what is no multipart body is told in words', () => {
  const part = ['--x', 'Content-Disposition: form-data; name="a"', '', 'v'];
  const cases: [Buffer, string | undefined, RegExp][] = [
    [body(...part, '--x--'), undefined, /boundary/], [body(...part, '--x--'), '', /boundary/], [body(...part, '--x--'), 'y'.repeat(71), /boundary/],
    [Buffer.alloc(0), 'x', /boundary/], [body(...part), 'x', /ends inside/], [body('--x'), 'x', /boundary line/], [body('--xy', 'v'), 'x', /boundary line/],
    [body('--x', 'Content-Disposition: form-data; name="a"'), 'x', /header does not end/],
    [body('--x', 'Content-Disposition: form-data', '', 'v', '--x--'), 'x', /without a name/], [body('--x', 'Content-Disposition: attachment; name="a"', '', 'v', '--x--'), 'x', /Content-Disposition/],
    [body('--x', '', 'v', '--x--'), 'x', /Content-Disposition/], [body('--x', 'nonsense', '', 'v', '--x--'), 'x', /malformed header/],
    [body('--x', `Content-Disposition: form-data; name="${'a'.repeat(20_000)}"`, '', 'v', '--x--'), 'x', /header does not end/],
    [body(...Array.from({ length: 1001 }, () => part).flat(), '--x--'), 'x', /more than 1000 parts/],
  ];
  for (const [bytes, boundary, reason] of cases) {
    const result = parseMultipart(bytes, boundary);
    assert.type(result, 'string');
    assert.match(result as string, reason);
  }
});

test('any bytes give fields or a reason', () => {
  const piece = fc.constantFrom('--x', '--x--', '\r\n', '\r\n\r\n', 'Content-Disposition: form-data; name="a"', 'Content-Type: text/plain', ':', 'v', '\n', '"', ';', '\x00', '\xff', ' ');
  fc.assert(fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
    const result = parseMultipart(Buffer.from(pieces.join(''), 'latin1'), 'x');
    assert.ok(typeof result === 'string' || result instanceof Map);
  }), { numRuns: 3000 });
});

test('what a browser sends arrives', async () => {
  const form = new FormData();
  form.append('text', 'é "quoted" \r\n line');
  form.append('file', new Blob([new Uint8Array([0, 1, 255, 13, 10, 45, 45])], { type: 'application/octet-stream' }), 'ü".bin');
  const request = new Request('http://localhost/', { method: 'POST', body: form });
  const boundary = /boundary=(.*)$/.exec(request.headers.get('content-type')!)![1];
  const fields = parseMultipart(Buffer.from(await request.arrayBuffer()), boundary) as ReadonlyMap<string, Field>;
  assert.equal(values(fields), { text: ['é "quoted" \r\n line'], file: ['\x00\x01\xff\r\n--'] });
});

test('a large body costs time in proportion', () => {
  const started = performance.now();
  assert.type(parseMultipart(Buffer.alloc(10_000_000, '\r\n--'), 'x'), 'string');
  parseMultipart(body('--x', `Content-Disposition: form-data; name="a"${'; x'.repeat(5000)}`, '', 'v', '--x--'), 'x');
  parseMultipart(body('--x', `Content-Disposition: form-data; ${' '.repeat(16_000)}`, '', 'v', '--x--'), 'x');
  assert.ok(performance.now() - started < 1500);
});

test.run();
