/** Built gateways in front of moto: what clients see and what is left in the services. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { runGateway, type RunningGateway } from '../../testing/running-gateway.js';
import { httpDocument, restDocument, SERVICES, SUBTYPES } from './testing/documents.js';
import { startMoto, type Moto } from './testing/moto.js';

const test = suite('AWS services against moto');
const folder = mkdtempSync(join(tmpdir(), 'gwc-moto-'));
let moto: Moto, gateway: RunningGateway, httpApi: RunningGateway;

const target = (name: string, version = '1.1'): Record<string, string> => ({ 'x-amz-target': name, 'content-type': `application/x-amz-json-${version}` });

test.before(async () => {
  const started = await startMoto();
  if (started === null) return;
  moto = started;
  await moto.call('dynamodb', 'POST', '/', target('DynamoDB_20120810.CreateTable', '1.0'), JSON.stringify({
    TableName: 'Comments', KeySchema: [{ AttributeName: 'commentId', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'commentId', AttributeType: 'S' }, { AttributeName: 'pageId', AttributeType: 'S' }], BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [{ IndexName: 'pages', KeySchema: [{ AttributeName: 'pageId', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }],
  }));
  const { QueueUrl } = JSON.parse(await moto.call('sqs', 'POST', '/', target('AmazonSQS.CreateQueue', '1.0'), JSON.stringify({ QueueName: 'orders' }))) as { QueueUrl: string };
  await moto.call('sns', 'POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }, 'Action=CreateTopic&Name=news&Version=2010-03-31');
  await moto.call('sns', 'POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }, `Action=Subscribe&TopicArn=arn:aws:sns:us-east-1:123456789012:news&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:123456789012:orders&Version=2010-03-31`);
  await moto.call('kinesis', 'POST', '/', target('Kinesis_20131202.CreateStream'), JSON.stringify({ StreamName: 'clicks', ShardCount: 1 }));
  const { stateMachineArn } = JSON.parse(await moto.call('states', 'POST', '/', target('AWSStepFunctions.CreateStateMachine', '1.0'), JSON.stringify({ name: 'shop', roleArn: 'arn:aws:iam::123456789012:role/states', definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } }) }))) as { stateMachineArn: string };
  await moto.call('ssm', 'POST', '/', target('AmazonSSM.PutParameter'), JSON.stringify({ Name: '/shop/colour', Type: 'String', Value: 'blue "navy"' }));
  const environment = { AWS_ENDPOINT_URL: moto.url, AWS_ACCESS_KEY_ID: 'AKIAMOTO', AWS_SECRET_ACCESS_KEY: 'never-to-be-seen', AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1' };
  const stages = { prod: { variables: { queue: QueueUrl, machine: stateMachineArn, operation: 'action/GetCallerIdentity', role: 'role/stage-role' } } };
  writeFileSync(join(folder, 'http.json'), JSON.stringify(httpDocument(SUBTYPES, { 'x-gwc': { stages } })));
  const http = await compile(join(folder, 'http.json'), { clients: [] });
  assert.ok(http.bundle, diagnosticsText(http));
  httpApi = await runGateway(http.bundle.code, ['--stage', 'prod'], environment);
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(restDocument(SERVICES, {
    'x-gwc': { stages },
    'x-amazon-apigateway-binary-media-types': ['image/*'],
  })));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  gateway = await runGateway(compilation.bundle.code, ['--stage', 'prod'], environment);
});
test.after(async () => {
  await gateway?.stop();
  await httpApi?.stop();
  await moto?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, of = gateway): Promise<{ status: number; text: string; json: () => unknown; headers: Headers; bytes: Buffer }> {
  const answer = await fetch(of.url + path, { method, headers: { ...(body !== undefined ? { 'content-type': 'application/json' } : {}), ...headers }, ...(body !== undefined ? { body } : {}) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const text = bytes.toString('utf8');
  return { status: answer.status, text, json: () => JSON.parse(text) as unknown, headers: answer.headers, bytes };
}

/** Skipped, and said so, where moto is missing. */
function scenario(name: string, run: () => Promise<void>): void {
  test(name, async () => {
    if (moto === undefined) return void console.log(`skipped: ${name} (moto is not installed: pip install 'moto[server]==5.2.1')`);
    try { await run(); } catch (error) { console.log(gateway.stderr().slice(-2_000)); throw error; }
  });
}

