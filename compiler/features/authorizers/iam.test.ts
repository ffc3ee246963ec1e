/** AWS_IAM: requests as two independent signers sign them get in; everything else is told what API Gateway tells. */
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignatureV4 } from '@smithy/signature-v4';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';

interface Signed { readonly path?: string; readonly headers: Record<string, string> }
interface Aws4 { sign(request: object, credentials: object): Signed }
const aws4 = createRequire(import.meta.url)('aws4') as Aws4;

const test = suite('IAM');
const folder = mkdtempSync(join(tmpdir(), 'gwc-iam-'));
const ANN = { accessKeyId: 'AKIAEXAMPLEANN00', secretAccessKey: 'secret-of-ann', };
const TEMPORARY = { accessKeyId: 'ASIAEXAMPLETEMP0', secretAccessKey: 'secret-of-temp', sessionToken: 'token//of+temp==' };
const REGION = 'eu-west-3';
const HOST = 'api.example.com';
let rest: RunningGateway | undefined, http: RunningGateway | undefined;

const FUNCTION = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Show/invocations';
const show = { type: 'aws_proxy', httpMethod: 'POST', payloadFormatVersion: '2.0', uri: FUNCTION };
const mock = { type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '"$context.identity.userArn $context.identity.accessKey $context.identity.accountId"' } } } };
const guarded = (integration: object): object => ({ parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], security: [{ iam: [] }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': integration });
const documentOf = (flavour: 'rest' | 'http'): object => ({
  openapi: '3.0.1', info: { title: 'iam', version: '1' }, 'x-gwc-flavour': flavour,
  'x-gwc': {
    functions: { Show: { handler: './show.ts#handler' } },
    callers: {
      ann: { accessKeyId: ANN.accessKeyId, secretAccessKey: 'env:ANN_SECRET', arn: 'arn:aws:iam::123456789012:user/team/ann', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `arn:aws:execute-api:${REGION}:*:*/*/*/pets/*` }, { Effect: 'Deny', Action: 'execute-api:*', Resource: '*/pets/secret' }] } },
      temp: { accessKeyId: 'env:TEMP_ID', secretAccessKey: 'env:TEMP_SECRET', sessionToken: 'env:TEMP_TOKEN', arn: 'arn:aws:sts::123456789012:assumed-role/Role/session' },
    },
  },
  ...(flavour === 'rest' ? { 'x-amazon-apigateway-policy': { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:sts::123456789012:assumed-role/Role/session' }, Action: 'execute-api:Invoke', Resource: 'execute-api:/*/GET/pets/*' }, { Effect: 'Deny', Principal: { AWS: '123456789012' }, Action: 'execute-api:Invoke', Resource: 'execute-api:/*/*/pets/closed' }] } } : {}),
  components: { securitySchemes: { iam: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } } },
  paths: { '/pets/{id}': { get: guarded(mock), post: guarded(show) }, '/other/{id}': { get: guarded(mock) } },
});

test.before(async () => {
  writeFileSync(join(folder, 'show.ts'), 'export const handler = async (event: any) => ({ statusCode: 200, body: JSON.stringify({ identity: event.requestContext.identity, authorizer: event.requestContext.authorizer, body: event.body }) });');
  for (const flavour of ['rest', 'http'] as const) {
    writeFileSync(join(folder, `${flavour}.json`), JSON.stringify(documentOf(flavour)));
    const compilation = await compile(join(folder, `${flavour}.json`), { clients: [] });
    assert.ok(compilation.bundle, diagnosticsText(compilation));
    const gateway = await runGateway(compilation.bundle.code, ['--base-path', '/v1'], { AWS_REGION: REGION, ANN_SECRET: ANN.secretAccessKey, TEMP_ID: TEMPORARY.accessKeyId, TEMP_SECRET: TEMPORARY.secretAccessKey, TEMP_TOKEN: TEMPORARY.sessionToken });
    if (flavour === 'rest') rest = gateway;
    else http = gateway;
  }
});
test.after(async () => { await rest?.stop(); await http?.stop(); rmSync(folder, { recursive: true }); });

interface Call { readonly method?: string; readonly path?: string; readonly body?: string; readonly headers?: Record<string, string>; readonly region?: string; readonly service?: string; readonly query?: boolean; readonly by?: object }
function signed({ method = 'GET', path = '/v1/pets/1', body, headers = {}, region = REGION, service = 'execute-api', query = false, by = ANN }: Call): { method: string; path: string; body: string; fields: [string, string][] } {
  const request = aws4.sign({ host: HOST, method, path, headers: { ...headers }, ...(body === undefined ? {} : { body }), region, service, signQuery: query }, by);
  return { method, path: request.path ?? path, body: body ?? '', fields: Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== 'content-length').map(([name, value]) => [name, String(value)]) };
}
const send = (request: ReturnType<typeof signed>, gateway = rest): Promise<RawAnswer> => rawRequest(gateway!.port, request.method, request.path, request.fields, request.body);
const field = (answer: RawAnswer, name: string): string | undefined => answer.fields.find(([each]) => each.toLowerCase() === name)?.[1];

