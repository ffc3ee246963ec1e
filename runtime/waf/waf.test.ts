/** The parts of web ACLs by themselves: addresses and sets, JSON texts, labels, words, rates, phrases. */
import { BlockList, isIPv4 } from 'node:net';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAddress } from './address.js';
import { isInSet, type IpSet } from './ip-set.js';
import { scanJson } from './json-body.js';
import { anyPhrase } from './phrases.js';
import { addToRate, customKey, isAboveRate, rateCounter, ratesInWindow } from './rate.js';
import { addLabel, hasLabel, hasLabelIn, type WafRequest } from './request.js';
import { containsWord } from './words.js';
import { readAddresses } from '../../compiler/features/web-acl/read-addresses.js';
import { Node } from '../../compiler/1-load/node.js';
import { Reporter } from '../../compiler/diagnostics/report.js';
import { inMemoryDocument } from '../../compiler/schema/testing/in-memory-document.js';

const test = suite('parts of web ACLs');

test('addresses', () => {
  for (const [text, expected] of [
    ['0.0.0.0', 0], ['255.255.255.255', 4294967295], ['::ffff:1.2.3.4', 0x01020304], ['::', '0'.repeat(32)], ['::1', `${'0'.repeat(31)}1`], ['2001:DB8::1', `20010db8${'0'.repeat(23)}1`], ['fe80::1%eth0', `fe80${'0'.repeat(27)}1`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'], ['64:ff9b::192.0.2.1', `0064ff9b${'0'.repeat(16)}c0000201`], ['::ffff:102:304', 0x01020304], ['1.2.3', null], ['', null], ['01.2.3.4', null], ['1.2.3.4.5', null], ['::g', null], ['1.2.3.4:80', null],
  ] as const) assert.equal(parseAddress(text), expected, text);
});

test('sets of addresses: as net.BlockList has them', () => {
  const address4 = fc.tuple(fc.constantFrom(10, 192, 0, 255), fc.nat(3), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
  const address6 = fc.tuple(fc.constantFrom('2001:db8', '::', 'fe80', 'ffff:ffff'), fc.nat(3), fc.nat(0xffff)).map(([start, a, b]) => (start === '::' ? `::${a}:${b.toString(16)}` : `${start}:${a.toString(16)}::${b.toString(16)}`));
  const range = fc.oneof(fc.tuple(address4, fc.nat(32)), fc.tuple(address6, fc.nat(128)));
  fc.assert(fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), fc.array(fc.oneof(address4, address6), { minLength: 20, maxLength: 20 }), (ranges, addresses) => {
    // One for each version: to BlockList an IPv4 address is an IPv6 one as well.
    const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
    const version = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');
    for (const [address, bits] of ranges) lists[version(address)].addSubnet(address, bits, version(address));
    const reporter = new Reporter();
    const set = readAddresses(Node.root(inMemoryDocument(ranges.map(([address, bits]) => `${address}/${bits}`))), reporter) as IpSet;
    assert.equal(reporter.diagnostics, []);
    for (const address of [...addresses, ...ranges.map(([each]) => each)]) assert.is(isInSet(parseAddress(address), set), lists[version(address)].check(address, version(address)), `${address} in ${JSON.stringify(ranges)}`);
  }), { numRuns: 300 });
});

