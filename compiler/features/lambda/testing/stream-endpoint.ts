/** InvokeWithResponseStream as Lambda serves it: event-stream messages around what the handler writes. Functions other than `Stream` misbehave. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { runStreaming } from './run-streaming.js';

export function message(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const head = Buffer.concat(Object.entries(headers).flatMap(([name, value]) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(value));
    return [Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)];
  }));
  const bytes = Buffer.alloc(12 + head.length + payload.length + 4);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(head.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  head.copy(bytes, 12);
  payload.copy(bytes, 12 + head.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}
const chunk = (payload: Buffer): Buffer => message({ ':event-type': 'PayloadChunk', ':content-type': 'application/octet-stream', ':message-type': 'event' }, payload);
const complete = (event: object): Buffer => message({ ':event-type': 'InvokeComplete', ':content-type': 'application/json', ':message-type': 'event' }, Buffer.from(JSON.stringify(event)));
const PRELUDE = Buffer.from('{"statusCode":200}\0\0\0\0\0\0\0\0');

const FAULTS: Readonly<Record<string, (response: ServerResponse, attempt: number) => void>> = {
  Throttled: (response) => { response.writeHead(429, { 'content-type': 'application/json' }).end('{"message":"Rate exceeded"}'); },
  Denied: (response) => { response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' }).end('{}'); },
  ExpiredOnce: (response, attempt) => {
    if (attempt === 1) response.writeHead(403, { 'x-amzn-errortype': 'ExpiredTokenException' }).end('{}');
    else response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(Buffer.concat([chunk(PRELUDE), chunk(Buffer.from('fine')), complete({})]));
  },
  Json: (response) => { response.writeHead(200, { 'content-type': 'application/json' }).end('{"statusCode":200}'); },
  Garbage: (response) => { response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(Buffer.alloc(64, 7)); },
  Huge: (response) => { const bytes = Buffer.alloc(12); bytes.writeUInt32BE(0x7fffffff, 0); bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8); response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(bytes); },
  Cut: (response) => { response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }); response.write(Buffer.concat([chunk(PRELUDE), chunk(Buffer.from('half'))])); setTimeout(() => response.destroy(), 100); },
  EndsEarly: (response) => { response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(chunk(PRELUDE)); },
  Exception: (response) => { response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(message({ ':message-type': 'exception', ':exception-type': 'InternalFailure' }, Buffer.from('{}'))); },
};

export async function startStreamEndpoint(): Promise<{ url: string; urls: string[]; close(): void }> {
  const urls: string[] = [];
  const attempts = new Map<string, number>();
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      urls.push(request.url!);
      const name = /functions\/(\w+)\//.exec(request.url!)![1]!;
      attempts.set(name, (attempts.get(name) ?? 0) + 1);
      if (FAULTS[name]) return FAULTS[name](response, attempts.get(name)!);
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': '11111111-2222-3333-4444-555555555555' });
      const write = (bytes: Buffer): Promise<void> => new Promise((resolve) => {
        // In two writes: messages are not pieces.
        response.write(bytes.subarray(0, 20));
        if (response.write(bytes.subarray(20))) resolve(); else response.once('drain', resolve);
      });
      void runStreaming(JSON.parse(Buffer.concat(pieces).toString('utf8')) as object, (piece) => write(chunk(piece))).then((error) => {
        response.end(complete(error ? { ErrorCode: 'Unhandled', ErrorDetails: JSON.stringify({ errorMessage: error.message }) } : {}));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, urls, close: () => { server.closeAllConnections(); server.close(); } };
}
