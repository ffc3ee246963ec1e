/** boto's signers as clients of an AWS_IAM route: what they sign is accepted, in headers and as links; what must be refused gets the documented error. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { runGateway } from '../../testing/running-gateway.js';

const test = suite('clients that sign');

/** Signs with botocore, sends with urllib (which changes nothing of what was signed), prints what came of it. */
const CLIENT = String.raw`
import datetime, json, sys, urllib.error, urllib.request
from unittest import mock
import botocore.auth, botocore.awsrequest, botocore.credentials
base, region = sys.argv[1:3]
ANN = ('AKIAEXAMPLEANN00', 'secret-of-ann', None)
TEMP = ('ASIAEXAMPLETEMP0', 'secret-of-temp', 'token//of+temp==')
results = {}

def signed(keys=ANN, method='GET', path='/v1/pets/1', body=None, headers=None, where=region, service='execute-api', link=None, skew=0):
    request = botocore.awsrequest.AWSRequest(method=method, url=base + path, data=body, headers=headers or {})
    credentials = botocore.credentials.Credentials(*keys)
    auth = botocore.auth.SigV4Auth(credentials, service, where) if link is None else botocore.auth.SigV4QueryAuth(credentials, service, where, expires=link)
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=skew)
    # Every version of botocore has its own way to ask for the time.
    names = [name for name in ('get_current_datetime',) if hasattr(botocore.auth, name)]
    with mock.patch.object(botocore.auth, 'datetime', mock.Mock(wraps=datetime, **{'datetime': mock.Mock(wraps=datetime.datetime, **{'now.return_value': now, 'utcnow.return_value': now.replace(tzinfo=None)})}), create=True):
        patches = [mock.patch.object(botocore.auth, name, lambda *a, **k: now.replace(tzinfo=None)) for name in names]
        for patch in patches: patch.start()
        try: auth.add_auth(request)
        finally:
            for patch in patches: patch.stop()
    return request.prepare()

def send(name, prepared, url=None, method=None, body=None, headers=None):
    fields = {key: value if isinstance(value, str) else value.decode() for key, value in prepared.headers.items()}
    fields.update(headers or {})
    for key in [key for key, value in fields.items() if value is None]: del fields[key]
    data = body if body is not None else prepared.body
    if isinstance(data, str): data = data.encode()
    request = urllib.request.Request(url or prepared.url, data=data, headers=fields, method=method or prepared.method)
    try:
        with urllib.request.urlopen(request) as answer: results[name] = [answer.status, '', answer.read().decode()]
    except urllib.error.HTTPError as error:
        results[name] = [error.code, error.headers.get('x-amzn-errortype', ''), error.read().decode()]

send('get', signed())
send('path', signed(path='/v1/pets/a%20b%2Fc~d'))
send('path with characters', signed(path="/v1/pets/a:b@c,d;e=f'g(h)*"))
send('query', signed(path='/v1/pets/1?b=2&a=%20x%2B&b=1&empty=&flag'))
send('session', signed(TEMP))
send('body', signed(method='POST', body='{"name": "Rex \u00e9"}'.encode(), headers={'Content-Type': 'application/json'}))
send('header', signed(headers={'X-Own': '  a   b  '}))
send('link', signed(link=60))
send('link with query', signed(path='/v1/pets/1?q=a%20b&x=%2F', link=60))
send('link of a session', signed(TEMP, link=60))
send('old link', signed(link=1200, skew=-900))
send('four minutes late', signed(skew=-240))
send('wrong secret', signed(('AKIAEXAMPLEANN00', 'guess', None)))
send('unknown key', signed(('AKIAUNKNOWN00000', 'x', None)))
send('wrong token', signed(('ASIAEXAMPLETEMP0', 'secret-of-temp', 'other')))
send('no token', signed(('ASIAEXAMPLETEMP0', 'secret-of-temp', None)))
send('late', signed(skew=-310))
send('early', signed(skew=310))
send('expired link', signed(link=60, skew=-120))
send('region', signed(where='us-west-2'))
send('service', signed(service='s3'))
send('tampered path', signed(), url=base + '/v1/pets/2')
send('tampered query', signed(path='/v1/pets/1?a=1'), url=base + '/v1/pets/1?a=2')
send('added query', signed(), url=base + '/v1/pets/1?a=2')
send('tampered header', signed(headers={'X-Own': 'a'}), headers={'X-Own': 'b'})
send('removed header', signed(headers={'X-Own': 'a'}), headers={'X-Own': None})
send('tampered body', signed(method='POST', body='a=1'), body='a=2')
send('tampered method', signed(method='POST', body=''), method='PUT')
send('tampered link', signed(link=60), url=signed(link=60).url.replace('/pets/1', '/pets/2'))
send('longer link', signed(link=60), url=signed(link=60).url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'))
send('unsigned', signed(), headers={'Authorization': None})
send('other host', signed(), headers={'Host': 'evil.example.com'})
send('not allowed', signed(path='/v1/other/1'))
send('SigV4A', signed(), headers={'Authorization': 'AWS4-ECDSA-P256-SHA256 Credential=AKIAEXAMPLEANN00/20260101/execute-api/aws4_request, SignedHeaders=host;x-amz-date;x-amz-region-set, Signature=00'})
print(json.dumps(results))
`;

