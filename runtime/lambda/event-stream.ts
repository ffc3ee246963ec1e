/** `application/vnd.amazon.eventstream`: messages of headers and payload, each checked by two CRC-32 (Smithy, "Amazon Event Stream Specification"). */
import { crc32 } from 'node:zlib';

export interface EventStreamMessage {
  /** Text headers by name (`:event-type`, `:message-type`…); others are left out. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

/** Lengths and checksum before, checksum after. */
const PRELUDE = 12, TRAILER = 4;
/** A message is in memory as a whole: larger ones are refused. Lambda's payload chunks are far smaller. */
const MESSAGE_LIMIT = 8_388_608;

/** Bytes of a message's header value by its type: bool ×2, byte, short, integer, long; then two of their own length; timestamp, uuid. */
const FIXED = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];

/** Takes the stream piece by piece. */
export class EventStreamDecoder {
  private rest: Buffer = Buffer.alloc(0);

  /** Messages that `piece` completes. Throws an Error that says what is wrong; nothing more can be read then. */
  *read(piece: Uint8Array): Generator<EventStreamMessage> {
    this.rest = this.rest.length === 0 ? Buffer.from(piece) : Buffer.concat([this.rest, piece]);
    for (;;) {
      const { rest } = this;
      if (rest.length < PRELUDE) return;
      const total = rest.readUInt32BE(0), headersLength = rest.readUInt32BE(4);
      if (crc32(rest.subarray(0, 8)) !== rest.readUInt32BE(8)) throw new Error('a message has a wrong checksum');
      if (total > MESSAGE_LIMIT || total < PRELUDE + headersLength + TRAILER) throw new Error(`a message of ${total} bytes`);
      if (rest.length < total) return;
      if (crc32(rest.subarray(0, total - TRAILER)) !== rest.readUInt32BE(total - TRAILER)) throw new Error('a message has a wrong checksum');
      this.rest = rest.subarray(total);
      yield { headers: readHeaders(rest.subarray(PRELUDE, PRELUDE + headersLength)), payload: rest.subarray(PRELUDE + headersLength, total - TRAILER) };
    }
  }

  /** Nothing is left of an unfinished message. */
  get isBetween(): boolean { return this.rest.length === 0; }
}

function readHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  const take = (length: number): number => {
    const from = at;
    if ((at += length) > bytes.length) throw new Error('a header is cut off');
    return from;
  };
  while (at < bytes.length) {
    const nameLength = bytes[take(1)]!;
    const nameStart = take(nameLength);
    const type = bytes[take(1)]!;
    const fixed = FIXED[type];
    if (fixed === undefined) throw new Error(`a header of type ${type}`);
    const length = fixed >= 0 ? fixed : bytes.readUInt16BE(take(2));
    const start = take(length);
    if (type === 7) headers.set(bytes.toString('utf8', nameStart, nameStart + nameLength), bytes.toString('utf8', start, start + length));
  }
  return headers;
}
