/** An Invoke endpoint as Lambda's is seen from outside: checks the signature's shape, calls a handler, reports its errors in Lambda's way. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runtimeError, runtimeResult } from './runtime-error.js';
import { handler as casesHandler } from './cases-handler.js';

export interface InvokeEndpoint {
  readonly url: string;
  readonly requests: { url: string; headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

export async function startInvokeEndpoint(handler: typeof casesHandler = casesHandler): Promise<InvokeEndpoint> {
  const requests: InvokeEndpoint['requests'] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      requests.push({ url: request.url!, headers: request.headers });
      const { headers } = request, payload = Buffer.concat(pieces);
      const type = headers['x-amz-invocation-type'];
      const reply = (status: number, body: string): void => { response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': '11111111-2222-3333-4444-555555555555' }).end(body); };
      if (type === 'Event' && payload.length > 1_048_576) return reply(413, '{"Type":"User","message":"too large"}');
      const problem = unparsable(payload);
      if (problem !== undefined) return reply(400, JSON.stringify({ Type: 'User', message: problem }));
      if (type === 'DryRun') return reply(204, '');
      if (type === 'Event') reply(202, '');
      const context = headers['x-amz-client-context'];
      void invoke(handler, payload.toString('utf8') || '{}', context === undefined ? undefined : JSON.parse(Buffer.from(String(context), 'base64').toString('utf8'))).then(({ text, isError }) => {
        if (response.headersSent) return;
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

/** Lambda's words, but for those of its parser. */
function unparsable(payload: Buffer): string | undefined {
  try { if (payload.length > 0) JSON.parse(payload.toString('utf8')); return undefined; } catch (error) { return `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`; }
}

async function invoke(handler: typeof casesHandler, event: string, clientContext: unknown): Promise<{ text: string; isError: boolean }> {
  const start = Date.now();
  try {
    return { text: runtimeResult(await handler(JSON.parse(event) as object, { ...(clientContext === undefined ? {} : { clientContext: clientContext as object }), awsRequestId: '11111111-2222-3333-4444-555555555555', getRemainingTimeInMillis: () => 29_000 - (Date.now() - start) })), isError: false };
  } catch (error) {
    return { text: JSON.stringify(runtimeError(error)), isError: true };
  }
}
