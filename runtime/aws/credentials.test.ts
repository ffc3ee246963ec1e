/** Each source against a real endpoint or file; the cache against a clock. */
import { createServer, type IncomingMessage } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { credentialCache } from './credentials.js';
import { containerCredentials, mayBeAsked } from './credential-sources/container.js';
import { environmentCredentials } from './credential-sources/environment.js';
import { instanceCredentials } from './credential-sources/instance.js';
import { profileCredentials } from './credential-sources/profile.js';
import { readProfiles } from './credential-sources/profile-file.js';
import { webIdentityCredentials } from './credential-sources/web-identity.js';
import { splitCommand } from '../lambda/split-command.js';
import type { AwsCredentials } from './sigv4.js';

const test = suite('AWS credentials');
const folder = mkdtempSync(join(tmpdir(), 'gwc-credentials-'));
const saved = { ...process.env };
test.before.each(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = join(folder, 'config');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(folder, 'credentials');
});
test.after(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, saved);
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, text: string): string => { writeFileSync(join(folder, name), text); return join(folder, name); };
const json = (id: string): string => JSON.stringify({ Code: 'Success', AccessKeyId: id, SecretAccessKey: 'secret', Token: 'token', Expiration: '2030-01-01T00:00:00Z' });
const EXPECTED = (id: string): AwsCredentials => ({ accessKeyId: id, secretAccessKey: 'secret', sessionToken: 'token', expiresAt: Date.UTC(2030, 0, 1) });

async function withServer(answer: (request: IncomingMessage, body: string) => { status?: number; body: string }, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); }).on('end', () => {
      const { status = 200, body: text } = answer(request, body);
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try { await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); } finally { server.closeAllConnections(); server.close(); }
}

async function problem(promise: Promise<unknown>): Promise<string> {
  try { await promise; } catch (error) { return (error as Error).message; }
  return assert.unreachable('must fail') as never;
}

test('environment', async () => {
  assert.is(await environmentCredentials(), null);
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'secret' });
  assert.equal(await environmentCredentials(), { accessKeyId: 'AK', secretAccessKey: 'secret', sessionToken: '', expiresAt: Infinity });
  Object.assign(process.env, { AWS_SESSION_TOKEN: 'token', AWS_CREDENTIAL_EXPIRATION: '2030-01-01T00:00:00Z' });
  assert.equal(await environmentCredentials(), EXPECTED('AK'));
});

test('container endpoint, with the token of a file', async () => {
  assert.is(await containerCredentials(), null);
  await withServer((request) => (request.headers.authorization === 'Bearer x' && request.url === '/v1/credentials?a=1' ? { body: json('CONTAINER') } : { status: 403, body: '' }), async (url) => {
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = `${url}/v1/credentials?a=1`;
    assert.is(await problem(containerCredentials()), 'the container credential endpoint answered 403');
    process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] = file('token', 'Bearer x\n');
    assert.equal(await containerCredentials(), EXPECTED('CONTAINER'));
  });
});

for (const [url, allowed] of [['http://169.254.170.2/x', true], ['http://169.254.170.23/x', true], ['http://[fd00:ec2::23]/x', true], ['http://127.8.8.8/x', true], ['https://example.com/x', true],
  ['http://example.com/x', false], ['http://127.0.0.1.example.com/x', false], ['http://169.254.169.254/x', false], ['file:///etc/passwd', false], ['nonsense', false]] as const) {
  test(`container endpoint ${url}: ${allowed ? 'asked' : 'refused'}`, () => assert.is(mayBeAsked(url), allowed));
}

test('instance: IMDSv2 with its token', async () => {
  await withServer((request) => {
    if (request.method === 'PUT') return request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === '21600' ? { body: 'metadata-token' } : { status: 400, body: '' };
    if (request.headers['x-aws-ec2-metadata-token'] !== 'metadata-token') return { status: 401, body: '' };
    return request.url!.endsWith('/security-credentials/') ? { body: 'my-role' } : request.url!.endsWith('/my-role') ? { body: json('INSTANCE') } : { status: 404, body: '' };
  }, async (url) => {
    process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = url;
    assert.equal(await instanceCredentials(), EXPECTED('INSTANCE'));
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
    assert.is(await instanceCredentials(), null);
  });
});

