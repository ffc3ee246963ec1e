/** Answers compressed on their way out: whole ones at once, streamed ones as they come. */
import { constants, createDeflate, createGzip, deflate, deflateSync, gzip, gzipSync, type Deflate, type Gzip } from 'node:zlib';
import type { BodySource, ConstantAnswer, Reply, ReplyWatcher } from '../exchange.js';
import type { Coding } from './content-coding.js';

/** Bodies up to this are compressed on the spot (well under a millisecond); larger ones by zlib's threads. */
const AT_ONCE = 16_384;

/** An answer that is shorter than the minimum so far. */
interface Held { readonly status: number; readonly fields: readonly string[]; readonly drain: () => void; readonly pieces: Buffer[]; size: number }

export class CompressedReply implements Reply {
  private begun = false;
  private held: Held | null = null;
  private stream: Gzip | Deflate | null = null;

  constructor(private readonly inner: Reply, private readonly coding: Coding, private readonly minimum: number) {}

  get started(): boolean { return this.begun || this.inner.started; }
  get bodyBytes(): number { return this.inner.bodyBytes; }
  get watcher(): ReplyWatcher | null { return this.inner.watcher; }
  set watcher(watcher: ReplyWatcher | null) { this.inner.watcher = watcher; }

  send(status: number, fields: readonly string[], body: Uint8Array | string | null): void {
    if (this.started) return;
    this.begun = true;
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    if (bytes === null || !this.applies(status, fields, bytes.length)) return this.inner.send(status, fields, body);
    if (bytes.length <= AT_ONCE) return this.inner.send(status, codedFields(fields, this.coding), this.compress(bytes));
    (this.coding === 'gzip' ? gzip : deflate)(bytes, (error, coded) => {
      if (error === null) this.inner.send(status, codedFields(fields, this.coding), coded);
      else this.inner.send(status, fields, bytes);
    });
  }

  sendConstant(answer: ConstantAnswer, fields: readonly string[]): void {
    if (this.started) return;
    this.begun = true;
    const all = [...answer.fields, ...fields];
    if (!this.applies(answer.status, all, answer.body.length)) return this.inner.sendConstant(answer, fields);
    let coded = compressed[this.coding].get(answer);
    if (coded === undefined) compressed[this.coding].set(answer, (coded = this.compress(answer.body)));
    this.inner.send(answer.status, codedFields(all, this.coding), coded);
  }

  begin(status: number, fields: readonly string[], length: number, drain: () => void): void {
    if (this.started) return;
    this.begun = true;
    if (!this.applies(status, fields, length < 0 ? Infinity : length)) this.inner.begin(status, fields, length, drain);
    else if (length < 0 && this.minimum > 0) this.held = { status, fields, drain, pieces: [], size: 0 };
    else this.open(status, fields, length < 0, drain);
  }

  write(chunk: Uint8Array): boolean {
    if (this.stream !== null) return this.stream.write(Buffer.from(chunk));
    const { held } = this;
    if (held === null) return this.inner.write(chunk);
    held.pieces.push(Buffer.from(chunk));
    held.size += chunk.length;
    if (held.size < this.minimum) return true;
    this.held = null;
    return this.open(held.status, held.fields, true, held.drain).write(Buffer.concat(held.pieces));
  }

  end(): void {
    const { held } = this;
    if (this.stream !== null) this.stream.end();
    else if (held !== null) this.inner.send(held.status, held.fields, Buffer.concat(held.pieces));
    else this.inner.end();
  }

  abort(): void {
    this.stream?.destroy();
    this.held = null;
    this.inner.abort();
  }

  relay(status: number, lines: string, length: number, piece: Buffer | null, complete: boolean, source: BodySource): boolean {
    if (this.started) return true;
    const fields: string[] = [];
    for (const line of lines.split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields.push(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    const size = complete ? piece?.length ?? 0 : length < 0 ? Infinity : length;
    if (!this.applies(status, fields, size)) { this.begun = true; return this.inner.relay(status, lines, length, piece, complete, source); }
    if (complete) { this.send(status, fields, Buffer.from(piece!)); return true; }
    this.begin(status, fields, length, () => source.resume());
    return piece === null || piece.length === 0 || this.write(piece);
  }

  /** A body of `length` bytes is compressed unless it is short, coded already, partial, or not to be transformed (RFC 9111 §5.2.2.6). */
  private applies(status: number, fields: readonly string[], length: number): boolean {
    if (length < this.minimum || length === 0 || status < 200 || status === 204 || status === 205 || status === 206 || status === 304) return false;
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i]!.toLowerCase();
      if (name === 'content-encoding' || (name === 'cache-control' && /\bno-transform\b/i.test(fields[i + 1]!))) return false;
    }
    return true;
  }

  /** `live`: nobody knows when more comes, so what is there goes out at once. */
  private open(status: number, fields: readonly string[], live: boolean, drain: () => void): Gzip | Deflate {
    const options = live ? { flush: constants.Z_SYNC_FLUSH } : {};
    const stream = this.coding === 'gzip' ? createGzip(options) : createDeflate(options);
    this.stream = stream;
    this.inner.begin(status, codedFields(fields, this.coding), -1, () => stream.resume());
    stream.on('data', (chunk: Buffer) => { if (!this.inner.write(chunk)) stream.pause(); });
    stream.on('drain', drain);
    stream.on('end', () => this.inner.end());
    stream.on('error', () => this.inner.abort());
    return stream;
  }

  private compress(bytes: Uint8Array): Buffer {
    return this.coding === 'gzip' ? gzipSync(bytes) : deflateSync(bytes);
  }
}

/** Constant answers are compressed once. */
const compressed = { gzip: /* @__PURE__ */ new WeakMap<ConstantAnswer, Buffer>(), deflate: /* @__PURE__ */ new WeakMap<ConstantAnswer, Buffer>() };

/** The fields of a compressed answer: caches keep it apart from the plain one (RFC 9110 §12.5.5), and its ETag no longer stands for the same bytes (§8.8.1). */
function codedFields(fields: readonly string[], coding: Coding): string[] {
  const coded: string[] = [];
  let varies = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    let value = fields[i + 1]!;
    switch (name.toLowerCase()) {
      case 'content-length': continue;
      case 'etag': if (value.startsWith('"')) value = `W/${value}`; break;
      case 'vary': varies ||= /(?:^|,)\s*(?:\*|accept-encoding)\s*(?:,|$)/i.test(value); break;
      default:
    }
    coded.push(name, value);
  }
  coded.push('Content-Encoding', coding);
  if (!varies) coded.push('Vary', 'Accept-Encoding');
  return coded;
}
