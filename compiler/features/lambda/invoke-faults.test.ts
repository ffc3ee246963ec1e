/** What Lambda's Invoke API, or a broken endpoint in its place, may do to the gateway: the documented gateway response each time (errors.md §4, §5). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('Lambda endpoint faults');
const folder = mkdtempSync(join(tmpdir(), 'gwc-invoke-faults-'));

/** What the endpoint does with each connection's requests, by the function's name. */
type Behaviour = (socket: Socket, attempt: number) => void;
const answer = (status: string, fields: string, body: string): Behaviour => (socket) => { socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nx-amzn-RequestId: 99999999-0000-0000-0000-000000000000\r\n${fields}\r\n${body}`); };
const refuse = (status: string, type: string): Behaviour => answer(status, `X-Amzn-ErrorType: ${type}\r\n`, '{"Message":"…","Type":"User"}');
const OK = answer('200 OK', '', '{"statusCode":200,"body":"fine"}');

interface Fault { readonly behaviour: Behaviour; readonly rest: readonly [number, string]; readonly http: readonly [number, string]; /** Of a custom integration; the REST proxy's when absent. */ readonly custom?: readonly [number, string, (RegExp | null)?]; readonly log: RegExp | null; readonly attempts?: number }
const INTERNAL = '{"message": "Internal server error"}';
const NETWORK = '{"message": "Network error communicating with endpoint"}';
const INTERNAL_HTTP: [number, string] = [500, '{"message":"Internal Server Error"}'];
const UNAVAILABLE: [number, string] = [503, '{"message":"Service Unavailable"}'];

const FAULTS: Readonly<Record<string, Fault>> = {
  Fine: { behaviour: OK, rest: [200, 'fine'], http: [200, 'fine'], custom: [200, '{"statusCode":200,"body":"fine"}'], log: null },
  ClosesAtOnce: { behaviour: (socket) => socket.destroy(), rest: [504, NETWORK], http: UNAVAILABLE, log: /network error/ },
  Slow: { behaviour: () => undefined, rest: [504, '{"message": "Endpoint request timed out"}'], http: UNAVAILABLE, log: /Execution failed due to a timeout error/ },
  SlowBody: { behaviour: (socket) => { socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"status'); setTimeout(() => socket.destroy(), 200); }, rest: [502, INTERNAL], http: INTERNAL_HTTP, log: /answer is unusable: .*broke in the middle/ },
  CutChunk: { behaviour: (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"statusCode":20'), rest: [502, INTERNAL], http: INTERNAL_HTTP, log: /unusable/ },
  NoHttp: { behaviour: (socket) => { socket.end('220 smtp ready\r\n'); }, rest: [502, INTERNAL], http: INTERNAL_HTTP, log: /unusable/ },
  WrongJson: { behaviour: answer('200 OK', '', '{"statusCode":200,"body":"cut o'), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [200, '{"statusCode":200,"body":"cut o', null], log: /Malformed Lambda proxy response/ },
  Html: { behaviour: answer('200 OK', 'Content-Type: text/html\r\n', '<html>SECRET-INSIDE</html>'), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [200, '<html>SECRET-INSIDE</html>', null], log: /Malformed Lambda proxy response/ },
  Empty: { behaviour: answer('200 OK', '', ''), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [200, '', null], log: /Malformed/ },
  Huge: { behaviour: (socket) => { socket.write('HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n'); const piece = Buffer.alloc(65_536, 0x20); const more = (): void => { while (socket.writable && socket.write(piece)); }; socket.on('drain', more); more(); }, rest: [502, INTERNAL], http: INTERNAL_HTTP, log: /unusable: .*larger than/ },
  FunctionError: { behaviour: answer('200 OK', 'X-Amz-Function-Error: Unhandled\r\n', '{"errorMessage":"2020-01-01 x Task timed out after 10.00 seconds"}'), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [504, '{"slow":true}', null], log: /Lambda execution failed with status 200 due to customer function error: 2020-01-01 x Task timed out after 10\.00 seconds\. Lambda request id: 99999999-/ },
  FunctionErrorNoJson: { behaviour: answer('200 OK', 'X-Amz-Function-Error: Unhandled\r\n', 'Runtime\r\nexited'), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [200, 'Runtime\r\nexited', null], log: /customer function error: Runtime exited\. / },
  Throttled: { behaviour: refuse('429 Too Many Requests', 'TooManyRequestsException'), rest: [500, INTERNAL], http: UNAVAILABLE, log: /Lambda invocation failed with status: 429\. Lambda request id: 99999999-[\s\S]*Rate Exceeded\./ },
  Denied: { behaviour: refuse('403 Forbidden', 'AccessDeniedException'), rest: [500, INTERNAL], http: INTERNAL_HTTP, log: /Invalid permissions on Lambda function/, attempts: 1 },
  Absent: { behaviour: refuse('404 Not Found', 'ResourceNotFoundException'), rest: [500, INTERNAL], http: INTERNAL_HTTP, log: /Invalid permissions on Lambda function/ },
  TooLarge: { behaviour: refuse('413 Payload Too Large', 'RequestTooLargeException'), rest: [413, '{"message": "Request Too Long"}'], http: [413, '{"message":"Request Entity Too Large"}'], log: /status: 413/ },
  Invalid: { behaviour: refuse('400 Bad Request', 'InvalidRequestContentException'), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [400, '{"message": "…"}'], log: /status: 400/ },
  Service: { behaviour: refuse('500 Internal Server Error', 'ServiceException'), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [500, INTERNAL], log: /status: 500/ },
  Ec2: { behaviour: refuse('502 Bad Gateway', 'EC2ThrottledException'), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [500, INTERNAL], log: /status: 502/ },
  Redirect: { behaviour: answer('307 Temporary Redirect', 'Location: http://169.254.169.254/\r\n', ''), rest: [502, INTERNAL], http: INTERNAL_HTTP, custom: [500, INTERNAL], log: /status: 307/ },
  // Keys that ended before their time are fetched anew, once.
  ExpiredOnce: { behaviour: (socket, attempt) => (attempt === 1 ? refuse('403 Forbidden', 'ExpiredTokenException') : OK)(socket, attempt), rest: [200, 'fine'], http: [200, 'fine'], custom: [200, '{"statusCode":200,"body":"fine"}'], log: null, attempts: 2 },
  ExpiredEver: { behaviour: refuse('403 Forbidden', 'ExpiredTokenException:http://internal.amazon.com/x'), rest: [500, INTERNAL], http: INTERNAL_HTTP, log: /Invalid permissions/, attempts: 2 },
};

let server: Server;
const attempts = new Map<string, number>();
const gateways = new Map<string, RunningGateway>();

test.before(async () => {
  server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece]);
      for (;;) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = bytes.toString('latin1', 0, end);
        const length = Number(/^content-length: (\d+)/im.exec(head)![1]);
        if (bytes.length < end + 4 + length) return;
        bytes = bytes.subarray(end + 4 + length);
        const name = /functions\/(\w+)\//.exec(head)![1]!;
        const attempt = (attempts.get(name) ?? 0) + 1;
        attempts.set(name, attempt);
        FAULTS[name]!.behaviour(socket, attempt);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const uri = (name: string): string => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
  const operation = (name: string): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', payloadFormatVersion: '1.0', timeoutInMillis: 700, uri: uri(name) } });
  const functions = { ...Object.fromEntries(Object.keys(FAULTS).map((name) => [name, `http://127.0.0.1:${port}`])), Refused: 'http://127.0.0.1:9' };
  const custom = (name: string): object => ({ responses: { 200: { description: 'ok' }, 504: { description: 'late' } }, 'x-amazon-apigateway-integration': { type: 'aws', httpMethod: 'POST', timeoutInMillis: 700, uri: uri(name), responses: { default: { statusCode: '200' }, '.*timed out.*': { statusCode: '504', responseTemplates: { 'application/json': '{"slow":true}' } } } } });
  for (const flavour of ['rest', 'http', 'custom']) {
    const paths = Object.fromEntries([...Object.keys(FAULTS), 'Refused', 'OnAws'].map((name) => [`/${name}`, { get: flavour === 'custom' ? custom(name) : operation(name) }]));
    writeFileSync(join(folder, 'spec.json'), JSON.stringify({ openapi: '3.0.1', info: { title: 'faults', version: '1' }, 'x-gwc-flavour': flavour === 'http' ? 'http' : 'rest', paths }));
    const compilation = await compile(join(folder, 'spec.json'), { clients: [], functions });
    assert.ok(compilation.bundle, diagnosticsText(compilation));
    const nobody = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_PROFILE: '', HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', AWS_WEB_IDENTITY_TOKEN_FILE: '', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '', AWS_CONTAINER_CREDENTIALS_FULL_URI: '' };
    gateways.set(flavour, await runGateway(compilation.bundle.code, [], { ...nobody, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'never-to-be-seen', AWS_SESSION_TOKEN: 'nor-this' }));
    gateways.set(`${flavour} without credentials`, await runGateway(compilation.bundle.code, [], nobody));
  }
});
test.after(async () => {
  for (const gateway of gateways.values()) await gateway.stop();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function get(flavour: string, name: string): Promise<{ status: number; body: string; log: string }> {
  const gateway = gateways.get(flavour)!;
  const before = gateway.stderr().length;
  const { status, body } = await rawRequest(gateway.port, 'GET', `/${name}`, [], '');
  return { status, body, log: gateway.stderr().slice(before) };
}

for (const flavour of ['rest', 'http', 'custom'] as const) {
  for (const [name, fault] of Object.entries(FAULTS)) {
    test(`${flavour}: ${name}`, async () => {
      attempts.clear();
      const { status, body, log } = await get(flavour, name);
      const [expectedStatus, expectedBody, expectedLog = fault.log] = (fault[flavour] ?? fault.rest) as readonly [number, string, (RegExp | null)?];
      assert.equal([status, body], [expectedStatus, expectedBody], log);
      if (expectedLog === null) assert.is(log, '');
      else assert.match(log, expectedLog);
      assert.ok(log.split('\n').every((line) => line === '' || line.startsWith('(')), 'each line belongs to the request');
      if (fault.attempts !== undefined) assert.is(attempts.get(name), fault.attempts, 'attempts');
      assert.equal((await get(flavour, 'Fine')).status, 200, 'other functions are unaffected');
    });
  }

  test(`${flavour}: nobody listens`, async () => {
    const { status, body } = await get(flavour, 'Refused');
    assert.equal([status, body], flavour === 'http' ? UNAVAILABLE : [504, NETWORK]);
  });

  test(`${flavour}: AWS without credentials is not called; an endpoint of one's own is, unsigned`, async () => {
    const { status, body, log } = await get(`${flavour} without credentials`, 'OnAws');
    assert.equal([status, body], flavour === 'http' ? INTERNAL_HTTP : [500, INTERNAL]);
    assert.match(log, /no AWS credentials were found/);
    assert.is((await get(`${flavour} without credentials`, 'Fine')).status, 200);
  });
}

test('nothing secret was written', () => {
  for (const gateway of gateways.values()) assert.not.match(gateway.stderr(), /never-to-be-seen|nor-this|SECRET-INSIDE/);
});
test.run();