async function refusal(request: ReturnType<typeof signed>, type: string, message: string | RegExp): Promise<void> {
  const answer = await send(request);
  assert.is(answer.status, 403, answer.body);
  assert.is(field(answer, 'x-amzn-errortype'), type);
  const body = JSON.parse(answer.body) as { message?: string; Message?: string };
  const text = body.message ?? body.Message!;
  if (typeof message === 'string') assert.is(text, message);
  else assert.match(text, message);
  const same = await rawRequest(http!.port, request.method, request.path, request.fields, request.body);
  // What the HTTP API has no resource policy for may be allowed there.
  if (type !== 'AccessDeniedException') assert.equal([same.status, same.body], [403, '{"message":"Forbidden"}']);
}

test('X-HTTP-Method-Override: the signature is of the method that was sent, the rest sees the other', async () => {
  const request = signed({ path: '/v1/pets/1' });
  const answer = await send({ ...request, fields: [...request.fields, ['X-HTTP-Method-Override', 'POST']] });
  assert.is(answer.status, 200, answer.body);
  assert.is((JSON.parse(answer.body) as { identity: { accessKey: string } }).identity.accessKey, ANN.accessKeyId);
});

test('header form: paths with escapes, queries in any order, bodies', async () => {
  for (const path of ['/v1/pets/1', '/v1/pets/a%20b', '/v1/pets/a%2Fb', '/v1/pets/%E2%82%AC', '/v1/pets/a@b:c', '/v1/pets/1?b=2&a=1&a=0', '/v1/pets/1?x=a%20b&y=%2B&empty=&A=1', '/v1/pets/1/']) for (const gateway of [rest, http]) {
    const answer = await send(signed({ path }), gateway);
    if (gateway === http && path.endsWith('/')) continue;
    assert.is(answer.status, 200, `${path} ${answer.body}`);
    assert.is(answer.body, '"arn:aws:iam::123456789012:user/team/ann AKIAEXAMPLEANN00 123456789012"');
  }
});

test('the signer of the SDKs', async () => {
  class Sha256 {
    private readonly hash;
    constructor(secret?: string | Uint8Array) { this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret); }
    update(data: string | Uint8Array): void { this.hash.update(data); }
    async digest(): Promise<Uint8Array> { return this.hash.digest(); }
  }
  const signer = new SignatureV4({ credentials: { ...TEMPORARY }, region: REGION, service: 'execute-api', sha256: Sha256 as never });
  const request = await signer.sign({ method: 'GET', protocol: 'https:', hostname: HOST, path: '/v1/pets/a%20b', query: { b: ['2', '1'], 'a b': 'c' }, headers: { host: HOST, 'x-own': '  two   blanks ' } });
  const answer = await rawRequest(rest!.port, 'GET', '/v1/pets/a%20b?b=2&a%20b=c&b=1', Object.entries(request.headers), '');
  assert.is(answer.status, 200, answer.body);
  const link = await signer.presign({ method: 'GET', protocol: 'https:', hostname: HOST, path: '/v1/pets/1', query: { q: 'x' }, headers: { host: HOST } }, { expiresIn: 60 });
  const query = Object.entries(link.query!).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&');
  assert.is((await rawRequest(rest!.port, 'GET', `/v1/pets/1?${query}`, [['Host', HOST]], '')).status, 200);
});

