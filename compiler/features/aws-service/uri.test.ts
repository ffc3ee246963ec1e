/** Which service, endpoint and signature a uri means. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultEndpoint, serviceId, signingName } from './services.js';
import { parseServiceUri } from './uri.js';

const test = suite('AWS service uris');
const at = (rest: string, region = 'eu-west-1', partition = 'aws'): string => `arn:${partition}:apigateway:${region}:${rest}`;

for (const [uri, form, target, query] of [
  [at('dynamodb:action/PutItem'), 'action', 'PutItem', ''],
  [at('sns:action/Publish&Subject=x&A=${stageVariables.a}'), 'action', 'Publish', 'Subject=x&A=$a'],
  [at('sqs:action/${stageVariables.action}'), 'action', '$action', ''],
  [at('sqs:path//'), 'path', '/', ''], [at('sqs:path/'), 'path', '/', ''],
  [at('s3:path/{bucket}/{key+}?list-type=2&prefix={p}'), 'path', '/{bucket}/{key}', 'list-type=2&prefix={p}'],
  [at('sqs:path/123456789012/${stageVariables.queue}'), 'path', '/123456789012/$queue', ''],
  [at('kinesis:${stageVariables.operation}'), 'variable', '$operation', ''],
] as const) test(uri, () => {
  const parsed = parseServiceUri(uri);
  if ('problem' in parsed) return assert.unreachable(parsed.problem);
  const text = (parts: typeof parsed.target): string => parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'placeholder' ? `{${part.name}}` : `$${part.name}`)).join('');
  assert.equal([parsed.form, text(parsed.target), text(parsed.query)], [form, target, query]);
});

for (const [uri, problem] of [
  ['', 'the uri is empty'], ['https://example.com', 'https://example.com is no ARN'], ['arn:aws:sqs:eu-west-1:1:q', 'arn:aws:sqs:eu-west-1:1:q is no ARN of API Gateway'],
  [at('sqs:path/x', ''), 'it names no region'], [at('sqs:path/x', 'europe'), "'europe' is no region"], [at('sqs:path/x', 'evil.example/eu-west-1'), "'evil.example/eu-west-1' is no region"], [at('sqs:path/x', 'eu-west-1', 'azure'), "there is no partition 'azure'"],
  [at(':path/x'), 'it names no service'], [at('a/b:path/x'), "'a/b' is no service"], [at('a..s3:path/x'), "'a..s3' is no service"], [at('{bucket}.s3:path/x'), "its service is '{bucket}.s3', which must be known when the gateway is built"],
  [at('${stageVariables.s}:path/x'), "its service is '${stageVariables.s}', which must be known when the gateway is built"], [at('sqs:path/x', '${stageVariables.r}'), "its region is '${stageVariables.r}', which must be known when the gateway is built"],
  [at('sqs'), 'AWS ARN for integration must contain path or action'], [at('sqs:SendMessage'), 'AWS ARN for integration must contain path or action'],
  [at('sqs:action/'), 'it names no action'], [at('sqs:action/{a}'), 'the action is {a}: a client would choose what is done'], [at('sqs:action/Send Message'), 'it holds blanks or control characters'], [at('sqs:action/a/b'), "'a/b' is no action"],
] as const) test(`${uri || '(empty)'} is refused`, () => assert.equal(parseServiceUri(uri), { problem }));

test('a region that a template leaves open', () => {
  const parsed = parseServiceUri(at('sqs:path/x', '${Region}'));
  assert.ok(!('problem' in parsed) && parsed.region === '');
});

for (const [name, url, region, signing, id] of [
  ['dynamodb', 'https://dynamodb.eu-west-1.amazonaws.com', 'eu-west-1', 'dynamodb', 'DYNAMODB'], ['states', 'https://states.eu-west-1.amazonaws.com', 'eu-west-1', 'states', 'SFN'],
  ['iam', 'https://iam.amazonaws.com', 'us-east-1', 'iam', 'IAM'], ['email', 'https://email.eu-west-1.amazonaws.com', 'eu-west-1', 'ses', 'SES'],
  ['my-bucket.s3', 'https://my-bucket.s3.eu-west-1.amazonaws.com', 'eu-west-1', 's3', 'S3'], ['a.b.s3', 'https://a.b.s3.eu-west-1.amazonaws.com', 'eu-west-1', 's3', 'S3'], ['runtime.sagemaker', 'https://runtime.sagemaker.eu-west-1.amazonaws.com', 'eu-west-1', 'sagemaker', 'SAGEMAKER_RUNTIME'],
  ['data-ats.iot', 'https://data-ats.iot.eu-west-1.amazonaws.com', 'eu-west-1', 'iotdata', 'IOT_DATA_PLANE'], ['abc123-ats.iot', 'https://abc123-ats.iot.eu-west-1.amazonaws.com', 'eu-west-1', 'iotdata', 'IOT'],
  ['events', 'https://events.eu-west-1.amazonaws.com', 'eu-west-1', 'events', 'EVENTBRIDGE'], ['123456789012.s3-control', 'https://123456789012.s3-control.eu-west-1.amazonaws.com', 'eu-west-1', 's3', 'S3_CONTROL'], ['metering.marketplace', 'https://metering.marketplace.eu-west-1.amazonaws.com', 'eu-west-1', 'aws-marketplace', 'MARKETPLACE'],
] as const) test(name, () => {
  const service = name.slice(name.lastIndexOf('.') + 1);
  assert.equal(defaultEndpoint('aws', 'eu-west-1', name, service), { url, signingRegion: region });
  assert.equal([signingName(name, service), serviceId(name, service)], [signing, id]);
});

test('partitions', () => {
  assert.is(defaultEndpoint('aws-cn', 'cn-north-1', 'sqs', 'sqs').url, 'https://sqs.cn-north-1.amazonaws.com.cn');
  assert.equal(defaultEndpoint('aws-us-gov', 'us-gov-east-1', 'iam', 'iam'), { url: 'https://iam.us-gov.amazonaws.com', signingRegion: 'us-gov-west-1' });
});
test.run();
