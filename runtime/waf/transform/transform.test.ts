/** Text transformations: tables by hand, and thousands of random texts against libmodsecurity, which WAF's transformations are those of. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { libmodsecurity } from '../testing/libmodsecurity.js';
import { base64Decode, base64DecodeExt } from './base64.js';
import { lowercase } from './case.js';
import { commandLine } from './command-line.js';
import { replaceComments } from './comments.js';
import { cssDecode, escapeSequenceDecode, jsDecode } from './escapes.js';
import { hexDecode, sqlHexDecode } from './hex.js';
import { htmlEntityDecode } from './html.js';
import { md5 } from './md5.js';
import { normalizePath, normalizePathWin } from './path.js';
import { urlDecode, urlDecodeUni } from './url.js';
import { utf8ToUnicode } from './utf8.js';
import { compressWhiteSpace, removeNulls, replaceNulls } from './white-space.js';

const test = suite('text transformations');

type Table = readonly (readonly [text: string, expected: string])[];
const TABLES: readonly (readonly [string, (text: string) => string, Table])[] = [
  ['LOWERCASE', lowercase, [['AbC\xc9', 'abc\xc9'], ['', '']]],
  ['COMPRESS_WHITE_SPACE', compressWhiteSpace, [['a \t\r\n\x0b\x0c\xa0b', 'a b'], [' a', ' a']]],
  ['REMOVE_NULLS', removeNulls, [['a\0b\0', 'ab']]],
  ['REPLACE_NULLS', replaceNulls, [['a\0b\0', 'a b ']]],
  ['URL_DECODE', urlDecode, [['a%20b+c', 'a b c'], ['%zz%4', '%zz%4'], ['%2527', '%27'], ['%u0041', '%u0041']]],
  ['URL_DECODE_UNI', urlDecodeUni, [['%u0041', 'A'], ['%uff1c', '<'], ['%UFF3CA', '|A'.replace('|', '\\')], ['%u00', '%u00'], ['%3c+%', '< %']]],
  ['HTML_ENTITY_DECODE', htmlEntityDecode, [['&lt;script&gt', '<script>'], ['&#60;&#x3c&#X3C;', '<<<'], ['&quot&AMP;&nbsp;', '"&\xa0'], ['&bogus; &#; &#x; &', '&bogus; &#; &#x; &'], ['&#316;', '<']]],
  ['CMD_LINE', commandLine, [['C^md.EXE  "/c"', 'cmd.exe/c'], ['a , ; b', 'a b'], ["wg'e't (x", 'wget(x'], ['a ', 'a ']]],
  ['BASE64_DECODE', base64Decode, [['PHNjcmlwdD4=', '<script>'], ['YWJj!ZGVm', 'abc']]],
  ['BASE64_DECODE_EXT', base64DecodeExt, [['PHNj.cml!wdD4=', '<script>']]],
  ['HEX_DECODE', hexDecode, [['3c7363', '<sc'], ['3C7', '<']]],
  ['SQL_HEX_DECODE', sqlHexDecode, [['0x414243', 'ABC'], ['x0X4142g', 'xABg'], ['0x4', '0x4']]],
  ['MD5', (text) => Buffer.from(md5(text), 'latin1').toString('hex'), [['abc', '900150983cd24fb0d6963f7d28e17f72']]],
  ['REPLACE_COMMENTS', replaceComments, [['un/**/ion', 'un ion'], ['a/*b', 'a '], ['a*/b', 'a*/b'], ['/*/**/x', ' x']]],
  ['ESCAPE_SEQ_DECODE', escapeSequenceDecode, [['\\n\\x41\\101\\q\\', '\nAAq\\'], ['\\x4', 'x4']]],
  ['JS_DECODE', jsDecode, [['\\u0041\\x41\\101\\n\\q', 'AAA\nq'], ['\\uff1c', '<'], ['\\777', '?7']]],
  ['CSS_DECODE', cssDecode, [['ja\\76 a\\script\\0041', 'javascriptA'.replace('j', 'j')], ['\\ff1c ', '<'], ['\\\nx', 'x'], ['x\\', 'x']]],
  ['NORMALIZE_PATH', normalizePath, [['/a/./b//c', '/a/b/c'], ['/a/../../etc', '/etc'], ['../a', '../a'], ['/a/..', '/'], ['a/b/..', 'a'], ['/', '/'], ['', '']]],
  ['NORMALIZE_PATH_WIN', normalizePathWin, [['\\a\\..\\b', '/b']]],
  ['UTF8_TO_UNICODE', utf8ToUnicode, [['\xc3\xa9x', '%u00e9x'], ['\xff', '\xff']]],
];
for (const [name, transform, table] of TABLES) test(name, () => {
  for (const [text, expected] of table) assert.is(transform(text), expected, JSON.stringify(text));
});

