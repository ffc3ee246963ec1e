/** `--trust-proxy`: who the client is, and what nobody but a trusted proxy can say. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from './exchange.js';
import { trustProxies, type Proxies } from './forwarded.js';
import { FlatFields } from './node-http/flat-fields.js';

const test = suite('trusted proxies');
const from = (remoteAddress: string): Connection => ({ remoteAddress, remotePort: 1, localPort: 8080, secure: false, protocol: 'HTTP/1.1' });
const proxies = trustProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']) as Proxies;
const seen = (peer: string, ...fields: string[]): Connection => proxies.seen(from(peer), new FlatFields(fields));

test('the client is the last address that is no trusted proxy', () => {
  for (const [peer, lines, address] of [
    ['203.0.113.9', ['1.2.3.4'], '203.0.113.9'],
    ['10.1.2.3', ['1.2.3.4'], '1.2.3.4'],
    ['10.1.2.3', ['9.9.9.9, 1.2.3.4'], '1.2.3.4'],
    ['10.1.2.3', ['9.9.9.9, 1.2.3.4, 192.0.2.7,10.9.9.9'], '1.2.3.4'],
    ['10.1.2.3', ['9.9.9.9', '1.2.3.4 , 10.0.0.1'], '1.2.3.4'],
    ['10.1.2.3', ['10.0.0.2, 10.0.0.1'], '10.0.0.2'],
    ['10.1.2.3', [], '10.1.2.3'],
    ['10.1.2.3', [''], '10.1.2.3'],
    ['192.0.2.7', ['1.2.3.4'], '1.2.3.4'],
    ['192.0.2.8', ['1.2.3.4'], '192.0.2.8'],
    ['::ffff:10.1.2.3', ['::ffff:1.2.3.4'], '1.2.3.4'],
    ['fd12::1', ['2001:db8::1'], '2001:db8::1'],
    ['fd12::1', ['[2001:db8::1]:443'], '2001:db8::1'],
    ['fd12::1%eth0', ['2001:db8::1%eth0'], '2001:db8::1'],
    ['fe80::1', ['2001:db8::1'], 'fe80::1'],
    ['10.1.2.3', ['1.2.3.4:5678'], '1.2.3.4'],
    // What is no address ends the list: nothing before it was written by a proxy.
    ['10.1.2.3', ['1.2.3.4, unknown'], '10.1.2.3'],
    ['10.1.2.3', ['1.2.3.4, unknown, 10.0.0.1'], '10.0.0.1'],
    ['10.1.2.3', ['1.2.3.4, ,'], '10.1.2.3'],
    ['10.1.2.3', ['1.2.3.256'], '10.1.2.3'],
    ['10.1.2.3', ['<script>'], '10.1.2.3'],
    ['', ['1.2.3.4'], ''],
  ] as const) {
    assert.is(seen(peer, ...lines.flatMap((line) => ['X-Forwarded-For', line])).remoteAddress, address, `${peer} ${lines.join(' | ')}`);
  }
});

test('scheme, port and name are the nearest proxy’s', () => {
  const fields = ['X-Forwarded-For', '1.2.3.4', 'x-forwarded-proto', 'http', 'X-Forwarded-Proto', 'http, HTTPS', 'X-Forwarded-Port', '1, 8443', 'X-Forwarded-Host', 'evil.test, api.example.com:8443', 'Forwarded', 'for=6.6.6.6;proto=http'];
  const { peer, ...client } = seen('10.0.0.1', ...fields);
  assert.equal(client, { remoteAddress: '1.2.3.4', remotePort: 1, localPort: 8443, secure: true, protocol: 'HTTP/1.1', host: 'api.example.com:8443' });
  assert.is(peer!.remoteAddress, '10.0.0.1');
  assert.equal(seen('11.0.0.1', ...fields), from('11.0.0.1'));
  assert.is(seen('10.0.0.1', 'X-Forwarded-Proto', 'https').localPort, 443);
  assert.equal(seen('10.0.0.1', 'X-Forwarded-Proto', 'gopher', 'X-Forwarded-Port', '-1', 'X-Forwarded-Host', 'a b'), { ...from('10.0.0.1'), peer: from('10.0.0.1') });
});

test('a range that is none is named', () => {
  for (const range of ['10.0.0.0/33', 'fd00::/129', '10.0.0', 'example.com', '', '10.0.0.0/', '10.0.0.0/8/8', '/8', '10.0.0.1 ', 'fe80::1%eth0/64', '10.0.0.0/-1']) assert.is(trustProxies(['127.0.0.1', range]), range);
  const every = trustProxies(['0.0.0.0/0', '::/0']) as Proxies;
  assert.ok(every.trusts('8.8.8.8') && every.trusts('2001::1') && !every.trusts('nobody'));
});

test.run();