const element = (xml: string, name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

scenario('DynamoDB: put, query, get, update, scan, delete', async () => {
  for (const [id, message] of [['c1', 'It\'s "fine"\n'], ['c2', 'two']] as const) {
    const put = await call('POST', '/comments', JSON.stringify({ id, page: 'p1', message }));
    assert.is(put.status, 201, put.text);
  }
  const stored = JSON.parse(await moto.call('dynamodb', 'POST', '/', target('DynamoDB_20120810.GetItem', '1.0'), JSON.stringify({ TableName: 'Comments', Key: { commentId: { S: 'c1' } } }))) as { Item: unknown };
  assert.equal(stored.Item, { commentId: { S: 'c1' }, pageId: { S: 'p1' }, message: { S: 'It\'s "fine"\n' } });
  const { comments } = (await call('GET', '/comments/p1')).json() as { comments: { id: string }[] };
  assert.equal(comments.sort((a, b) => (a.id < b.id ? -1 : 1)), [{ id: 'c1', message: 'It\'s "fine"\n' }, { id: 'c2', message: 'two' }]);
  assert.equal((await call('GET', '/comments/p1/c2')).json(), { message: 'two' });
  assert.equal((await call('PATCH', '/comments/p1/c2', JSON.stringify({ message: 'zwei ä €' }))).json(), { message: 'zwei ä €' });
  assert.equal((await call('GET', '/comments')).json(), { count: 2 });
  const gone = await call('DELETE', '/comments/p1/c2');
  assert.equal([gone.status, gone.text], [204, '']);
  assert.equal([(await call('GET', '/comments/p1/c2')).status, (await call('GET', '/comments')).json()], [404, { count: 1 }]);
  const missing = await call('GET', '/broken-table');
  assert.equal([missing.status, missing.json()], [404, { error: 'ResourceNotFoundException' }]);
});

scenario('S3: buckets, objects, binary bodies, keys with slashes and blanks', async () => {
  assert.is((await call('PUT', '/buckets/photos')).status, 201);
  const buckets = await call('GET', '/buckets');
  assert.equal([buckets.status, element(buckets.text, 'Name')], [200, 'photos']);
  const bytes = new Uint8Array(4_096).map((_, index) => (index * 7 + (index >> 3)) & 255);
  const put = await call('PUT', '/buckets/photos/2026/my%20cat%2Bdog.png', bytes, { 'content-type': 'image/png', 'x-amz-meta-author': 'ann' });
  assert.is(put.status, 200, put.text);
  const got = await call('GET', '/buckets/photos/2026/my%20cat%2Bdog.png', undefined, { accept: 'image/png' });
  assert.equal([got.status, got.headers.get('content-type'), got.headers.get('x-author'), got.headers.get('etag')], [200, 'image/png', 'ann', put.headers.get('etag')]);
  assert.ok(got.bytes.equals(Buffer.from(bytes)), 'every byte comes back');
  await call('PUT', '/buckets/photos/notes%2Fa.txt', 'text', { 'content-type': 'text/plain' });
  const list = await call('GET', '/buckets/photos?prefix=2026/');
  assert.equal([...list.text.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1]), ['2026/my cat+dog.png']);
  const other = await call('GET', '/of-bucket/notes/a.txt');
  assert.equal([other.status, other.text], [200, 'text'], 'the sub-domain form finds the bucket, and %2F is a slash of the key');
  const pixel = 'R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=';
  assert.is((await call('PUT', '/encoded/pixel.gif', pixel, { 'content-type': 'text/plain' })).status, 200);
  assert.ok((await call('GET', '/buckets/photos/pixel.gif', undefined, { accept: 'image/gif' })).bytes.equals(Buffer.from(pixel, 'base64')), 'stored as bytes');
  assert.is((await call('GET', '/encoded/pixel.gif')).text, pixel, 'and handed out as text');
  assert.is((await call('PUT', '/encoded/pixel.gif', 'no base64!', { 'content-type': 'text/plain' })).status, 500);
  assert.is((await call('DELETE', '/buckets/photos/notes/a.txt')).status, 204);
  const gone = await call('GET', '/buckets/photos/notes/a.txt');
  assert.equal([gone.status, element(gone.text, 'Code')], [404, 'NoSuchKey'], 'the service\'s own error, by its status');
});

