/** Callers of a credentials file, two accounts (auth.md §5, tables A and B), and every condition key of policies. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pause } from '../../../runtime/http1/testing/raw.js';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';

interface Keys { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
const aws4 = createRequire(import.meta.url)('aws4') as { sign(request: object, credentials: object): { headers: Record<string, string> } };

const test = suite('IAM callers');
const folder = mkdtempSync(join(tmpdir(), 'gwc-callers-'));
const REGION = 'eu-west-3', HOST = 'api.example.com', OWN = '111111111111', OTHER = '222222222222';
const key = (name: string): Keys => ({ accessKeyId: `AKIA${name.toUpperCase().padEnd(12, '0')}`, secretAccessKey: `secret-of-${name}` });
const allow = (resource: string, more: object = {}): object => ({ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: resource, ...more });
const deny = (resource: string, more: object = {}): object => ({ ...allow(resource, more), Effect: 'Deny' });
const policy = (...statements: object[]): object => ({ Version: '2012-10-17', Statement: statements });
const mock = { type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '"$context.identity.userArn $context.identity.user $context.identity.principalOrgId $context.accountId"' } } } };
const operation = { security: [{ iam: [] }], parameters: [{ name: 'proxy', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': mock };

async function build(name: string, more: object): Promise<string> {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({
    openapi: '3.0.1', info: { title: 'iam', version: '1' }, 'x-gwc-flavour': 'rest', ...more,
    components: { securitySchemes: { iam: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } } }, paths: { '/{proxy+}': { get: operation } },
  }));
  const compilation = await compile(join(folder, `${name}.json`), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  return compilation.bundle.code;
}

async function call(gateway: RunningGateway, path: string, by: Keys, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const request = aws4.sign({ host: HOST, method: 'GET', path, headers, region: REGION, service: 'execute-api' }, by);
  return rawRequest(gateway.port, 'GET', path, Object.entries(request.headers), '');
}
/** '' when let in, else what the message ends with. */
async function verdict(gateway: RunningGateway, path: string, by: Keys, headers?: Record<string, string>): Promise<string> {
  const { status, body } = await call(gateway, path, by, headers);
  if (status === 200) return '';
  return /(with an explicit deny in an? .* policy|because no .* policy allows) ?/.exec(body)?.[1] ?? body;
}

test.after(() => rmSync(folder, { recursive: true }));

/** Each caller's own policy and the resource policy's word on its path: allow, deny, nothing. */
const WORDS = ['allow', 'deny', 'none'] as const;
test('tables A and B: every pair of an identity policy and a resource policy, within an account and between two', async () => {
  const identity = { allow: policy(allow('*')), deny: policy(deny('*')), none: undefined };
  const callers = Object.fromEntries(WORDS.flatMap((word) => [OWN, OTHER].map((account) => [`${word}${account.slice(0, 1)}`, { accessKeyId: key(`${word}${account.slice(0, 1)}`).accessKeyId, secretAccessKey: `env:SECRET_${word}${account.slice(0, 1)}`, arn: `arn:aws:iam::${account}:user/x`, ...(identity[word] === undefined ? {} : { policy: identity[word] }) }])));
  const environment = Object.fromEntries(Object.keys(callers).map((name) => [`SECRET_${name}`, `secret-of-${name}`]));
  const bundle = await build('tables', { 'x-gwc': { callers }, 'x-amazon-apigateway-policy': policy(allow('execute-api:/*/GET/allow', { Principal: '*' }), deny('execute-api:/*/GET/deny', { Principal: '*' })) });
  const known = await runGateway(bundle, ['--account-id', OWN], { AWS_REGION: REGION, ...environment });
  const unknown = await runGateway(bundle, [], { AWS_REGION: REGION, ...environment });
  const noIdentity = 'because no identity-based policy allows', noResource = 'because no resource-based policy allows', explicit = (kind: string): string => `with an explicit deny in an ${kind}-based policy`.replace('an resource', 'a resource');
  try {
    for (const own of WORDS) for (const resource of WORDS) {
      const same = own === 'deny' ? explicit('identity') : resource === 'deny' ? explicit('resource') : own === 'allow' || resource === 'allow' ? '' : noIdentity;
      const between = own === 'deny' ? explicit('identity') : resource === 'deny' ? explicit('resource') : own !== 'allow' ? noIdentity : resource !== 'allow' ? noResource : '';
      assert.is(await verdict(known, `/${resource}`, key(`${own}1`)), same, `A: ${own} × ${resource}`);
      assert.is(await verdict(known, `/${resource}`, key(`${own}2`)), between, `B: ${own} × ${resource}`);
      assert.is(await verdict(unknown, `/${resource}`, key(`${own}2`)), same, `nobody says whose account the API's is: ${own} × ${resource}`);
    }
  } finally {
    await known.stop();
    await unknown.stop();
  }
});

