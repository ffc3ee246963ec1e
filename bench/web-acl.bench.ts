/**
 * What web ACLs add to a request: ten rules of AWS WAFv2's kinds, and the OWASP core rule set where its files are (CRS=DIR, Debian's folder by default). The generated
 * handlers run in this process, on parsed heads, with an answer that costs nearly nothing. Compare inside the run.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from '../compiler/index.js';
import { Exchange, type IncomingBody, type Reply } from '../runtime/exchange.js';
import type { Gateway } from '../runtime/gateway.js';
import { Head } from '../runtime/http1/head.js';
import { DEFAULT_LIMITS } from '../runtime/http1/limits.js';
import { parseRequestHead } from '../runtime/http1/request-head.js';
import { median, row } from './compare.js';

const CRS = process.env['CRS'] ?? '/usr/share/modsecurity-crs/rules';
const CALLS = 5_000;
const ROUNDS = 15;
const folder = mkdtempSync(join(tmpdir(), 'gwc-bench-'));

const seen = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'bench' };
const plain = [{ Priority: 0, Type: 'NONE' }], decoded = [{ Priority: 0, Type: 'URL_DECODE' }, { Priority: 1, Type: 'LOWERCASE' }];
const contains = (text: string, field: object): object => ({ ByteMatchStatement: { SearchString: text, FieldToMatch: field, TextTransformations: decoded, PositionalConstraint: 'CONTAINS' } });
const STATEMENTS: readonly object[] = [
  contains('<script', { AllQueryArguments: {} }), contains('../', { UriPath: {} }), contains('union select', { QueryString: {} }), contains('evil', { SingleHeader: { Name: 'User-Agent' } }),
  { RegexMatchStatement: { RegexString: '(?i)^(bad|evil)bot/\\d', FieldToMatch: { SingleHeader: { Name: 'User-Agent' } }, TextTransformations: plain } },
  { SizeConstraintStatement: { ComparisonOperator: 'GT', Size: 2_000, FieldToMatch: { QueryString: {} }, TextTransformations: plain } },
  { SqliMatchStatement: { FieldToMatch: { AllQueryArguments: {} }, TextTransformations: plain } }, { XssMatchStatement: { FieldToMatch: { AllQueryArguments: {} }, TextTransformations: plain } },
  { NotStatement: { Statement: { SizeConstraintStatement: { ComparisonOperator: 'GT', Size: 0, FieldToMatch: { SingleHeader: { Name: 'Host' } }, TextTransformations: plain } } } },
  { AndStatement: { Statements: [contains('admin', { UriPath: {} }), { NotStatement: { Statement: contains('office', { SingleHeader: { Name: 'X-From' } }) } }] } },
];
const acl = (rules: readonly object[]): object => ({ Name: 'bench', DefaultAction: { Allow: {} }, VisibilityConfig: seen, Rules: rules.map((rule, i) => ({ Name: `rule${i}`, Priority: i, VisibilityConfig: seen, ...rule })) });

async function build(name: string, webAcl: object | undefined, crs?: string): Promise<Gateway> {
  const integration = { type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200' } } };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({
    openapi: '3.0.1', info: { title: 'bench', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': webAcl === undefined ? {} : { webAcl },
    paths: { '/pets': { get: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': integration } } },
  }));
  const { bundle, diagnostics } = await compile(join(folder, `${name}.json`), { clients: [], ...(crs === undefined ? {} : { crs }) });
  if (!bundle) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  writeFileSync(join(folder, `${name}.mjs`), bundle.code);
  return ((await import(pathToFileURL(join(folder, `${name}.mjs`)).href)) as { createGateway(options: object): Gateway }).createGateway({ log: () => {} });
}

const subjects: [name: string, gateway: Gateway][] = [
  ['no web ACL', await build('none', undefined)],
  ['ten rules', await build('ten', acl(STATEMENTS.map((Statement) => ({ Statement, Action: { Block: {} } }))))],
];
if (existsSync(CRS)) subjects.push(['OWASP core rule set', await build('crs', acl([{ Statement: { ManagedRuleGroupStatement: { VendorName: 'OWASP', Name: 'CRS' } }, OverrideAction: { None: {} } }]), CRS)]);
else console.log(`no core rule set at ${CRS}: left out`);

let answered = 0, statuses = 0;
const done = (status: number): void => { answered++; statuses += status; };
const reply = { started: false, bodyBytes: 0, watcher: null, send: done, sendConstant: ({ status }: { status: number }) => done(status) } as unknown as Reply;
const incoming: IncomingBody = { length: 0, complete: true, collect: (_limit, use) => use(Buffer.alloc(0)), pipe: () => {}, resume: () => {} };
const connection = { remoteAddress: '192.0.2.1', remotePort: 1, localPort: 80, secure: false, protocol: 'HTTP/1.1' };
const requests = Array.from({ length: 500 }, (_, i) => {
  const target = `/pets?q=black+labrador+${i}&sort=-created&page=${i % 40}&fields=id%2Cname%2Cage`;
  const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nAccept: application/json\r\nAccept-Language: en\r\nReferer: https://www.example.com/pets\r\nCookie: session=${i}abcdef; theme=dark\r\nConnection: keep-alive\r\n\r\n`);
  const head = new Head(bytes);
  if (parseRequestHead(head, 0, bytes.length, DEFAULT_LIMITS) < 0) throw new Error('head');
  return { head, target: Buffer.from(target, 'latin1'), path: target.indexOf('?') };
});
function ask({ handler, state }: Gateway, calls: number): void {
  for (let i = 0; i < calls; i++) {
    const { head, target, path } = requests[i % requests.length]!;
    handler(new Exchange(state, 'GET', target, 0, path, path + 1, target.length, head, incoming, reply, connection));
  }
}

const times = subjects.map((): number[] => []);
for (let round = -3; round < ROUNDS; round++) {
  for (const [i, [name, gateway]] of subjects.entries()) {
    answered = statuses = 0;
    const started = process.cpuUsage();
    ask(gateway, CALLS);
    const { user, system } = process.cpuUsage(started);
    if (answered !== CALLS || statuses !== 200 * CALLS) throw new Error(`${name}: ${answered} answers, statuses ${statuses / CALLS} in the mean`);
    if (round >= 0) times[i]!.push((user + system) / CALLS);
  }
}
console.log(`µs of CPU per request that is let in, median of ${ROUNDS}`);
const base = median(times[0]!);
for (const [i, [name]] of subjects.entries()) row(name, `${median(times[i]!).toFixed(1)} µs`, i === 0 ? '' : `+${(median(times[i]!) - base).toFixed(1)} µs`);
for (const [, gateway] of subjects) gateway.close();
rmSync(folder, { recursive: true });
