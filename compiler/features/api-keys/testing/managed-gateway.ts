/** A built gateway whose keys are managed: its admin port, and AWS's own clients to talk to it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { compile } from '../../../index.js';
import { diagnosticsText } from '../../../testing/diagnostics-text.js';
import { runGateway, type RunningGateway } from '../../../testing/running-gateway.js';

export const TOKEN = 'token-of-the-operator';
export const ADMIN = { GWC_ADMIN_TOKEN: TOKEN, GWC_ADMIN_ACCESS_KEY_ID: 'AKIAADMIN', GWC_ADMIN_SECRET_ACCESS_KEY: 'secret-of-the-admin' };

const MOCK = `{type: mock, passthroughBehavior: never, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"in": "$context.identity.apiKeyId"}'}}}}`;

/** A REST API of mocks, all of which need a key. */
export const document = (gwc = '{admin: true, stages: {prod: {}, test: {}}}', more = ''): string => `openapi: 3.0.1
info: {title: managed, version: '1'}
x-gwc-flavour: rest
x-gwc: ${gwc}
components: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}
security: [{key: []}]
${more}
paths:
  /pets: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${MOCK}}}
  /pets/{id}: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${MOCK}}}
`;

/** The bundle of a document. */
export async function buildDocument(text: string, files: Readonly<Record<string, string>> = {}): Promise<{ code: string; modules: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-keys-'));
  try {
    for (const [name, content] of Object.entries({ 'spec.yaml': text, ...files })) writeFileSync(join(folder, name), content);
    const compilation = await compile(join(folder, 'spec.yaml'), { clients: [], cwd: folder });
    assert.ok(compilation.bundle, diagnosticsText(compilation));
    return { code: compilation.bundle.code, modules: compilation.bundle.modules.map(({ module }) => module) };
  } finally { rmSync(folder, { recursive: true }); }
}

export interface ManagedGateway extends RunningGateway {
  readonly admin: string;
  readonly apiId: string;
  /** Status of a request with this key. */
  get(key: string | undefined, path?: string): Promise<number>;
  /** The control plane, with the token. */
  manage(method: string, path: string, body?: unknown): Promise<{ status: number; type: string | null; json: any }>;
}

export async function manageGateway(code: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Promise<ManagedGateway> {
  const adminPort = await freePort();
  const gateway = await runGateway(code, ['--admin-port', String(adminPort), ...args], { ...ADMIN, ...environment });
  const admin = `http://127.0.0.1:${adminPort}`;
  const manage: ManagedGateway['manage'] = async (method, path, body) => {
    const answer = await fetch(admin + path, { method, headers: { authorization: `Bearer ${TOKEN}` }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, type: answer.headers.get('x-amzn-errortype'), json: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
  return {
    ...gateway, admin, manage,
    apiId: (await manage('GET', '/restapis')).json.item[0].id as string,
    async get(key, path = '/pets') {
      const answer = await fetch(gateway.url + path, { headers: key === undefined ? {} : { 'x-api-key': key } });
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}

const CLIENT_ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'AKIAADMIN', AWS_SECRET_ACCESS_KEY: 'secret-of-the-admin', AWS_DEFAULT_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true', AWS_PAGER: '', AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' };

export const hasAwsCli = (): boolean => spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0;
export const hasBoto3 = (): boolean => spawnSync('python3', ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0;

/** `aws apigateway <arguments>`: what it prints, as JSON, or its error. */
export async function awsCli(admin: string, ...args: string[]): Promise<any> {
  const { code, stdout, stderr } = await runClient('aws', ['--endpoint-url', admin, '--output', 'json', 'apigateway', ...args], '');
  if (code !== 0) throw new Error(stderr.trim());
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}

/** Runs a Python program with `client`, boto3's for API Gateway; what it prints, as JSON. */
export async function boto3(admin: string, program: string, input: unknown): Promise<any> {
  const { code, stdout, stderr } = await runClient('python3', ['-'], `import boto3, json, datetime\nclient = boto3.client('apigateway', endpoint_url=${JSON.stringify(admin)})\ninput = json.loads(${JSON.stringify(JSON.stringify(input))})\n${program}`);
  if (code !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout);
}

function runClient(command: string, args: readonly string[], input: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(command, args, { env: { ...process.env, ...CLIENT_ENVIRONMENT } });
  let stdout = '', stderr = '';
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => { const { port } = server.address() as AddressInfo; server.close(() => resolve(port)); });
  });
}
