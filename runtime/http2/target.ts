/** Where the answer to one HTTP/2 request goes. */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { ReplyTarget } from '../node-http/stream-reply.js';
import type { StreamBody } from '../node-http/stream-body.js';

export class Http2Target implements ReplyTarget {
  body: StreamBody | null = null;

  constructor(readonly stream: ServerHttp2Stream, private readonly writeTimeoutMs: number) {}

  head(status: number, fields: string[], length: number, bodyless: boolean): void {
    if (this.stream.destroyed || this.stream.headersSent) return;
    const headers: OutgoingHttpHeaders = { ':status': status };
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const name = fields[i]!.toLowerCase();
      const before = headers[name];
      headers[name] = before === undefined ? fields[i + 1]! : [...(Array.isArray(before) ? before : [String(before)]), fields[i + 1]!];
    }
    if (length >= 0) headers['content-length'] = String(length);
    this.stream.setTimeout(this.writeTimeoutMs);
    this.stream.respond(headers, { endStream: bodyless });
  }

  reset(): void { this.stream.close(constants.NGHTTP2_INTERNAL_ERROR); }

  replied(): void {
    const { body, stream } = this;
    if (body === null || body.finished) return;
    // An unread body: the client need not send the rest (RFC 9113 §8.1).
    body.discard();
    stream.on('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
  }
}
