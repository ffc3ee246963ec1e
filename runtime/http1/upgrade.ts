/** Hands a connection to another protocol (WebSocket). Only what the handler asked for leaves HTTP; an Upgrade nobody takes is ignored (RFC 9110 §7.8). */
import { Duplex } from 'node:stream';
import type { Exchange } from '../exchange.js';
import type { Http1Connection, Taker } from './connection.js';

/**
 * Takes the connection of `exchange` over: a stream of what the client sends after its request, and to it. The caller writes the `101` itself (`ws` does).
 * null when this connection cannot: HTTP/2, node:http, a request without `Connection: Upgrade`, with a body, or answered already.
 */
export function takeOver(exchange: Exchange): Duplex | null {
  const connection = (exchange.connection.peer ?? exchange.connection) as Partial<Pick<Http1Connection, 'takeOver'>>;
  let written: (() => void) | null = null;
  const taker: Taker = {
    onBytes: (chunk) => { if (!stream.push(chunk)) taken!.socket.pause(); },
    onDrain: () => { const done = written; written = null; done?.(); },
    onEnd: () => { stream.push(null); },
    onClose: () => { stream.destroy(); },
  };
  // Not by class: after a hand-over the listener is of another copy of this file than the handler.
  const taken = connection.takeOver?.(exchange, taker) ?? null;
  if (taken === null) return null;
  const { socket, head } = taken;
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => { if (socket.isPaused()) socket.resume(); },
    write: (chunk: Buffer, _encoding, done) => { if (socket.write(chunk)) done(); else written = done; },
    final: (done) => { socket.end(); done(); },
    destroy: (error, done) => { socket.destroy(); done(error); },
  });
  // What a WebSocket library wants of a socket.
  Object.assign(stream, { setTimeout: () => stream, setNoDelay: () => stream, setKeepAlive: () => stream });
  if (head.length > 0) stream.push(head);
  return stream;
}
