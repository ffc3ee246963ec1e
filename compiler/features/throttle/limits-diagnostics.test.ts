/** What is said about keys, plans and limits that cannot mean what they say. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../../index.js';

const test = suite('diagnostics of keys and limits');
const folder = mkdtempSync(join(tmpdir(), 'gwc-limits-'));
test.after(() => rmSync(folder, { recursive: true }));
let files = 0;

const MOCK = `{type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200'}}}`;

/** What is reported for `x-gwc` in a REST API with GET /pets and GET /pets/{id}, keyed unless `open`. */
async function reported(gwc: string, { open = false, flavour = 'rest', more = '', stage = undefined as string | undefined } = {}): Promise<string[]> {
  const path = join(folder, `spec-${files++}.yaml`);
  writeFileSync(path, `openapi: 3.0.1
info: {title: t, version: '1'}
x-gwc-flavour: ${flavour}
x-gwc: ${gwc}
${more}
components: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}
security: ${open ? '[]' : '[{key: []}]'}
paths:
  /pets: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${MOCK}}}
  /pets/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${MOCK}}}
`);
  const { diagnostics } = await analyse(path, stage === undefined ? {} : { stage });
  return diagnostics.map(({ severity, code, message, hint }) => `${severity} ${code} ${message}${hint ? ` (${hint})` : ''}`);
}

async function check(gwc: string, expected: readonly (string | RegExp)[], options = {}): Promise<void> {
  const actual = await reported(gwc, options);
  assert.is(actual.length, expected.length, `${gwc}\n${actual.join('\n')}`);
  for (const [index, each] of expected.entries()) {
    if (typeof each === 'string') assert.ok(actual[index]!.startsWith(each), `${actual[index]} must begin with ${each}`);
    else assert.match(actual[index]!, each);
  }
}

const KEY = "value: 'env:KEY_A'";
const PLAN = '{apiStages: [{stage: prod}]}';
const KEYED = `apiKeys: {a: {${KEY}, usagePlans: [gold]}}`;
const with_plan = (plan: string): string => `{stages: {prod: {}}, usagePlans: {gold: {apiStages: [{stage: prod}], ${plan}}}, ${KEYED}}`;
const with_stage = (stage: string): string => `{stages: {prod: {${stage}}}}`;

test('nothing to say', async () => {
  await check(`{stages: {prod: {}}, usagePlans: {gold: ${PLAN}}, ${KEYED}}`, []);
  await check(with_plan('throttle: {rateLimit: 10.125, burstLimit: 20}, quota: {limit: 100, period: DAY, offset: 100}'), []);
  await check(with_plan('throttle: {rateLimit: -1, burstLimit: -1}'), []);
  await check(with_stage("methodSettings: {'*/*': {throttlingRateLimit: 1, throttlingBurstLimit: 1}, '/pets/GET': {throttlingRateLimit: 1, throttlingBurstLimit: 1}, '~1pets~1{id}/GET': {throttlingRateLimit: 1, throttlingBurstLimit: 1}}"), [], { open: true });
  await check(`{usagePlans: {gold: {apiStages: [{stage: $default}]}}, ${KEYED}}`, []);
  await check(`{usagePlans: {gold: ${PLAN}}, ${KEYED}}`, [], { stage: 'prod' });
});

test('values of keys', async () => {
  const value = (text: string): string => `{stages: {prod: {}}, usagePlans: {gold: ${PLAN}}, apiKeys: {partner-a: {value: ${text}, usagePlans: [gold]}}}`;
  await check(value("'sha256:" + 'a'.repeat(64) + "'"), []);
  await check(value("'sha256:" + 'a'.repeat(63) + "'"), ["error GWC2741 API key 'partner-a' has a sha256: value that is not 64 hex digits"]);
  await check(value("'env:PARTNER-A'"), ["error GWC2741 API key 'partner-a' names an environment variable"]);
  await check(value("''"), ["error GWC2741 API key 'partner-a' has a value that is no text"]);
  await check(value('abcdefghijklmnopqrstuvwxyz'), [/^warning GWC2742 .*write value: env:PARTNER_A_KEY /]);
  await check(value('short'), ['warning GWC2742', "warning GWC2743 the value of API key 'partner-a' has 5 characters"]);
  await check(`{stages: {prod: {}}, usagePlans: {gold: ${PLAN}}, apiKeys: {a: {usagePlans: [gold]}}}`, ["error GWC2741 API key 'a' has no value"]);
});

