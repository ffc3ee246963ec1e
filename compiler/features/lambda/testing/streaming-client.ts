/** A runtime in streaming mode: `node streaming-client.js` serves the streaming handler over the Lambda Runtime API. */
import { request } from 'node:http';
import { runStreaming } from './run-streaming.js';

const [host, port] = process.env['AWS_LAMBDA_RUNTIME_API']!.split(':');
for (;;) {
  const next = await fetch(`http://${host}:${port}/2018-06-01/runtime/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id')!;
  const event = await next.json() as object;
  await new Promise<void>((resolve) => {
    const post = request({ host, port, method: 'POST', path: `/2018-06-01/runtime/invocation/${id}/response`, headers: { 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Content-Type': 'application/vnd.awslambda.http-integration-response', 'Transfer-Encoding': 'chunked', Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body' } }, (response) => { response.resume().once('end', resolve); });
    post.on('error', () => resolve());
    void runStreaming(event, (piece) => new Promise((taken) => { if (post.write(piece)) taken(); else post.once('drain', taken); })).then((error) => {
      if (error) post.addTrailers({ 'Lambda-Runtime-Function-Error-Type': error.name, 'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify({ errorMessage: error.message, errorType: error.name })).toString('base64') });
      post.end();
    });
  });
}
