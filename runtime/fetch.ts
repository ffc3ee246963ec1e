/** A gateway as a function from Request to Response: for tests, embedding and runtimes without sockets. */
import { Exchange, type Fields, type IncomingBody, type Reply, type BodySink } from './exchange.js';
import { FAULT_BODY, JSON_TYPE } from './fault-body.js';
import { ALL_FIELDS, BODIES, STREAMS } from './flags.js';
import type { Gateway } from './gateway.js';
import { NO_BODY } from './body/no-body.js';

/** Answers one request. The path must be inside the gateway's base path. */
export function fetchGateway(gateway: Gateway, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    const url = new URL(request.url);
    const secure = url.protocol === 'https:';
    const base = gateway.state.basePath;
    const inside = `${url.pathname}/`.startsWith(`${base}/`);
    const path = inside ? (url.pathname.slice(base.length) || '/').replace(/^\/{2,}/, '/') : '';
    const target = Buffer.from(path + url.search, 'latin1');
    const queryStart = Math.min(path.length + 1, target.length);
    const exchange: Exchange = new Exchange(
      gateway.state, request.method, target, 0, path.length, queryStart, target.length,
      fieldsOf(request, url), BODIES ? new RequestBody(request, () => exchange) : NO_BODY, replyOf(request.method, resolve),
      { remoteAddress: '127.0.0.1', remotePort: 0, localPort: Number(url.port) || (secure ? 443 : 80), secure, protocol: 'HTTP/1.1' },
    );
    request.signal.addEventListener('abort', () => { reject(request.signal.reason as Error); exchange.reply.watcher?.onClientGone(); }, { once: true });
    gateway.handler(exchange);
  });
}

function fieldsOf(request: Request, url: URL): Fields {
  const get = (name: string): string | undefined => request.headers.get(name) ?? (name === 'host' ? url.host : undefined);
  return {
    get, last: get,
    all(name) {
      const value = get(name);
      return value === undefined ? [] : [value];
    },
    forEach(visit) {
      if (!ALL_FIELDS) return;
      if (!request.headers.has('host')) visit('host', url.host);
      request.headers.forEach((value, name) => visit(name, value));
    },
  };
}

class RequestBody implements IncomingBody {
  readonly length: number;
  readonly complete: boolean;
  #wake: (() => void) | null = null;
  readonly #request: Request;
  readonly #exchange: () => Exchange;
  constructor(request: Request, exchange: () => Exchange) {
    this.#request = request;
    this.#exchange = exchange;
    this.complete = request.body === null;
    this.length = request.body === null ? 0 : Number(request.headers.get('content-length') ?? -1);
  }

  collect(limit: number, done: (body: Buffer) => void): void {
    if (this.#request.body === null) return done(Buffer.alloc(0));
    const chunks: Uint8Array[] = [];
    let size = 0;
    void this.#read((chunk) => { size += chunk.length; chunks.push(chunk.slice()); return size <= limit; }).then((ok) => {
      if (ok) done(Buffer.concat(chunks));
      else this.#exchange().gateway.onTooLarge(this.#exchange());
    }, () => this.#exchange().reply.abort());
  }

  pipe(sink: BodySink): void {
    void this.#read(async (chunk) => {
      if (!sink.onData(chunk)) await new Promise<void>((resolve) => { this.#wake = resolve; });
      return true;
    }).then(() => sink.onEnd(), (error: unknown) => sink.onAbort(String(error)));
  }

  resume(): void { this.#wake?.(); this.#wake = null; }

  async #read(take: (chunk: Uint8Array) => boolean | Promise<boolean>): Promise<boolean> {
    const reader = this.#request.body?.getReader();
    for (;;) {
      const part = await reader?.read();
      if (part === undefined || part.done) return true;
      if (!(await take(part.value))) { await reader!.cancel(); return false; }
    }
  }
}

function replyOf(method: string, resolve: (response: Response) => void): Reply {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const reply: Reply & { started: boolean; bodyBytes: number } = {
    started: false,
    bodyBytes: 0,
    watcher: null,

    send(status, fields, body) {
      reply.started = true;
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      reply.bodyBytes = bytes?.length ?? 0;
      const headers = headersOf(fields);
      if (headers === null) return resolve(new Response(FAULT_BODY, { status: 500, headers: { 'content-type': JSON_TYPE } }));
      const sent = method === 'HEAD' || status === 204 || status === 304 || status === 205 ? null : bytes;
      if (sent !== null) headers.set('content-length', String(sent.length));
      resolve(new Response(sent && new Uint8Array(sent), { status, headers }));
    },

    sendConstant(answer, fields) {
      reply.send(answer.status, [...answer.fields, ...fields], answer.body);
    },

    begin(status, fields, length, drain) {
      if (!STREAMS) return;
      reply.started = true;
      const headers = headersOf(fields) ?? new Headers();
      if (length >= 0) headers.set('content-length', String(length));
      const bodiless = method === 'HEAD' || status === 204 || status === 304;
      const stream = bodiless ? null : new ReadableStream<Uint8Array>({
        start: (created) => { controller = created; },
        pull: () => drain(),
        cancel: () => { controller = null; reply.watcher?.onClientGone(); },
      });
      resolve(new Response(stream, { status, headers }));
    },

    write(chunk) {
      if (!STREAMS) return true;
      reply.bodyBytes += chunk.length;
      // A copy: what came in is written over. Buffer's own slice() is none.
      controller?.enqueue(new Uint8Array(chunk));
      return (controller?.desiredSize ?? 1) > 0;
    },

    end() {
      if (!STREAMS) return;
      controller?.close();
      controller = null;
    },

    abort() {
      if (!reply.started) return resolve(Response.error());
      if (STREAMS) controller?.error(new Error('the answer was cut off'));
      if (STREAMS) controller = null;
    },

    relay(status, lines, length, piece, complete, source) {
      if (!STREAMS) return true;
      const fields: string[] = [];
      for (const line of lines.split('\r\n')) {
        const colon = line.indexOf(':');
        if (colon > 0) fields.push(line.slice(0, colon), line.slice(colon + 1).trim());
      }
      reply.begin(status, fields, length, () => source.resume());
      let more = true;
      if (piece !== null && piece.length > 0) more = reply.write(piece);
      if (complete) reply.end();
      return more;
    },
  };
  return reply;
}

function headersOf(fields: readonly string[]): Headers | null {
  const headers = new Headers();
  try {
    for (let i = 0; i < fields.length; i += 2) headers.append(fields[i]!, fields[i + 1]!);
  } catch { return null; }
  return headers;
}