scenario('SQS: the query protocol in path and action form, the JSON protocol', async () => {
  const text = 'a&b=c+d "e" ä';
  assert.is((await call('POST', '/messages', text)).status, 200);
  const json = await call('POST', '/messages-json', JSON.stringify({ text }));
  assert.match((json.json() as { id: string }).id, /^[0-9a-f-]{36}$/);
  const received = await call('GET', '/messages?n=10');
  const bodies = [...received.text.matchAll(/<Body>([^<]*)<\/Body>/g)].map((match) => match[1]!.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
  assert.equal(bodies.sort(), [text, JSON.stringify({ text })].sort());
});

scenario('SNS: Publish by query parameters', async () => {
  const answer = await call('POST', '/notifications?subject=Hello%20there', JSON.stringify({ text: 'ä & b' }));
  assert.is(answer.status, 202, answer.text);
  const queue = await moto.call('sqs', 'POST', '/', target('AmazonSQS.ReceiveMessage', '1.0'), JSON.stringify({ QueueUrl: 'http://sqs.us-east-1.amazonaws.com/123456789012/orders', MaxNumberOfMessages: 10 }));
  const delivered = (JSON.parse(queue) as { Messages: { Body: string }[] }).Messages.map((each) => each.Body).find((body) => body.includes('TopicArn'))!;
  assert.equal([(JSON.parse(delivered) as { Message: string }).Message, (JSON.parse(delivered) as { Subject: string }).Subject], ['ä & b', 'Hello there']);
});

scenario('Kinesis: PutRecord and ListStreams', async () => {
  assert.equal((await call('GET', '/streams')).json(), { streams: ['clicks'] });
  assert.match((await call('POST', '/streams/clicks/records', JSON.stringify({ data: { n: 1 }, key: 'k' }))).text, /"shard": "shardId-\d+"/);
  const { ShardIterator } = JSON.parse(await moto.call('kinesis', 'POST', '/', target('Kinesis_20131202.GetShardIterator'), JSON.stringify({ StreamName: 'clicks', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }))) as { ShardIterator: string };
  const { Records } = JSON.parse(await moto.call('kinesis', 'POST', '/', target('Kinesis_20131202.GetRecords'), JSON.stringify({ ShardIterator }))) as { Records: { Data: string }[] };
  assert.equal(Records.map((record) => Buffer.from(record.Data, 'base64').toString()), ['{"n":1}']);
});

scenario('EventBridge: PutEvents; Step Functions: StartExecution and DescribeExecution', async () => {
  assert.equal((await call('POST', '/events', JSON.stringify({ id: 1 }))).json(), { failed: 0 });
  const started = await call('POST', '/executions', JSON.stringify({ order: 'it\'s 7' }));
  assert.is(started.status, 202, started.text);
  const { execution } = started.json() as { execution: string };
  const described = await call('GET', `/executions/${encodeURIComponent(execution)}`);
  assert.match(described.text, /"machine": "arn:aws:states:us-east-1:123456789012:stateMachine:shop"/);
});

scenario('STS: the gateway\'s own credentials, an assumed role, a role and an action of the stage', async () => {
  const own = await call('GET', '/caller');
  assert.equal([own.status, element(own.text, 'Arn')], [200, 'arn:aws:sts::123456789012:user/moto'], own.text);
  assert.match(element((await call('GET', '/caller-as-role')).text, 'Arn')!, /^arn:aws:sts::123456789012:assumed-role\/api-role\/gwc-\d+$/);
  assert.match(element((await call('GET', '/caller-as-stage-role')).text, 'Arn')!, /^arn:aws:sts::123456789012:assumed-role\/stage-role\/gwc-\d+$/);
});

scenario('SSM: parameters, by the target that the integration maps', async () => {
  assert.equal((await call('GET', '/parameters/colour')).json(), { value: 'blue "navy"' });
  const missing = await call('GET', '/parameters/shape');
  assert.equal([missing.status, missing.json()], [404, { error: 'ParameterNotFound' }]);
});

scenario('HTTP API: SQS, EventBridge, Kinesis and Step Functions as first-class integrations', async () => {
  const http = (method: string, path: string, body?: string, headers: Record<string, string> = {}): ReturnType<typeof call> => call(method, path, body, headers, httpApi);
  const sent = await http('POST', '/queue', 'plain & simple ä', { 'x-colour': 'blue' });
  assert.equal([sent.status, sent.headers.get('content-type')?.split(';')[0], element(sent.text, 'MessageId')?.length], [200, 'text/xml', 36], sent.text);
  assert.ok(sent.headers.get('apigw-requestid'));
  let received = await http('GET', '/queue?attribute=All');
  assert.is(element(received.text, 'Body'), 'plain &amp; simple ä', received.text);
  assert.match(received.text, /<Name>colour<\/Name>.*<StringValue>blue<\/StringValue>/s);
  assert.is((await http('DELETE', `/queue/${encodeURIComponent(element(received.text, 'ReceiptHandle')!)}`)).status, 200);
  await http('POST', '/queue', 'another', { 'x-colour': 'red' });
  assert.is((await http('POST', '/purge')).status, 200);
  received = await http('GET', '/queue?attribute=All');
  assert.is(element(received.text, 'Body'), undefined);

  const events = await http('POST', '/events', JSON.stringify({ type: 'order', order: { id: 7, text: 'a "b"' } }));
  assert.equal([events.status, (events.json() as { FailedEntryCount: number }).FailedEntryCount], [200, 0], events.text);

  const record = await http('POST', '/records/key%201', 'raw ä');
  assert.match((record.json() as { ShardId: string }).ShardId, /^shardId-/);
  const { ShardIterator } = JSON.parse(await moto.call('kinesis', 'POST', '/', target('Kinesis_20131202.GetShardIterator'), JSON.stringify({ StreamName: 'clicks', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }))) as { ShardIterator: string };
  const { Records } = JSON.parse(await moto.call('kinesis', 'POST', '/', target('Kinesis_20131202.GetRecords'), JSON.stringify({ ShardIterator }))) as { Records: { Data: string; PartitionKey: string }[] };
  assert.ok(Records.some((each) => Buffer.from(each.Data, 'base64').toString() === 'raw ä' && each.PartitionKey === 'key 1'), JSON.stringify(Records));

  const started = await http('POST', '/executions', JSON.stringify({ n: 1 }));
  const { executionArn } = started.json() as { executionArn: string };
  assert.match(executionArn, /:execution:shop:/);
  const stopped = await http('DELETE', `/executions/${encodeURIComponent(executionArn)}`, undefined, { 'x-why': 'enough' });
  assert.is(stopped.status, 200, stopped.text);
});

scenario('HTTP API: what the service refuses and what the client left out', async () => {
  const refused = await call('DELETE', '/executions/nonsense', undefined, {}, httpApi);
  assert.equal([refused.status, refused.headers.get('x-service-status')], [404, '400'], 'the service\'s status, mapped');
  const missing = await call('POST', '/events', JSON.stringify({ type: 'order' }), {}, httpApi);
  assert.equal([missing.status, missing.text], [400, '{"message":"Bad Request"}']);
  const broken = await call('POST', '/events', '{"type": ', {}, httpApi);
  assert.equal([broken.status, broken.text], [400, '{"message":"Bad Request"}']);
});

scenario('nothing secret was said', async () => { for (const each of [gateway, httpApi]) assert.not.match(each.stderr(), /never-to-be-seen|Signature=/); });
test.run();
