/** `--tls-cert` and `--tls-dir` of a gateway file: certificates by server name, and new ones on SIGHUP. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tls from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pause } from '../../runtime/http1/testing/raw.js';
import { ONE, TWO } from '../../runtime/http2/testing/certificates.js';
import { compile } from '../index.js';
import { runGateway, type RunningGateway } from './running-gateway.js';

const test = suite('certificates of a gateway file');
const folder = mkdtempSync(join(tmpdir(), 'gwc-names-'));
let bundle = '';

test.before(async () => {
  writeFileSync(join(folder, 'api.yaml'), `openapi: 3.0.3
info: {title: names, version: '1'}
paths:
  /local:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200'}}}
`);
  bundle = (await compile(join(folder, 'api.yaml'), { tls: true })).bundle!.code;
});
test.after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** The subject of the certificate shown for `servername`, and the protocol agreed on. */
function shown(port: number, servername: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', ...(servername === undefined ? {} : { servername }), rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] }, () => {
      resolve(`${String(socket.getPeerCertificate().subject.CN)} ${String(socket.alpnProtocol)}`);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** Sends SIGHUP until the log says what became of the certificates. */
async function reload(gateway: RunningGateway, until: () => Promise<boolean>): Promise<void> {
  gateway.process.kill('SIGHUP');
  for (let i = 0; i < 200; i++) {
    if (await until()) return;
    await pause(20);
  }
  assert.unreachable('not reloaded');
}

test('--tls-cert and --tls-key several times: by name, the first for every other', async () => {
  const gateway = await runGateway(bundle, [
    '--tls-cert', file('one.crt', ONE.cert), '--tls-key', file('one.key', ONE.key),
    `--tls-cert=${file('two.crt', TWO.cert)}`, `--tls-key=${file('two.key', TWO.key)}`,
  ]);
  try {
    assert.equal([await shown(gateway.port, 'one.test'), await shown(gateway.port, 'Two.Test'), await shown(gateway.port, 'other.test'), await shown(gateway.port, undefined)],
      ['one.test h2', 'two.test h2', 'one.test h2', 'one.test h2']);
  } finally {
    assert.is(await gateway.stop(), 0);
  }
});

test('--tls-dir: pairs in it and in its folders; new ones on SIGHUP, broken ones change nothing, open connections go on', async () => {
  file('dir/one.pem', ONE.cert);
  file('dir/one.key', ONE.key);
  file('dir/two.test/fullchain.pem', TWO.cert);
  file('dir/two.test/privkey.pem', TWO.key);
  file('dir/two.test/chain.pem', ONE.cert);
  file('dir/notes.txt', 'not a certificate');
  const gateway = await runGateway(bundle, [], { GWC_TLS_DIR: join(folder, 'dir') });
  try {
    assert.equal([await shown(gateway.port, 'one.test'), await shown(gateway.port, 'two.test')], ['one.test h2', 'two.test h2']);
    const open = tls.connect({ port: gateway.port, host: '127.0.0.1', servername: 'two.test', rejectUnauthorized: false });
    let text = '';
    open.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    await new Promise((resolve) => open.once('secureConnect', resolve));

    file('dir/two.test/fullchain.pem', 'not a certificate');
    await reload(gateway, async () => gateway.stderr().includes('kept the old certificates'));
    assert.is(await shown(gateway.port, 'two.test'), 'two.test h2');
    assert.match(gateway.stderr(), /kept the old certificates: certificate .*fullchain\.pem: /);
    assert.not.match(gateway.stderr(), /PRIVATE KEY/);

    file('dir/two.test/fullchain.pem', ONE.cert);
    file('dir/two.test/privkey.pem', ONE.key);
    await reload(gateway, async () => (await shown(gateway.port, 'two.test')) === 'one.test h2');
    open.write('GET /local HTTP/1.1\r\nHost: two.test\r\nConnection: close\r\n\r\n');
    await new Promise((resolve) => open.once('close', resolve));
    assert.match(text, /^HTTP\/1\.1 200 /);
  } finally {
    assert.is(await gateway.stop(), 0);
  }
});

test('a folder without certificates: exit 1 and what to put there', async () => {
  mkdirSync(join(folder, 'empty'));
  const message = await runGateway(bundle, ['--tls-dir', join(folder, 'empty')]).then(() => '', (error: Error) => error.message);
  assert.match(message, /^gateway ended with 1: .*no certificate in .*empty: name\.crt or name\.pem with name\.key/);
});

test.run();