/** Deterministic, so that a failure can be seen again. */
function randomTexts(seed: number, pieces: readonly string[], count: number): string[] {
  let state = seed;
  const next = (below: number): number => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return Math.floor((state / 2 ** 32) * below); };
  return Array.from({ length: count }, () => Array.from({ length: 1 + next(7) }, () => pieces[next(pieces.length)]!).join(''));
}

/** What it is not asked: it does not know AWS's non-breaking blank, cuts a CSS result at NUL, loses the last byte of texts with SQL's hex digits, takes `bc..` for a parent, leaves nothing of `/..`, resolves a relative path's second `..` otherwise, misses some backslashes, and drops bytes that are no UTF-8. */
const ORACLES: readonly (readonly [name: string, transform: (text: string) => string, pieces: readonly string[], suffix?: string])[] = [
  ['lowercase', lowercase, ['A', 'z', '\xc9', ' ']],
  ['compressWhitespace', compressWhiteSpace, ['a', ' ', '\t', '\n', '\x0b']],
  ['removeNulls', removeNulls, ['a', '\0']],
  ['replaceNulls', replaceNulls, ['a', '\0']],
  ['urlDecode', urlDecode, ['%', '%4', '41', '%3c', '+', 'u', 'g', '%u']],
  ['urlDecodeUni', urlDecodeUni, ['%', '%4', '41', '%3c', '+', '%u00', '%uff', '%U', 'FF1C', 'g']],
  ['htmlEntityDecode', htmlEntityDecode, ['&', '#', 'x', '3c', ';', 'lt', 'quot', 'NBSP', '60', '999999999999999999999', 'amp', 'z']],
  ['cmdLine', commandLine, ['A', ' ', ',', ';', '/', '(', '\\', '"', "'", '^', '\t', '\n']],
  ['base64Decode', base64Decode, ['PHNj', 'cmlw', 'dD4+', 'YW/j'], 'dD4='],
  ['base64DecodeExt', base64DecodeExt, ['PHNj', 'cmlw', '.', '!', 'dD4+']],
  ['hexDecode', hexDecode, ['4', '1', '3c', 'F', 'a']],
  ['sqlHexDecode', sqlHexDecode, ['x', '0x', '41g', '4', 'X', 'g', '7a '], 'z'],
  ['md5', md5, ['a', 'b', '\0']],
  ['replaceComments', replaceComments, ['/*', '*/', '*', '/', 'a', ' ']],
  ['escapeSeqDecode', escapeSequenceDecode, ['\\', 'x41', 'x4', '1', '0', '7', '8', 'n', 'a', 'X3c', '?', '"']],
  ['jsDecode', jsDecode, ['\\', 'u0041', 'uff1c', 'x41', 'x4', '1', '0', '7', '4', 'n', 'z', 'u00']],
  ['cssDecode', cssDecode, ['\\', '4', '1', 'ff', 'g', ' ', '\n', 'FF1C', '00FF41']],
  ['normalisePath', normalizePath, ['/a', '/..', '/.', '//', '/bc', '/.x'], '/z'],
  ['normalisePath', normalizePath, ['a/', './', 'bc/', '/'], 'z'],
  ['normalisePathWin', normalizePathWin, ['\\a', '\\bc', '/a'], '\\z'],
  ['utf8toUnicode', utf8ToUnicode, ['a', '\xc3\xa9', '\xe2\x82\xac', 'z1 ']],
];

test('as libmodsecurity', () => {
  const cases = ORACLES.map(([name, transform, pieces, suffix = '']) => ({ name, transform, suffix, texts: [...new Set(randomTexts(7, pieces, 300))] }));
  const rules = cases.map(({ name }, index) => `SecRule REQUEST_HEADERS:x-${index} "@unconditionalMatch" "id:${index + 1},phase:1,pass,log,t:none,t:${name},t:hexEncode,msg:'%{MATCHED_VAR}'"`);
  const most = Math.max(...cases.map(({ texts }) => texts.length));
  const requests = Array.from({ length: most }, (_, at) => ({ headers: cases.flatMap(({ texts, suffix }, index) => (at < texts.length ? [[`x-${index}`, texts[at]! + suffix] as const] : [])) }));
  const answers = libmodsecurity(`SecRuleEngine DetectionOnly\n${rules.join('\n')}`, requests);
  if (!answers) return console.log('libmodsecurity is not installed: not compared');
  for (const [index, { name, transform, texts, suffix }] of cases.entries()) {
    const differences = texts.flatMap((text, at) => {
      const theirs = Buffer.from(answers[at]!.find(({ id }) => id === String(index + 1))?.message ?? 'none', 'hex').toString('latin1');
      const ours = transform(text + suffix);
      return ours === theirs || (name === 'sqlHexDecode' && ours.slice(0, -1) === theirs) ? [] : [`${JSON.stringify(text)}: ${JSON.stringify(ours)}, libmodsecurity ${JSON.stringify(theirs)}`];
    });
    assert.equal(differences.slice(0, 5), [], `${name}: ${differences.length} of ${texts.length}`);
  }
});

test.run();
