import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ResponseFormatError, TransportError } from './errors.js';
import { eventItems, jsonEventItems, lineItems, partItems, sequenceItems, type ReadItems } from './item-streams.js';

const test = suite('typescript client: streams of items');
const encoder = new TextEncoder();

/** A body that comes in pieces of these sizes, and what became of it. */
function body(bytes: Uint8Array, sizes: readonly number[]): { stream: ReadableStream<Uint8Array>; cancelled: () => boolean } {
  let at = 0, turn = 0, cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const size = Math.max(1, sizes[turn++ % sizes.length]!);
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
    cancel() { cancelled = true; },
  }, { highWaterMark: 0 });
  return { stream, cancelled: () => cancelled };
}

const head = (contentType = ''): { status: number; headers: Headers; requestId: undefined; operation: string } => ({ status: 200, headers: new Headers({ 'content-type': contentType }), requestId: undefined, operation: 'watch' });

async function all(read: ReadItems, text: string | Uint8Array, sizes: readonly number[] = [1000], contentType?: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const item of read(body(typeof text === 'string' ? encoder.encode(text) : text, sizes).stream, head(contentType))) found.push(item);
  return found;
}

async function fault(work: Promise<unknown>): Promise<Error> {
  try { await work; } catch (error) { return error as Error; }
  throw new Error('nothing was thrown');
}

const sizes = fc.array(fc.nat(7), { minLength: 1, maxLength: 5 });
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test('JSON lines and sequences, however they are cut', async () => {
  await fc.assert(fc.asyncProperty(fc.array(json, { maxLength: 6 }), sizes, fc.constantFrom('\n', '\r\n', '\n\n'), fc.boolean(), async (values, cuts, end, last) => {
    const lines = values.map((value) => JSON.stringify(value)).join(end) + (last ? end : '');
    assert.equal(await all(lineItems, lines, cuts), values);
    assert.equal(await all(sequenceItems, values.map((value) => `\x1e${JSON.stringify(value)}\n`).join(''), cuts), values);
  }));
  assert.equal(await all(lineItems, '\ufeff{"a":1}\n'), [{ a: 1 }]);
});