test('query form, session tokens', async () => {
  assert.is((await send(signed({ query: true }))).status, 200);
  assert.is((await send(signed({ query: true, by: TEMPORARY }))).status, 200);
  assert.is((await send(signed({ by: TEMPORARY }))).status, 200);
  await refusal(signed({ by: { ...TEMPORARY, sessionToken: 'another' } }), 'UnrecognizedClientException', 'The security token included in the request is invalid.');
  await refusal(signed({ by: { ...TEMPORARY, sessionToken: undefined } }), 'UnrecognizedClientException', 'The security token included in the request is invalid.');
  await refusal(signed({ by: { ...ANN, sessionToken: 'x' } }), 'UnrecognizedClientException', 'The security token included in the request is invalid.');
});

test('what functions see of the caller', async () => {
  const body = '{"name":"Rex"}';
  const seen = JSON.parse((await send(signed({ method: 'POST', body, headers: { 'Content-Type': 'application/json' } }))).body) as { identity: Record<string, unknown>; authorizer?: object; body: string };
  assert.equal([seen.identity['userArn'], seen.identity['accessKey'], seen.identity['accountId'], seen.identity['user'], seen.authorizer, seen.body], ['arn:aws:iam::123456789012:user/team/ann', ANN.accessKeyId, '123456789012', ANN.accessKeyId, undefined, body]);
  const two = JSON.parse((await send(signed({ method: 'POST', body, headers: { 'Content-Type': 'application/json' } }), http)).body) as { authorizer: object };
  assert.equal(two.authorizer, { iam: { accessKey: ANN.accessKeyId, accountId: '123456789012', callerId: ANN.accessKeyId, cognitoIdentity: null, principalOrgId: null, userArn: 'arn:aws:iam::123456789012:user/team/ann', userId: ANN.accessKeyId } });
});

