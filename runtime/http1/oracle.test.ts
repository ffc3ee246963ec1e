/** Whatever our parsers accept, llhttp (node:http) accepts too, with the same method, target, fields, body and next message. */
import * as http from 'node:http';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_LIMITS } from './limits.js';
import { createHttp1Server } from './server.js';
import { cut, feed, Wire } from './testing/wire.js';
import { faults, places, properRequest, request, withFaults } from './testing/messages.js';
import { testState } from './testing/state.js';

const test = suite('HTTP/1.1 requests against llhttp');
const RUNS = Number(process.env.FUZZ_RUNS ?? 600);

interface Message { method: string; target: string; fields: string[]; body: string }

async function ours(pieces: readonly Buffer[]): Promise<{ messages: Message[]; written: string }> {
  const messages: Message[] = [];
  const server = createHttp1Server((exchange) => {
    const fields: string[] = [];
    exchange.head.forEach((name, value) => { fields.push(name, value); });
    const head = exchange.head as unknown as { targetStart: number; targetEnd: number; bytes: Buffer };
    const target = head.bytes.toString('latin1', head.targetStart, head.targetEnd);
    exchange.incoming.collect(Infinity, (body) => {
      messages.push({ method: exchange.method, target, fields, body: body.toString('latin1') });
      exchange.reply.send(200, [], null);
    });
  }, testState(), DEFAULT_LIMITS);
  const wire = new Wire();
  server.accept(wire.socket, false);
  await feed(wire, pieces);
  wire.destroy();
  return { messages, written: wire.written };
}

async function llhttps(pieces: readonly Buffer[]): Promise<Message[]> {
  const messages: Message[] = [];
  const server = http.createServer({ insecureHTTPParser: false }, (incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => { body += chunk.toString('latin1'); });
    incoming.on('end', () => {
      messages.push({ method: incoming.method!, target: incoming.url!, fields: incoming.rawHeaders, body });
      outgoing.end();
    });
  });
  server.on('checkExpectation', (incoming, outgoing) => { server.emit('request', incoming, outgoing); });
  const wire = new Wire();
  server.emit('connection', wire);
  await feed(wire, pieces);
  wire.destroy();
  server.close();
  return messages;
}

async function compare(bytes: Buffer, at: readonly number[]): Promise<number> {
  const split = await ours(cut(bytes, at));
  const whole = at.length === 0 ? split : await ours([bytes]);
  assert.equal(split.messages, whole.messages, 'the split into packets changes nothing');
  // Byte by byte: node:http drops a request it has read when a later one in the same packet is broken.
  const reference = await llhttps(cut(bytes, Array.from({ length: bytes.length }, (_, i) => i)));
  assert.equal(split.messages, reference.slice(0, split.messages.length), JSON.stringify(bytes.toString('latin1')));
  return split.messages.length;
}

test('proper requests are read as llhttp reads them, however they are split', async () => {
  await fc.assert(fc.asyncProperty(fc.array(properRequest, { minLength: 1, maxLength: 3 }), places, async (requests, at) => {
    assert.is(await compare(Buffer.from(requests.join(''), 'latin1'), at), requests.length);
  }), { numRuns: RUNS });
});

test('odd and broken requests: ours accepts no more than llhttp, and reads the same', async () => {
  let accepted = 0;
  let refused = 0;
  await fc.assert(fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 3 }), faults, places, async (requests, list, at) => {
    const count = await compare(withFaults(requests.join(''), list), at);
    accepted += count;
    if (count < requests.length) refused++;
  }), { numRuns: RUNS * 3 });
  assert.ok(accepted > RUNS / 4 && refused > RUNS / 4, `${accepted} accepted, ${refused} refused`);
});

test('byte by byte', async () => {
  await fc.assert(fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 2 }), faults, async (requests, list) => {
    const bytes = withFaults(requests.join(''), list);
    await compare(bytes, Array.from({ length: bytes.length }, (_, i) => i));
  }), { numRuns: Math.ceil(RUNS / 10) });
});

test.run();
