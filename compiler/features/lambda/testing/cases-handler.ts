/** A handler as people write them for Lambda; the last segment of the path says what it is to do. */
interface ProxyEvent { readonly path?: string; readonly rawPath?: string; readonly body?: string | null }

export async function handler(event: ProxyEvent, context: { getRemainingTimeInMillis(): number; awsRequestId: string; clientContext?: { custom?: { foo?: string } } }): Promise<unknown> {
  const name = (event.rawPath ?? event.path ?? '').split('/').at(-1)!;
  switch (name) {
    case 'event': return { statusCode: 200, body: JSON.stringify(event) };
    case 'status-only': return { statusCode: 200 };
    case 'headers-only': return { headers: { 'X-Only': 'yes' } };
    case 'empty': return {};
    case 'null': return null;
    case 'undefined': return undefined;
    case 'string': return 'hello world';
    case 'array': return [1, 'two'];
    case 'number': return 7;
    case 'plain-object': return { message: 'hi', n: 1 };
    case 'status-text': return { statusCode: '201', body: 'made' };
    case 'status-word': return { statusCode: 'test' };
    case 'status-fraction': return { statusCode: 200.5 };
    case 'status-100': return { statusCode: 100 };
    case 'status-1000': return { statusCode: 1000 };
    case 'status-404': return { statusCode: 404, body: 'no such thing' };
    case 'status-204': return { statusCode: 204 };
    case 'headers-null': return { statusCode: 200, headers: null, multiValueHeaders: null, body: null, isBase64Encoded: null };
    case 'header-values': return { statusCode: 200, headers: { 'X-Bool': true, 'X-Number': 5, 'X-Empty': '' } };
    case 'header-object': return { statusCode: 200, headers: { 'X-Object': {} } };
    case 'header-null': return { statusCode: 200, headers: { 'X-Null': null } };
    case 'headers-list': return { statusCode: 200, headers: ['X-A', 'b'] };
    case 'header-break': return { statusCode: 200, headers: { 'X-A': 'a\r\nSet-Cookie: stolen=1' } };
    case 'header-name-break': return { statusCode: 200, headers: { 'X-A\r\nX-B': 'a' } };
    case 'header-unicode': return { statusCode: 200, headers: { 'X-A': 'grüße €' } };
    case 'multi': return { statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] }, headers: { 'set-cookie': 'c=3' } };
    case 'multi-and-single': return { statusCode: 200, headers: { 'test-multi': 'solo' }, multiValueHeaders: { 'tesT-Multi': ['m'] } };
    case 'multi-duplicate': return { statusCode: 200, headers: { 'x-a': 'm' }, multiValueHeaders: { 'X-A': ['m', 'n'] } };
    case 'multi-text': return { statusCode: 200, multiValueHeaders: { 'X-A': 'v' } };
    case 'unknown-key': return { statusCode: 200, wrongValue: 1 };
    case 'content-type': return { statusCode: 200, headers: { 'content-TYPE': 'text/html' }, body: '<p>' };
    case 'body-object': return { statusCode: 200, body: { a: 1 } };
    case 'body-number': return { statusCode: 200, body: 5 };
    case 'base64': return { statusCode: 200, body: Buffer.from('bytes').toString('base64'), isBase64Encoded: true };
    case 'base64-broken': return { statusCode: 200, body: '!!not base64!!', isBase64Encoded: true };
    case 'base64-word': return { statusCode: 200, body: 'x', isBase64Encoded: 'maybe' };
    case 'remapped': return { statusCode: 401, headers: { Date: 'then', Server: 'mine', 'Content-Length': '9999', Connection: 'upgrade', 'www-authenticate': 'Basic', Authorization: 'x', 'Transfer-Encoding': 'chunked', 'x-amzn-RequestId': 'mine' }, body: 'ok' };
    case 'cookies': return { statusCode: 200, cookies: ['a=1; Path=/', 'b=2'], body: 'ok' };
    case 'cookies-text': return { statusCode: 200, cookies: 'a=1' };
    case 'throws': throw new Error('a failure\nover two lines');
    case 'throws-text': throw 'just text';
    case 'slow': await new Promise((resolve) => setTimeout(resolve, 1_500)); return { statusCode: 200, body: 'late' };
    case 'large': return { statusCode: 200, body: 'x'.repeat(7_000_000) };
    case 'size': return { statusCode: 200, body: String(event.body?.length) };
    case 'remaining': return { statusCode: 200, body: String(context.getRemainingTimeInMillis() > 1_000 && context.getRemainingTimeInMillis() <= 29_000 && /^[0-9a-f-]{36}$/.test(context.awsRequestId)) };
    case 'client-context': return context.clientContext?.custom?.foo;
    case 'as-sent': return event;
    default: return { statusCode: 500, body: `no case ${name}` };
  }
}
