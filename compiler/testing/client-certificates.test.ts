/** Mutual TLS of a gateway file, with certificates made by openssl and curl as the client: who gets in, and what functions see of them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pause } from '../../runtime/http1/testing/raw.js';
import { compile } from '../index.js';
import { diagnosticsText } from './diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from './running-gateway.js';

const test = suite('client certificates');
const folder = mkdtempSync(join(tmpdir(), 'gwc-mtls-'));
const path = (name: string): string => join(folder, name);
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function authority(name: string): void {
  openssl('req', '-x509', ...EC, '-keyout', `${name}.key`, '-out', `${name}.crt`, '-days', '3650', '-subj', `/C=FR/O=Partners, Inc/CN=${name}`);
  writeFileSync(path(`${name}.index`), '');
  writeFileSync(path(`${name}.cnf`), `[ca]\ndefault_ca=d\n[d]\ndatabase=${path(`${name}.index`)}\ndefault_md=sha256\ndefault_crl_days=30\nserial=${path(`${name}.serial`)}\n`);
}

/** A certificate of `issuer`; `how`: openssl's options for the request and for signing. */
function client(name: string, issuer: string, serial: string, key: readonly string[] = EC, sign: readonly string[] = ['-days', '30']): void {
  openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/C=FR/O=Shop/CN=${name}`);
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`, '-set_serial', serial, '-out', `${name}.crt`, ...sign);
}

function revoke(issuer: string, ...names: string[]): void {
  for (const name of names) openssl('ca', '-config', `${issuer}.cnf`, '-revoke', `${name}.crt`, '-keyfile', `${issuer}.key`, '-cert', `${issuer}.crt`);
  openssl('ca', '-config', `${issuer}.cnf`, '-gencrl', '-keyfile', `${issuer}.key`, '-cert', `${issuer}.crt`, '-out', `${issuer}.crl`);
}

const FUNCTION = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Show/invocations';
const LEAVES = ['clientCertPem', 'subjectDN', 'issuerDN', 'serialNumber', 'validity.notBefore', 'validity.notAfter'];
const template = `{${LEAVES.map((leaf) => `"${leaf}": "$util.escapeJavaScript($context.identity.clientCert.${leaf})"`).join(', ')}}`;
const mock = { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseParameters: { 'method.response.header.x-subject': 'context.identity.clientCert.subjectDN' }, responseTemplates: { 'application/json': template } } } };
const operation = (integration: object): object => ({ get: { responses: { 200: { description: 'ok', headers: { 'x-subject': { schema: { type: 'string' } } } } }, 'x-amazon-apigateway-integration': integration } });
const show = (version?: string): object => ({ type: 'aws_proxy', httpMethod: 'POST', ...(version === undefined ? {} : { payloadFormatVersion: version }), uri: FUNCTION });
const guarded = { get: { ...(operation(show()) as { get: object }).get, security: [{ guard: [] }] } };
const documentOf = (flavour: 'rest' | 'http', more: object = {}): object => ({
  openapi: '3.0.1', info: { title: 'mtls', version: '1' }, 'x-gwc-flavour': flavour, ...more,
  components: flavour === 'rest' ? { securitySchemes: { guard: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'custom', 'x-amazon-apigateway-authorizer': { type: 'request', identitySource: 'context.identity.clientCert.serialNumber', authorizerUri: FUNCTION.replace('Show', 'Guard'), authorizerResultTtlInSeconds: 300 } } } } : {},
  paths: flavour === 'rest' ? { '/mock': operation(mock), '/event': operation(show()), '/guarded': guarded } : { '/one': operation(show('1.0')), '/two': operation(show('2.0')) },
});
const bundles: Record<string, string> = {};

async function build(name: string, document: object, options: object = { tls: true }): Promise<string> {
  writeFileSync(path(`${name}.json`), JSON.stringify(document));
  const compilation = await compile(path(`${name}.json`), { clients: [], functions: { Show: `${path('functions.mjs')}#show`, Guard: `${path('functions.mjs')}#guard` }, ...options });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  bundles[name] = compilation.bundle.code;
  return diagnosticsText(compilation);
}

