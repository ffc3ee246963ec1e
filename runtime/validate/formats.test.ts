import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as formats from './formats.js';

const test = suite('formats');

type Check = (value: never) => boolean;
const CASES: Record<string, { good: unknown[]; bad: unknown[] }> = {
  isInt32: { good: [0, -2147483648, 2147483647, 1.0], bad: [2147483648, 1.5, -2147483649] },
  isInt64: { good: [0, 9007199254740993, -9223372036854775808], bad: [1.5, 1e19, -1e19] },
  isBase64: { good: ['', 'Zg==', 'Zm8=', 'Zm9v'], bad: ['Zg=', 'Zg', 'Zm9v=', 'Z_-v', 'Z===', ' Zm9'] },
  isDate: { good: ['2024-02-29', '1970-01-01', '2000-02-29'], bad: ['2023-02-29', '1900-02-29', '2024-13-01', '2024-00-10', '2024-01-00', '2024-04-31', '24-01-01', '2024-1-1', '2024-01-01 '] },
  isTime: { good: ['00:00:00Z', '23:59:59.123+01:00', '23:59:60Z', '01:29:60+01:30', '12:00:00z'], bad: ['24:00:00Z', '12:60:00Z', '12:00:60Z', '12:00:00', '12:00:00+24:00', '12:00Z', '1:00:00Z'] },
  isDateTime: { good: ['2024-01-31T10:00:00Z', '2024-01-31t10:00:00.5-08:00'], bad: ['2024-01-31 10:00:00Z', '2024-01-31', '2024-02-30T10:00:00Z', '2024-01-31T10:00:00'] },
  isDuration: { good: ['P1D', 'P1Y2M3D', 'PT1H', 'PT36H', 'P2W', 'P1MT5S', 'P0D'], bad: ['P', 'PT', 'P1', '1D', 'P1D2H', 'P1Y3D', 'P2W1D', 'PT1H5S', 'P1DT'] },
  isUuid: { good: ['2eb8aa08-aa98-11ea-b4aa-73b441d16380', '2EB8AA08-AA98-11EA-B4AA-73B441D16380', '00000000-0000-0000-0000-000000000000'], bad: ['urn:uuid:2eb8aa08-aa98-11ea-b4aa-73b441d16380', '2eb8aa08aa9811eab4aa73b441d16380', '2eb8aa08-aa98-11ea-b4aa-73b441d1638', 'g'] },
  isEmail: { good: ['a@b.de', 'x.y+z@sub.example.com', "o'brien@example.com", 'a@localhost'], bad: ['a', '@b.de', 'a@', 'a@b@c', '.a@b.de', 'a..b@c.de', 'a@-b.de', `${'a'.repeat(65)}@b.de`, 'a b@c.de'] },
  isIdnEmail: { good: ['실례@실례.테스트', 'a@b.de'], bad: ['2962', '@실례', 'a b@c'] },
  isHostname: { good: ['a', 'example.com', 'xn--4gbwdl.xn--wgbh1c', 'a1.b2', 'a'.repeat(63)], bad: ['', '-a', 'a-', 'a..b', 'a.', 'a_b', 'a'.repeat(64), `${'a.'.repeat(127)}aa`] },
  isIdnHostname: { good: ['실례.테스트', 'example.com'], bad: ['', '-실례', '실 례'] },
  isIpv4: { good: ['0.0.0.0', '255.255.255.255', '192.0.2.1'], bad: ['256.0.0.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4.', ' 1.2.3.4'] },
  isIpv6: { good: ['::', '::1', '1::', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1', 'fe80::1', '1:2:3:4:5:6:192.0.2.1', '1::3:4:5:6:7:8'], bad: ['', ':', '1:2:3', '1::2::3', ':::', '12345::', '::1%eth0', '1:2:3:4:5:6:7:8:9', '::192.0.2.256', '1:2:3:4:5:6:7:192.0.2.1', '1:2:3:4::5:6:7:8'] },
  isUri: { good: ['https://example.com/a?b=c#d', 'urn:isbn:123', 'mailto:a@b.de', 'http://[::1]:80/', 'http://a@b:8080'], bad: ['//example.com', '/a', 'a', 'http://a b', 'http://a/%zz', 'http://[::1', 'http://a:b', '1http://a', 'http://a#b#c', 'http://a\\b', 'http://é.de'] },
  isUriReference: { good: ['', '/a', 'a/b', '#x', '//host/p', '?q'], bad: ['\\\\win', '/a b', '%', '#a#b'] },
  isUriTemplate: { good: ['', '/a/{id}', '{+base}/x{?a,b*,c:3}', "it's"], bad: ['{', '}', '{a', '{}', '{a..b}', 'a b', '{a:0}'] },
  isIri: { good: ['https://ƒøø.ßår/?∂éœ'], bad: ['ƒøø', 'http://a b'] },
  isIriReference: { good: ['/é', 'é#é'], bad: ['\\é'] },
  isRegex: { good: ['^a$', '[\\w-.]', '(?<n>a)\\k<n>'], bad: ['(', '[', '*', '^(abc]', '\\Z'] },
  isJsonPointer: { good: ['', '/', '/a/0', '/a~0b~1c'], bad: ['a', '/a~', '/a~2', '#/a'] },
  isRelativeJsonPointer: { good: ['0', '1/a', '0#', '120/foo/bar'], bad: ['', '/a', '-1', '01/a', '0##', '+1'] },
};

for (const [name, { good, bad }] of Object.entries(CASES)) {
  test(name, () => {
    const check = formats[name as keyof typeof formats] as Check;
    for (const value of good) assert.ok(check(value as never), `${JSON.stringify(value)} is good`);
    for (const value of bad) assert.not(check(value as never), `${JSON.stringify(value)} is bad`);
  });
}

test('every format has a case', () => assert.equal(Object.keys(CASES).sort(), Object.keys(formats).sort()));

test('hostile texts take no time', () => {
  const started = performance.now();
  for (const unit of ['a', '1', '.', 'a.', 'a-', '%41', '{a}', 'P1', ':', '/~0', '[', '@']) {
    for (const [name] of Object.entries(CASES)) {
      if (name.startsWith('isInt')) continue;
      const check = formats[name as keyof typeof formats] as Check;
      check((unit.repeat(50_000) + '\u0000') as never);
      check((`http://${unit.repeat(20_000)}\u0000`) as never);
    }
  }
  const spent = performance.now() - started;
  assert.ok(spent < 3000, `${spent} ms`);
});

test.run();
