/**
 * The `awslambda` global of Lambda's Node.js runtime, for functions that stream (Lambda Developer Guide, "Response streaming for Lambda
 * functions"). Put into bundles of functions that name it; the other side is `lambda-stream-handler.ts`.
 */
import type { Writable } from 'node:stream';

const STREAMING = /* @__PURE__ */ Symbol.for('aws.lambda.runtime.handler.streaming');

/** A response stream that writes `prelude` before its first bytes. */
export interface PreludeStream extends Writable { prelude?: unknown }

export const awslambda = {
  streamifyResponse<H extends object>(handler: H): H {
    Object.defineProperty(handler, STREAMING, { value: 'response', configurable: true });
    return handler;
  },
  HttpResponseStream: {
    /** `prelude`: {statusCode, headers, cookies}. */
    from(stream: PreludeStream, prelude: unknown): PreludeStream {
      stream.prelude = prelude;
      return stream;
    },
  },
};
