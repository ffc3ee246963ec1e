/** Functions called over Lambda's InvokeWithResponseStream API. */
import { awsCredentials, credentialsInTime, type CredentialsFor } from '../aws/credentials.js';
import { EventStreamDecoder } from './event-stream.js';
import type { Exchange, Fields } from '../exchange.js';
import { areBadCredentials, invokeTarget, isRefused, requestFields, serviceMessage, type InvokeTarget } from './invoke.js';
import { PAYLOAD_LIMIT } from './limits.js';
import type { InvokeStream, StreamSink, StreamSource } from './stream.js';
import type { UpstreamFailure, UpstreamSink, UpstreamStream } from '../backends/upstream.js';

/** Of an error's body. */
const ERROR_LIMIT = 65_536;

/** As `invokeFunction`; a URL with a path is called as it is. */
export function invokeStream(reference: string, endpoint: string, region: string, credentials: CredentialsFor = awsCredentials): InvokeStream {
  let target: InvokeTarget | string | null = null;
  return (exchange, event, timeoutMs, sink) => {
    target ??= streamTarget(invokeTarget(reference, endpoint, region));
    const call = new StreamCall(exchange, target, Buffer.from(JSON.stringify(event), 'utf8'), performance.now() + timeoutMs, credentials, sink);
    call.begin();
    return call;
  };
}

function streamTarget(target: InvokeTarget | string): InvokeTarget | string {
  if (typeof target === 'string') return target;
  return { ...target, path: target.path.replace(/^\/2015-03-31\/functions\/([^/]+)\/invocations$/, '/2021-11-15/functions/$1/response-streaming-invocations') };
}

class StreamCall implements StreamSource, UpstreamSink {
  private stream: UpstreamStream | null = null;
  private isCancelled = false;
  private isOver = false;
  private status = 0;
  private id = '-';
  private error = Buffer.alloc(0);
  private isComplete = false;
  private hasRetried = false;
  private readonly decoder = new EventStreamDecoder();

  constructor(private readonly exchange: Exchange, private readonly target: InvokeTarget | string, private readonly body: Buffer, private readonly deadline: number, private readonly credentials: CredentialsFor, private readonly sink: StreamSink) {}

  begin(): void {
    const { target, body, sink } = this;
    if (typeof target === 'string') return sink.onFailed({ kind: 'configuration', detail: target });
    if (body.length > PAYLOAD_LIMIT) return sink.onFailed({ kind: 'tooLarge' });
    const cache = this.credentials(target, this.exchange);
    credentialsInTime(this.exchange, cache, this.deadline, (credentials, problem) => {
      if (this.isCancelled) return;
      if (isRefused(credentials, target, cache)) return sink.onFailed({ kind: 'configuration', detail: problem });
      const timeoutMs = Math.max(1, this.deadline - performance.now());
      this.forget = () => { if (credentials !== null) cache.forget(credentials); return credentials !== null; };
      const { path, query, host } = target;
      const fields = requestFields(this.exchange, target, body, [], credentials);
      this.stream = target.upstream.stream({ method: 'POST', target: query === '' ? path : `${path}?${query}`, host, fields, body, timeoutMs }, this);
    }, () => { if (!this.isCancelled) sink.onFailed({ kind: 'timeout', detail: 'no credentials in time' }); });
  }

  private forget = (): boolean => false;

  resume(): void { this.stream?.resume(); }

  cancel(): void {
    this.isCancelled = true;
    this.stream?.cancel();
  }

  onHead(status: number, fields: Fields): void {
    this.status = status;
    this.id = fields.get('x-amzn-requestid') ?? '-';
    const type = fields.get('content-type') ?? '';
    if (status === 200 && !/^application\/vnd\.amazon\.eventstream\b/i.test(type)) this.break(`its content type is ${JSON.stringify(type.slice(0, 100))}`);
    // Refused before anything ran: once more with new keys.
    if (status === 403 && !this.hasRetried && areBadCredentials(fields.get('x-amzn-errortype') ?? '') && this.forget()) {
      this.hasRetried = true;
      this.status = 0;
      this.stream?.cancel();
      this.begin();
    }
  }

  onPiece(piece: Buffer): boolean {
    if (this.isOver) return true;
    if (this.status !== 200) {
      if (this.error.length < ERROR_LIMIT) this.error = Buffer.concat([this.error, piece]);
      return true;
    }
    let flowing = true;
    try {
      for (const { headers, payload } of this.decoder.read(piece)) {
        if (headers.get(':message-type') === 'exception' || headers.get(':message-type') === 'error') return this.break(headers.get(':exception-type') ?? headers.get(':error-code') ?? 'an error');
        const type = headers.get(':event-type');
        if (type === 'PayloadChunk') flowing = this.sink.onPiece(payload) && flowing;
        else if (type === 'InvokeComplete') this.complete(payload);
      }
    } catch (error) { return this.break((error as Error).message); }
    return flowing;
  }

  onEnd(): void {
    if (this.isOver) return;
    if (this.status === 200) { this.break('it ended before the function did'); return; }
    this.isOver = true;
    this.sink.onFailed({ kind: 'refused', status: this.status, requestId: this.id, detail: serviceMessage(this.error) });
  }

  onFailed(failure: UpstreamFailure, detail: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.sink.onFailed(failure === 'timeout' ? { kind: 'timeout', detail } : failure === 'protocol' ? { kind: 'broken', detail } : { kind: 'network', detail });
  }

  /** `{"ErrorCode", "ErrorDetails", "LogResult"}`; without a code the function ended well. */
  private complete(payload: Buffer): void {
    if (this.isComplete) return;
    this.isComplete = this.isOver = true;
    let event: Record<string, unknown> = {};
    try { event = (JSON.parse(payload.toString('utf8')) as Record<string, unknown> | null) ?? {}; } catch { /* nothing was said */ }
    const code = event['ErrorCode'];
    if (typeof code !== 'string' || code === '') return this.sink.onEnd();
    const details = typeof event['ErrorDetails'] === 'string' ? event['ErrorDetails'] : '';
    this.sink.onFailed({ kind: 'functionError', message: `${code}${details === '' ? '' : `: ${details}`}`, payload: details, requestId: this.id });
  }

  private break(detail: string): true {
    if (this.isOver) return true;
    this.isOver = true;
    this.stream?.cancel();
    this.sink.onFailed({ kind: 'broken', detail });
    return true;
  }
}
