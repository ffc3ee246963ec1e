/** Events field by field, in AWS's key order, as a compiled-in function gets them over a real connection. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('Lambda events');
const folder = mkdtempSync(join(tmpdir(), 'gwc-events-'));
const gateways = new Map<string, RunningGateway>();
const integration = (version: string | null): object => ({
  responses: { 200: { description: 'ok' } },
  'x-amazon-apigateway-integration': { type: 'AWS_PROXY', httpMethod: 'POST', uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.fn}/invocations', ...(version ? { payloadFormatVersion: version } : {}) },
});
const stages = { dev: { variables: { fn: 'Show', color: 'blue' } } };
const document = (paths: object, more: object): object => ({ openapi: '3.0.1', info: { title: 'events', version: '1' }, 'x-gwc': { stages, functions: { Show: { handler: './show.ts#show' } } }, paths, ...more });

test.before(async () => {
  writeFileSync(join(folder, 'show.ts'), 'export async function show(event: object): Promise<object> { return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(event) }; }\n');
  const documents: Record<string, object> = {
    rest: document({ '/pets/{id}/files/{path+}': { 'x-amazon-apigateway-any-method': { operationId: 'showEvent', ...integration(null) } }, '/plain': { get: integration(null) } }, { 'x-gwc-flavour': 'rest', 'x-amazon-apigateway-binary-media-types': ['image/*', '*/test', 'application/zip'] }),
    http: document({ '/one/{id}': { 'x-amazon-apigateway-any-method': integration('1.0') }, '/two/{id}': { 'x-amazon-apigateway-any-method': integration('2.0') }, '/plain1': { get: integration('1.0') }, '/plain2': { get: integration('2.0') }, '/$default': { 'x-amazon-apigateway-any-method': integration('2.0') } }, { 'x-gwc-flavour': 'http', 'x-gwc-validation': { request: 'off' } }),
  };
  for (const [flavour, value] of Object.entries(documents)) {
    writeFileSync(join(folder, `${flavour}.json`), JSON.stringify(value));
    const compilation = await compile(join(folder, `${flavour}.json`), { clients: [] });
    assert.ok(compilation.bundle, diagnosticsText(compilation));
    gateways.set(flavour, await runGateway(compilation.bundle.code, ['--base-path', '/dev']));
    gateways.set(`${flavour} at root`, await runGateway(compilation.bundle.code, []));
  }
});
test.after(async () => {
  for (const gateway of gateways.values()) await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What changes from run to run, checked for its form and put in a fixed one. */
function settle(event: any, port: number): unknown {
  const form = (holder: any, key: string, pattern: RegExp): void => {
    if (holder?.[key] === undefined) return;
    assert.match(String(holder[key]), pattern, key);
    holder[key] = `<${key}>`;
  };
  const { requestContext } = event;
  for (const [headers, wrap] of [[event.headers, false], [event.multiValueHeaders, true]] as const) for (const name of Object.keys(headers ?? {})) {
    const value = wrap ? headers[name][0] : headers[name];
    if (/^x-amzn-trace-id$/i.test(name)) { assert.match(value, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/); headers[name] = '<trace>'; }
    if (/^x-forwarded-port$/i.test(name)) { assert.is(value, String(port)); headers[name] = '<port>'; }
  }
  const id = event.multiValueHeaders && !event.version ? /^[0-9a-f-]{36}$/ : /^[\w-]{15}=$/;
  form(requestContext, 'requestId', id);
  form(requestContext, 'extendedRequestId', /^[\w-]{15}=$/);
  form(requestContext, 'requestTime', /^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/);
  form(requestContext, 'time', /^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/);
  for (const key of ['requestTimeEpoch', 'timeEpoch']) if (key in requestContext) assert.type(requestContext[key], 'number');
  form(requestContext, 'requestTimeEpoch', /^\d{13}$/);
  form(requestContext, 'timeEpoch', /^\d{13}$/);
  form(requestContext, 'apiId', /^[a-z0-9]{10}$/);
  form(requestContext, 'deploymentId', /^[a-z0-9]{6}$/);
  if (!event.version) form(requestContext, 'resourceId', /^[a-z0-9]{6}$/);
  return event;
}

async function event(gateway: string, method: string, target: string, fields: [string, string][] = [], body: string | Buffer = ''): Promise<any> {
  const { port } = gateways.get(gateway)!;
  const answer = await rawRequest(port, method, target, [['Host', 'abc.execute-api.example.com'], ...fields], body);
  assert.is(answer.status, 200, answer.body);
  return settle(JSON.parse(answer.body), port);
}

/** Equal with the same order of keys at every level. */
const same = (actual: unknown, expected: unknown): void => assert.is(JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1));

const REST_IDENTITY = { cognitoIdentityPoolId: null, accountId: null, cognitoIdentityId: null, caller: null, sourceIp: '127.0.0.1', principalOrgId: null, accessKey: null, cognitoAuthenticationType: null, cognitoAuthenticationProvider: null, userArn: null, userAgent: null as string | null, user: null };
const restContext = (over: object, identity: object = {}): object => ({
  resourceId: '<resourceId>', resourcePath: '/plain', httpMethod: 'GET', extendedRequestId: '<extendedRequestId>', requestTime: '<requestTime>', path: '/dev/plain', accountId: '000000000000', protocol: 'HTTP/1.1', stage: 'dev', domainPrefix: 'abc',
  requestTimeEpoch: '<requestTimeEpoch>', requestId: '<requestId>', identity: { ...REST_IDENTITY, ...identity }, domainName: 'abc.execute-api.example.com', deploymentId: '<deploymentId>', apiId: '<apiId>', ...over,
});
const ADDED = { 'X-Amzn-Trace-Id': '<trace>', 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Port': '<port>', 'X-Forwarded-Proto': 'http' };
const MULTI_ADDED = { 'X-Amzn-Trace-Id': '<trace>', 'X-Forwarded-For': ['127.0.0.1'], 'X-Forwarded-Port': '<port>', 'X-Forwarded-Proto': ['http'] };

test('REST: what is empty is null; no version', async () => {
  same(await event('rest', 'GET', '/dev/plain'), {
    resource: '/plain', path: '/plain', httpMethod: 'GET', headers: { Host: 'abc.execute-api.example.com', ...ADDED }, multiValueHeaders: { Host: ['abc.execute-api.example.com'], ...MULTI_ADDED },
    queryStringParameters: null, multiValueQueryStringParameters: null, pathParameters: null, stageVariables: { fn: 'Show', color: 'blue' }, requestContext: restContext({}), body: null, isBase64Encoded: false,
  });
});

test('REST: everything at once', async () => {
  const actual = await event('rest', 'POST', '/dev/pets/a%20b+c/files/x%2Fy//z?q=1&q=2%2B3&empty=&flag&a+b=c+d&__proto__=p', [
    ['X-Custom', 'one'], ['x-custom', 'two'], ['User-Agent', 'tester/1'], ['Content-Type', 'text/plain'], ['Cookie', 'a=1; b=2'], ['TE', 'trailers'], ['Max-Forwards', '3'], ['Via', '1.1 x'], ['Content-Encoding', 'identity'], ['X-Forwarded-For', '10.0.0.1'], ['__proto__', 'h'],
  ], 'grüße');
  same(actual, {
    resource: '/pets/{id}/files/{path+}', path: '/pets/a%20b+c/files/x%2Fy//z', httpMethod: 'POST',
    headers: JSON.parse('{"__proto__":"h","Content-Encoding":"identity","Content-Type":"text/plain","Cookie":"a=1; b=2","Host":"abc.execute-api.example.com","User-Agent":"tester/1","Via":"1.1 x","X-Amzn-Trace-Id":"<trace>","X-Custom":"two","X-Forwarded-For":"10.0.0.1, 127.0.0.1","X-Forwarded-Port":"<port>","X-Forwarded-Proto":"http"}'),
    multiValueHeaders: JSON.parse('{"__proto__":["h"],"Content-Encoding":["identity"],"Content-Type":["text/plain"],"Cookie":["a=1; b=2"],"Host":["abc.execute-api.example.com"],"User-Agent":["tester/1"],"Via":["1.1 x"],"X-Amzn-Trace-Id":"<trace>","X-Custom":["one","two"],"X-Forwarded-For":["10.0.0.1, 127.0.0.1"],"X-Forwarded-Port":"<port>","X-Forwarded-Proto":["http"]}'),
    queryStringParameters: JSON.parse('{"q":"2+3","empty":"","flag":"","a b":"c d","__proto__":"p"}'), multiValueQueryStringParameters: JSON.parse('{"q":["1","2+3"],"empty":[""],"flag":[""],"a b":["c d"],"__proto__":["p"]}'),
    pathParameters: { id: 'a%20b+c', path: 'x%2Fy//z' }, stageVariables: { fn: 'Show', color: 'blue' },
    requestContext: {
      resourceId: '<resourceId>', resourcePath: '/pets/{id}/files/{path+}', operationName: 'showEvent', httpMethod: 'POST', extendedRequestId: '<extendedRequestId>', requestTime: '<requestTime>', path: '/dev/pets/a%20b+c/files/x%2Fy//z', accountId: '000000000000', protocol: 'HTTP/1.1', stage: 'dev', domainPrefix: 'abc',
      requestTimeEpoch: '<requestTimeEpoch>', requestId: '<requestId>', identity: { ...REST_IDENTITY, userAgent: 'tester/1' }, domainName: 'abc.execute-api.example.com', deploymentId: '<deploymentId>', apiId: '<apiId>',
    },
    body: 'grüße', isBase64Encoded: false,
  });
});

for (const [type, binary] of [['image/png', true], ['image/*', true], ['IMAGE/PNG; charset=x', true], ['application/zip', true], ['application/json', false], ['x/test', false], ['text/plain, image/png', false], ['nonsense', false], [null, false]] as const) {
  test(`REST: a body of type ${type} is ${binary ? 'base64' : 'text'}`, async () => {
    const { body, isBase64Encoded } = await event('rest', 'POST', '/dev/pets/1/files/f', type === null ? [] : [['Content-Type', type]], Buffer.from([0x61, 0xff, 0x62]));
    same({ body, isBase64Encoded }, binary ? { body: 'Yf9i', isBase64Encoded: true } : { body: 'a\ufffdb', isBase64Encoded: false });
  });
}

test('REST: an empty body is null even for a binary type', async () => {
  const actual = await event('rest', 'POST', '/dev/pets/1/files/f', [['Content-Type', 'image/png']]);
  same([actual.body, actual.isBase64Encoded], [null, false]);
});

test('REST: paths of a domain of its own, doubled and trailing slashes', async () => {
  const at = async (gateway: string, target: string): Promise<unknown> => { const { path, pathParameters, requestContext } = await event(gateway, 'GET', target); return [path, pathParameters.path, requestContext.path]; };
  same(await at('rest at root', '/pets/1/files/x'), ['/pets/1/files/x', 'x', '/pets/1/files/x']);
  same(await at('rest', '/dev/pets/1/files/x/'), ['/pets/1/files/x/', 'x', '/dev/pets/1/files/x/']);
  same(await at('rest', '/dev/pets/1/files/x//y'), ['/pets/1/files/x//y', 'x//y', '/dev/pets/1/files/x//y']);
  same(await at('rest', '/dev/pets/1/files/test%2Balias@x/plus/test+alias@x'), ['/pets/1/files/test%2Balias@x/plus/test+alias@x', 'test%2Balias@x/plus/test+alias@x', '/dev/pets/1/files/test%2Balias@x/plus/test+alias@x']);
});

const HTTP1_IDENTITY = { accessKey: null, accountId: null, caller: null, cognitoAmr: null, cognitoAuthenticationProvider: null, cognitoAuthenticationType: null, cognitoIdentityId: null, cognitoIdentityPoolId: null, principalOrgId: null, sourceIp: '127.0.0.1', user: null, userAgent: 'tester/1', userArn: null };

test('HTTP 1.0: everything at once', async () => {
  same(await event('http', 'POST', '/dev/one/a%20b?q=1&q=2', [['content-type', 'application/json; charset=utf-8'], ['user-agent', 'tester/1'], ['x-custom', 'one'], ['X-Custom', 'two'], ['cookie', 'a=1']], '{}'), {
    version: '1.0', resource: '/one/{id}', path: '/dev/one/a b', httpMethod: 'POST',
    headers: { 'Content-Length': '2', 'Content-Type': 'application/json; charset=utf-8', cookie: 'a=1', Host: 'abc.execute-api.example.com', 'User-Agent': 'tester/1', 'X-Amzn-Trace-Id': '<trace>', 'x-custom': 'two', 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Port': '<port>', 'X-Forwarded-Proto': 'http' },
    multiValueHeaders: { 'Content-Length': ['2'], 'Content-Type': ['application/json; charset=utf-8'], cookie: ['a=1'], Host: ['abc.execute-api.example.com'], 'User-Agent': ['tester/1'], 'X-Amzn-Trace-Id': '<trace>', 'x-custom': ['one', 'two'], 'X-Forwarded-For': ['127.0.0.1'], 'X-Forwarded-Port': '<port>', 'X-Forwarded-Proto': ['http'] },
    queryStringParameters: { q: '2' }, multiValueQueryStringParameters: { q: ['1', '2'] },
    requestContext: {
      accountId: '000000000000', apiId: '<apiId>', domainName: 'abc.execute-api.example.com', domainPrefix: 'abc', extendedRequestId: '<extendedRequestId>', httpMethod: 'POST', identity: HTTP1_IDENTITY, path: '/dev/one/a b', protocol: 'HTTP/1.1',
      requestId: '<requestId>', requestTime: '<requestTime>', requestTimeEpoch: '<requestTimeEpoch>', resourceId: 'ANY /one/{id}', resourcePath: '/one/{id}', stage: 'dev',
    },
    pathParameters: { id: 'a b' }, stageVariables: { fn: 'Show', color: 'blue' }, body: '{}', isBase64Encoded: false,
  });
});

test('HTTP 1.0: what is empty is null; the two ids are one', async () => {
  const { port } = gateways.get('http')!;
  const raw = JSON.parse((await rawRequest(port, 'GET', '/dev/plain1', [], '')).body) as any;
  same([raw.queryStringParameters, raw.multiValueQueryStringParameters, raw.pathParameters, raw.body, raw.isBase64Encoded, raw.headers['Content-Length']], [null, null, null, null, false, '0']);
  assert.is(raw.requestContext.requestId, raw.requestContext.extendedRequestId);
});

const http2Context = (path: string, over: object = {}, http: object = {}): object => ({
  accountId: '000000000000', apiId: '<apiId>', domainName: 'abc.execute-api.example.com', domainPrefix: 'abc', http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '', ...http }, requestId: '<requestId>', routeKey: 'GET /plain2', stage: 'dev', time: '<time>', timeEpoch: '<timeEpoch>', ...over,
});
const HTTP2_ADDED = { 'x-amzn-trace-id': '<trace>', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-port': '<port>', 'x-forwarded-proto': 'http' };

test('HTTP 2.0: what is empty is absent', async () => {
  same(await event('http', 'GET', '/dev/plain2'), {
    version: '2.0', routeKey: 'GET /plain2', rawPath: '/dev/plain2', rawQueryString: '', headers: { 'content-length': '0', host: 'abc.execute-api.example.com', ...HTTP2_ADDED },
    requestContext: http2Context('/dev/plain2'), isBase64Encoded: false, stageVariables: { fn: 'Show', color: 'blue' },
  });
});

test('HTTP 2.0: everything at once', async () => {
  const query = 'repeat=one&repeat=two&redirect=https%3A%2F%2Fa&literalPlus=a+b&encodedPlus=a%2Bb&empty=';
  same(await event('http', 'PUT', `/dev/two/space%20value?${query}`, [['X-Dup', 'first'], ['x-dup', 'second'], ['Cookie', 'a=1; b=2'], ['cookie', 'c=3'], ['User-Agent', 'tester/1'], ['Content-Type', 'application/octet-stream']], 'abc'), {
    version: '2.0', routeKey: 'ANY /two/{id}', rawPath: '/dev/two/space value', rawQueryString: query, cookies: ['a=1', 'b=2', 'c=3'],
    headers: { 'content-length': '3', 'content-type': 'application/octet-stream', host: 'abc.execute-api.example.com', 'user-agent': 'tester/1', 'x-amzn-trace-id': '<trace>', 'x-dup': 'first,second', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-port': '<port>', 'x-forwarded-proto': 'http' },
    queryStringParameters: { repeat: 'one,two', redirect: 'https://a', literalPlus: 'a b', encodedPlus: 'a+b', empty: '' },
    requestContext: http2Context('/dev/two/space value', { routeKey: 'ANY /two/{id}' }, { method: 'PUT', userAgent: 'tester/1' }),
    body: 'YWJj', pathParameters: { id: 'space value' }, isBase64Encoded: true, stageVariables: { fn: 'Show', color: 'blue' },
  });
});

test('HTTP 2.0: $default route, a decoded question mark, bytes that are no UTF-8, the stage without a base path', async () => {
  const raw = async (gateway: string, target: string): Promise<unknown> => { const { routeKey, rawPath, requestContext } = await event(gateway, 'GET', target); return [routeKey, rawPath, requestContext.http.path]; };
  same(await raw('http', '/dev/else/where'), ['$default', '/dev/else/where', '/dev/else/where']);
  same(await raw('http', '/dev/two/a%3Fb'), ['ANY /two/{id}', '/dev/two/a', '/dev/two/a']);
  same(await raw('http', '/dev/else/a%FFb'), ['$default', '/dev/else/a%FFb', '/dev/else/a%FFb']);
  same(await raw('http at root', '/two/x'), ['ANY /two/{id}', '/dev/two/x', '/dev/two/x']);
});

for (const [type, text] of [['text/html', true], ['application/json', true], ['APPLICATION/JSON;charset=utf-8', true], ['application/xml', true], ['application/javascript', true], ['application/x-www-form-urlencoded', false], ['application/problem+json', false], ['image/svg+xml', false], ['application/jsonp', false], [null, false]] as const) {
  test(`HTTP: a body of type ${type} is ${text ? 'text' : 'base64'} in both formats`, async () => {
    for (const route of ['one', 'two']) {
      const { body, isBase64Encoded } = await event('http', 'POST', `/dev/${route}/x`, type === null ? [] : [['Content-Type', type]], 'abc');
      same({ body, isBase64Encoded }, text ? { body: 'abc', isBase64Encoded: false } : { body: 'YWJj', isBase64Encoded: true });
    }
  });
}
test.run();