const WRONG = /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key and signing method\. Consult the service documentation for details\.\n\nThe Canonical String for this request should have been\n'(?:.|\n)*'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n(?:.|\n)*'\n$/;
test('whatever is changed after signing', async () => {
  const good = signed({ method: 'POST', body: 'a=1', path: '/v1/pets/1?x=1', headers: { 'X-Own': '1' } });
  assert.is((await send(good)).status, 200);
  const change = (name: string, value: string): [string, string][] => good.fields.map(([each, old]) => [each, each.toLowerCase() === name ? value : old]);
  for (const bad of [{ ...good, body: 'a=2' }, { ...good, path: '/v1/pets/2?x=1' }, { ...good, path: '/v1/pets/1?x=2' }, { ...good, path: '/v1/pets/1' }, { ...good, path: '/v1/pets/1?x=1&y=1' }, { ...good, fields: change('host', 'other.example.com') }, { ...good, fields: change('x-own', '2') }, { ...good, fields: good.fields.filter(([name]) => name !== 'X-Own') }, { ...good, fields: [...good.fields, ['X-Own', '2'] as [string, string]] }]) await refusal(bad, 'InvalidSignatureException', WRONG);
  await refusal(signed({ by: { ...ANN, secretAccessKey: 'guess' } }), 'InvalidSignatureException', WRONG);
  await refusal({ ...good, fields: [...good.fields, ['X-Amz-Extra', '1']] }, 'InvalidSignatureException', 'There were headers present in the request which were not signed: x-amz-extra');
  await refusal({ ...good, fields: good.fields.map(([name, value]) => [name, name === 'Authorization' ? value.replace('host;', '') : value]) }, 'InvalidSignatureException', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  await refusal({ ...good, fields: [...good.fields, ['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD']] }, 'InvalidSignatureException', /not signed/);
});

test('scope and time', async () => {
  await refusal(signed({ region: 'us-west-2', service: 's3' }), 'InvalidSignatureException', /^Credential should be scoped to a valid region\. Credential should be scoped to correct service: 'execute-api'\. $/);
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
  assert.is((await send(signed({ headers: { 'X-Amz-Date': at(-240_000) } }))).status, 200);
  await refusal(signed({ headers: { 'X-Amz-Date': at(-310_000) } }), 'InvalidSignatureException', /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/);
  await refusal(signed({ headers: { 'X-Amz-Date': at(310_000) } }), 'InvalidSignatureException', /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/);
  assert.is((await send(signed({ query: true, path: `/v1/pets/1?X-Amz-Date=${at(-400_000)}&X-Amz-Expires=600` }))).status, 200, 'a link may be valid for longer');
  await refusal(signed({ query: true, path: `/v1/pets/1?X-Amz-Date=${at(-400_000)}&X-Amz-Expires=300` }), 'InvalidSignatureException', /^Signature expired/);
});

test('what is no signature', async () => {
  const plain = (authorization: string | undefined, path = '/v1/pets/1', more: [string, string][] = []): ReturnType<typeof signed> => ({ method: 'GET', path, body: '', fields: [...(authorization === undefined ? [] : [['Authorization', authorization] as [string, string]]), ...more] });
  await refusal(plain(undefined), 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  const hash = (text: string): string => `(hashed with SHA-256 and encoded with Base64): '${createHash('sha256').update(text).digest('base64')}'.`;
  await refusal(plain('Bearer tok'), 'IncompleteSignatureException', `Invalid key=value pair (missing equal-sign) in Authorization header ${hash('Bearer tok')}`);
  await refusal(plain('token'), 'IncompleteSignatureException', `Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization ${hash('token')}`);
  await refusal(plain('AWS4-HMAC-SHA256 Credential=a, Signature=b, SignedHeaders=host', undefined, [['X-Amz-Date', '20260101T000000Z']]), 'IncompleteSignatureException', /^Credential must have exactly 5/);
  await refusal(plain('AWS4-ECDSA-P256-SHA256 Credential=a/b/c/d/e, Signature=b, SignedHeaders=host'), 'IncompleteSignatureException', /^Unsupported AWS 'algorithm'/);
  await refusal(plain(undefined, '/v1/pets/1?X-Amz-Signature=x'), 'IncompleteSignatureException', /^AWS query-string parameters must include 'X-Amz-Credential'/);
  await refusal(plain(undefined, `${signed({ query: true }).path}&X-Amz-Date=20300101T000000Z`, [['Host', HOST]]), 'IncompleteSignatureException', /occurs twice/);
  await refusal(signed({ by: { accessKeyId: 'AKIAUNKNOWN00000', secretAccessKey: 'x' } }), 'UnrecognizedClientException', 'The security token included in the request is invalid.');
});

test('policies: of the caller, of the API, and a deny in either', async () => {
  await refusal(signed({ path: '/v1/other/1' }), 'AccessDeniedException', /^User: arn:aws:iam::123456789012:user\/team\/ann is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-3:\*{8}0000:[a-z0-9]{10}\/\$default\/GET\/other\/1 because no identity-based policy allows the execute-api:Invoke action$/);
  await refusal(signed({ path: '/v1/pets/secret' }), 'AccessDeniedException', /with an explicit deny in an identity-based policy$/);
  await refusal(signed({ path: '/v1/pets/s%65cret' }), 'AccessDeniedException', /with an explicit deny in an identity-based policy$/);
  await refusal(signed({ path: '/v1/pets/closed' }), 'AccessDeniedException', /with an explicit deny in a resource-based policy$/);
  assert.is((await send(signed({ by: TEMPORARY }))).status, 200, 'the API allows what the caller\'s policy does not say');
  await refusal(signed({ by: TEMPORARY, method: 'POST', body: 'x' }), 'AccessDeniedException', /no identity-based policy allows/);
  assert.is((await send(signed({ by: TEMPORARY }), http)).status, 403, 'an HTTP API has no policy of its own');
});

test('the secret is nowhere', async () => {
  for (const gateway of [rest!, http!]) assert.not.match(gateway.stderr(), /secret-of-/);
});

test.run();
