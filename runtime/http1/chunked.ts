/**
 * The chunked transfer coding (RFC 9112 §7.1), read incrementally. Sizes are hex digits only; extensions must be well formed (no blanks) and are
 * dropped; trailer fields must be well formed, must not frame or route (RFC 9110 §6.5.1), and are dropped; both share a bounded number of bytes.
 */
import { CLASS, TOKEN, VALUE } from './bytes.js';

const SIZE_FIRST = 0;
const SIZE = 1;
const EXTENSION_NAME_FIRST = 2;
const EXTENSION_NAME = 3;
const EXTENSION_VALUE_FIRST = 4;
const EXTENSION_VALUE = 5;
const QUOTED = 6;
const QUOTED_PAIR = 7;
const AFTER_QUOTED = 8;
const SIZE_LF = 9;
const DATA = 10;
const DATA_CR = 11;
const DATA_LF = 12;
const TRAILER_START = 13;
const TRAILER_NAME = 14;
const TRAILER_VALUE = 15;
const TRAILER_LF = 16;
const LAST_LF = 17;
const DONE = 18;

/** Bytes of extensions and trailers one body may hold. */
const OVERHEAD_BYTES = 4_096;
/** No trailer: some recipient might merge it into the head. */
const NO_TRAILER: ReadonlySet<string> = /* @__PURE__ */ new Set(['content-length', 'transfer-encoding', 'host', 'connection', 'keep-alive', 'upgrade', 'expect', 'te', 'trailer']);

const CR = 13;
const LF = 10;

export class ChunkedDecoder {
  #state = SIZE_FIRST;
  /** Of the size being read, or of the chunk's data still to come. */
  #remaining = 0;
  #digits = 0;
  #overhead = 0;
  #trailerName = '';
  /** The data found by the last `next`: [dataStart, dataEnd) of its bytes. */
  dataStart = 0;
  dataEnd = 0;

  get done(): boolean { return this.#state === DONE; }

  /** Reads on from `at` until a piece of data, the end of the body or `end`: the new position, or -1 when the coding is broken. */
  next(bytes: Uint8Array, at: number, end: number): number {
    this.dataStart = this.dataEnd = at;
    while (at < end) {
      if (this.#state === DATA) {
        const take = Math.min(this.#remaining, end - at);
        this.dataStart = at;
        this.dataEnd = at += take;
        this.#remaining -= take;
        if (this.#remaining === 0) this.#state = DATA_CR;
        return at;
      }
      if (!this.#step(bytes[at++]!)) return -1;
      if (this.#state === DONE) return at;
    }
    return at;
  }

  /** One byte outside of data. false: broken. */
  #step(byte: number): boolean {
    switch (this.#state) {
      case SIZE_FIRST: {
        const digit = hexDigit(byte);
        if (digit < 0) return false;
        this.#remaining = digit;
        this.#digits = 1;
        this.#state = SIZE;
        return true;
      }
      case SIZE: {
        const digit = hexDigit(byte);
        if (digit >= 0) {
          // Twelve digits stay exact in a double and overflow nobody's 64 bits.
          this.#remaining = this.#remaining * 16 + digit;
          return ++this.#digits <= 12;
        }
        if (byte === CR) { this.#state = SIZE_LF; return true; }
        if (byte === 0x3b) { this.#state = EXTENSION_NAME_FIRST; return this.#spend(); }
        return false;
      }
      case EXTENSION_NAME_FIRST:
        this.#state = EXTENSION_NAME;
        return (CLASS[byte]! & TOKEN) !== 0 && this.#spend();
      case EXTENSION_NAME:
        if ((CLASS[byte]! & TOKEN) !== 0) return this.#spend();
        if (byte === 0x3d) { this.#state = EXTENSION_VALUE_FIRST; return this.#spend(); }
        return this.#afterExtension(byte);
      case EXTENSION_VALUE_FIRST:
        if (byte === 0x22) { this.#state = QUOTED; return this.#spend(); }
        this.#state = EXTENSION_VALUE;
        return (CLASS[byte]! & TOKEN) !== 0 && this.#spend();
      case EXTENSION_VALUE:
        return (CLASS[byte]! & TOKEN) !== 0 ? this.#spend() : this.#afterExtension(byte);
      case QUOTED:
        if (byte === 0x22) this.#state = AFTER_QUOTED;
        else if (byte === 0x5c) this.#state = QUOTED_PAIR;
        else if ((CLASS[byte]! & VALUE) === 0) return false;
        return this.#spend();
      case QUOTED_PAIR:
        this.#state = QUOTED;
        return (CLASS[byte]! & VALUE) !== 0 && this.#spend();
      case AFTER_QUOTED:
        return this.#afterExtension(byte);
      case SIZE_LF:
        this.#state = this.#remaining === 0 ? TRAILER_START : DATA;
        return byte === LF;
      case DATA_CR:
        this.#state = DATA_LF;
        return byte === CR;
      case DATA_LF:
        this.#state = SIZE_FIRST;
        return byte === LF;
      case TRAILER_START:
        if (byte === CR) { this.#state = LAST_LF; return true; }
        this.#state = TRAILER_NAME;
        this.#trailerName = String.fromCharCode(byte);
        return (CLASS[byte]! & TOKEN) !== 0 && this.#spend();
      case TRAILER_NAME:
        if (byte === 0x3a) {
          this.#state = TRAILER_VALUE;
          return !NO_TRAILER.has(this.#trailerName.toLowerCase()) && this.#spend();
        }
        this.#trailerName += String.fromCharCode(byte);
        return (CLASS[byte]! & TOKEN) !== 0 && this.#spend();
      case TRAILER_VALUE:
        if (byte === CR) { this.#state = TRAILER_LF; return true; }
        return (CLASS[byte]! & VALUE) !== 0 && this.#spend();
      case TRAILER_LF:
        this.#state = TRAILER_START;
        return byte === LF;
      case LAST_LF:
        this.#state = DONE;
        return byte === LF;
      default:
        return false;
    }
  }

  #afterExtension(byte: number): boolean {
    if (byte === CR) { this.#state = SIZE_LF; return true; }
    if (byte === 0x3b) { this.#state = EXTENSION_NAME_FIRST; return this.#spend(); }
    return false;
  }

  #spend(): boolean {
    return ++this.#overhead <= OVERHEAD_BYTES;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  byte |= 0x20;
  return byte >= 97 && byte <= 102 ? byte - 87 : -1;
}
