/** A real HTTP server that a test scripts call by call. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer; readonly at: number }
export interface Scripted { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer; readonly delayMs?: number; readonly hangUp?: boolean; readonly stall?: boolean }
export type Script = Scripted | ((request: Received) => Scripted | Promise<Scripted>);

export interface Service {
  readonly url: string;
  readonly received: Received[];
  /** Answers of the next calls; the last one stays. */
  answer(...scripts: Script[]): void;
  close(): Promise<void>;
}

/** `cors`: pages of any origin may call it. */
export async function startService({ cors = false } = {}): Promise<Service> {
  const received: Received[] = [];
  let scripts: Script[] = [{}];
  const server = createServer((request, response) => { void handle(request, response); });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch { return; }
    const open = cors ? { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*,authorization', 'access-control-allow-methods': '*', 'access-control-expose-headers': '*' } : {};
    if (cors && request.method === 'OPTIONS') return void response.writeHead(204, open).end();
    const call: Received = { method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(chunks), at: Date.now() };
    received.push(call);
    const script = scripts.length > 1 ? scripts.shift()! : scripts[0]!;
    const { status = 200, headers = {}, body = '{}', delayMs = 0, hangUp, stall } = typeof script === 'function' ? await script(call) : script;
    if (hangUp) return void request.socket.destroy();
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    response.writeHead(status, { ...(body === '' ? {} : { 'content-type': 'application/json' }), ...open, ...headers });
    // A head and half a body, then nothing.
    if (stall) response.write(body);
    else response.end(body);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (...next) => { scripts = next; received.length = 0; },
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
}
