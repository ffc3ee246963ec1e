/** Detectors of SQL injection and cross-site scripting: right about a corpus, and as libinjection (in libmodsecurity) about thousands of generated attacks. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { libmodsecurity } from '../testing/libmodsecurity.js';
import { HTML_ATTACKS, HTML_HARMLESS, SQL_ATTACKS, SQL_HARMLESS } from '../testing/injection-corpus.js';
import { isCrossSiteScripting } from './html.js';
import { isSqlInjection, maybeSqlInjection } from './sql.js';
import { sqlTokens } from './sql-tokens.js';

const test = suite('detectors of injection');

/** Those that the detectors are known to be wrong about. */
const MISSED = ["1'1", '1 exec sp_ (or exec xp_)', "\\'; desc users; --"], FALSE_ALARMS = ['trade union select committee', 'sum(1, 2)'];

test('the corpus', () => {
  assert.equal(SQL_ATTACKS.filter((text) => !isSqlInjection(text)), MISSED);
  assert.equal(SQL_HARMLESS.filter((text) => isSqlInjection(text)), FALSE_ALARMS);
  assert.equal(HTML_ATTACKS.filter((text) => !isCrossSiteScripting(text)), []);
  assert.equal(HTML_HARMLESS.filter((text) => isCrossSiteScripting(text)), []);
  assert.ok(SQL_ATTACKS.every((text) => !isSqlInjection(text) || maybeSqlInjection(text)));
  assert.ok(SQL_HARMLESS.filter((text) => maybeSqlInjection(text)).length < SQL_HARMLESS.length * 0.1);
});

test('libinjection is right about no more of the corpus', () => {
  const all = [...SQL_ATTACKS, ...SQL_HARMLESS, ...HTML_ATTACKS, ...HTML_HARMLESS].filter((text) => !text.includes('\0'));
  const answers = ask(all);
  if (!answers) return console.log('libmodsecurity is not installed: not compared');
  const theirs = new Map(all.map((text, at) => [text, answers[at]!]));
  const right = (texts: readonly string[], which: 'sql' | 'html', expected: boolean): [ours: number, theirs: number] => {
    const used = texts.filter((text) => theirs.has(text));
    return [used.filter((text) => (which === 'sql' ? isSqlInjection : isCrossSiteScripting)(text) === expected).length, used.filter((text) => theirs.get(text)![which] === expected).length];
  };
  for (const [texts, which, expected] of [[SQL_ATTACKS, 'sql', true], [SQL_HARMLESS, 'sql', false], [HTML_ATTACKS, 'html', true], [HTML_HARMLESS, 'html', false]] as const) {
    const [ours, libinjection] = right(texts, which, expected);
    if (process.env['VERBOSE']) console.log(`${which} ${expected ? 'attacks' : 'harmless'}: ${ours} right of ${texts.length}, libinjection ${libinjection}`);
    assert.ok(ours >= libinjection, `${which}: ${ours} right, libinjection ${libinjection}`);
  }
});

function ask(texts: readonly string[]): { sql: boolean; html: boolean }[] | undefined {
  const rules = ['SecRuleEngine DetectionOnly', 'SecRule REQUEST_HEADERS:x "@detectSQLi" "id:1,phase:1,pass,log,t:none,msg:\'x\'"', 'SecRule REQUEST_HEADERS:x "@detectXSS" "id:2,phase:1,pass,log,t:none,msg:\'x\'"'].join('\n');
  return libmodsecurity(rules, texts.map((text) => ({ headers: [['x', text]] as const })))?.map((fired) => ({ sql: fired.some(({ id }) => id === '1'), html: fired.some(({ id }) => id === '2') }));
}

const BEGINNINGS = ['1', "'", "x'", '1)', "')", '"', 'abc" ', '-1', "1'))"], ENDS = ['', '--', '#', '/*', '-- -', ';--'];
const CONNECTIONS = [' or ', ' and ', '||', '/**/or/**/', ' xor ', ' && '], CONDITIONS = ['1=1', "'a'='a'", '2>1', 'sleep(1)', '1 like 1', '(select 1)=1', 'exists(select 1)', 'version()>4', 'x=x', 'x is null', '1 in (1,2)', 'not 1=2', 'true', "'1"];
const FURTHER = [' union select 1', ' union all select a,b from c', ' union/**/select 1,2', ' order by 1', ' group by x having 1=1', ' limit 1', ';drop table x', "; exec xp_cmdshell('x')", ' procedure analyse()', ' union(select(1))'];

