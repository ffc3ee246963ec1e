/** AWS's own clients manage the keys of a built gateway, and its requests follow at once: one process and two workers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { awsCli, boto3, buildDocument, document, hasAwsCli, hasBoto3, manageGateway, type ManagedGateway } from './testing/managed-gateway.js';

const test = suite('AWS clients manage API keys');
const folder = mkdtempSync(join(tmpdir(), 'gwc-aws-clients-'));
test.after(() => rmSync(folder, { recursive: true }));
const cli = hasAwsCli(), boto = hasBoto3();
if (!cli) console.log('skipped: `aws` is not installed (pip install awscli==1.45.11)');
if (!boto) console.log('skipped: boto3 is not installed (pip install boto3==1.43.11)');

let bundle: { code: string };
test.before(async () => { bundle = await buildDocument(document()); });

const today = new Date().toISOString().slice(0, 10);
/** Over connections of their own, so that every worker gets some. */
const statuses = (gateway: ManagedGateway, key: string, count: number, path?: string): Promise<number[]> => Promise.all(Array.from({ length: count }, () => gateway.get(key, path)));
const each = (status: number, count: number): number[] => Array.from({ length: count }, () => status);

for (const workers of ['1', '2']) {
  const title = workers === '1' ? 'one process' : 'two workers';
  const with_ = async (work: (gateway: ManagedGateway) => Promise<void>): Promise<void> => {
    const gateway = await manageGateway(bundle.code, ['--workers', workers, '--stage', 'prod']);
    try { await work(gateway); } finally { assert.is(await gateway.stop(), 0, gateway.stderr()); }
  };

  if (cli) {
    test(`aws apigateway, ${title}: create, import, plan, usage, disable, delete`, () => with_(async (gateway) => {
      const aws = (...args: string[]): Promise<any> => awsCli(gateway.admin, ...args);
      const made = await aws('create-api-key', '--name', 'partner', '--description', 'of ours', '--enabled', '--tags', 'team=a');
      assert.match(made.value, /^[A-Za-z0-9]{40}$/);
      assert.equal(await statuses(gateway, made.value, 4), each(403, 4), 'no plan yet');
      const plan = await aws('create-usage-plan', '--name', 'gold', '--throttle', 'rateLimit=1000,burstLimit=1000', '--quota', 'limit=6,period=MONTH', '--api-stages', `[{"apiId":"${gateway.apiId}","stage":"prod","throttle":{"/pets/{id}/GET":{"rateLimit":0.01,"burstLimit":1}}}]`);
      const member = await aws('create-usage-plan-key', '--usage-plan-id', plan.id, '--key-type', 'API_KEY', '--key-id', made.id);
      assert.equal(member, { id: made.id, type: 'API_KEY', name: 'partner' });
      assert.equal(await statuses(gateway, made.value, 4), each(200, 4));
      assert.equal((await statuses(gateway, made.value, 2, '/pets/7')).sort(), [200, 429], 'one of that method');
      assert.equal((await statuses(gateway, made.value, 3)).sort(), [200, 429, 429], 'six in all');
      const range = ['--start-date', today, '--end-date', today];
      assert.equal((await aws('get-usage', '--usage-plan-id', plan.id, '--key-id', made.id, ...range)).items, { [made.id]: [[6, 0]] });
      await aws('update-usage', '--usage-plan-id', plan.id, '--key-id', made.id, '--patch-operations', 'op=replace,path=/remaining,value=2');
      assert.equal((await statuses(gateway, made.value, 4)).sort(), [200, 200, 429, 429]);
      assert.equal((await aws('get-usage', '--usage-plan-id', plan.id, ...range)).items, { [made.id]: [[8, 0]] });
      await aws('update-usage-plan', '--usage-plan-id', plan.id, '--patch-operations', 'op=remove,path=/quota', 'op=replace,path=/throttle/burstLimit,value=0');
      assert.equal(await statuses(gateway, made.value, 4), each(429, 4), 'nothing may burst');
      await aws('update-usage-plan', '--usage-plan-id', plan.id, '--patch-operations', 'op=remove,path=/throttle');
      assert.equal(await statuses(gateway, made.value, 20), each(200, 20));
      assert.is((await aws('update-api-key', '--api-key', made.id, '--patch-operations', 'op=replace,path=/enabled,value=false')).enabled, false);
      assert.equal(await statuses(gateway, made.value, 6), each(403, 6));
      await aws('update-api-key', '--api-key', made.id, '--patch-operations', 'op=replace,path=/enabled,value=true');
      assert.equal(await statuses(gateway, made.value, 6), each(200, 6));

      const file = join(folder, `keys-${workers}.csv`);
      writeFileSync(file, `Name,key,description,Enabled,usageplanIds\nimported,imported-key-of-thirty-characters,An imported key,TRUE,${plan.id}\n`);
      const imported = await aws('import-api-keys', '--format', 'csv', '--body', `fileb://${file}`);
      assert.is(imported.ids.length, 1);
      assert.equal(await statuses(gateway, 'imported-key-of-thirty-characters', 4), each(200, 4));
      const keys = (await aws('get-api-keys', '--include-values')).items as { id: string; name: string; value?: string }[];
      assert.equal(keys.map(({ name, value }) => [name, value]).sort(), [['imported', undefined], ['partner', undefined]]);
      assert.equal((await aws('get-api-keys', '--max-items', '1', '--page-size', '1')).items.length, 1);
      assert.is((await aws('get-api-key', '--api-key', made.id, '--include-value')).name, 'partner');
      await aws('delete-usage-plan-key', '--usage-plan-id', plan.id, '--key-id', imported.ids[0]);
      assert.equal(await statuses(gateway, 'imported-key-of-thirty-characters', 4), each(403, 4));
      await aws('delete-api-key', '--api-key', made.id);
      assert.equal(await statuses(gateway, made.value, 6), each(403, 6));
      const fails = async (pattern: RegExp, ...args: string[]): Promise<void> => { try { await aws(...args); } catch (error) { return assert.match((error as Error).message, pattern); } assert.unreachable(args.join(' ')); };
      await fails(/NotFoundException.*GetApiKey.*Invalid API Key identifier specified/, 'get-api-key', '--api-key', made.id);
      await fails(/BadRequestException.*DeleteUsagePlan.*API Stages associated/, 'delete-usage-plan', '--usage-plan-id', plan.id);
      await fails(/NotFoundException.*API Stage not found/, 'update-usage-plan', '--usage-plan-id', plan.id, '--patch-operations', `op=add,path=/apiStages,value=${gateway.apiId}:nowhere`);
      await aws('update-usage-plan', '--usage-plan-id', plan.id, '--patch-operations', `op=remove,path=/apiStages,value=${gateway.apiId}:prod`);
      await aws('delete-usage-plan', '--usage-plan-id', plan.id);
      assert.equal((await aws('get-usage-plans')).items, []);
    }));
  }

  if (boto) {
    test(`boto3, ${title}: the same calls, paginators, errors by class`, () => with_(async (gateway) => {
      const result = await boto3(gateway.admin, `
key = client.create_api_key(name='k', enabled=True)
plan = client.create_usage_plan(name='p', apiStages=[{'apiId': input['api'], 'stage': 'prod'}], quota={'limit': 3, 'period': 'DAY'})
client.create_usage_plan_key(usagePlanId=plan['id'], keyId=key['id'], keyType='API_KEY')
for i in range(30):
    client.create_api_key(name='n%d' % i)
errors = {}
def failing(name, call, **args):
    try:
        call(**args)
    except client.exceptions.ClientError as error:
        errors[name] = [type(error).__name__, error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']]
failing('missing', client.get_usage_plan, usagePlanId='nothing')
failing('again', client.create_api_key, value=key['value'])
failing('bad', client.update_api_key, apiKey=key['id'], patchOperations=[{'op': 'replace', 'path': '/nothing', 'value': 'x'}])
print(json.dumps({
    'key': key['value'], 'id': key['id'], 'plan': plan['id'], 'created': isinstance(key['createdDate'], datetime.datetime),
    'names': len([each for page in client.get_paginator('get_api_keys').paginate(PaginationConfig={'PageSize': 10}) for each in page['items']]),
    'members': client.get_usage_plan_keys(usagePlanId=plan['id'])['items'], 'member': client.get_usage_plan_key(usagePlanId=plan['id'], keyId=key['id'])['name'], 'plans': [each['name'] for each in client.get_usage_plans(keyId=key['id'])['items']], 'errors': errors,
}))`, { api: gateway.apiId });
      assert.equal([result.created, result.names, result.members, result.member, result.plans], [true, 31, [{ id: result.id, type: 'API_KEY', name: 'k' }], 'k', ['p']]);
      assert.equal(result.errors, { missing: ['NotFoundException', 'NotFoundException', 404], again: ['ConflictException', 'ConflictException', 409], bad: ['BadRequestException', 'BadRequestException', 400] });
      assert.equal((await statuses(gateway, result.key, 5)).sort(), [200, 200, 200, 429, 429]);
      assert.equal(await boto3(gateway.admin, `print(json.dumps(client.get_usage(usagePlanId=input['plan'], startDate=input['day'], endDate=input['day'])['items']))`, { plan: result.plan, day: today }), { [result.id]: [[3, 0]] });
    }));
  }
}

