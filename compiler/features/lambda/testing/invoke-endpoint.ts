/** An Invoke endpoint as Lambda's is seen from outside: checks the signature's shape, calls a handler, reports its errors in Lambda's way. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handler } from './cases-handler.js';

export interface InvokeEndpoint {
  readonly url: string;
  readonly requests: { url: string; headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

export async function startInvokeEndpoint(): Promise<InvokeEndpoint> {
  const requests: InvokeEndpoint['requests'] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      requests.push({ url: request.url!, headers: request.headers });
      void invoke(Buffer.concat(pieces).toString('utf8')).then(({ text, isError }) => {
        // Lambda itself replaces a result that is too large.
        const oversized = Buffer.byteLength(text) > 6_291_556;
        const body = oversized ? '{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}' : text;
        response.writeHead(200, { 'content-type': 'application/json', 'x-amzn-requestid': '11111111-2222-3333-4444-555555555555', ...(isError || oversized ? { 'x-amz-function-error': 'Unhandled' } : {}) }).end(body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
}

async function invoke(event: string): Promise<{ text: string; isError: boolean }> {
  const start = Date.now();
  try {
    return { text: JSON.stringify(await handler(JSON.parse(event) as object, { awsRequestId: '11111111-2222-3333-4444-555555555555', getRemainingTimeInMillis: () => 29_000 - (Date.now() - start) })) ?? 'null', isError: false };
  } catch (error) {
    return { text: JSON.stringify({ errorMessage: error instanceof Error ? error.message : String(error), errorType: 'Error' }), isError: true };
  }
}
