/** PCRE patterns: the JavaScript they become and the automaton agree with each other, and with the PCRE that libmodsecurity runs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LazyDfa } from '../../runtime/waf/lazy-dfa.js';
import { libmodsecurity } from '../../runtime/waf/testing/libmodsecurity.js';
import { CapturingPattern } from '../../runtime/waf/captures.js';
import { compileCapturing, compilePattern } from './compile.js';
import { parsePattern } from './parse.js';
import { toProgram } from './program.js';
import { toJavaScript } from './to-javascript.js';

const test = suite('pcre');

const PATTERNS = [
  'a', 'a|b', '^ab$', '^a.b$', '(?i)aB', 'x(?i)a(?-i)B', '(?i:a)b', '[[:alpha:]]+1', '[^a-c]', '[]a]', '[a\\-c]', '[\\w.-]x', '\\bab\\b', '\\Bb', '\\Aa', 'b\\z', 'b\\Z', 'a\\x41', 'a\\x{42}', '\\x0a$', '(?s)a.b', '(?m)^b$',
  '\\Qa.b\\E', 'a(?#comment)b', '(?x) a b # c', 'a{2}', 'a{1,2}b', 'a{2,}', 'a{,2}', 'a{', '(?:ab)+c', '(a|ab)(c|bcd)', 'a*?b', 'a++b', '(?>a+)b', '(?=ab)a', 'a(?!b)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?P<n>a)b(?P=n)',
  '\\h', '\\v', '[\\h,]', '\\N', '\\d+', '\\D', '\\S\\s\\S', '[^\\s]', '\\.', '\\/', '\\"', '[\\]]', '[a-]', '[-a]', '\\e', '\\cA', '\\012', '\xc3\xa9', '$', '^', '^$', '(?:)', 'a||b', '(^|x)a(y|$)', '(?:^|\\W)b', '[^\\n]b', '(?i)[^k]',
];
const PIECES = ['a', 'b', 'A', 'B', 'c', 'x', '1', '.', ' ', '\n', '-', ',', '"', '/', '\\', '\t', '\x1b', '\x01', '\xc3\xa9', '\xa0', 'aab', '{,2}', 'a{', 'ab', '_', ']'];

function texts(): string[] {
  let state = 11;
  const next = (below: number): number => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return Math.floor((state / 2 ** 32) * below); };
  return [...new Set(['x', ...Array.from({ length: 250 }, () => Array.from({ length: 1 + next(5) }, () => PIECES[next(PIECES.length)]!).join(''))])];
}

test('JavaScript and the automaton agree', () => {
  let automata = 0;
  for (const source of PATTERNS) for (const options of [{}, { dotAll: true, multiline: true }]) {
    const pattern = parsePattern(source, options);
    const regexp = new RegExp(toJavaScript(pattern), 'u');
    const program = toProgram(pattern);
    if (!program) continue;
    automata++;
    const dfa = new LazyDfa(program.sets, program.program);
    for (const text of texts()) assert.is(dfa.test(text), regexp.test(text), `${source} on ${JSON.stringify(text)} (${JSON.stringify(options)}, ${regexp})`);
  }
  assert.ok(automata > 100);
});

test('both agree with PCRE', () => {
  const all = texts();
  // A quote ends SecRule's argument.
  const used = PATTERNS.filter((source) => !/[#"]/.test(source));
  const rules = used.map((source, index) => `SecRule REQUEST_HEADERS:x "@rx ${source.replace(/"/g, '\\"')}" "id:${index + 1},phase:1,pass,log,t:none"`);
  const answers = libmodsecurity(`SecRuleEngine DetectionOnly\n${rules.join('\n')}`, all.map((text) => ({ headers: [['x', text]] as const })));
  if (!answers) return console.log('libmodsecurity is not installed: not compared');
  const differences: string[] = [];
  for (const [index, source] of used.entries()) {
    const regexp = new RegExp(toJavaScript(parsePattern(source, { dotAll: true, multiline: true })), 'u');
    for (const [at, text] of all.entries()) {
      const theirs = answers[at]!.some(({ id }) => id === String(index + 1));
      if (regexp.test(text) !== theirs) differences.push(`${source} on ${JSON.stringify(text)}: ${!theirs}, PCRE ${theirs}`);
    }
  }
  assert.equal(differences.slice(0, 8), [], String(differences.length));
});

test('groups: as JavaScript has them', () => {
  for (const source of ['(a|ab)(c|bcd)', '(a+)(b?)', '(a*?)(b+)', '^(x)?a', '(a)|(b)', '((a)b?)+', '\\.([^.]+)$', '(\\w+)-(\\w+)', 'a(.*?),', '([ab]{1,2}?)(.{0,3})1', '(?:x|(b))a', '^.*$']) {
    const compiled = compileCapturing(source, { dotAll: true });
    assert.ok(typeof compiled !== 'string', `${source}: ${String(compiled)}`);
    const pattern = new CapturingPattern(compiled.sets, compiled.program);
    for (const text of texts()) {
      const theirs = new RegExp(source, 's').exec(text);
      const ours = pattern.exec(text);
      // JavaScript forgets what a group held in an earlier turn of a repetition; PCRE does not.
      if (source === '((a)b?)+') { assert.is(ours?.[0], theirs?.[0]); continue; }
      assert.equal(ours && Array.from({ length: theirs?.length ?? 0 }, (_, at) => ours[at]), theirs && [...theirs], `${source} on ${JSON.stringify(text)}`);
    }
  }
  const compiled = compileCapturing('(a+)+(b*)(a*)x');
  assert.ok(typeof compiled !== 'string');
  const started = performance.now();
  assert.is(new CapturingPattern(compiled.sets, compiled.program).exec('a'.repeat(60_000)), null);
  assert.ok(performance.now() - started < 5_000);
});

test('what cannot be had says why', () => {
  for (const [source, message] of [['(', /a group without \)/], ['a)', /unmatched \)/], ['[a', /a class without \]/], ['\\K', /\\K/], ['(?R)', /\(\?R/], ['(*FAIL)', /verb/], ['\\p{L}', /\\p/], ['*a', /nothing to repeat/], ['\\2', /.*/], ['[b-a]', /ends before/], ['\\x{100}', /no byte/]] as const) {
    const compiled = compilePattern(source);
    assert.is(compiled.kind, 'problem', source);
    assert.match((compiled as { message: string }).message, message);
  }
});

