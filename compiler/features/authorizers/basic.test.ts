/** HTTP Basic: users of the document and of a file that changes, with scrypt and bcrypt hashes, what is told to others, and that guessing neither stops the gateway nor tells who is there. */
import { randomBytes, scryptSync } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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
/** As `htpasswd -B` writes it. */
const bcryptOf = (password: string, cost = 5): string => (createRequire(import.meta.url)('bcryptjs') as { hashSync(password: string, cost: number): string }).hashSync(password, cost).replace(/^\$2b/, '$2y');
/** OpenBSD's own: the password is U*U. */
const VECTOR = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const credentials = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const get = (authorization?: string, path = '/pets', more: [string, string][] = []): Promise<RawAnswer> => rawRequest(gateway!.port, 'GET', path, [...(authorization === undefined ? [] : [['Authorization', authorization] as [string, string]]), ...more], '');

test.before(async () => {
  writeFileSync(join(folder, 'users'), `# more of them\nbob:${hashOf('pass:with:colons')}\n\nzo\u00eb:${hashOf('p\u00e4ss')}\nbea:${bcryptOf('b\u00e4rs:and:bees')}\nopen:${VECTOR}\n`);
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
  for (let round = 0; round < 2; round++) for (const [user, password] of [['ann', 'secret'], ['carl', 'carl'], ['bob', 'pass:with:colons'], ['zo\u00eb', 'p\u00e4ss'], ['bea', 'b\u00e4rs:and:bees'], ['open', 'U*U']] as const) {
    const answer = await get(credentials(user, password));
    assert.equal([answer.status, answer.body], [200, user], `${user}: ${answer.body}`);
  }
  assert.is((await get(credentials('ann', 'secret').replace('Basic', 'bASIC'))).status, 200);
});

