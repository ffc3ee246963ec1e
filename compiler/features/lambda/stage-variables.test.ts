/** Stage variables choose function and alias: bound functions by name, others on AWS, nonsense not at all. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway } from '../../testing/running-gateway.js';
import { startInvokeEndpoint, type InvokeEndpoint } from './testing/invoke-endpoint.js';

const test = suite('Lambda by stage variables');
const folder = mkdtempSync(join(tmpdir(), 'gwc-variables-'));
let bound: InvokeEndpoint, elsewhere: InvokeEndpoint;

const document = (functions: object, stages: object): string => JSON.stringify({
  openapi: '3.0.1', info: { title: 'variables', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { stages, functions },
  paths: { '/status-text': { get: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.fn}:${stageVariables.alias}/invocations' } } } },
});
const STAGES = { blue: { variables: { fn: 'Bound', alias: 'b' } }, green: { variables: { fn: 'Bound', alias: 'g' } }, local: { variables: { fn: 'Local', alias: '1' } }, aws: { variables: { fn: 'OnAws', alias: 'live' } }, broken: { variables: { fn: '../../x?y=', alias: 'z' } }, empty: { variables: {} } };

test.before(async () => { [bound, elsewhere] = [await startInvokeEndpoint(), await startInvokeEndpoint()]; });
test.after(async () => { await bound.close(); await elsewhere.close(); rmSync(folder, { recursive: true, force: true }); });

test('each stage calls its own', async () => {
  writeFileSync(join(folder, 'local.mjs'), 'export const handler = async () => ({ statusCode: 200, body: "compiled in" });\n');
  writeFileSync(join(folder, 'spec.json'), document({ Bound: { endpoint: bound.url }, Local: { handler: './local.mjs' } }, STAGES));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  const FAILED = '{"message": "Internal server error"}';
  for (const [stage, status, body, atBound, atElsewhere] of [
    ['blue', 201, 'made', ['/2015-03-31/functions/Bound/invocations?Qualifier=b'], []],
    ['green', 201, 'made', ['/2015-03-31/functions/Bound/invocations?Qualifier=g'], []],
    ['local', 200, 'compiled in', [], []],
    ['aws', 201, 'made', [], ['/2015-03-31/functions/OnAws/invocations?Qualifier=live']],
    ['broken', 500, FAILED, [], []],
    ['empty', 500, FAILED, [], []],
  ] as const) {
    bound.requests.length = elsewhere.requests.length = 0;
    const gateway = await runGateway(compilation.bundle.code, ['--stage', stage], { AWS_ENDPOINT_URL_LAMBDA: elsewhere.url, AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'SK' });
    try {
      const answer = await rawRequest(gateway.port, 'GET', '/status-text', [], '');
      assert.equal([answer.status, answer.body], [status, body], `${stage}: ${gateway.stderr()}`);
      assert.equal(bound.requests.map(({ url }) => url), [...atBound], stage);
      assert.equal(elsewhere.requests.map(({ url }) => url), [...atElsewhere], stage);
    } finally { await gateway.stop(); }
  }
});

test('a binding that no stage names is reported, one that some stage names is not', async () => {
  writeFileSync(join(folder, 'unused.json'), document({ Bound: { endpoint: bound.url }, Bond: { endpoint: bound.url } }, { blue: STAGES.blue }));
  const { diagnostics } = await analyse(join(folder, 'unused.json'));
  assert.equal(diagnostics.filter(({ code }) => code === 'GWC2504').map(({ message, hint }) => [message, hint]), [["no integration calls a function 'Bond'", "did you mean 'Bound'?"]]);
});
test.run();
