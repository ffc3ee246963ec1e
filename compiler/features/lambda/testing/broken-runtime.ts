/** `node broken-runtime.js <mode>`: a program that misuses the Runtime API, or does as the event's path says. */
const api = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime`;
const mode = process.argv[2];
const post = (path: string, body: string): Promise<Response> => fetch(`${api}/${path}`, { method: 'POST', body });

if (mode === 'exit') process.exit(3);
if (mode === 'init-error') { await post('init/error', JSON.stringify({ errorMessage: 'no database', errorType: 'Init' })); process.exit(1); }
if (mode === 'hang') await new Promise(() => setInterval(() => undefined, 1_000));

for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id')!;
  const { path } = await next.json() as { path: string };
  const answer = (body: unknown): Promise<Response> => post(`invocation/${id}/response`, JSON.stringify({ statusCode: 200, body: String(body) }));
  switch (path.split('/').at(-1)) {
    case 'pid': await answer(process.pid); break;
    case 'crash': process.exit(7); break;
    case 'kill': process.kill(process.pid, 'SIGKILL'); break;
    case 'busy': for (;;) { /* never comes back */ }
    case 'nap': await new Promise((resolve) => setTimeout(resolve, 300)); await answer(process.pid); break;
    case 'silent': break;
    case 'large': { const { status } = await post(`invocation/${id}/response`, JSON.stringify({ statusCode: 200, body: 'x'.repeat(7_000_000) })); if (status !== 413) process.exit(9); break; }
    case 'twice': { await answer('first'); await answer('second'); break; }
    case 'wrong-id': {
      const wrong = await post('invocation/00000000-0000-0000-0000-000000000000/response', '{}');
      const unknown = await fetch(`${api}/nowhere`);
      await answer(`${wrong.status} ${(await wrong.json() as { errorType: string }).errorType} ${unknown.status}`);
      break;
    }
    case 'environment': await answer(JSON.stringify([process.env['AWS_LAMBDA_FUNCTION_NAME'], process.env['AWS_LAMBDA_FUNCTION_VERSION'], process.env['AWS_LAMBDA_LOG_GROUP_NAME'], process.env['AWS_REGION'], next.headers.get('lambda-runtime-invoked-function-arn'), next.headers.get('lambda-runtime-trace-id')?.slice(0, 7), Number(next.headers.get('lambda-runtime-deadline-ms')) > Date.now()])); break;
    default: await answer(path);
  }
}
export {};
