import type { IncomingBody } from '../exchange.js';

/** Requests without a body share this one. */
export const NO_BODY: IncomingBody = {
  length: 0,
  complete: true,
  collect(_limit, done) { done(Buffer.alloc(0)); },
  pipe(sink) { sink.onEnd(); },
  resume() {},
};
