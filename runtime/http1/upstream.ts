/** The pool of connections to one origin, or to several that serve the same. */
import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Exchange, IncomingBody } from '../exchange.js';
import type { RelayRequest, Upstream, UpstreamFailure, UpstreamOptions, UpstreamRequest, UpstreamResponse, UpstreamSink, UpstreamStream } from '../backends/upstream.js';
import { BufferCall, type Call, callText, RelayCall, relayText, StreamCall } from './upstream-call.js';
import { UpstreamConnection } from './upstream-connection.js';

const SWEEP_MS = 50;
const READ_BYTES = 65_536;
/** Connections live no longer than this, so that a changed DNS answer takes effect. */
const MAX_AGE_MS = 300_000;

/** A target that could not be connected to is left alone for this long, as long as another one can be. */
const DOWN_MS = 5_000;

/**
 * `origin`: `http://host[:port]` or `https://…`; anything after the authority is ignored. Several origins take turns; one that cannot be connected to is
 * passed over. Throws TypeError for another scheme.
 */
export function createUpstream(origin: string | readonly string[], options: UpstreamOptions): Upstream {
  return new Http1Upstream(origin, options);
}

/** One of the origins. A name is resolved anew for every connection. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly hostField: string;
  readonly idle: UpstreamConnection[];
  /** Connections, idle ones included. */
  open: number;
  downUntil: number;
}

function readTarget(origin: string): Target {
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`not an HTTP origin: ${url.protocol}//${url.host}`);
  const secure = url.protocol === 'https:';
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? (secure ? 443 : 80) : Number(url.port), secure, hostField: url.host, idle: [], open: 0, downUntil: 0 };
}

export class Http1Upstream implements Upstream {
  private readonly targets: readonly Target[];
  private turn = 0;
  private open = 0;
  private readonly waiting = new Set<Call>();
  private first: Call | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(origin: string | readonly string[], private readonly options: UpstreamOptions, private readonly openSocket: OpenSocket = open) {
    this.targets = (typeof origin === 'string' ? [origin] : origin).map(readTarget);
    if (this.targets.length === 0) throw new TypeError('an upstream needs an origin');
  }

  call(request: UpstreamRequest, limit: number, done: (response: UpstreamResponse) => void, failed: (failure: UpstreamFailure, detail: string) => void): void {
    const body = present(request.body);
    const text = callText(body === request.body ? request : { ...request, body }, this.targets[0]!.hostField);
    if (text === null) { failed('protocol', 'the request cannot be sent as HTTP/1.1'); return; }
    this.begin(new BufferCall(request.method, text, body, request.timeoutMs, limit, done, failed));
  }

  stream(request: UpstreamRequest, sink: UpstreamSink): UpstreamStream {
    const body = present(request.body);
    const text = callText(body === request.body ? request : { ...request, body }, this.targets[0]!.hostField);
    const call = new StreamCall(request.method, text ?? '', body, request.timeoutMs, sink);
    if (text === null) call.failed('protocol', 'the request cannot be sent as HTTP/1.1');
    else this.begin(call);
    return call;
  }

  relay(exchange: Exchange, request: RelayRequest, failed: (exchange: Exchange, failure: UpstreamFailure, detail: string) => void): void {
    const body = present(exchange.body ?? exchange.incoming);
    const text = relayText(exchange, request, this.targets[0]!.hostField, body);
    if (text === null) { failed(exchange, 'protocol', 'the request cannot be sent as HTTP/1.1'); return; }
    const call = new RelayCall(exchange, request, text, body, failed);
    exchange.reply.watcher = call;
    this.begin(call);
  }

  close(): void {
    this.isClosed = true;
    for (const { idle } of this.targets) while (idle.length > 0) idle[idle.length - 1]!.destroy();
  }

  // ---- calls

  private begin(call: Call): void {
    call.next = this.first;
    if (this.first !== null) this.first.previous = call;
    this.first = call;
    this.timer ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
    this.dispatch(call);
  }

  private dispatch(call: Call): void {
    const target = this.targets.length === 1 ? this.targets[0]! : this.nextTarget();
    if (!call.retried) {
      const connection = target.idle.pop();
      if (connection !== undefined) { connection.start(call); return; }
    }
    if (this.open < this.options.maxConnections) { this.connect(call, target); return; }
    // An unused connection to another target is better than waiting: nobody would end the wait.
    for (const { idle } of this.targets) {
      const connection = idle.pop();
      if (connection !== undefined) { connection.start(call); return; }
    }
    this.waiting.add(call);
  }

  /** The one with the fewest calls under way among those that can be connected to; equals take turns. */
  private nextTarget(): Target {
    const now = performance.now();
    const { length } = this.targets;
    let best = (this.turn + 1) % length;
    let least = Infinity;
    for (let i = 1; i <= length; i++) {
      const at = (this.turn + i) % length;
      const target = this.targets[at]!;
      const busy = target.open - target.idle.length;
      if (target.downUntil > now || busy >= least) continue;
      best = at;
      least = busy;
    }
    this.turn = best;
    return this.targets[best]!;
  }

