/** Events as a gateway makes them, checked by tsc against the types that handlers in TypeScript are written with (@types/aws-lambda). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('events and @types/aws-lambda');
const handler = fileURLToPath(new URL('../../../../compiler/features/lambda/testing/cases-handler.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gwc-event-types-'));
const gateways: RunningGateway[] = [];
test.after(async () => {
  for (const gateway of gateways) await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * What the types say of a literal: nothing missing, nothing more. They differ from what AWS sends: `authorizer` is always there, operationName, deploymentId and format
 * 1.0's version and cognitoAmr never are, and an API key's and a client certificate's fields always are.
 */
const TYPES = `
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
type Context = APIGatewayProxyEvent['requestContext'];
type Identity = Omit<Context['identity'], 'apiKey' | 'apiKeyId' | 'clientCert'>;
export type Rest = Omit<APIGatewayProxyEvent, 'requestContext'> & { requestContext: Omit<Context, 'authorizer' | 'identity'> & { operationName: string; deploymentId: string; identity: Identity } };
export type Http1 = Omit<APIGatewayProxyEvent, 'requestContext'> & { version: '1.0'; requestContext: Omit<Context, 'authorizer' | 'identity'> & { identity: Identity & { cognitoAmr: null } } };
export type Http2 = APIGatewayProxyEventV2;
`;

/** Messages of tsc for `text`, without places. */
function problems(text: string): string[] {
  const file = join(root, 'compiler', 'events-under-test.ts');
  const options: ts.CompilerOptions = { strict: true, noEmit: true, exactOptionalPropertyTypes: false, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [], skipLibCheck: true, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, language, ...more) => (name === file ? ts.createSourceFile(name, text, language) : getSourceFile(name, language, ...more));
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? text : readFile(name));
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

async function events(flavour: 'rest' | 'http', format: object): Promise<object[]> {
  const spec = join(folder, `${flavour}.json`);
  writeFileSync(spec, JSON.stringify({
    openapi: '3.0.1', info: { title: 'events', version: '1' }, 'x-gwc-flavour': flavour, 'x-gwc': { stages: { dev: { variables: { table: 'pets' } } } }, 'x-amazon-apigateway-binary-media-types': ['image/png'],
    paths: { '/{id}/{name}': { 'x-amazon-apigateway-any-method': { operationId: 'named', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }, { name: 'name', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:F/invocations', ...format } } } },
  }));
  const compilation = await compile(spec, { clients: [], functions: { F: `${handler}#handler` } });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  const gateway = await runGateway(compilation.bundle.code, ['--stage', 'dev']);
  gateways.push(gateway);
  const get = async (method: string, target: string, fields: [string, string][], body: string): Promise<object> => {
    const answer = await rawRequest(gateway.port, method, target, fields, body);
    assert.is(answer.status, 200, answer.body);
    return JSON.parse(answer.body) as object;
  };
  return [
    await get('GET', '/1/event', [], ''),
    await get('GET', '/1/event?a=1&a=2&b=', [['User-Agent', 'test'], ['X-Many', '1'], ['X-Many', '2'], ['Cookie', 'a=1; b=2']], ''),
    await get('POST', '/1/event', [['Content-Type', 'application/json']], '{"a": 1}'),
    await get('PUT', '/1/event', [['Content-Type', 'image/png']], '\x89PNG'),
  ];
}

for (const [name, flavour, format] of [['Rest', 'rest', {}], ['Http1', 'http', { payloadFormatVersion: '1.0' }], ['Http2', 'http', { payloadFormatVersion: '2.0' }]] as const) {
  test(`${name}: nothing missing, nothing more`, async () => {
    const literals = (await events(flavour, format)).map((event, index) => `export const event${index}: ${name} = ${JSON.stringify(event, null, 1)};`);
    assert.equal(problems(`${TYPES}${literals.join('\n')}`), []);
    // A check that cannot fail is none.
    const [first] = literals;
    assert.ok(problems(`${TYPES}${first!.replace('{', '{ "invented": 1,')}`).some((problem) => problem.includes('invented')));
    assert.ok(problems(`${TYPES}${first!.replace(/"isBase64Encoded": (true|false),?/, '')}`).some((problem) => problem.includes('isBase64Encoded')));
  });
}
test.run();