test('catastrophic patterns become automata, which take no time', () => {
  for (const source of ['(a+)+$', '(a|a)*b', '(.*)*=(.*)*x', '\\s+$']) {
    const compiled = compilePattern(source);
    assert.is(compiled.kind, 'automaton', source);
    if (compiled.kind !== 'automaton') continue;
    const dfa = new LazyDfa(compiled.sets, compiled.program);
    const started = performance.now();
    assert.is(dfa.test('a '.repeat(30_000) + '!'), false, source);
    assert.ok(performance.now() - started < 2000, source);
  }
  assert.is(compilePattern('(?=(a+)+$)x').kind, 'problem');
  assert.is(compilePattern('^(?!a)b').kind, 'regexp');
});

test('a table that is full is begun anew', () => {
  const pattern = parsePattern('(?:a|b)*a(?:a|b){16}c');
  const program = toProgram(pattern)!;
  const dfa = new LazyDfa(program.sets, program.program);
  let state = 5, text = '';
  for (let at = 0; at < 120_000; at++) { state = (Math.imul(state, 1103515245) + 12345) >>> 0; text += state >>> 31 ? 'a' : 'b'; }
  assert.is(dfa.test(text), false);
  assert.is(dfa.test(`${text}a${'b'.repeat(16)}c`), true);
});

test.run();