test('a literal is in no message, nor in the Api', async () => {
  const path = join(folder, 'literal.yaml');
  const secret = 'very-secret-very-secret-1';
  writeFileSync(path, `openapi: 3.0.1
info: {title: t, version: '1'}
x-gwc-flavour: rest
x-gwc:
  apiKeys:
    a:
      value: ${secret}
    b:
      value: ${secret}
paths: {/pets: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${MOCK}}}}
`);
  const { renderText } = await import('../../diagnostics/render.js');
  const { api, diagnostics, sources } = await analyse(path);
  const text = renderText(diagnostics, sources, { width: 100, limit: 100 });
  assert.match(text, /GWC2744: API keys 'a' and 'b' have the same value/);
  assert.not.ok(text.includes(secret), text);
  assert.not.ok(JSON.stringify(api).includes(secret));
});

test('keys and plans', async () => {
  const plans = `stages: {prod: {}, test: {}}, usagePlans: {gold: ${PLAN}, silver: {apiStages: [{stage: prod}, {stage: test}]}}`;
  await check(`{${plans}, apiKeys: {a: {${KEY}, usagePlans: [glod, silver]}}}`, ["error GWC2745 API key 'a' names the usage plan 'glod', which is not declared (did you mean 'gold'?)", "warning GWC2767 no API key is in usage plan 'gold'"]);
  await check(`{${plans}, apiKeys: {a: {${KEY}, usagePlans: [gold, silver]}}}`, ["error GWC2747 API key 'a' is in several usage plans of stage 'prod': gold, silver"]);
  await check(`{stages: {prod: {}}, apiKeys: {a: {${KEY}}}}`, ["warning GWC2746 API key 'a' is in no usage plan: requests with it are answered 403"]);
  await check(`{stages: {prod: {}}, apiKeys: {a: {${KEY}}}}`, [], { flavour: 'http' });
  await check(`{stages: {prod: {}}, usagePlans: {gold: ${PLAN}}, ${KEYED}}`, ['warning GWC2749 API keys are declared but no operation asks for one'], { open: true });
  await check(`{stages: {prod: {}}, usagePlans: {gold: ${PLAN}}}`, ["warning GWC2767 no API key is in usage plan 'gold'", "warning GWC2748 operations need an API key (security scheme 'key') but no key is declared"]);
  await check(`{stages: {prod: {}}, usagePlans: {gold: ${PLAN}}, apiKeys: {a: {${KEY}, usagePlans: [gold]}, b: {${KEY}, usagePlans: [gold]}}}`, ["error GWC2744 API keys 'a' and 'b' have the same value"]);
});

test('stages of plans', async () => {
  await check(`{stages: {prod: {}}, usagePlans: {gold: {apiStages: [{stage: prdo}]}}, ${KEYED}}`, ["error GWC2765 usage plan 'gold' covers the stage 'prdo', which is not declared (did you mean 'prod'?)"]);
  await check(`{usagePlans: {gold: ${PLAN}}, ${KEYED}}`, ["error GWC2765 usage plan 'gold' covers the stage 'prod', which is not declared (this document has $default)"]);
  await check(`{stages: {prod: {}}, usagePlans: {gold: {throttle: {rateLimit: 1, burstLimit: 1}}}, ${KEYED}}`, ["warning GWC2766 usage plan 'gold' covers no stage"]);
  await check(`{stages: {prod: {}}, usagePlans: {gold: {apiStages: [{stage: prod, apiId: abc}]}}, ${KEYED}}`, ['info GWC2768 apiId is ignored']);
});

