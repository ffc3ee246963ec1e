/** A gateway as a function from Request to Response: for tests, embedding and runtimes without sockets. */
import { Exchange, type ConstantAnswer, type Fields, type IncomingBody, type Reply, type BodySink, type BodySource, type ReplyWatcher } from './exchange.js';
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
    const inside = base === '' || url.pathname === base || url.pathname.startsWith(base + '/');
    const path = inside ? (url.pathname.slice(base.length) || '/').replace(/^\/{2,}/, '/') : '';
    const target = Buffer.from(path + url.search, 'latin1');
    const queryStart = Math.min(path.length + 1, target.length);
    const exchange: Exchange = new Exchange(
      gateway.state, request.method, target, 0, path.length, queryStart, target.length,
      new RequestFields(request, url), BODIES ? new RequestBody(request, () => exchange) : NO_BODY, new ResponseReply(request.method, resolve),
      { remoteAddress: '127.0.0.1', remotePort: 0, localPort: Number(url.port) || (secure ? 443 : 80), secure, protocol: 'HTTP/1.1' },
    );
    request.signal.addEventListener('abort', () => { reject(request.signal.reason as Error); exchange.reply.watcher?.onClientGone(); }, { once: true });
    gateway.handler(exchange);
  });
}

class RequestFields implements Fields {
  readonly #request: Request;
  readonly #url: URL;

  constructor(request: Request, url: URL) {
    this.#request = request;
    this.#url = url;
  }
  get(name: string): string | undefined {
    return this.#request.headers.get(name) ?? (name === 'host' ? this.#url.host : undefined);
  }
  last(name: string): string | undefined { return this.get(name); }
  all(name: string): string[] { const value = this.get(name); return value === undefined ? [] : [value]; }
  forEach(visit: (name: string, value: string) => void): void {
    if (!ALL_FIELDS) return;
    if (!this.#request.headers.has('host')) visit('host', this.#url.host);
    this.#request.headers.forEach((value, name) => visit(name, value));
  }
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

class ResponseReply implements Reply {
  started = false;
  bodyBytes = 0;
  watcher: ReplyWatcher | null = null;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly #method: string;
  readonly #resolve: (response: Response) => void;
  constructor(method: string, resolve: (response: Response) => void) {
    this.#method = method;
    this.#resolve = resolve;
  }

  send(status: number, fields: readonly string[], body: Uint8Array | string | null): void {
    this.started = true;
    const bytes = body === null ? null : typeof body === 'string' ? Buffer.from(body) : body;
    this.bodyBytes = bytes?.length ?? 0;
    const headers = headersOf(fields);
    if (headers === null) return this.#resolve(new Response(FAULT_BODY, { status: 500, headers: { 'content-type': JSON_TYPE } }));
    const bodiless = this.#method === 'HEAD' || status === 204 || status === 304 || status === 205;
    if (bytes !== null && !bodiless) headers.set('content-length', String(bytes.length));
    this.#resolve(new Response(bodiless || bytes === null ? null : new Uint8Array(bytes), { status, headers }));
  }

  sendConstant(answer: ConstantAnswer, fields: readonly string[]): void {
    this.send(answer.status, [...answer.fields, ...fields], answer.body);
  }

  begin(status: number, fields: readonly string[], length: number, drain: () => void): void {
    if (!STREAMS) return;
    this.started = true;
    const headers = headersOf(fields) ?? new Headers();
    if (length >= 0) headers.set('content-length', String(length));
    const bodiless = this.#method === 'HEAD' || status === 204 || status === 304;
    const stream = bodiless ? null : new ReadableStream<Uint8Array>({
      start: (controller) => { this.#controller = controller; },
      pull: () => drain(),
      cancel: () => { this.#controller = null; this.watcher?.onClientGone(); },
    });
    this.#resolve(new Response(stream, { status, headers }));
  }

  write(chunk: Uint8Array): boolean {
    if (!STREAMS) return true;
    this.bodyBytes += chunk.length;
    // A copy: what came in is written over. Buffer's own slice() is none.
    this.#controller?.enqueue(new Uint8Array(chunk));
    return (this.#controller?.desiredSize ?? 1) > 0;
  }

  end(): void {
    if (!STREAMS) return;
    this.#controller?.close();
    this.#controller = null;
  }

  abort(): void {
    if (!this.started) return this.#resolve(Response.error());
    if (STREAMS) this.#controller?.error(new Error('the answer was cut off'));
    if (STREAMS) this.#controller = null;
  }

  relay(status: number, lines: string, length: number, piece: Uint8Array | null, complete: boolean, source: BodySource): boolean {
    if (!STREAMS) return true;
    const fields: string[] = [];
    for (const line of lines.split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields.push(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    this.begin(status, fields, length, () => source.resume());
    let more = true;
    if (piece !== null && piece.length > 0) more = this.write(piece);
    if (complete) this.end();
    return more;
  }
}

function headersOf(fields: readonly string[]): Headers | null {
  const headers = new Headers();
  try {
    for (let i = 0; i < fields.length; i += 2) headers.append(fields[i]!, fields[i + 1]!);
  } catch { return null; }
  return headers;
}