if (boto) {
  test('a signature by somebody else, for something else or of another body gets in nowhere', async () => {
    const gateway = await manageGateway(bundle.code);
    try {
      const refused = await boto3(gateway.admin, `
answers = []
def attempt(**options):
    other = boto3.client('apigateway', endpoint_url=client.meta.endpoint_url, **options)
    try:
        other.get_api_keys()
        answers.append('in')
    except client.exceptions.ClientError as error:
        answers.append(error.response['Error']['Code'])
attempt(aws_access_key_id='AKIAADMIN', aws_secret_access_key='wrong')
attempt(aws_access_key_id='AKIAOTHER', aws_secret_access_key='secret-of-the-admin')
attempt(aws_access_key_id='AKIAADMIN', aws_secret_access_key='secret-of-the-admin', aws_session_token='token')
import botocore.auth, botocore.awsrequest, botocore.credentials, urllib.request, urllib.error
def signed(service, body, sent):
    request = botocore.awsrequest.AWSRequest('POST', client.meta.endpoint_url + '/apikeys', headers={'content-type': 'application/json'}, data=body)
    botocore.auth.SigV4Auth(botocore.credentials.Credentials('AKIAADMIN', 'secret-of-the-admin'), service, 'us-east-1').add_auth(request)
    try:
        answers.append(urllib.request.urlopen(urllib.request.Request(request.url, sent, dict(request.headers))).status)
    except urllib.error.HTTPError as error:
        answers.append(error.headers['x-amzn-ErrorType'])
signed('apigateway', b'{"name":"a"}', b'{"name":"a"}')
signed('apigateway', b'{"name":"a"}', b'{"name":"b"}')
signed('execute-api', b'{"name":"a"}', b'{"name":"a"}')
print(json.dumps(answers))`, {});
      assert.equal(refused, ['InvalidSignatureException', 'UnrecognizedClientException', 'UnrecognizedClientException', 201, 'InvalidSignatureException', 'InvalidSignatureException']);
    } finally { assert.is(await gateway.stop(), 0, gateway.stderr()); }
  });
}

test('the bundle of the test builds', () => assert.ok(bundle.code.length > 0));

test.run();
