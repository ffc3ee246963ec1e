/** A streaming handler as people write them for Lambda; the last segment of the path says what it is to do. */
import { pipeline } from 'node:stream/promises';
import { Readable, type Writable } from 'node:stream';

declare const awslambda: {
  streamifyResponse<H>(handler: H): H;
  HttpResponseStream: { from(stream: Writable, prelude: object): Writable };
};
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const handler = awslambda.streamifyResponse(async (event: { path: string; httpMethod: string }, raw: Writable): Promise<void> => {
  const http = (prelude: object): Writable => awslambda.HttpResponseStream.from(raw, prelude);
  switch (event.path.split('/').at(-1)) {
    case 'pieces': {
      const stream = http({ statusCode: 201, headers: { 'Content-Type': 'text/event-stream', 'X-Method': event.httpMethod, Server: 'mine', 'Content-Length': '5' }, multiValueHeaders: { 'X-Many': ['a', 'b'] }, cookies: ['a=1; Path=/', 'b=2'] });
      stream.write('data: first\n\n');
      await later(400);
      stream.end('data: second\n\n');
      return;
    }
    case 'pipeline': await pipeline(Readable.from([Buffer.from([0, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('after eight more zeros')]), http({ statusCode: 200 })); return;
    case 'empty': http({ statusCode: 204 }).end(); return;
    case 'nothing-but-prelude': http({}).end(''); return;
    case 'large': { const piece = Buffer.alloc(65_536, 'x'); await pipeline(Readable.from((function* () { for (let i = 0; i < 320; i++) yield piece; })()), http({ statusCode: 200, headers: { 'content-type': 'application/octet-stream' } })); return; }
    case 'no-prelude': raw.end('just text'); return;
    case 'bad-prelude': http({ statusCode: 200, body: 'no place for it' }).end('x'); return;
    case 'bad-status': http({ statusCode: 'teapot' }).end('x'); return;
    case 'bad-header': http({ statusCode: 200, headers: { 'X-A': 'a\r\nX-B: b' } }).end('x'); return;
    case 'throws': throw new Error('before anything');
    case 'throws-late': { const stream = http({ statusCode: 200 }); stream.write('half of it'); await later(50); throw new Error('in the middle'); }
    case 'slow': await later(2_000); http({ statusCode: 200 }).end('late'); return;
    case 'stalls': { const stream = http({ statusCode: 200 }); stream.write('begun'); await later(2_000); stream.end('late'); return; }
    default: http({ statusCode: 404 }).end('no such case');
  }
});
