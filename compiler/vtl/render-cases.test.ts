import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderCases } from './render-cases.js';

const test = suite('rendering cases line by line');

async function answers(...lines: string[]): Promise<unknown[]> {
  const results: unknown[] = [];
  const source = (async function* () { yield* lines; })();
  for await (const line of renderCases(source)) results.push(JSON.parse(line));
  return results;
}

const NONE = { requestOverride: { path: {}, querystring: {}, header: {} }, responseOverride: { header: {} } };

test('output and overrides', async () => {
  assert.equal(await answers(
    '{"id":"a","template":"$input.path(\'$.x\') $input.params(\'p\') $context.requestId $stageVariables.s","body":"{\\"x\\":[1]}","params":{"querystring":{"p":"q"}},"context":{"requestId":"r"},"stageVariables":{"s":"v"}}',
    '{"id":2,"template":"#set($context.responseOverride.status = 201)","body":""}',
  ), [{ id: 'a', output: '[1] q r v', overrides: NONE }, { id: 2, output: '', overrides: { ...NONE, responseOverride: { status: 201, header: {} } } }]);
});

test('an override that comes twice is said, as the gateway answers 500', async () => {
  assert.equal(await answers(
    JSON.stringify({ id: 1, template: "#foreach($i in [1, 2])#set($context.responseOverride.header['X-A'] = $i)#end" }),
    JSON.stringify({ id: 2, template: "$context.requestOverride.path.put('p', null)#set($context.requestOverride.path.p = 'once')" }),
  ), [{ id: 1, error: '$context.responseOverride.header.X-A is overridden more than once' }, { id: 2, output: '', overrides: { ...NONE, requestOverride: { ...NONE.requestOverride, path: { p: 'once' } } } }]);
});

test('dialects', async () => {
  const template = "$nope $input.path('$.l')";
  assert.equal((await answers(...['aws', 'velocity'].map((dialect) => JSON.stringify({ id: dialect, template, body: '{"l":[{"a":"b"}]}', dialect })))).map((answer) => (answer as { output: string }).output), [' [{"a":"b"}]', '$nope [{a=b}]']);
});

test('a body may be JSON, parts may be left out or null', async () => {
  assert.equal(await answers('{"template":"$input.json(\'$\')","body":{"a":[1,2]},"params":null,"context":null,"stageVariables":null,"dialect":null}'), [{ id: 1, output: '{"a":[1,2]}', overrides: NONE }]);
});

test('errors are answers', async () => {
  const results = await answers('{"id":1,"template":"#if("}', '{"id":2,"template":"$input.json(\'$\')","body":"{x"}', '', 'nonsense', '{"id":5}', '{"id":6,"template":"$input.body.substring(99)"}', '{"id":7,"template":"x","dialect":"other"}') as { id: unknown; error: string }[];
  assert.equal(results.map(({ id }) => id), [1, 2, 4, 5, 6, 7]);
  assert.match(results[0]!.error, /at 1:4/);
  assert.match(results[1]!.error, /Could not process payload/);
  for (const { error } of results) assert.type(error, 'string');
});

test.run();
