/** A real HTTP server as a backend: answers from a table, else echoes what it received as JSON (a body that is no UTF-8 also as `base64`). */
import { isUtf8 } from 'node:buffer';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CannedAnswer { readonly status?: number; readonly headers?: Readonly<Record<string, string | string[]>>; /** Sent instead of `body`. */ readonly base64?: string; readonly body?: string; readonly delayMs?: number }

export interface Backend { readonly url: string; readonly received: { method: string; url: string; headers: Record<string, string | string[] | undefined>; body: string }[]; close(): Promise<void> }

/** `answers` maps `METHOD /path` (without query) to what is sent. */
export async function startBackend(answers: Readonly<Record<string, CannedAnswer>> = {}): Promise<Backend> {
  const received: Backend['received'] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const body = bytes.toString('utf8');
      received.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      const canned = answers[`${request.method} ${request.url!.split('?')[0]}`];
      const send = (): void => {
        if (canned) {
          response.writeHead(canned.status ?? 200, canned.headers ?? {});
          response.end(canned.base64 !== undefined ? Buffer.from(canned.base64, 'base64') : canned.body ?? '');
          return;
        }
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body, ...(isUtf8(bytes) ? {} : { base64: bytes.toString('base64') }) }));
      };
      if (canned?.delayMs) setTimeout(send, canned.delayMs);
      else send();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
}
