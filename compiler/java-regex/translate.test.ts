/** Java's patterns against Java: through templates, since the Java engine's driver renders those. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePattern, replace, split } from '../../runtime/vtl/java-regex/pattern.js';
import { beginWork, TemplateError } from '../../runtime/vtl/limits.js';
import { corpusScope, VARIABLES_JSON } from '../vtl/testing/corpus.js';
import { byCode, same } from '../vtl/testing/engines.js';
import { random } from '../vtl/testing/generate.js';
import { renderWithJava, whyNoJava } from '../vtl/testing/java-engine.js';
import { translateJavaRegex } from './translate.js';

const test = suite('Java regular expressions');
const noJava = whyNoJava();
if (noJava) console.log(`skipped: ${noJava}`);

const ATOMS = ['a', 'b', 'c', 'e', 'l', 'n', '1', '.', '\\d', '\\w', '\\s', '\\S', '\\W', '\\D', '[abc]', '[^abc]', '[a-z]', '[a-z&&[^el]]', '[A-Z]', '\\p{L}', '\\p{Upper}', '\\p{Punct}', '\\h', '\\v', '\\R', '[\\w.]', '[^\\s]', '\\.', '\\\\', '-', '[-a]', '[a-]', '\\x41', '\\u0065', '\\Qe.\\E', 'é', '[[a-c][l-n]]', '\\p{Alpha}', '\\P{L}', '\\n', '[\\d&&[^1]]', '["]', '/'];
const QUANTIFIERS = ['', '', '', '', '*', '+', '?', '{2}', '{1,2}', '*?', '+?', '??', '*+', '++', '?+', '{0,}'];

/** A random pattern without unbounded repetition of groups: Java itself would not come back from those. */
function pattern(seed: number): string {
  const next = random(seed);
  const pick = (items: readonly string[]): string => items[Math.floor(next() * items.length)]!;
  const sequence = (depth: number): string => Array.from({ length: 1 + Math.floor(next() * 3) }, () => node(depth)).join('');
  const few = (): string => pick(['', '', '?', '{1,2}', '??', '?+']);
  function node(depth: number): string {
    const kind = next();
    if (depth <= 0 || kind < 0.5) return pick(ATOMS) + pick(QUANTIFIERS);
    if (kind < 0.65) return `(${sequence(depth - 1)})${few()}`;
    if (kind < 0.75) return `(?:${sequence(depth - 1)}|${sequence(depth - 1)})${few()}`;
    if (kind < 0.81) return `${pick(['(?=', '(?!', '(?<=', '(?<!', '(?>'])}${pick(ATOMS)})`;
    if (kind < 0.9) return pick(['^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\G', '(?i)', '(?m)', '(?s)', '(?x) ', '(?-i)']);
    return kind < 0.95 ? pick(['\\1', '\\2']) : `(${pick(ATOMS)}|${pick(ATOMS)})`;
  }
  return sequence(2);
}

const TEXTS = ['context.multi', 'context.s', 'context.csv', 'context.quotes', 'context.path', 'context.mixed', 'context.empty'];

(noJava ? test.skip : test)('replaceAll, replaceFirst, matches and split do what Java does', async () => {
  const first = Number(process.env.VTL_SEED ?? 1), count = Number(process.env.VTL_SEEDS ?? 1500);
  const templates = Array.from({ length: count }, (_, i) => `#set($r = '${pattern(first + i).replaceAll("'", "''")}')#set($v = $${TEXTS[i % TEXTS.length]})$v.replaceAll($r, '<$0>')|$v.replaceFirst($r, '-')|$v.matches($r)|#foreach($p in $v.split($r))[$p]#end|#foreach($p in $v.split($r, 3))[$p]#end|#foreach($p in $v.split($r, -1))[$p]#end`);
  const java = await renderWithJava(templates.map((template) => ({ template, variables: VARIABLES_JSON })));
  const wrong = templates.filter((template, i) => !same(java[i]!, byCode(template, corpusScope('velocity'), 'velocity')));
  assert.equal(wrong, []);
});

test('translated patterns match what the counting matcher matches', () => {
  const texts = ['', 'a', 'abc', 'line one\nline 2\r\nend', 'text-é1', 'A.e\\', '"x" /y/', 'el.en'];
  for (let seed = 1; seed < 3000; seed++) {
    const source = pattern(seed);
    const translated = translateJavaRegex(source, { whole: true });
    if (translated.kind !== 'translated') continue;
    const regex = new RegExp(translated.source, 'v');
    for (const text of texts) {
      beginWork();
      // A back-reference to a group that took no part is the one thing the two languages disagree on.
      if (!/\\[12]/.test(source)) assert.is(regex.test(text), compilePattern(source).matches(text), `${source} on ${JSON.stringify(text)}`);
    }
  }
});

test('selection patterns of real documents', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['4\\d{2}', '404', true], ['4\\d{2}', '4040', false], ['.*"status":404.*', '{"status":404}', true], ['(.|\\n)*"statusCode"\\:\\s*\\n*\\s*"400"(.|\\n)*', '{\n"statusCode": "400"\n}', true],
    ['\\[45\\]\\d{2}', '404', false], ['.*Error.*', 'line\nError', false], ['(?s).*Error.*', 'line\nError', true], ['', '', true], ['(.*statusCode":302.*)|^(http|/.*)', '/x', true],
  ];
  for (const [source, text, expected] of cases) {
    const translated = translateJavaRegex(source, { whole: true });
    assert.is(translated.kind, 'translated', source);
    if (translated.kind === 'translated') assert.is(new RegExp(translated.source, 'v').test(text), expected, source);
  }
});

test('what Java refuses is refused, with a place', () => {
  for (const source of ['(', ')', '[', '*a', 'a**', 'a{2', '\\', '(?<n>a)(?<n>b)', '[b-a]', '\\p{Nope}', '(?z)', 'a{3,2}', '\\k<x>']) {
    const translated = translateJavaRegex(source, { whole: true });
    assert.is(translated.kind, 'invalid', source);
    if (translated.kind === 'invalid') assert.ok(translated.offset <= source.length);
  }
});

test('linear means linear', () => {
  for (const [source, linear] of [['4\\d{2}', true], ['\\s+', true], ["'", true], ['[^a-z]+', true], ['a|b|cd', true], ['.*a', false], ['(a+)+', false], ['(a|a)*b', false], ['\\s+$', false], ['a{1,50}{1,50}', false]] as const) {
    const translated = translateJavaRegex(source, { whole: false });
    if (translated.kind === 'translated') assert.is(translated.linear, linear, source);
  }
});

test('a regex bomb fails soon instead of running', () => {
  for (const [source, text] of [['(a+)+b', 'a'.repeat(40)], ['(a|a)*b', 'a'.repeat(60)], ['(.*)*x', 'y'.repeat(60)], ['\\s+$', ' '.repeat(100_000) + 'x'], ['(x+x+)+y', 'x'.repeat(50)], ['(?:a?){30}a{30}b', 'a'.repeat(30)]] as const) {
    const started = Date.now();
    for (const run of [() => replace(text, source, '', true), () => split(text, source, 0), () => compilePattern(source).matches(text)]) {
      beginWork();
      try { run(); } catch (error) { assert.instance(error, TemplateError); }
    }
    assert.ok(Date.now() - started < 10_000, source);
  }
});

test.run();
