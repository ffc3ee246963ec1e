/** Which function a uri means, and what it is called in bindings. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFunctionUri, parseReference } from './uri.js';

const test = suite('Lambda uris');
const wrap = (reference: string, region = 'eu-west-1'): string => `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${reference}/invocations`;
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:';

for (const [uri, expected] of [
  [wrap(`${ARN}List`), [`${ARN}List`, 'eu-west-1']],
  [wrap(`${ARN}List:live`), [`${ARN}List:live`, 'eu-west-1']],
  [wrap('${List.Arn}', '${Region}'), ['${List.Arn}', '']],
  [`arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/arn:aws-cn:lambda:cn-north-1:123456789012:function:List/invocations`, ['arn:aws-cn:lambda:cn-north-1:123456789012:function:List', 'cn-north-1']],
  [`${ARN}List`, [`${ARN}List`, '']],
  ['${List.Arn}', ['${List.Arn}', '']],
  ['${List.Arn}:live', ['${List.Arn}:live', '']],
  ['arn:aws:apigateway:eu-west-1:sqs:path/1/q', 'other'],
  ['arn:aws:apigateway:eu-west-1:firehose:action/PutRecord', 'other'],
  [`arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/${ARN}List/response-streaming-invocations`, [`${ARN}List`, 'eu-west-1', true]],
  ['arn:aws:apigateway:eu-west-1:lambda:List', 'AWS ARN for integration must contain path or action'],
  ['arn:aws:apigateway:eu-west-1:lambda:path/x', "'path/x' is no path of an invocation"],
  ['https://example.com', 'https://example.com is no ARN'],
  ['arn:aws:sqs:x', 'arn:aws:sqs:x names no Lambda function'],
  ['', 'the uri is empty'],
] as readonly (readonly [string, string | readonly [string, string, boolean?]])[]) test(uri || '(empty)', () => {
  const parsed = parseFunctionUri(uri);
  if (typeof expected !== 'string') assert.equal(parsed, { reference: expected[0], region: expected[1], streams: expected[2] ?? false });
  else if (expected === 'other') assert.is(parsed, 'other');
  else assert.equal(parsed, { problem: expected });
});

for (const [reference, name, placeholder, hasVariables] of [
  [`${ARN}List`, 'List', undefined, false], [`${ARN}List:live`, 'List', undefined, false], [`${ARN}List:$LATEST`, 'List', undefined, false],
  ['123456789012:function:List', 'List', undefined, false], ['List', 'List', undefined, false], ['List:3', 'List', undefined, false],
  ['${List.Arn}', 'List', 'List.Arn', false], ['${List.Alias}', 'List', 'List.Alias', false], ['${ListArn}', 'ListArn', 'ListArn', false], ['${List.Arn}:live', 'List', 'List.Arn', false],
  ['arn:aws:lambda:eu-west-1:123456789012:function:${Env}-list', '${Env}-list', 'Env', false], ['arn:aws:lambda:${AWS::Region}:1:function:${Fn}', 'Fn', 'AWS::Region', false],
  [`${ARN}\${stageVariables.fn}`, '${stageVariables.fn}', undefined, true], [`${ARN}List:\${stageVariables.alias}`, 'List', undefined, true], [`${ARN}\${stageVariables.env}-list:live`, '${stageVariables.env}-list', undefined, true],
] as const) test(`reference ${reference}`, () => {
  const parsed = parseReference(reference);
  assert.equal([parsed.name, parsed.placeholder, parsed.hasVariables], [name, placeholder, hasVariables]);
  if (!hasVariables) assert.equal(parsed.parts, [{ kind: 'text', text: reference }]);
});
test.run();
