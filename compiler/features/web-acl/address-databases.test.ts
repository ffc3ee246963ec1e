/** GeoMatch, AsnMatch and rates per autonomous system, by databases in MaxMind's format that the gateway reads at start and on SIGHUP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { rawRequest, runGateway } from '../../testing/running-gateway.js';
import { writeMmdb } from '../../../runtime/waf/testing/mmdb-writer.js';

const test = suite('databases of addresses');
const folder = mkdtempSync(join(tmpdir(), 'gwc-mmdb-'));
test.after(() => rmSync(folder, { recursive: true }));

const VISIBILITY = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'm' };
const block = (ResponseCode: number): object => ({ Block: { CustomResponse: { ResponseCode } } });
const acl = (rules: readonly (readonly [statement: object, status: number])[]): object => ({
  Name: 'acl', DefaultAction: { Allow: {} }, VisibilityConfig: VISIBILITY,
  Rules: rules.map(([Statement, status], Priority) => ({ Name: `rule${Priority}`, Priority, Statement, Action: block(status), VisibilityConfig: VISIBILITY })),
});
const RULES = acl([
  [{ AsnMatchStatement: { AsnList: [64_500] } }, 450],
  [{ AsnMatchStatement: { AsnList: [0, 64_501], ForwardedIPConfig: { HeaderName: 'X-Via', FallbackBehavior: 'MATCH' } } }, 451],
  [{ GeoMatchStatement: { CountryCodes: ['DE', 'FR'] } }, 452],
  [{ GeoMatchStatement: { CountryCodes: ['JP'], ForwardedIPConfig: { HeaderName: 'X-Via', FallbackBehavior: 'NO_MATCH' } } }, 453],
  [{ LabelMatchStatement: { Scope: 'LABEL', Key: 'awswaf:clientip:geo:region:US-CA' } }, 454],
  [{ RateBasedStatement: { Limit: 10, EvaluationWindowSec: 60, AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ ASN: {} }, { HTTPMethod: {} }] } }, 429],
]);

async function build(webAcl: object): Promise<{ code: string | undefined; codes: readonly string[]; modules: readonly string[] }> {
  const path = join(folder, 'spec.json');
  const mock = { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200' } } } };
  writeFileSync(path, JSON.stringify({ openapi: '3.0.1', info: { title: 't', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { webAcl }, paths: { '/': { get: mock, post: mock } } }));
  const { bundle, diagnostics } = await compile(path, { clients: [] });
  return { code: bundle?.code, codes: diagnostics.map(({ code }) => code), modules: bundle?.modules.map(({ module }) => module) ?? [] };
}

const country = (iso_code: string, subdivision?: string): object => ({ country: { iso_code, names: { en: 'somewhere' } }, ...(subdivision === undefined ? {} : { subdivisions: [{ iso_code: subdivision }] }) });
const geo = join(folder, 'geo.mmdb'), asn = join(folder, 'asn.mmdb');
const ARGS = ['--trust-proxy', '127.0.0.1', '--asn-database', asn];

test('countries, regions, autonomous systems, of clients and of fields, IPv4 and IPv6; rates per system; a new file on SIGHUP', async () => {
  writeFileSync(geo, writeMmdb('GeoLite2-City', [['192.0.2.0/24', country('US')], ['192.0.2.128/25', country('US', 'CA')], ['198.51.100.0/24', country('DE')], ['2001:db8:1::/48', country('FR')], ['2001:db8:2::/48', { registered_country: { iso_code: 'JP' } }], ['203.0.113.0/24', { country: 7 } as never]] as never));
  writeFileSync(asn, writeMmdb('GeoLite2-ASN', [['192.0.2.0/25', { autonomous_system_number: 64_496, autonomous_system_organization: 'x'.repeat(40) }], ['192.0.2.64/32', { autonomous_system_number: 64_500 }], ['198.51.100.0/24', { asn: 'AS64501' }], ['2001:db8:2::/48', { autonomous_system_number: 64_497 }]]));
  const { code, modules } = await build({ ...RULES, geo: { mmdb: geo }, asn: { mmdb: true } });
  assert.ok(code);
  assert.ok(modules.some((module) => module.includes('mmdb-lib')));
  const gateway = await runGateway(code, ARGS);
  const status = async (client: string, via?: string, method = 'GET'): Promise<number> => (await rawRequest(gateway.port, method, '/', [['X-Forwarded-For', client], ...(via === undefined ? [] : [['X-Via', via] as const])], '')).status;
  try {
    for (const [client, via, expected] of [
      ['192.0.2.1', undefined, 200], ['192.0.2.64', undefined, 450], ['192.0.2.200', undefined, 454], ['198.51.100.9', undefined, 452], ['2001:db8:1::7', undefined, 452], ['::ffff:198.51.100.9', undefined, 452], ['2001:db8:3::1', undefined, 200], ['203.0.113.1', undefined, 200], ['8.8.8.8', undefined, 200],
      ['192.0.2.1', '198.51.100.1', 451], ['192.0.2.1', '8.8.8.8', 451], ['192.0.2.1', 'nobody', 451], ['192.0.2.1', '192.0.2.3', 200], ['192.0.2.1', '2001:db8:2::1, 8.8.8.8', 453],
    ] as const) assert.is(await status(client, via), expected, `${client} ${via ?? ''}`);
    const found: number[] = [];
    for (let i = 0; i < 12; i++) found.push(await status(`192.0.2.${i + 1}`, undefined, 'POST'));
    assert.equal(found, [...Array<number>(10).fill(200), 429, 429]);
    assert.is(await status('2001:db8:2::1', undefined, 'POST'), 200);
    // A file that cannot be read changes nothing; one that can is taken.
    writeFileSync(geo, 'no database');
    gateway.process.kill('SIGHUP');
    await until(() => /geo\.mmdb is no database/.test(gateway.stderr()));
    assert.match(gateway.stderr(), /geo\.mmdb is no database in MaxMind's format/);
    assert.is(await status('198.51.100.9'), 452);
    writeFileSync(geo, writeMmdb('GeoLite2-Country', [['198.51.100.0/24', country('US')], ['8.8.8.0/24', country('DE')]] as never));
    gateway.process.kill('SIGHUP');
    await until(async () => await status('8.8.8.8') === 452);
    assert.is(await status('8.8.8.8'), 452);
    assert.is(await status('198.51.100.9'), 200);
  } finally {
    assert.is(await gateway.stop(), 0);
  }
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100 && !await holds(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
}

test('a database of IPv4 only says nothing about IPv6; one that is missing, broken or cut ends the start with the reason', async () => {
  const { code } = await build({ ...acl([[{ GeoMatchStatement: { CountryCodes: ['DE'] } }, 450]]), geo: { mmdb: true } });
  const good = writeMmdb('GeoLite2-Country', [['0.0.0.0/1', country('DE')]] as never, 4);
  writeFileSync(geo, good);
  const gateway = await runGateway(code!, ['--trust-proxy', '127.0.0.1'], { GWC_GEO_DATABASE: geo });
  try {
    for (const [client, expected] of [['1.2.3.4', 450], ['200.1.1.1', 200], ['1::1', 200]] as const) assert.is((await rawRequest(gateway.port, 'GET', '/', [['X-Forwarded-For', client]], '')).status, expected, client);
  } finally {
    await gateway.stop();
  }
  for (const [what, bytes, expected] of [['missing', null, /ENOENT/], ['text', Buffer.from('no database'), /no database in MaxMind/], ['cut', good.subarray(0, good.length - 60), /no database in MaxMind/], ['empty', Buffer.alloc(0), /no database in MaxMind/]] as const) {
    const file = join(folder, `${what}.mmdb`);
    if (bytes) writeFileSync(file, bytes);
    const failure = await runGateway(code!, ['--geo-database', file]).then(() => undefined, (error: Error) => error.message);
    assert.match(failure ?? '', /ended with 1: /, what);
    assert.match(failure!, expected, what);
  }
  assert.match(await runGateway(code!).then(() => '', (error: Error) => error.message), /--geo-database is needed/);
});

test('what the document has to say', async () => {
  for (const [webAcl, expected] of [
    [acl([[{ AsnMatchStatement: { AsnList: [1] } }, 450]]), 'GWC2974'],
    [{ ...acl([[{ AsnMatchStatement: { AsnList: [1] } }, 450]]), asn: { file: 'x' } }, 'GWC2974'],
    [{ ...acl([[{ AsnMatchStatement: { AsnList: [] } }, 450]]), asn: { mmdb: true } }, 'GWC2951'],
    [{ ...acl([[{ AsnMatchStatement: { AsnList: [-1] } }, 450]]), asn: { mmdb: true } }, 'GWC2951'],
    [{ ...acl([[{ GeoMatchStatement: { CountryCodes: ['DE'] } }, 450]]), geo: { mmdb: 7 } }, 'GWC2957'],
    [{ ...acl([[{ GeoMatchStatement: { CountryCodes: ['DE'] } }, 450]]), geo: { mmdb: 'a', header: 'b' } }, 'GWC2957'],
  ] as const) {
    const { code, codes } = await build(webAcl);
    assert.ok(codes.includes(expected), `${expected}: ${codes.join()}`);
    assert.not(code);
  }
  const { modules } = await build(acl([]));
  assert.not(modules.some((module) => module.includes('mmdb')));
});

test.run();