const WRONG = /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key and signing method\. Consult the service documentation for details\.\n\nThe Canonical String for this request should have been\n'/;
const INVALID = 'InvalidSignatureException', UNKNOWN = 'UnrecognizedClientException';
const ACCEPTED = ['get', 'path', 'path with characters', 'query', 'session', 'body', 'header', 'link', 'link with query', 'link of a session', 'old link', 'four minutes late'];
const REFUSED: Record<string, readonly [string, RegExp]> = {
  'wrong secret': [INVALID, WRONG], 'unknown key': [UNKNOWN, /^The security token included in the request is invalid\.$/], 'wrong token': [UNKNOWN, /token included in the request is invalid/], 'no token': [UNKNOWN, /token included in the request is invalid/],
  late: [INVALID, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/], early: [INVALID, /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/], 'expired link': [INVALID, /^Signature expired: /],
  region: [INVALID, /^Credential should be scoped to a valid region\. $/], service: [INVALID, /^Credential should be scoped to correct service: 'execute-api'\. $/],
  'tampered path': [INVALID, WRONG], 'tampered query': [INVALID, WRONG], 'added query': [INVALID, WRONG], 'tampered header': [INVALID, WRONG], 'removed header': [INVALID, WRONG], 'tampered body': [INVALID, WRONG], 'tampered method': [INVALID, WRONG],
  'tampered link': [INVALID, WRONG], 'longer link': [INVALID, WRONG], 'other host': [INVALID, WRONG],
  unsigned: ['MissingAuthenticationTokenException', /^Missing Authentication Token$/], 'not allowed': ['AccessDeniedException', /because no identity-based policy allows the execute-api:Invoke action$/], SigV4A: ['IncompleteSignatureException', /^Unsupported AWS 'algorithm' in Authorization header/],
};

test('botocore, in headers and in links', async () => {
  if (spawnSync('python3', ['-c', 'import botocore']).status !== 0) return void console.log('skipped: botocore is not installed (pip install boto3==1.43.11)');
  const folder = mkdtempSync(join(tmpdir(), 'gwc-boto-'));
  const region = 'eu-west-3';
  try {
    const integration = { type: 'mock', passthroughBehavior: 'when_no_match', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '"$context.identity.userArn"' } } } };
    const operation = { security: [{ iam: [] }], parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': integration };
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `arn:aws:execute-api:${region}:*:*/*/*/pets/*` }] };
    writeFileSync(join(folder, 'credentials'), '[ann]\naws_access_key_id=AKIAEXAMPLEANN00\naws_secret_access_key=secret-of-ann\n[temp]\naws_access_key_id=ASIAEXAMPLETEMP0\naws_secret_access_key=secret-of-temp\naws_session_token=token//of+temp==\n');
    writeFileSync(join(folder, 'api.json'), JSON.stringify({
      openapi: '3.0.1', info: { title: 'signed', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { callers: { ann: { policy }, temp: { policy } } },
      components: { securitySchemes: { iam: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } } }, paths: { '/pets/{id}': { get: operation, post: operation, put: operation }, '/other/{id}': { get: operation } },
    }));
    const compilation = await compile(join(folder, 'api.json'), { clients: [] });
    assert.ok(compilation.bundle, diagnosticsText(compilation));
    const gateway = await runGateway(compilation.bundle.code, ['--base-path', '/v1', '--iam-credentials', join(folder, 'credentials')], { AWS_REGION: region });
    try {
      const { stdout, stderr, status } = spawnSync('python3', ['-', gateway.url, region], { input: CLIENT, encoding: 'utf8', timeout: 60_000 });
      assert.is(status, 0, stderr);
      const results = JSON.parse(stdout) as Record<string, [number, string, string]>;
      assert.equal(Object.keys(results).sort(), [...ACCEPTED, ...Object.keys(REFUSED)].sort());
      for (const name of ACCEPTED) assert.is(results[name]![0], 200, `${name}: ${results[name]![2]}`);
      for (const [name, [type, message]] of Object.entries(REFUSED)) {
        const [code, errorType, body] = results[name]!;
        assert.equal([code, errorType], [403, type], `${name}: ${body}`);
        const { message: lower, Message: upper } = JSON.parse(body) as { message?: string; Message?: string };
        assert.match(lower ?? upper!, message, name);
      }
    } finally {
      assert.is(await gateway.stop(), 0);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