test.before(async () => {
  openssl('req', '-x509', ...EC, '-keyout', 'server.key', '-out', 'server.crt', '-days', '30', '-subj', '/CN=open.test', '-addext', 'subjectAltName=DNS:open.test,DNS:partner.test,DNS:other.test');
  authority('ca');
  authority('stranger');
  client('ann', 'ca', '0x1b2c3d4e5f60718293a4');
  client('bob', 'ca', '17');
  client('eve', 'stranger', '5');
  client('weak', 'ca', '6', ['-newkey', 'rsa:1024', '-nodes']);
  client('sha1', 'ca', '7', EC, ['-days', '30', '-sha1']);
  client('past', 'ca', '8', EC, ['-days', '-1']);
  openssl('req', '-x509', ...EC, '-keyout', 'self.key', '-out', 'self.crt', '-days', '30', '-subj', '/CN=self');
  revoke('ca');
  writeFileSync(path('functions.mjs'), `export const show = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });
export const guard = async ({ methodArn, requestContext: { identity: { clientCert } } }) => ({ principalId: 'x', policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: clientCert.serialNumber === '17' ? 'Allow' : 'Deny', Resource: methodArn }] } });\n`);
  await build('rest', documentOf('rest'));
  await build('http', documentOf('http'), { tls: true, http1: 'llhttp' });
});
test.after(() => rmSync(folder, { recursive: true }));

const SERVER = (): string[] => ['--tls-cert', path('server.crt'), '--tls-key', path('server.key')];

/** What curl got: status, body; 0 when the connection ended without an answer. */
function curl(gateway: RunningGateway, target: string, certificate?: string, more: readonly string[] = [], name = 'open.test'): { status: number; body: string; fields: string } {
  const shown = certificate === undefined ? [] : ['--cert', path(`${certificate}.crt`), '--key', path(`${certificate}.key`)];
  const result = spawnSync('curl', ['--silent', '--include', '--max-time', '10', '--cacert', path('server.crt'), '--resolve', `${name}:${gateway.port}:127.0.0.1`, ...shown, ...more, `https://${name}:${gateway.port}${target}`], { encoding: 'utf8' });
  const [head = '', ...body] = result.stdout.split('\r\n\r\n');
  return { status: result.status === 0 ? Number(head.split(' ')[1]) : 0, body: body.join('\r\n\r\n'), fields: head };
}

async function within(args: string[], bundle: string, body: (gateway: RunningGateway) => Promise<void> | void): Promise<void> {
  const gateway = await runGateway(bundles[bundle]!, [...SERVER(), ...args]);
  try { await body(gateway); } finally { assert.is(await gateway.stop(), 0, gateway.stderr()); }
}

const subjectOf = ({ body }: { body: string }): string => (JSON.parse(body) as { subjectDN: string }).subjectDN;

const FORBIDDEN = '{"message":"Forbidden"}';

test('who gets in: certificates of the trust store, and no others', () => within(['--tls-client-ca', path('ca.crt')], 'rest', async (gateway) => {
  for (const version of ['--http1.1', '--http2']) {
    const answer = curl(gateway, '/mock', 'ann', [version]);
    assert.is(answer.status, 200, answer.body);
    assert.is(curl(gateway, '/mock', undefined, [version]).status, 0, 'no certificate: the connection ends');
    for (const name of ['eve', 'weak', 'sha1', 'past', 'self']) {
      const refused = curl(gateway, '/mock', name, [version]);
      // curl's own OpenSSL does not show what is too weak for it.
      if ((name === 'weak' || name === 'sha1') && refused.status === 0) continue;
      assert.equal([refused.status, refused.body], [403, FORBIDDEN], name);
      assert.match(refused.fields, /x-amzn-errortype: ForbiddenException/i);
    }
  }
  // curl ran with this process stopped: its pipes are read now.
  await pause(100);
  const log = gateway.stderr();
  for (const reason of ['Could not find issuer for certificate', 'self signed certificate', 'certificate has expired']) assert.ok(log.includes(`Access denied. Reason: ${reason}`), `${reason} in ${log}`);
}));

