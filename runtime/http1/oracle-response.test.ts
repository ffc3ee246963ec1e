/** Whatever answer of a backend ours accepts, llhttp (node:http's client) accepts too, with the same status, fields and body. */
import * as http from 'node:http';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { UpstreamResponse } from '../backends/upstream.js';
import { cut, feed, turns, Wire } from './testing/wire.js';
import { faults, places, response, withFaults } from './testing/messages.js';
import { Http1Upstream } from './upstream.js';

const test = suite('HTTP/1.1 responses against llhttp');
const RUNS = Number(process.env.FUZZ_RUNS ?? 600);
const OPTIONS = { maxConnections: 4, connectTimeoutMs: 1_000, idleTimeoutMs: 1_000, bodyTimeoutMs: 1_000 };

interface Message { status: number; fields: string[]; body: string }

/** `null` when the answer was refused. */
async function ours(method: string, pieces: readonly Buffer[], eof: boolean): Promise<Message | null> {
  const wire = new Wire();
  const upstream = new Http1Upstream('http://backend', OPTIONS, (_host, _port, _secure, _options, onread) => {
    wire.on('data', (chunk: Buffer) => {
      // As with onread: the bytes are gone after the call.
      const shared = Buffer.from(chunk);
      onread.callback(shared.length, shared);
      shared.fill(0x21);
    });
    return wire.socket;
  });
  let answer: UpstreamResponse | null = null;
  upstream.call({ method, target: '/', fields: [], host: '', body: null, timeoutMs: 10_000 }, 100_000, (response) => { answer = response; }, () => {});
  wire.emit('connect');
  await feed(wire, pieces);
  if (eof && !wire.destroyed) { wire.push(null); await turns(6); }
  wire.destroy();
  upstream.close();
  await turns(2);
  if (answer === null) return null;
  const { status, fields, body } = answer as UpstreamResponse;
  const flat: string[] = [];
  fields.forEach((name, value) => { flat.push(name, value); });
  return { status, fields: flat, body: body.toString('latin1') };
}

function llhttps(method: string, pieces: readonly Buffer[], eof: boolean): Promise<Message | null> {
  const wire = new Wire();
  return new Promise((resolve) => {
    const request = http.request({ method, host: 'backend', path: '/', createConnection: () => wire.socket });
    request.on('error', () => resolve(null));
    request.on('response', (incoming) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => { body += chunk.toString('latin1'); });
      incoming.on('error', () => resolve(null));
      incoming.on('end', () => resolve(incoming.complete ? { status: incoming.statusCode!, fields: incoming.rawHeaders, body } : null));
    });
    request.end();
    void (async () => {
      await turns(2);
      await feed(wire, pieces);
      if (eof && !wire.destroyed) { wire.push(null); await turns(6); }
      wire.destroy();
      await turns(2);
      resolve(null);
    })();
  });
}

test('ours accepts no more than llhttp, and reads the same, however the bytes are split', async () => {
  let accepted = 0;
  let refused = 0;
  await fc.assert(fc.asyncProperty(fc.constantFrom('GET', 'GET', 'HEAD'), response, faults, places, fc.boolean(), async (method, text, list, at, eof) => {
    const bytes = withFaults(text, list);
    const split = await ours(method, cut(bytes, at), eof);
    assert.equal(split, await ours(method, [bytes], eof), `split at ${String(at)}`);
    if (split === null) { refused++; return; }
    accepted++;
    // Byte by byte: what follows a complete answer is no part of it (ours then gives up the connection).
    assert.equal(split, await llhttps(method, cut(bytes, Array.from({ length: bytes.length }, (_, i) => i)), eof), JSON.stringify(bytes.toString('latin1')));
  }), { numRuns: RUNS * 3 });
  assert.ok(accepted > RUNS / 4 && refused > RUNS / 4, `${accepted} accepted, ${refused} refused`);
});

test.run();