test('generated attacks: nearly all that libinjection finds are found', () => {
  const texts = BEGINNINGS.flatMap((beginning) => ENDS.flatMap((end) => [...CONNECTIONS.flatMap((connection) => CONDITIONS.map((condition) => connection + condition)), ...FURTHER].map((middle) => beginning + middle + end)));
  const answers = ask(texts);
  if (!answers) return console.log('libmodsecurity is not installed: not compared');
  const found = texts.map((text) => isSqlInjection(text));
  const theirs = answers.filter(({ sql }) => sql).length, both = answers.filter(({ sql }, at) => sql && found[at]).length, ours = found.filter(Boolean).length;
  if (process.env['VERBOSE']) console.log(`${texts.length} generated: libinjection ${theirs}, of these ours ${both}, ours in all ${ours}`);
  assert.ok(theirs > 4_500 && both >= theirs * 0.98 && ours >= theirs, `${both} of ${theirs}, in all ${ours} of ${texts.length}`);
});

test('places, tokens and long texts', () => {
  assert.is(sqlTokens("a' or 1 = (select @@version) -- x", "'").kinds, 's&1o(Ev)c');
  assert.is(sqlTokens('1 /*!50000union*/ select `a`, b.c from d group by e', '').kinds, '1CUEn,n.nknBn');
  assert.is(sqlTokens("it''s \\' one text", "'").isClosed, false);
  for (const [text, isAttack] of [[`${'1,'.repeat(900)}1 union select 1`, isSqlInjection], [`1 or ${'('.repeat(500)}1=1`, isSqlInjection], [`${'<b>'.repeat(9_000)}<script>`, isCrossSiteScripting], [`<b ${'a=b '.repeat(9_000)}onclick=x>`, isCrossSiteScripting]] as const) assert.ok(isAttack(text), text.slice(0, 20));
  for (const text of ["'".repeat(60_000), '('.repeat(60_000), "'||".repeat(20_000), 'a.'.repeat(30_000), '/*'.repeat(30_000), '1 or '.repeat(12_000), '<a '.repeat(20_000), '<a b="'.repeat(10_000), '<'.repeat(60_000), '<!--'.repeat(15_000), 'x='.repeat(30_000), '&#x'.repeat(20_000), '1,('.repeat(20_000), 'a.b,'.repeat(15_000), 'f(1),'.repeat(12_000), '1&&'.repeat(20_000), '<a b '.repeat(12_000), '" a="'.repeat(12_000), ' '.repeat(60_000) + '=', '\0'.repeat(60_000) + '<']) {
    const started = performance.now();
    isSqlInjection(text); maybeSqlInjection(text); isCrossSiteScripting(text);
    assert.ok(performance.now() - started < 3_000, `${text.slice(0, 10)}: ${performance.now() - started} ms`);
  }
});

test('long runs of operators fold in linear time', () => {
  const text = `${'('.repeat(30)}1${')'.repeat(30)}${'~'.repeat(3_900)}`;
  const started = performance.now();
  isSqlInjection(text);
  assert.ok(performance.now() - started < 100, `${performance.now() - started} ms`);
  for (const text of ["1' or ~~~1=1 --", '1 or - - -1 = -1', '1 union select -~-1']) assert.ok(isSqlInjection(text), text);
});

test('comments and URLs end and begin where browsers have them do', () => {
  for (const text of ['a> <!--><script>alert(1)</script>', 'a> <!---><svg onload=x>', 'a> <!-- a --!><script>x</script>', 'a> <!--!><a title="--><script>x</script>">', `<a href="${' '.repeat(600)}javascript:alert(1)">`, `<a href="${'&#9;'.repeat(200)}javascript:alert(1)">`, `<a href="j${'&Tab;'.repeat(200)}avascript:alert(1)">`]) assert.ok(isCrossSiteScripting(text), text.slice(0, 30));
  for (const text of ['<!-- plain --> text', '<!--a--><b>c</b>', '<a href="https://x.example/?javascript:">']) assert.not.ok(isCrossSiteScripting(text), text);
});

test.run();