test('what templates, mappings and events say of the certificate', () => within(['--tls-client-ca', path('ca.crt')], 'rest', async (gateway) => {
  const shown = execFileSync('openssl', ['x509', '-in', path('bob.crt'), '-noout', '-dates'], { encoding: 'utf8' });
  const [, notBefore, notAfter] = /notBefore=(.*)\nnotAfter=(.*)\n/.exec(shown)!;
  const certificate = { clientCertPem: readFileSync(path('bob.crt'), 'utf8'), subjectDN: 'C=FR,O=Shop,CN=bob', issuerDN: 'C=FR,O=Partners\\, Inc,CN=ca', serialNumber: '17', validity: { notBefore, notAfter } };
  const answer = curl(gateway, '/mock', 'bob');
  assert.equal(JSON.parse(answer.body), { clientCertPem: certificate.clientCertPem, subjectDN: certificate.subjectDN, issuerDN: certificate.issuerDN, serialNumber: '17', 'validity.notBefore': notBefore, 'validity.notAfter': notAfter });
  assert.match(answer.fields, /x-subject: C=FR,O=Shop,CN=bob/i);
  assert.is((JSON.parse(curl(gateway, '/mock', 'ann').body) as { serialNumber: string }).serialNumber, '1b:2c:3d:4e:5f:60:71:82:93:a4');
  const event = JSON.parse(curl(gateway, '/event', 'bob').body) as { requestContext: { identity: { clientCert: object } } };
  assert.equal(event.requestContext.identity.clientCert, certificate);
  assert.is(curl(gateway, '/guarded', 'bob').status, 200, 'the authorizer sees it');
  assert.is(curl(gateway, '/guarded', 'ann').status, 403, 'and its result is kept for that certificate only');
  await within(['--tls-client-ca', path('ca.crt')], 'http', (other) => {
    const one = JSON.parse(curl(other, '/one', 'bob', ['--http1.1']).body) as { requestContext: { identity: { clientCert: object } } };
    const two = JSON.parse(curl(other, '/two', 'bob', ['--http2']).body) as { requestContext: { authentication: { clientCert: object } } };
    assert.equal([one.requestContext.identity.clientCert, two.requestContext.authentication.clientCert], [certificate, certificate]);
    assert.equal([curl(other, '/two', 'eve', ['--http1.1']).status, curl(other, '/two', 'eve', ['--http1.1']).body], [403, FORBIDDEN]);
    assert.not.match(curl(other, '/two', 'eve').fields, /errortype/i);
  });
}));

test('optional: without a certificate anonymous, with a wrong one refused', () => within(['--tls-client-ca', path('ca.crt'), '--tls-client-auth', 'optional'], 'rest', (gateway) => {
  assert.is(subjectOf(curl(gateway, '/mock')), 'null', 'as $util prints what there is not');
  assert.not.ok('clientCert' in (JSON.parse(curl(gateway, '/event').body) as { requestContext: { identity: object } }).requestContext.identity);
  assert.is(curl(gateway, '/guarded').status, 401, 'an empty identity source');
  assert.is(subjectOf(curl(gateway, '/mock', 'ann')), 'C=FR,O=Shop,CN=ann');
  assert.is(curl(gateway, '/mock', 'eve').status, 403);
}));

