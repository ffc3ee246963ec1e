/** TLS to Redis servers of our own, with certificates made for the test: who is trusted, who is let in, one server, a cluster and sentinels; what an ACL user needs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CannotStart } from '../../cannot-start.js';
import { createLimits, type LimitsDeclaration } from '../../limits/limits.js';
import { openStore } from '../open-store.js';
import { dayOf, dayText } from '../store.js';
import { hasRedis, startRedis, type RedisServer } from '../testing/redis-server.js';

const test = suite('TLS to Redis');
const folder = mkdtempSync(join(tmpdir(), 'gwc-redis-tls-'));
const path = (name: string): string => join(folder, name);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function certificate(name: string, subject: string, ...more: string[]): void {
  openssl('req', ...EC, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject, ...more);
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy', '-out', `${name}.crt`, '-days', '30');
}

const authority = (name: string): void => openssl('req', '-x509', ...EC, '-keyout', `${name}.key`, '-out', `${name}.crt`, '-days', '30', '-subj', `/CN=${name}`);

/** A Redis that speaks TLS only; its certificate is for `localhost`, not for addresses. */
const secured = (more: readonly string[] = [], sentinelConfig?: string): Promise<RedisServer> => startRedis((port) => [
  '--port', '0', '--tls-port', String(port), '--tls-cert-file', path('server.crt'), '--tls-key-file', path('server.key'), '--tls-ca-cert-file', path('ca.crt'), '--tls-auth-clients', 'no', ...more,
], sentinelConfig);
const cli = (port: number, ...args: string[]): string => execFileSync('redis-cli', ['-h', 'localhost', '-p', String(port), '--tls', '--cacert', path('ca.crt'), ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

let isPossible = false;
test.before(() => {
  if (!hasRedis()) return;
  if (spawnSync('openssl', ['version']).status !== 0) return void console.log('skipped: openssl is not installed');
  // Redis can be compiled without TLS; it says so when it is asked for a certificate.
  if (String(spawnSync('redis-server', ['--port', '0', '--tls-port', '1', '--tls-cert-file', '/nowhere']).stdout).includes('Bad directive')) return void console.log('skipped: this redis-server was compiled without TLS');
  authority('ca');
  authority('stranger');
  certificate('server', '/CN=redis', '-addext', 'subjectAltName=DNS:localhost');
  certificate('gateway', '/CN=gateway');
  isPossible = true;
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const LIMITED: LimitsDeclaration = {
  operations: 1, stages: { prod: { every: [100, 100], operations: {} } }, plans: [{ throttle: [50, 50], quota: [5, 'DAY', 0], operations: {} }], clients: [{ prod: 0 }],
  names: { api: 'api', routes: 'routes', plans: ['plan'], keys: ['key'], planFails: ['local'], stageFails: {} },
};

/** All that is done with a store: a record written and read by another connection, which is told of it; limits, usage. */
async function works(address: string, log: (line: string) => void = () => {}): Promise<void> {
  const one = openStore(address, log), other = openStore(address, log);
  try {
    await Promise.all([one.ready(), other.ready()]);
    let told = '';
    other.watch((kind) => { told = kind; });
    await pause(300);
    const version = await one.put('tls', 'id', { secret: 'kept' });
    assert.equal(await other.get('tls', 'id'), { id: 'id', value: { secret: 'kept' }, version });
    for (let i = 0; i < 100 && told === ''; i++) await pause(20);
    assert.is(told, 'tls');
    await one.setRemaining('plan', 'key', [5, 'DAY', 0], 5);
    const backend = one.limits(createLimits(LIMITED, 'prod', 0, Date.now()), LIMITED.names!, 'prod', null);
    await backend.probe();
    for (const [asked, admitted] of [[3, 3], [4, 2]]) assert.is((await backend.decide([0, 0, asked!])).answers[1], admitted);
    assert.is(await other.remaining('plan', 'key', [5, 'DAY', 0]), 0);
    await other.setRemaining('plan', 'key', [5, 'DAY', 0], 5);
    const today = dayText(dayOf(Date.now()));
    assert.equal((await other.usage('plan', today, today)).map(({ used, ...rest }) => ({ ...rest, isCounted: used > 0 && used % 5 === 0 })), [{ client: 'key', day: today, remaining: 5, isCounted: true }]);
    assert.is(await other.remove('tls', 'id'), true);
  } finally { await one.close(); await other.close(); }
}

/** What a start with this address ends with. */
async function refusal(address: string): Promise<string> {
  const lines: string[] = [];
  const store = openStore(address, (line) => lines.push(line));
  try {
    await store.ready();
    return `started; ${lines.join('\n')}`;
  } catch (error) {
    assert.instance(error, CannotStart, String(error));
    assert.not.match([...lines, (error as Error).message].join('\n'), /hunter2/);
    return (error as Error).message;
  } finally { await store.close(); }
}

test('one server: its certificate must come from the given authority and be for its name', async () => {
  if (!isPossible) return;
  const server = await secured(['--requirepass', 'hunter2']);
  const { port } = server;
  try {
    await works(`rediss://:hunter2@localhost:${port}?ca=${path('ca.crt')}`);
    await works(`rediss://:hunter2@127.0.0.1:${port}?ca=${path('ca.crt')}&servername=localhost`);
    assert.match(await refusal(`rediss://:hunter2@127.0.0.1:${port}?ca=${path('ca.crt')}`), /^rediss:\/\/127\.0\.0\.1:\d+: no trusted TLS connection: .*IP: 127\.0\.0\.1 is not in the cert's list/);
    assert.match(await refusal(`rediss://:hunter2@localhost:${port}?ca=${path('ca.crt')}&servername=other.test`), /no trusted TLS connection: .*other\.test/);
    assert.match(await refusal(`rediss://:hunter2@localhost:${port}`), /no trusted TLS connection: unable to verify the first certificate|no trusted TLS connection: .*certificate/);
    assert.match(await refusal(`rediss://:hunter2@localhost:${port}?ca=${path('stranger.crt')}`), /no trusted TLS connection: .*certificate/);
    assert.match(await refusal(`rediss://:wrong-hunter2@localhost:${port}?ca=${path('ca.crt')}`), /refuses the connection: WRONGPASS/);
    try { openStore(`rediss://:hunter2@localhost:${port}?ca=${path('none.crt')}`, () => {}); assert.unreachable(); } catch (error) { assert.instance(error, CannotStart); assert.match((error as Error).message, /ca=.*none\.crt: there is no such file/); }
    // Without TLS nothing is said to a server that wants it: no password leaves in the clear to whoever answers otherwise.
    assert.match(await refusal(`redis://:hunter2@localhost:${port}`), /^started; redis:\/\/localhost:\d+: /);
  } finally { await server.stop(); }
});

test('a server that wants certificates gets the one that is given', async () => {
  if (!isPossible) return;
  const server = await secured(['--tls-auth-clients', 'yes']);
  const address = `rediss://localhost:${server.port}?ca=${path('ca.crt')}`;
  try {
    assert.match(await refusal(address), /no trusted TLS connection: .*certificate required/i);
    await works(`${address}&cert=${path('gateway.crt')}&key=${path('gateway.key')}`);
  } finally { await server.stop(); }
});

test('a cluster: nodes are connected to by the names they announce', async () => {
  if (!isPossible) return;
  const nodes = await Promise.all([1, 2, 3].map(() => secured(['--cluster-enabled', 'yes', '--tls-cluster', 'yes', '--tls-replication', 'yes', '--cluster-announce-hostname', 'localhost', '--cluster-preferred-endpoint-type', 'hostname'])));
  try {
    cli(nodes[0]!.port, '--cluster', 'create', ...nodes.map(({ port }) => `127.0.0.1:${port}`), '--cluster-yes', '--sni', 'localhost');
    for (let i = 0; i < 100 && !nodes.every(({ port }) => cli(port, 'cluster', 'info').includes('cluster_state:ok')); i++) await pause(100);
    for (let i = 0; i < 100 && !nodes.every(({ port }) => !cli(port, 'cluster', 'slots').includes('127.0.0.1\n')); i++) await pause(100);
    const hosts = nodes.map(({ port }) => `localhost:${port}`).join(',');
    await works(`rediss-cluster://${hosts}?ca=${path('ca.crt')}`);
    assert.match(await refusal(`rediss-cluster://${hosts}?ca=${path('stranger.crt')}`), /no trusted TLS connection/);
    assert.match(await refusal(`rediss-cluster://127.0.0.1:${nodes[0]!.port}?ca=${path('ca.crt')}`), /no trusted TLS connection: .*127\.0\.0\.1/);
  } finally { await Promise.all(nodes.map((node) => node.stop())); }
});

test('sentinels and the master they name', async () => {
  if (!isPossible) return;
  const master = await secured(['--tls-replication', 'yes']);
  const config = path('sentinel.conf');
  writeFileSync(config, `sentinel resolve-hostnames yes\nsentinel announce-hostnames yes\nsentinel monitor main localhost ${master.port} 1\n`);
  const sentinel = await secured(['--tls-replication', 'yes'], config);
  try {
    await works(`rediss-sentinel://localhost:${sentinel.port}/main?ca=${path('ca.crt')}`);
    assert.match(await refusal(`rediss-sentinel://localhost:${sentinel.port}/main?ca=${path('stranger.crt')}`), /no trusted TLS connection/);
    assert.match(await refusal(`rediss-sentinel://127.0.0.1:${sentinel.port}/main?ca=${path('ca.crt')}`), /no trusted TLS connection: .*127\.0\.0\.1/);
  } finally { await sentinel.stop(); await master.stop(); }
});

test('an ACL user needs no more than what is documented; name and password may come from the environment', async () => {
  if (!isPossible) return;
  const server = await secured();
  const { port } = server;
  const readme = readFileSync(new URL('../../../../runtime/store/README.md', import.meta.url), 'utf8');
  const rule = /^ACL SETUSER (gateway) on >PASSWORD (.*)$/m.exec(readme)!;
  try {
    cli(port, 'acl', 'setuser', rule[1]!, 'on', '>hunter2', ...rule[2]!.split(' '));
    cli(port, 'acl', 'setuser', 'default', 'off');
    await works(`rediss://gateway:hunter2@localhost:${port}?ca=${path('ca.crt')}`, (line) => assert.unreachable(line));
    Object.assign(process.env, { GWC_STORE_USERNAME: 'gateway', GWC_STORE_PASSWORD: 'hunter2' });
    await works(`rediss://localhost:${port}?ca=${path('ca.crt')}`);
    // What the address says stands over it.
    assert.match(await refusal(`rediss://other:pass@localhost:${port}?ca=${path('ca.crt')}`), /WRONGPASS/);
    const store = openStore(`rediss://localhost:${port}?ca=${path('ca.crt')}&prefix=other`, () => {});
    await store.ready();
    try { await store.put('kind', 'id', 1); assert.unreachable(); } catch (error) { assert.match((error as Error).message, /NOPERM/); } finally { await store.close(); }
  } finally {
    delete process.env['GWC_STORE_USERNAME'];
    delete process.env['GWC_STORE_PASSWORD'];
    await server.stop();
  }
});

test.run();