test('instance: nothing there, no role, broken answers', async () => {
  process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = 'http://127.0.0.1:9';
  assert.is(await instanceCredentials(), null);
  await withServer((request) => (request.method === 'PUT' ? { body: 't' } : { status: 404, body: '' }), async (url) => {
    process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = url;
    assert.is(await instanceCredentials(), null);
  });
  await withServer((request) => (request.method === 'PUT' ? { body: 't' } : { body: request.url!.endsWith('/') ? 'role' : '<html>SECRET</html>' }), async (url) => {
    process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = url;
    assert.is(await problem(instanceCredentials()), 'instance metadata service: the answer is no JSON');
  });
});

const sts = (id: string): string => `<AssumeRoleResponse><AssumeRoleResult><Credentials>\n<AccessKeyId>${id}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

test('web identity', async () => {
  await withServer((_request, body) => {
    const form = new URLSearchParams(body);
    return form.get('Action') === 'AssumeRoleWithWebIdentity' && form.get('WebIdentityToken') === 'jwt' && form.get('RoleSessionName') === 'me' ? { body: sts(form.get('RoleArn')!) } : { status: 400, body: '<Code>InvalidIdentityToken</Code>' };
  }, async (url) => {
    Object.assign(process.env, { AWS_ENDPOINT_URL_STS: url, AWS_ROLE_ARN: 'arn:aws:iam::1:role/r', AWS_ROLE_SESSION_NAME: 'me', AWS_WEB_IDENTITY_TOKEN_FILE: file('jwt', 'jwt\n') });
    assert.equal(await webIdentityCredentials(), EXPECTED('arn:aws:iam::1:role/r'));
    file('jwt', 'other');
    assert.is(await problem(webIdentityCredentials()), 'STS AssumeRoleWithWebIdentity answered 400 InvalidIdentityToken');
  });
});

test('profiles: keys, the credentials file wins, unknown and SSO profiles', async () => {
  file('config', '[default]\nregion = eu-west-1\naws_access_key_id = OLD\n# a comment\n[profile "quoted name"]\naws_access_key_id=Q\naws_secret_access_key=secret\n[profile sso]\nsso_session = x\n');
  file('credentials', '[default]\naws_access_key_id = NEW ; comment\naws_secret_access_key = secret\ns3 =\n  max = 1\n');
  assert.equal(await profileCredentials(), { accessKeyId: 'NEW', secretAccessKey: 'secret', sessionToken: '', expiresAt: Infinity });
  process.env['AWS_PROFILE'] = 'quoted name';
  assert.is((await profileCredentials())!.accessKeyId, 'Q');
  process.env['AWS_PROFILE'] = 'absent';
  assert.match(await problem(profileCredentials()), /names the profile "absent"/);
  process.env['AWS_PROFILE'] = 'sso';
  assert.match(await problem(profileCredentials()), /is an SSO profile/);
});

test('profiles: roles by source profile, signed; circles are found', async () => {
  await withServer((request, body) => {
    const form = new URLSearchParams(body);
    const signed = /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/eu-west-1\/sts\/aws4_request/.exec(request.headers.authorization ?? '');
    return signed && form.get('ExternalId') === 'e' ? { body: sts(`${signed[1]}-as-${form.get('RoleArn')}`) } : { status: 403, body: '<Code>AccessDenied</Code>' };
  }, async (url) => {
    file('config', '[profile role]\nrole_arn = R\nsource_profile = base\nexternal_id = e\nregion = eu-west-1\n[profile base]\naws_access_key_id = BASE\naws_secret_access_key = secret\n[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\nsource_profile = a\n[profile denied]\nrole_arn = R\nsource_profile = base\nregion = eu-west-1\n');
    file('credentials', '');
    Object.assign(process.env, { AWS_ENDPOINT_URL: url, AWS_PROFILE: 'role' });
    assert.equal(await profileCredentials(), EXPECTED('BASE-as-R'));
    process.env['AWS_PROFILE'] = 'a';
    assert.match(await problem(profileCredentials()), 'a → b → a');
    process.env['AWS_PROFILE'] = 'denied';
    assert.is(await problem(profileCredentials()), 'STS AssumeRole answered 403 AccessDenied');
  });
});

test('profiles: credential_process, without a shell and without repeating what it wrote', async () => {
  const program = file('process.mjs', 'if (process.argv[2] !== "two words") process.exit(3); console.log(JSON.stringify({ Version: 1, AccessKeyId: "P", SecretAccessKey: "secret", SessionToken: "token", Expiration: "2030-01-01T00:00:00Z" }))');
  file('credentials', '');
  file('config', `[default]\ncredential_process = ${process.execPath} ${program} "two words"\n`);
  assert.equal(await profileCredentials(), EXPECTED('P'));
  file('config', `[default]\ncredential_process = ${process.execPath} ${program} "$(id)"\n`);
  assert.is(await problem(profileCredentials()), 'credential_process of profile "default" failed (3)');
});

test('command lines and sections', () => {
  assert.equal(splitCommand(`a "b c" 'd "e' f"g"h "i\\"j"`), ['a', 'b c', 'd "e', 'fgh', 'i"j']);
  assert.equal([...readProfiles('[profile x]\nA = 1\n[sso-session y]\na = 2\n[preview]\n', '').entries()].map(([name, values]) => [name, { ...values }]), [['x', { a: '1' }]]);
});