test('by server name: what one name trusts is nothing to another, whatever Host says', () => within(['--tls-client-ca', `partner.test=${path('ca.crt')},other.test=${path('stranger.crt')}`], 'rest', async (gateway) => {
  const ask = (name: string, certificate?: string, host = name): number => curl(gateway, '/mock', certificate, host === name ? [] : ['--header', `Host: ${host}`], name).status;
  assert.equal([ask('open.test'), ask('open.test', 'eve'), ask('partner.test', 'ann'), ask('other.test', 'eve')], [200, 200, 200, 200]);
  assert.equal([ask('partner.test'), ask('partner.test', 'eve'), ask('other.test', 'ann')], [0, 403, 403]);
  for (const host of ['partner.test', 'PARTNER.test', 'partner.test.', 'partner.test:443']) assert.equal([ask('open.test', undefined, host), ask('open.test', 'ann', host), ask('other.test', 'eve', host)], [403, 403, 403], host);
  assert.is(subjectOf(curl(gateway, '/mock', 'ann')), 'null', 'nobody vouches for it here');
  // The root store of Node must not stand in for a name that is spelled differently.
  const spelled = await new Promise<string>((resolve) => {
    const socket = tls.connect({ port: gateway.port, host: '127.0.0.1', servername: 'partner.test.', rejectUnauthorized: false, cert: readFileSync(path('eve.crt')), key: readFileSync(path('eve.key')) }, () => socket.write('GET /mock HTTP/1.1\r\nHost: partner.test\r\nConnection: close\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    socket.on('error', () => resolve('ended'));
    socket.on('close', () => resolve(text === '' ? 'ended' : text.slice(9, 12)));
  });
  assert.is(spelled, '403');
  const session = http2.connect(`https://open.test:${gateway.port}`, { host: '127.0.0.1', servername: 'open.test', rejectUnauthorized: false } as http2.SecureClientSessionOptions);
  session.on('error', () => {});
  const status = await new Promise<number>((resolve) => { session.request({ ':path': '/mock', ':authority': `partner.test:${gateway.port}` }).on('response', (fields) => resolve(Number(fields[':status']))).resume(); });
  assert.is(status, 403, 'one HTTP/2 connection for two names');
  session.destroy();
}));

test('a session of TLS brings no verdict into the next one', () => within(['--tls-client-ca', path('ca.crt'), '--tls-client-auth', 'optional'], 'rest', async (gateway) => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const connect = (more: tls.ConnectionOptions): Promise<{ session: Buffer | undefined; reused: boolean; text: string }> => new Promise((resolve, reject) => {
      const socket = tls.connect({ port: gateway.port, host: '127.0.0.1', servername: 'open.test', rejectUnauthorized: false, maxVersion, ...more }, () => socket.write('GET /mock HTTP/1.1\r\nHost: open.test\r\nConnection: close\r\n\r\n'));
      let session: Buffer | undefined, text = '';
      const reused = (): boolean => socket.isSessionReused();
      let was = false;
      socket.on('session', (each: Buffer) => { session = each; });
      socket.on('data', (chunk: Buffer) => { was = reused(); text += chunk.toString(); });
      socket.on('error', reject);
      socket.on('close', () => resolve({ session, reused: was, text }));
    });
    const known = await connect({ cert: readFileSync(path('ann.crt')), key: readFileSync(path('ann.key')) });
    assert.match(known.text, /CN=ann/);
    if (known.session === undefined) continue;
    const again = await connect({ session: known.session });
    assert.equal([again.reused, /CN=ann/.test(again.text)], [false, false], maxVersion);
  }
}));

