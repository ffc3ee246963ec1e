/** HTTP Basic: users of the document and of a file, what is told to others, and that guessing neither stops the gateway nor tells who is there. */
import { randomBytes, scryptSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('http basic');
const folder = mkdtempSync(join(tmpdir(), 'gwc-basic-'));
let bundle = '', gateway: RunningGateway | undefined;

function hashOf(password: string, ln = 12): string {
  const salt = randomBytes(16), text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${ln},r=8,p=1$${text(salt)}$${text(scryptSync(password, salt, 32, { N: 2 ** ln, r: 8, p: 1, maxmem: 2 ** 28 }))}`;
}
const credentials = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const get = (authorization?: string, path = '/pets', more: [string, string][] = []): Promise<RawAnswer> => rawRequest(gateway!.port, 'GET', path, [...(authorization === undefined ? [] : [['Authorization', authorization] as [string, string]]), ...more], '');

test.before(async () => {
  writeFileSync(join(folder, 'users'), `# more of them\nbob:${hashOf('pass:with:colons')}\n\nzo\u00eb:${hashOf('p\u00e4ss')}\n`);
  writeFileSync(join(folder, 'api.json'), JSON.stringify({
    openapi: '3.0.1', info: { title: 'basic', version: '1' }, 'x-gwc-flavour': 'rest',
    components: { securitySchemes: { users: { type: 'http', scheme: 'Basic', 'x-gwc-basic': { realm: 'the "shop"', users: { ann: hashOf('secret'), carl: 'env:CARL' } } }, nobody: { type: 'http', scheme: 'basic', 'x-gwc-basic': {} } } },
    paths: Object.fromEntries(['users', 'nobody'].map((name) => [name === 'users' ? '/pets' : '/nobody', { get: { security: [{ [name]: [] }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '$context.authorizer.principalId' } } } } } }])),
  }));
  const compilation = await compile(join(folder, 'api.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  bundle = compilation.bundle.code;
  gateway = await runGateway(bundle, ['--htpasswd', `users=${join(folder, 'users')}`], { CARL: hashOf('carl') });
});
test.after(async () => { await gateway?.stop(); rmSync(folder, { recursive: true }); });

test('users of the document, of the environment, of the file', async () => {
  for (let round = 0; round < 2; round++) for (const [user, password] of [['ann', 'secret'], ['carl', 'carl'], ['bob', 'pass:with:colons'], ['zo\u00eb', 'p\u00e4ss']] as const) {
    const answer = await get(credentials(user, password));
    assert.equal([answer.status, answer.body], [200, user], `${user}: ${answer.body}`);
  }
  assert.is((await get(credentials('ann', 'secret').replace('Basic', 'bASIC'))).status, 200);
});

test('everybody else', async () => {
  for (const value of [undefined, '', 'Basic', 'Basic !', 'Bearer x', 'Basic YW5u', credentials('ann', 'Secret'), credentials('ann', ''), credentials('ann', 'secret '), credentials('', ''), credentials('nobody', 'secret'), credentials('__proto__', 'x'), credentials('Ann', 'secret'), `${credentials('ann', 'secret')}, x`, `Basic ${'A'.repeat(9_000)}`]) {
    const answer = await get(value);
    assert.equal([answer.status, answer.body], [401, '{"message":"Unauthorized"}'], String(value));
    assert.is(answer.fields.find(([name]) => name.toLowerCase() === 'www-authenticate')?.[1], 'Basic realm="the \\"shop\\"", charset="UTF-8"');
  }
  assert.is((await get(credentials('ann', 'secret'), '/pets', [['Authorization', credentials('ann', 'secret')]])).status, 401, 'twice');
  assert.is((await get(credentials('ann', 'secret'), '/nobody')).status, 401, 'a scheme without users');
});

test('a flood of guesses: no more work at a time than is taken, and those who are known are served', async () => {
  assert.is((await get(credentials('ann', 'secret'))).status, 200);
  const guesses = Array.from({ length: 150 }, (_, i) => get(credentials(i % 2 === 0 ? 'ann' : 'stranger', `guess ${i}`)));
  const known = await Promise.all(Array.from({ length: 10 }, () => get(credentials('ann', 'secret'))));
  assert.ok(known.every(({ status }) => status === 200));
  const statuses = new Set((await Promise.all(guesses)).map(({ status }) => status));
  assert.ok([...statuses].every((status) => status === 401 || status === 429) && statuses.has(401), [...statuses].join());
});

test('what cannot be a user ends the start, and shows no hash', async () => {
  const failed = (args: string[], environment: Record<string, string> = { CARL: hashOf('carl') }): Promise<string> => runGateway(bundle, args, environment).then(() => 'started', (error: Error) => error.message);
  assert.match(await failed([], {}), /ended with 1: environment variable not set: CARL/);
  writeFileSync(join(folder, 'old'), 'bob:$apr1$aaaaaaaa$bbbbbbbbbbbbbbbbbbbbb1\n');
  const message = await failed(['--htpasswd', `users=${join(folder, 'old')}`]);
  assert.match(message, /user "bob" has no scrypt hash/);
  assert.not.match(message, /apr1/);
  writeFileSync(join(folder, 'costly'), `bob:${hashOf('x').replace('ln=12', 'ln=30')}\n`);
  assert.match(await failed(['--htpasswd', `users=${join(folder, 'costly')}`]), /no scrypt hash/);
  assert.match(await failed(['--htpasswd', `users=${join(folder, 'nowhere')}`]), /ENOENT/);
});

test.run();