test('JSON: what JSON.parse takes gives its texts, with their pointers', () => {
  const pointer = (path: readonly string[]): string => path.map((token) => `/${token.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
  const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  const walk = (value: unknown, path: readonly string[], into: [string, string][]): void => {
    if (typeof value === 'object' && value !== null) for (const [key, child] of Object.entries(value)) walk(child, [...path, key], into);
    else into.push([bytes(pointer(path)), bytes(typeof value === 'string' ? value : JSON.stringify(value))]);
  };
  fc.assert(fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
    // Lone surrogates have no UTF-8.
    const text = JSON.stringify(value);
    const parsed = JSON.parse(text) as unknown;
    if (/[\ud800-\udfff]|\\ud[89a-f]/i.test(text)) return;
    const expected: [string, string][] = [];
    walk(parsed, [], expected);
    const found = scanJson(bytes(text), false);
    assert.is(found.isInvalid, false, text);
    const sort = (pairs: [string, string][]): [string, string][] => pairs.sort(([a], [b]) => (a < b ? -1 : 1));
    assert.equal(sort(found.values.map((each, index) => [found.valuePaths[index]!, each])), sort(expected));
  }), { numRuns: 300 });
});

test('JSON: what is none says so, up to where it is none', () => {
  for (const [text, isInvalid, values] of [
    ['{"a":1', true, ['1']], ['{"a":"x","a":"y"}', true, ['x']], ['"x"', true, []], ['12', true, []], ['', true, []], ['[1,2]x', true, ['1', '2']], ['{"a" "b"}', false, ['b']], ['{"a"::"b" "c":"d"}', false, ['b', 'd']], ['[1}', true, ['1']], ['{1:2}', true, []],
    ['{"a":}', true, []], ['["\\x"]', true, []], ['[tru]', true, []], ['[{}]', false, []], [`${'['.repeat(300)}`, true, []], ['["\\u00e9\\ud83d\\ude00"]', false, ['\xc3\xa9\xf0\x9f\x98\x80']],
  ] as const) {
    const found = scanJson(text, false);
    assert.is(found.isInvalid, isInvalid, text);
    assert.equal(found.values, [...values], text);
  }
  assert.is(scanJson('{"a": "unfinis', true).isInvalid, false);
});

test('labels', () => {
  const request = { labels: [] } as unknown as WafRequest;
  addLabel(request, 'awswaf:1:webacl:acl:ns1:ns2:name');
  addLabel(request, 'awswaf:1:webacl:acl:ns1:ns2:name');
  assert.is(request.labels.length, 1);
  const own = 'awswaf:1:webacl:acl:';
  for (const [prefix, key, expected] of [[own, 'name', true], [own, 'ns2:name', true], [own, 'ns1:ns2:name', true], [own, 'ame', false], [own, 's2:name', false], ['', `${own}ns1:ns2:name`, true], ['', `${own}name`, false], ['awswaf:1:rulegroup:g:', 'name', false]] as const) assert.is(hasLabel(request, prefix, key), expected, key);
  for (const [prefix, key, expected] of [[own, 'ns1:', true], [own, 'ns2:', true], [own, 'ns1:ns2:', true], [own, 's1:', false], [own, 'name:', false], ['', own, true], ['awswaf:2:', 'ns1:', false]] as const) assert.is(hasLabelIn(request, prefix, key), expected, key);
});

test('words', () => {
  for (const [text, expected] of [['admin', true], ['an admin!', true], ['admins', false], ['admins admin', true], ['_admin', false], ['-admin-', true], ['', false]] as const) assert.is(containsWord(text, 'admin'), expected, text);
});

test('rates slide', () => {
  const counter = rateCounter('r', 10, 60);
  let now = 1_000_000_000;
  for (let i = 0; i < 10; i++) assert.is(isAboveRate(counter, 'k', now), false);
  assert.is(isAboveRate(counter, 'k', now), true);
  assert.is(isAboveRate(counter, 'other', now), false);
  assert.is(isAboveRate(counter, null, now), false);
  now += 30_000;
  assert.is(isAboveRate(counter, 'k', now), true);
  // The first eleven have gone by: the one half a window later counts still.
  now += 31_000;
  for (let i = 0; i < 9; i++) assert.is(isAboveRate(counter, 'k', now), false);
  assert.is(isAboveRate(counter, 'k', now), true);
  now += 3_600_000;
  assert.is(isAboveRate(counter, 'k', now), false);
  assert.is(addToRate(counter, 'k', 100, now), 101);
  for (let i = 0; i < 60_000; i++) isAboveRate(counter, `many ${i}`, now);
  assert.ok(counter.counts.size <= 50_000);
  assert.is(customKey(['a', 'bc']) === customKey(['ab', 'c']), false);
  assert.ok(customKey(['x'.repeat(9000)])!.length < 100);
  assert.is(customKey(['a', undefined]), null);
});

test('rates: what is in the window is the same in another process, whose clock is its own', () => {
  const here = rateCounter('r', 10, 60), there = rateCounter('r', 10, 60);
  const begin = 9_000_000_000;
  for (const [key, amount, after] of [['a', 3, 0], ['a', 2, 20_000], ['b', 1, 20_000], ['gone', 5, -70_000], ['a', 4, 59_000]] as const) addToRate(here, key, amount, begin + after);
  const known = ratesInWindow(here, begin + 59_500);
  assert.equal(known, ['b', 1, 13, 1, 'a', 3, 0, 4, 13, 2, 19, 3]);
  const now = 5_000_000_000;
  for (let at = 0; at < known.length;) {
    const key = known[at] as string, end = at + 2 + 2 * (known[at + 1] as number);
    for (at += 2; at < end; at += 2) addToRate(there, key, known[at + 1] as number, now, known[at] as number);
  }
  for (const later of [0, 3_000, 30_000, 45_000, 70_000]) assert.is(addToRate(there, 'a', 0, now + later), addToRate(here, 'a', 0, begin + 59_000 + later), String(later));
});

test('phrases: as indexOf finds them', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '/'), minLength: 1, maxLength: 5 });
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.string({ unit: fc.constantFrom('a', 'B', 'c', '/', 'A'), maxLength: 30 }), (phrases, text) => {
    assert.is(anyPhrase(phrases).test(text), phrases.some((phrase) => text.toLowerCase().includes(phrase)), `${phrases.join()} in ${text}`);
  }), { numRuns: 500 });
});

test.run();