test('trust store and revocation list are read again on SIGHUP; broken ones change nothing', async () => {
  writeFileSync(path('trusted.pem'), readFileSync(path('ca.crt')));
  revoke('ca');
  await within(['--tls-client-ca', path('trusted.pem'), '--tls-crl', path('ca.crl')], 'rest', async (gateway) => {
    const until = async (done: () => boolean): Promise<void> => {
      gateway.process.kill('SIGHUP');
      for (let i = 0; i < 100 && !done(); i++) await pause(50);
      assert.ok(done(), gateway.stderr());
    };
    assert.is(curl(gateway, '/mock', 'bob').status, 200);
    revoke('ca', 'bob');
    await until(() => curl(gateway, '/mock', 'bob').status === 403);
    await pause(100);
    assert.match(gateway.stderr(), /Access denied\. Reason: certificate revoked/);
    assert.is(curl(gateway, '/mock', 'ann').status, 200);
    writeFileSync(path('ca.crl'), 'nothing');
    await until(() => gateway.stderr().includes('kept the old certificates: revocation list'));
    assert.equal([curl(gateway, '/mock', 'bob').status, curl(gateway, '/mock', 'ann').status], [403, 200]);
    revoke('ca');
    // A list for each authority: without one nobody of it comes in.
    writeFileSync(path('trusted.pem'), `${readFileSync(path('ca.crt'), 'utf8')}${readFileSync(path('stranger.crt'), 'utf8')}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`);
    await until(() => gateway.stderr().includes('certificate 3 is not used: not a certificate'));
    assert.is(curl(gateway, '/mock', 'eve').status, 403);
    await pause(100);
    assert.match(gateway.stderr(), /no revocation list of the certificate's issuer/);
    revoke('stranger');
    writeFileSync(path('ca.crl'), readFileSync(path('ca.crl'), 'utf8') + readFileSync(path('stranger.crl'), 'utf8'));
    await until(() => curl(gateway, '/mock', 'eve').status === 200);
  });
});

test('declared in the document: for its domain name, and closed without TLS', async () => {
  const names = { domainNames: { 'Partner.test': { mutualTlsAuthentication: { truststoreUri: path('ca.crt') } }, 'plain.test': {} } };
  assert.match(await build('declared', documentOf('rest', { 'x-gwc': names })), /GWC2924/);
  await within([], 'declared', (gateway) => {
    assert.equal([curl(gateway, '/mock', 'ann', [], 'partner.test').status, curl(gateway, '/mock', 'eve', [], 'partner.test').status, curl(gateway, '/mock').status], [200, 403, 200]);
  });
  assert.match(await build('plain', documentOf('rest', { 'x-gwc': names, 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true } }), {}), /GWC2922/);
  for (const bundle of ['declared', 'plain']) {
    const gateway = await runGateway(bundles[bundle]!);
    try {
      const status = async (host: string): Promise<number> => (await rawRequest(gateway.port, 'GET', '/mock', [['Host', host]], '')).status;
      assert.equal([await status('partner.test'), await status('PARTNER.test.:443'), await status('plain.test'), await status('else.test')], bundle === 'plain' ? [403, 403, 200, 403] : [403, 403, 200, 200], bundle);
    } finally {
      await gateway.stop();
    }
  }
  await build('s3', documentOf('rest', { 'x-gwc': { domainNames: { 'partner.test': { mutualTlsAuthentication: { truststoreUri: 's3://bucket/ca.pem' } } } } }));
  assert.match(await runGateway(bundles['s3']!, SERVER()).then(() => '', (error: Error) => error.message), /the trust store of partner\.test is s3:\/\/bucket\/ca\.pem: give a copy of it with --tls-client-ca partner\.test=FILE/);
  await within(['--tls-client-ca', `partner.test=${path('ca.crt')}`], 's3', (gateway) => {
    assert.is(curl(gateway, '/mock', 'ann', [], 'partner.test').status, 200);
  });
});

test('mutualTLS as a security scheme: operations that ask for a certificate, where others do not', async () => {
  const document = { ...documentOf('http'), openapi: '3.1.0', components: { securitySchemes: { certificate: { type: 'mutualTLS' } } }, paths: { '/open': operation(show('2.0')), '/certified': { get: { ...(operation(show('2.0')) as { get: object }).get, security: [{ certificate: [] }] } } } };
  await build('scheme', document);
  await within(['--tls-client-ca', path('ca.crt'), '--tls-client-auth', 'optional'], 'scheme', (gateway) => {
    assert.equal([curl(gateway, '/open').status, curl(gateway, '/certified').status, curl(gateway, '/certified', 'ann').status, curl(gateway, '/certified', 'eve').status], [200, 403, 200, 403]);
  });
  await within([], 'scheme', (gateway) => {
    assert.equal([curl(gateway, '/open', 'ann').status, curl(gateway, '/certified', 'ann').status], [200, 403], 'nobody is asked for one');
  });
  assert.match(await build('schemePlain', document, {}), /GWC2352/);
});

test('flags that do not fit together', async () => {
  const refused = (...args: string[]): Promise<string> => runGateway(bundles['rest']!, args).then(() => 'started', (error: Error) => error.message);
  assert.match(await refused('--tls-client-ca', path('ca.crt')), /--tls-client-ca needs a certificate/);
  assert.match(await refused(...SERVER(), '--tls-client-ca', path('ca.crt'), '--tls-client-auth', 'maybe'), /required or optional/);
  assert.match(await refused(...SERVER(), '--tls-crl', path('ca.crl')), /there is no trust store it could belong to/);
  assert.match(await refused(...SERVER(), '--tls-client-ca', path('ca.key')), /trust store .*ca\.key: no certificate in it/);
  assert.match(await refused(...SERVER(), '--tls-client-ca', path('weak.crt')), /none of its certificates can be used/);
});

test.run();
