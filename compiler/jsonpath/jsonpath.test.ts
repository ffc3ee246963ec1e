/**
 * JSONPath against Jayway. fixtures/vtl/jsonpath/cases.json: results recorded from Jayway 2.0.0 (Debian's libjsonpath-java; `by: "jayway
 * 2.0.0"`), and for what 2.0.0 lacks (functions, negative indexes, double quotes, more operators) as later versions define it.
 * Every path runs three ways: parsed at run time, as the constant that generated code holds, and through a template.
 */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluatePath } from '../../runtime/vtl/jsonpath/evaluate.js';
import { readJson } from '../../runtime/vtl/json-reader.js';
import { jsonText } from '../../runtime/vtl/text.js';
import { byCode } from '../vtl/testing/engines.js';
import { readWithJayway, whyNoJayway } from '../vtl/testing/java-engine.js';
import { scopeFromJson } from '../vtl/scope-from-json.js';
import { simpleSteps } from './emit.js';
import { JsonPathError, parseJsonPath } from './parse.js';

const test = suite('JSONPath');
const noJayway = whyNoJayway();
if (noJayway) console.log(`skipped: ${noJayway}`);
const folder = new URL('../../../fixtures/vtl/jsonpath/', import.meta.url);
const document = readFileSync(new URL('document.json', folder), 'utf8');
const cases = JSON.parse(readFileSync(new URL('cases.json', folder), 'utf8')) as { path: string; result: unknown; by: string }[];

function evaluate(path: string): unknown {
  try {
    const value = evaluatePath(parseJsonPath(path), readJson(document), 'net.minidev.json.JSONArray');
    return value === undefined ? 'missing' : JSON.parse(jsonText(value));
  } catch (error) {
    if (error instanceof JsonPathError) return 'invalid';
    throw error;
  }
}

test('as recorded', () => {
  for (const { path, result, by } of cases) assert.equal(evaluate(path), result, `${path} (${by})`);
  assert.ok(cases.filter(({ by }) => by === 'jayway 2.0.0').length > 150);
});

(noJayway ? test.skip : test)('Jayway 2.0.0 says the same today', async () => {
  const ofJayway = cases.filter(({ by }) => by === 'jayway 2.0.0');
  const answers = await readWithJayway(document.trimEnd(), ofJayway.map(({ path }) => path));
  ofJayway.forEach(({ path, result }, i) => assert.equal(answers[i], result, path));
});

test('the same through generated code', () => {
  for (const { path, result } of cases) {
    if (result === 'invalid' || path.includes("'") && path.includes('"')) continue;
    const quote = path.includes("'") ? '"' : "'";
    const rendered = byCode(`$input.json(${quote}${path}${quote})`, scopeFromJson({ body: document }), 'aws');
    // In double quotes Velocity would take `$name` for a reference: those paths only run at run time above.
    if (quote === '"' && /\$[A-Za-z_{]/.test(path)) continue;
    assert.ok('output' in rendered, `${path}: ${JSON.stringify(rendered)}`);
    if ('output' in rendered) assert.equal(JSON.parse(rendered.output), result === 'missing' ? '' : result, path);
  }
});

test('the commonest paths need no path interpreter', () => {
  assert.equal(simpleSteps(parseJsonPath("$.a['b c'][0]")), ['a', 'b c', 0]);
  assert.equal(simpleSteps(parseJsonPath('$')), []);
  assert.is(simpleSteps(parseJsonPath('$..a')), undefined);
});

test('paths broken over lines', () => { assert.equal(evaluate('$.store\n   .bicycle\n  .color'), 'red'); });

test('prototype names are only names', () => {
  for (const path of ['$.__proto__', '$.constructor', "$['hasOwnProperty']", '$.store.toString', '$.list.length', '$.list.push']) assert.is(evaluate(path), 'missing', path);
});

test('a mistake has a place', () => {
  for (const path of ['$.a[', '$.a[?(@.b', '$..', '', '$.a b', `$${'['.repeat(50)}`, `$[?(${'('.repeat(200)}`, '$.a.nope()', 'x'.repeat(20_000)]) {
    try {
      parseJsonPath(path);
      assert.unreachable(path);
    } catch (error) {
      assert.instance(error, JsonPathError, path);
    }
  }
});

test.run();