test('rates and quotas', async () => {
  await check(with_plan('throttle: {rateLimit: -5, burstLimit: 1}'), ['error GWC2761 rateLimit must be a number of requests per second']);
  await check(with_plan('throttle: {rateLimit: 1, burstLimit: 1.5}'), ['error GWC2761 burstLimit must be a whole number']);
  await check(with_plan('throttle: {rateLimit: 0.0001, burstLimit: 1}'), ['error GWC2761 rateLimit must be']);
  await check(with_plan('throttle: {rateLimit: 0.5, burstLimit: 10000000}'), ['error GWC2761 burstLimit must be a whole number of requests, at most 9000000']);
  await check(with_plan('throttle: {rateLimit: 10}'), ['error GWC2761 burstLimit must be given too']);
  await check(with_plan('throttle: {rateLimit: 0, burstLimit: 5}'), ['warning GWC2762 rateLimit is 0']);
  await check(with_plan('throttle: {rateLimit: 5, burstLimit: 0}'), ['warning GWC2762 burstLimit is 0: every request is answered 429']);
  await check(with_plan('quota: {limit: 0, period: DAY}'), ['warning GWC2762 limit is 0']);
  await check(with_plan('quota: {limit: 10, period: DAY, offset: 11}'), ['error GWC2761 offset must be a whole number of requests from 0 to the limit (10)']);
  await check(with_plan('quota: {period: DAY}'), ['error GWC2761 limit must be given']);
  await check(with_plan('quota: {limit: 10}'), ['error GWC2761 period must be DAY, WEEK or MONTH']);
  await check(with_stage("methodSettings: {'*/*': {throttlingRateLimit: 10}}"), ['info GWC2763 throttlingBurstLimit is not given; it is 5000'], { open: true });
  await check(with_stage("methodSettings: {'*/*': {throttlingBurstLimit: 10}}"), ['info GWC2763 throttlingRateLimit is not given; it is 10000'], { open: true });
});

test('limits of operations that do not exist', async () => {
  const limit = '{throttlingRateLimit: 1, throttlingBurstLimit: 1}';
  await check(with_stage(`methodSettings: {/pet/GET: ${limit}}`), ["warning GWC2764 '/pet/GET' is no operation of this document: the limit applies to nothing (did you mean '/pets/GET'?)"], { open: true });
  await check(with_stage(`methodSettings: {/pets/POST: ${limit}}`), [/GWC2764 .*did you mean '\/pets\/GET'/], { open: true });
  await check(with_stage(`methodSettings: {'/pets/*': ${limit}}`), ['warning GWC2764'], { open: true });
  await check(with_stage(`routeSettings: {GET /pet: ${limit}}`), [/GWC2764 .*did you mean 'GET \/pets'/], { open: true });
  await check(`{stages: {prod: {}}, usagePlans: {gold: {apiStages: [{stage: prod, throttle: {'/pets/{petId}/GET': {rateLimit: 1, burstLimit: 1}}}]}}, ${KEYED}}`, [/GWC2764 .*did you mean '\/pets\/{id}\/GET'/]);
});

test('keys that an authorizer hands over need an authorizer', async () => {
  await check(`{stages: {prod: {}}, usagePlans: {p: ${PLAN}}, apiKeys: {k: {${KEY}, usagePlans: [p]}}}`, ['warning GWC2751 GET /pets needs an API key from its authorizer', 'warning GWC2751 GET /pets/{id}'], { more: 'x-amazon-apigateway-api-key-source: AUTHORIZER' });
});

test('names of the document that are names of JavaScript', async () => {
  await check(`{stages: {prod: {}}, usagePlans: {constructor: ${PLAN}, toString: ${PLAN}}, apiKeys: {hasOwnProperty: {${KEY}, usagePlans: [constructor]}, valueOf: {value: 'env:B', usagePlans: [toString]}}}`, []);
});

test.run();
