/** A runtime in a few lines: `node runtime-client.js <module>` serves its `handler` over the Lambda Runtime API. */
import { pathToFileURL } from 'node:url';
import { runtimeError, runtimeResult } from './runtime-error.js';

const api = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime`;
const { handler } = await import(pathToFileURL(process.argv[2]!).href) as { handler: (event: unknown, context: object) => Promise<unknown> };
for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id')!;
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const event: unknown = await next.json();
  try {
    const client = next.headers.get('lambda-runtime-client-context');
    const result = await handler(event, { awsRequestId: id, ...(client === null ? {} : { clientContext: JSON.parse(client) as object }), getRemainingTimeInMillis: () => deadline - Date.now() });
    const text = runtimeResult(result);
    await fetch(`${api}/invocation/${id}/response`, { method: 'POST', body: text });
  } catch (error) {
    await fetch(`${api}/invocation/${id}/error`, { method: 'POST', body: JSON.stringify(runtimeError(error)) });
  }
}