  /** What a health check found: a target that is down is passed over until it is up again, unless all are. */
  mark(index: number, isUp: boolean): void {
    this.targets[index]!.downUntil = isUp ? 0 : Infinity;
  }

  /** `target` could not be connected to, so nothing was sent: may the call try another? */
  elsewhere(call: Call, target: Target): boolean {
    target.downUntil = Math.max(target.downUntil, performance.now() + DOWN_MS);
    if (call.over || ++call.attempts >= this.targets.length) return false;
    call.connection = null;
    this.dispatch(call);
    return true;
  }

  /** A reused connection died under the call before it answered: once more, on a new one. */
  again(call: Call): void {
    call.retried = true;
    this.dispatch(call);
  }

  ended(call: Call): void {
    if (call.previous !== null) call.previous.next = call.next;
    else if (this.first === call) this.first = call.next;
    if (call.next !== null) call.next.previous = call.previous;
    call.previous = call.next = null;
  }

  bodyDeadline(): number { return performance.now() + this.options.bodyTimeoutMs; }

  private sweep(): void {
    const now = performance.now();
    for (let call = this.first, next; call !== null; call = next) {
      ({ next } = call);
      const { connection } = call;
      if (connection === null && call.over) {
        // Its client went away while it waited.
        this.waiting.delete(call);
        this.ended(call);
        continue;
      }
      const due = connection !== null && connection.connecting ? Math.min(call.deadline, connection.openedAt + this.options.connectTimeoutMs) : call.deadline;
      if (now < due) continue;
      if (connection !== null) connection.expired();
      else {
        this.waiting.delete(call);
        this.ended(call);
        call.failed('timeout', `${this.targets[0]!.hostField}: no free connection in time`);
      }
    }
    let idling = 0;
    for (const { idle } of this.targets) {
      for (let i = idle.length - 1; i >= 0; i--) if (idle[i]!.idleUntil <= now) idle[i]!.destroy();
      idling += idle.length;
    }
    if (this.first === null && idling === 0 && this.timer !== null) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }

  // ---- connections

  private connect(call: Call, target: Target): void {
    this.open++;
    target.open++;
    const connection = new UpstreamConnection(this, target, call);
    call.connection = connection;
    const onread = { buffer: readBuffer(), callback: (size: number, buffer: Uint8Array) => connection.onData(size, buffer as Buffer) };
    connection.attach(this.openSocket(target.host, target.port, target.secure, this.options, onread), target.secure ? 'secureConnect' : 'connect');
  }

  release(connection: UpstreamConnection): void {
    for (const call of this.waiting) {
      this.waiting.delete(call);
      if (!call.over) { connection.start(call); return; }
    }
    const now = performance.now();
    if (this.isClosed || now - connection.openedAt > MAX_AGE_MS) { connection.destroy(); return; }
    connection.idleUntil = now + Math.min(this.options.idleTimeoutMs, connection.idleMs);
    connection.target.idle.push(connection);
  }

  unlist(connection: UpstreamConnection): void {
    const { idle } = connection.target;
    const at = idle.lastIndexOf(connection);
    if (at >= 0) idle.splice(at, 1);
  }

  closed(target: Target): void {
    this.open--;
    target.open--;
    for (const call of this.waiting) {
      this.waiting.delete(call);
      if (call.over) continue;
      this.dispatch(call);
      return;
    }
  }
}

/** No body, a body that has arrived already, or one to stream. */
function present(body: Uint8Array | IncomingBody | null): Uint8Array | IncomingBody | null {
  if (body === null || body.length === 0) return null;
  if (body instanceof Uint8Array || !body.complete) return body;
  arrived = null;
  body.collect(Infinity, take);
  const bytes = arrived as Buffer | null;
  arrived = null;
  return bytes ?? body;
}

let arrived: Buffer | null = null;
function take(body: Buffer): void { arrived = body; }

let shared: Buffer | null = null;

/** Reading is synchronous with its callback where the kernel tells readiness, so all connections share one buffer. Windows reads ahead into it. */
function readBuffer(): Buffer {
  if (process.platform === 'win32') return Buffer.allocUnsafeSlow(READ_BYTES);
  return shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
}

/** Opens a connection whose bytes come by `onread` (documented for net.Socket). */
export type OpenSocket = (host: string, port: number, secure: boolean, options: UpstreamOptions, onread: OnReadOpts) => Socket;

function open(host: string, port: number, secure: boolean, options: UpstreamOptions, onread: OnReadOpts): Socket {
  if (!secure) return connectTcp({ host, port, noDelay: true, onread });
  // Loaded when the first https origin is connected to, not at start.
  return process.getBuiltinModule('node:tls').connect({
    host, port, onread, ALPNProtocols: ['http/1.1'],
    // No server name for an address literal (RFC 6066 §3).
    servername: options.serverName ?? (isIP(host) === 0 ? host : ''),
    rejectUnauthorized: options.insecureSkipVerification !== true,
  } as ConnectionOptions).setNoDelay(true);
}