test('everybody else', async () => {
  for (const value of [undefined, '', 'Basic', 'Basic !', 'Bearer x', 'Basic YW5u', credentials('ann', 'Secret'), credentials('open', 'U*V'), credentials('open', 'U*U\0'), credentials('bea', ''), `Basic ${Buffer.from('bea:b\xe4rs:and:bees', 'latin1').toString('base64')}`, credentials('ann', ''), credentials('ann', 'secret '), credentials('', ''), credentials('nobody', 'secret'), credentials('__proto__', 'x'), credentials('Ann', 'secret'), `${credentials('ann', 'secret')}, x`, `Basic ${'A'.repeat(9_000)}`]) {
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
  assert.match(message, /user "bob" has an apr1 \(MD5\) hash, .*htpasswd -B/);
  assert.not.match(message, /aaaaaaaa|bbbbbbbb/);
  for (const [hash, reason] of [['{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=', /unsalted SHA-1/], ['$6$salt$zzzzzzzz', /crypt\(3\)/], ['hunter2zzzz', /no hash/], [bcryptOf('x').replace('$05$', '$31$'), /cost 31, which is not from 4 to 14/], [VECTOR.slice(0, -1), /no usable bcrypt hash/]] as const) {
    writeFileSync(join(folder, 'weak'), `bob:${hash}\n`);
    const text = await failed(['--htpasswd', `users=${join(folder, 'weak')}`]);
    assert.match(text, reason);
    assert.not.match(text, /W6ph5|zzzz|E5YPO9/);
  }
  writeFileSync(join(folder, 'costly'), `bob:${hashOf('x').replace('ln=12', 'ln=30')}\n`);
  assert.match(await failed(['--htpasswd', `users=${join(folder, 'costly')}`]), /no usable scrypt hash/);
  assert.match(await failed(['--htpasswd', `users=${join(folder, 'nowhere')}`]), /ENOENT/);
});

test('the file is read again when it changes: who was taken out is no longer let in, and a broken file changes nothing', async () => {
  const file = join(folder, 'changing');
  const write = async (text: string): Promise<void> => { writeFileSync(`${file}.new`, text); renameSync(`${file}.new`, file); await pause(650); };
  await write(`dora:${bcryptOf('first')}\nemil:${hashOf('emil')}\n`);
  const changing = await runGateway(bundle, ['--htpasswd', `users=${file}`], { CARL: hashOf('carl') });
  const status = async (user: string, password: string): Promise<number> => (await rawRequest(changing.port, 'GET', '/pets', [['Authorization', credentials(user, password)]], '')).status;
  try {
    assert.equal([await status('dora', 'first'), await status('emil', 'emil'), await status('ann', 'secret')], [200, 200, 200]);
    await write(`dora:${bcryptOf('second')}\n`);
    assert.equal([await status('dora', 'first'), await status('dora', 'second'), await status('emil', 'emil'), await status('ann', 'secret')], [401, 200, 401, 200]);
    for (const broken of ['dora\n', 'dora:$apr1$x$y\n', 'dora:plain\n']) {
      await write(broken);
      assert.equal([await status('dora', 'second'), await status('dora', 'plain')], [200, 401], broken);
    }
    assert.is(changing.stderr().match(/kept the old users: --htpasswd/g)?.length, 3, changing.stderr());
    assert.not.match(changing.stderr(), /\$2y|apr1\$|plain/);
    await write(`emil:${hashOf('emil')}\n`);
    changing.process.kill('SIGHUP');
    for (let i = 0; i < 100 && !changing.stderr().includes('took the new bundle'); i++) await pause(20);
    assert.equal([await status('emil', 'emil'), await status('dora', 'second')], [200, 401]);
  } finally { await changing.stop(); }
});

test('a flood of guesses at costly bcrypt hashes: others are answered meanwhile, no more than sixteen wait, and the process ends when it is told to', async () => {
  writeFileSync(join(folder, 'slow'), `slow:${bcryptOf('right', 11)}\n`);
  const slow = await runGateway(bundle, ['--htpasswd', `users=${join(folder, 'slow')}`], { CARL: hashOf('carl') });
  const ask = (user: string, password: string): Promise<RawAnswer> => rawRequest(slow.port, 'GET', '/pets', [['Authorization', credentials(user, password)]], '');
  try {
    const single = performance.now();
    assert.is((await ask('slow', 'right')).status, 200);
    const cost = performance.now() - single;
    const guesses = Array.from({ length: 40 }, (_, i) => ask('slow', `guess ${i}`));
    await pause(50);
    const started = performance.now();
    for (let i = 0; i < 20; i++) assert.is((await ask('slow', 'right')).status, 200, 'who is known is not hashed');
    const known = performance.now() - started;
    const statuses = (await Promise.all(guesses)).map(({ status }) => status).sort();
    const all = performance.now() - started;
    assert.equal([...new Set(statuses)], [401, 429]);
    assert.ok(statuses.filter((status) => status === 401).length <= 17, statuses.join());
    assert.ok(known < all / 2, `20 requests took ${known} ms, all guesses ${all} ms, one check ${cost} ms`);
    void ask('slow', 'one more').catch(() => {});
    await pause(20);
  } finally { assert.is(await slow.stop(), 0); }
});

test('whose hash did not change is let in, though the file changes while the password is checked', async () => {
  const file = join(folder, 'busy'), line = `slow:${bcryptOf('right', 12)}\n`;
  writeFileSync(file, line);
  const busy = await runGateway(bundle, ['--htpasswd', `users=${file}`], { CARL: hashOf('carl') });
  const ask = async (password: string): Promise<number> => (await rawRequest(busy.port, 'GET', '/pets', [['Authorization', credentials('slow', password)]], '')).status;
  try {
    await pause(600);
    const guesses = Array.from({ length: 8 }, (_, i) => ask(`guess ${i}`));
    await pause(50);
    const right = ask('right');
    writeFileSync(file, `${line}# another line\n`);
    await pause(600);
    void rawRequest(busy.port, 'GET', '/pets', [['Authorization', credentials('ann', 'x')]], '').catch(() => {});
    assert.is(await right, 200);
    assert.match(busy.stderr(), /again: 3 users/);
    assert.equal([...new Set(await Promise.all(guesses))], [401]);
  } finally { await busy.stop(); }
});

test.run();