// ---- the cache

function clocked(results: (AwsCredentials | null | Error)[]): { calls: () => number; at: (ms: number) => Promise<string> } {
  let time = 0, calls = 0;
  const cache = credentialCache([async () => { const result = results[calls++]!; if (result instanceof Error) throw result; return result; }], () => time);
  return {
    calls: () => calls,
    at: (ms) => { time = ms; return new Promise((resolve) => cache.get((credentials, text) => resolve(credentials?.accessKeyId ?? text))); },
  };
}
const key = (accessKeyId: string, expiresAt: number): AwsCredentials => ({ accessKeyId, secretAccessKey: 's', sessionToken: '', expiresAt });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one fetch for all who wait; keys that do not expire are fetched once', async () => {
  let calls = 0;
  const cache = credentialCache([async () => { calls++; await settled(); return key('A', Infinity); }]);
  const got: (string | undefined)[] = [];
  await Promise.all(Array.from({ length: 50 }, () => new Promise<void>((resolve) => cache.get((credentials) => { got.push(credentials?.accessKeyId); resolve(); }))));
  assert.is(calls, 1);
  assert.equal(new Set(got), new Set(['A']));
});

test('renewed in the background before they expire; a failing renewal does not spoil them', async () => {
  const { at, calls } = clocked([key('A', 1_000_000), new Error('endpoint is down'), key('B', 9_000_000)]);
  assert.is(await at(0), 'A');
  assert.is(await at(699_000), 'A');
  assert.is(calls(), 1);
  assert.is(await at(700_000), 'A');
  await settled();
  assert.is(calls(), 2);
  assert.is(await at(701_000), 'A');
  assert.is(calls(), 2, 'not asked again at once');
  assert.is(await at(706_000), 'A');
  await settled();
  assert.is(await at(707_000), 'B');
});

test('expired ones are not used; the reason is told', async () => {
  const { at } = clocked([key('A', 400_000), new Error('the token file is gone'), key('C', Infinity)]);
  assert.is(await at(0), 'A');
  assert.is(await at(395_000), 'the token file is gone');
  assert.is(await at(396_000), 'the token file is gone');
  assert.is(await at(401_000), 'C');
});

test('forgotten ones are fetched anew', async () => {
  let calls = 0;
  const cache = credentialCache([async () => key(`K${++calls}`, Infinity)]);
  const get = (): Promise<AwsCredentials> => new Promise((resolve) => cache.get((credentials) => resolve(credentials!)));
  const first = await get();
  cache.forget(first);
  assert.is((await get()).accessKeyId, 'K2');
  cache.forget(first);
  assert.is((await get()).accessKeyId, 'K2', 'forgetting old ones changes nothing');
});

test('where there are none, nobody looks again for a minute', async () => {
  const { at, calls } = clocked([null, key('A', Infinity)]);
  assert.match(await at(0), /no AWS credentials were found/);
  assert.match(await at(59_000), /no AWS credentials were found/);
  assert.is(calls(), 1);
  assert.is(await at(60_000), 'A');
});

test('a configured source that fails is not passed over', async () => {
  const cache = credentialCache([async () => { throw new Error('first'); }, async () => key('B', Infinity)]);
  assert.is(await new Promise((resolve) => cache.get((credentials, text) => resolve(credentials ?? text))), 'first');
});
test.run();