/** Key, what a condition asks of it, and whether the test's request has it. */
const CONDITIONS: readonly (readonly [condition: object, holds: boolean])[] = [
  [{ DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, true], [{ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, false], [{ NumericGreaterThan: { 'aws:EpochTime': '1577836800' } }, true], [{ DateGreaterThan: { 'aws:EpochTime': '2020-01-01T00:00:00Z' } }, true],
  [{ Bool: { 'aws:SecureTransport': 'false' } }, true], [{ Bool: { 'aws:SecureTransport': 'true' } }, false], [{ StringLike: { 'aws:Referer': 'https://shop.example/*' } }, true], [{ StringEquals: { 'aws:UserAgent': 'agent/1' } }, true], [{ StringNotEquals: { 'aws:UserAgent': 'agent/1' } }, false],
  [{ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, true], [{ NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, false], [{ StringEquals: { 'aws:SourceArn': 'x' } }, false], [{ Null: { 'aws:SourceArn': 'true' } }, true],
  [{ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }, false], [{ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }, true], [{ IpAddress: { 'aws:VpcSourceIp': '0.0.0.0/0' } }, false],
  [{ StringEquals: { 'aws:PrincipalAccount': OTHER } }, true], [{ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:user/team/*` } }, true], [{ StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } }, true], [{ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/*' } }, false],
  [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, false], [{ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, true], [{ NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }, false], [{ DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } }, false], [{ Null: { 'aws:TokenIssueTime': 'true' } }, true],
  [{ StringEquals: { 'aws:PrincipalTag/team': 'blue' } }, true], [{ StringEquals: { 'AWS:principaltag/Team': 'blue' } }, true], [{ StringEquals: { 'aws:PrincipalTag/none': 'blue' } }, false], [{ StringEquals: { 'aws:PrincipalType': 'User' } }, true], [{ StringEquals: { 'aws:userid': 'AIDAEXAMPLE' } }, true], [{ StringEquals: { 'aws:username': 'ann' } }, true],
];
test('condition keys of auth.md §5, in policies of callers and of the API', async () => {
  // A path for each, so that one gateway is asked about all.
  const statements = (principal: object): object[] => CONDITIONS.map(([condition], index) => allow(`*/GET/c${index}`, { Condition: condition, ...principal }));
  const facts = { arn: `arn:aws:iam::${OTHER}:user/team/ann`, userId: 'AIDAEXAMPLE', principalOrgId: 'o-1234567890', tags: { Team: 'blue' } };
  const bundle = await build('keys', {
    'x-gwc': { callers: { own: { accessKeyId: key('own').accessKeyId, secretAccessKey: 'env:OWN', ...facts, policy: policy(...statements({})) }, other: { accessKeyId: key('other').accessKeyId, secretAccessKey: 'env:OTHER', ...facts } } },
    'x-amazon-apigateway-policy': policy(...CONDITIONS.map(([condition], index) => allow(`execute-api:/*/GET/r${index}`, { Condition: condition, Principal: { AWS: OTHER } }))),
  });
  const gateway = await runGateway(bundle, [], { AWS_REGION: REGION, OWN: 'secret-of-own', OTHER: 'secret-of-other' });
  const headers = { Referer: 'https://shop.example/cart', 'User-Agent': 'agent/1' };
  try {
    for (const [index, [condition, holds]] of CONDITIONS.entries()) {
      assert.is((await verdict(gateway, `/c${index}`, key('own'), headers)) === '', holds, `identity policy: ${JSON.stringify(condition)}`);
      assert.is((await verdict(gateway, `/r${index}`, key('other'), headers)) === '', holds, `resource policy: ${JSON.stringify(condition)}`);
    }
    const { body } = await call(gateway, '/c0', key('own'));
    assert.is(body, `"arn:aws:iam::${OTHER}:user/team/ann AIDAEXAMPLE o-1234567890 000000000000"`);
  } finally {
    await gateway.stop();
  }
});

test('policy variables: each caller has a place of its own', async () => {
  const home = policy(allow('arn:aws:execute-api:*:*:*/*/GET/home/${aws:username}/*'), deny('*/GET/home/*/closed', { Condition: { StringEquals: { 'aws:UserAgent': '${aws:PrincipalTag/agent}' } } }));
  const bundle = await build('variables', { 'x-gwc': { callers: Object.fromEntries(['ann', 'bob'].map((name) => [name, { accessKeyId: key(name).accessKeyId, secretAccessKey: `env:${name}`, policy: home, tags: { agent: 'robot' } }])) }, 'x-amazon-apigateway-policy': policy(allow('execute-api:/*/GET/by-address/${aws:SourceIp}', { Principal: '*' })) });
  const gateway = await runGateway(bundle, [], { AWS_REGION: REGION, ann: 'secret-of-ann', bob: 'secret-of-bob' });
  try {
    assert.is(await verdict(gateway, '/home/ann/x', key('ann')), '');
    for (const path of ['/home/bob/x', '/home/*/x', '/home/a%6En/x/../../bob/x', '/home/ann']) assert.is.not(await verdict(gateway, path, key('ann')), '', path);
    assert.is(await verdict(gateway, '/home/bob/x', key('bob')), '');
    assert.is(await verdict(gateway, '/home/bob/closed', key('bob'), { 'User-Agent': 'person' }), '');
    assert.match(await verdict(gateway, '/home/bob/closed', key('bob'), { 'User-Agent': 'robot' }), /explicit deny/);
    assert.equal([await verdict(gateway, '/by-address/127.0.0.1', key('bob')), await verdict(gateway, '/by-address/127.0.0.2', key('bob')) === ''], ['', false]);
  } finally {
    await gateway.stop();
  }
});

test('--iam-credentials: profiles, what the document adds to them, and changes while running', async () => {
  const file = join(folder, 'credentials');
  const write = (text: string): void => { writeFileSync(`${file}.new`, text); renameSync(`${file}.new`, file); };
  const profile = (name: string, more = '', secret = key(name).secretAccessKey): string => `[${name}]\naws_access_key_id = ${key(name).accessKeyId}\naws_secret_access_key = ${secret}\n${more}\n`;
  writeFileSync(join(folder, 'dora.json'), JSON.stringify(policy(allow('*/GET/dora'))));
  const session = (expiration: string): string => `aws_session_token = token//of+temp==\ngwc_arn = arn:aws:sts::${OWN}:assumed-role/Role/me\ngwc_expiration = ${expiration}`;
  write(`# callers\n${profile('ann')}${profile('cleo')}${profile('dora', 'gwc_policy = dora.json\ngwc_org_id = o-1\ngwc_user_id = AIDADORA\ngwc_tags = a=1, b=2')}${profile('temp', session('2999-01-01T00:00:00Z'))}${profile('past', session('2020-01-01T00:00:00Z'))}[unused]\nregion = eu-west-3\n`);
  const bundle = await build('file', { 'x-gwc': { callers: { ann: { arn: `arn:aws:iam::${OWN}:user/ann`, policy: policy(allow('*')) } } }, 'x-amazon-apigateway-policy': policy(allow('execute-api:/*/GET/role', { Principal: { AWS: `arn:aws:iam::${OWN}:role/Role` } })) });
  const gateway = await runGateway(bundle, ['--account-id', OWN, '--iam-credentials', file], { AWS_REGION: REGION });
  try {
    assert.is((await call(gateway, '/a', key('ann'))).body, `"arn:aws:iam::${OWN}:user/ann ${key('ann').accessKeyId}  ${OWN}"`);
    assert.is(await verdict(gateway, '/a', key('cleo')), 'because no identity-based policy allows', 'known, but with nothing allowed');
    assert.is((await call(gateway, '/dora', key('dora'))).body, `"arn:aws:iam::${OWN}:user/dora AIDADORA o-1 ${OWN}"`);
    assert.is.not(await verdict(gateway, '/else', key('dora')), '');
    const token = { sessionToken: 'token//of+temp==' };
    assert.is(await verdict(gateway, '/role', { ...key('temp'), ...token }), '', 'a role stands for its sessions');
    const expired = await call(gateway, '/role', { ...key('past'), ...token });
    assert.equal([expired.status, expired.body, expired.fields.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1]], [403, '{"message":"The security token included in the request is expired"}', 'ExpiredTokenException']);
    assert.match(await verdict(gateway, '/a', key('bob')), /security token included in the request is invalid/);

    write(profile('ann', '', 'another secret') + profile('bob', `gwc_arn = arn:aws:iam::${OWN}:user/ann`));
    await pause(700);
    assert.match(await verdict(gateway, '/a', key('ann')), /signature we calculated does not match/);
    assert.is(await verdict(gateway, '/a', { ...key('ann'), secretAccessKey: 'another secret' }), '');
    assert.match(await verdict(gateway, '/dora', key('dora')), /security token included in the request is invalid/);
    for (const broken of [`[ann]\naws_access_key_id = ${key('ann').accessKeyId}\n`, profile('ann', 'gwc_policy = none.json'), profile('ann', 'gwc_arn = me'), profile('ann', 'gwc_expiration = soon'), `[ann]\naws_access_key_id = short\naws_secret_access_key = x\n`, profile('ann') + profile('ann2').replace(key('ann2').accessKeyId, key('ann').accessKeyId)]) {
      write(broken);
      await pause(700);
      assert.is(await verdict(gateway, '/a', { ...key('ann'), secretAccessKey: 'another secret' }), '', broken);
    }
    assert.is(gateway.stderr().match(/kept the old IAM credentials/g)?.length, 6);
    assert.not.match(gateway.stderr(), /secret-of|another secret/);
  } finally {
    await gateway.stop();
  }
  assert.match(await runGateway(bundle, ['--iam-credentials', join(folder, 'nowhere')]).then(() => '', (error: Error) => error.message), /ended with 1: --iam-credentials .*nowhere: ENOENT/);
});

test('nobody is known: every signature is refused', async () => {
  const gateway = await runGateway(await build('nobody', {}), [], { AWS_REGION: REGION });
  try {
    assert.match(await verdict(gateway, '/a', key('ann')), /security token included in the request is invalid/);
    assert.is((await rawRequest(gateway.port, 'GET', '/a', [], '')).body, '{"message":"Missing Authentication Token"}');
  } finally {
    await gateway.stop();
  }
});

test.run();