test('server-sent events, however they are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', ':', ' ', 'é', '\t', '{', '\ufeff') });
  const event = fc.record({ event: text, data: fc.array(text, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')), id: text, retry: fc.nat(9999) }, { requiredKeys: ['data'] });
  await fc.assert(fc.asyncProperty(fc.array(event, { maxLength: 4 }), sizes, fc.constantFrom('\n', '\r\n', '\r'), async (events, cuts, end) => {
    const written = events.map(({ data, ...fields }) => [...Object.entries(fields).map(([name, value]) => `${name}: ${value}`), ...data.split('\n').map((line) => `data: ${line}`), ': a comment', '', ''].join(end)).join('');
    assert.equal(await all(eventItems, written, cuts), events.map(({ data, ...fields }) => ({ ...fields, data })));
  }), { numRuns: 300 });
  // The HTML standard's own examples.
  assert.equal(await all(eventItems, 'data: YHOO\ndata: +2\ndata: 10\n\n'), [{ data: 'YHOO\n+2\n10' }]);
  assert.equal(await all(eventItems, ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n'), [{ data: 'first event', id: '1' }, { data: 'second event', id: '' }, { data: ' third event' }]);
  assert.equal(await all(eventItems, 'data\n\ndata\ndata\n\ndata:'), [{ data: '' }, { data: '\n' }]);
  assert.equal(await all(eventItems, 'event: nothing\n\nretry: x\nid: a\0b\ndata: 1\n\n'), [{ data: '1' }]);
  assert.equal(await all(jsonEventItems, 'event: a\ndata: {"x":\ndata: 1}\n\n'), [{ event: 'a', data: { x: 1 } }]);
  assert.instance(await fault(all(jsonEventItems, 'data: {\n\n')), ResponseFormatError);
  // A CR LF, its halves in two chunks, then LF alone.
  assert.equal(await all(eventItems, 'data: 1\r\n\ndata: 2\n\n', [1]), [{ data: '1' }, { data: '2' }]);
});

test('items before a broken one are there, in whatever chunk they came', async () => {
  for (const [read, text] of [[lineItems, '1\n2\n{\n'], [jsonEventItems, 'data: 1\n\ndata: 2\n\ndata: {\n\n']] as const) {
    for (const cuts of [[1000], [1]]) {
      const found: unknown[] = [];
      const broken = await fault((async () => { for await (const item of read(body(encoder.encode(text), cuts).stream, head())) found.push(item); })());
      assert.instance(broken, ResponseFormatError);
      assert.is(found.length, 2, `${text} in chunks of ${cuts[0]}`);
    }
  }
});

test('multipart, however it is cut', async () => {
  const type = 'multipart/mixed; boundary="a b"';
  const written = 'preamble\r\n--a b\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n--a b\r\n\r\nplain\r\n--a bc\r\n--a b \r\ncontent-type: text/html; charset=utf-8\r\nX: y\r\n\r\n<é>\r\n--a b\r\nContent-Type: image/png\r\n\r\n\x01\r\n\r\n--a b--\r\nepilogue';
  for (const cuts of [[1000], [1], [2, 3], [7]]) {
    const found = await all(partItems, written, cuts, type);
    assert.equal(found.slice(0, 3), [{ a: 1 }, 'plain\r\n--a bc', '<é>']);
    assert.is((found[3] as Blob).type, 'image/png');
    assert.equal(Buffer.from(await (found[3] as Blob).arrayBuffer()).toString(), '\x01\r\n');
    assert.is(found.length, 4);
  }
  assert.equal(await all(partItems, '--x\r\n\r\n1\r\n--x--', [3], 'multipart/mixed;boundary=x'), ['1']);
  assert.instance(await fault(all(partItems, '--x\r\n\r\n1\r\n', [3], 'multipart/mixed;boundary=x')), TransportError);
  assert.instance(await fault(all(partItems, 'x', [3], 'multipart/mixed')), ResponseFormatError);
  assert.instance(await fault(all(partItems, '--x\r\nno head\r\n--x--', [3], 'multipart/mixed;boundary=x')), ResponseFormatError);
});

test('leaving the loop ends the request; a stream is read once', async () => {
  for (const leave of ['break', 'throw'] as const) {
    const { stream, cancelled } = body(encoder.encode('1\n2\n3\n'), [2]);
    const items = lineItems(stream, head());
    const read = async (): Promise<void> => {
      for await (const item of items) {
        assert.is(item, 1);
        if (leave === 'throw') throw new Error('enough');
        break;
      }
    };
    if (leave === 'throw') assert.is((await fault(read())).message, 'enough');
    else await read();
    assert.ok(cancelled(), leave);
    assert.equal(await items[Symbol.asyncIterator]().next(), { value: undefined, done: true });
  }
  const { stream, cancelled } = body(encoder.encode('1\n'), [2]);
  await lineItems(stream, head()).cancel();
  assert.ok(cancelled());
});

test('what is broken or endless', async () => {
  const error = await fault(all(lineItems, '{"a":1}\n{"a":'));
  assert.instance(error, ResponseFormatError);
  assert.is((error as ResponseFormatError).text, '{"a":');
  const broken = new ReadableStream<Uint8Array>({ pull(controller) { controller.error(new TypeError('terminated')); } });
  const cut = await fault((async () => { for await (const item of lineItems(broken, head())) void item; })());
  assert.instance(cut, TransportError);
  assert.match(cut.message, /^watch: the answer broke off/);
  const chunk = encoder.encode('a'.repeat(1 << 20));
  for (const read of [lineItems, sequenceItems, eventItems, partItems]) {
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>({ pull(controller) { chunks++; controller.enqueue(chunk); } });
    const long = await fault((async () => { for await (const item of read(endless, head('multipart/mixed; boundary=x'))) void item; })());
    assert.match(long.message, /an item is longer than 16777216/);
    assert.ok(chunks < 20, `${chunks}`);
  }
});

test.run();
