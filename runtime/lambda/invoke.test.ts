/** Where and as what a function is called, by reference, endpoint and environment. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { invokeTarget } from './invoke.js';
import { parseFunction } from './reference.js';

const test = suite('Lambda invoke targets');
const NAMES = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_LAMBDA'];
const saved = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
test.after(() => { for (const [name, value] of Object.entries(saved)) if (value === undefined) delete process.env[name]; else process.env[name] = value; });

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:List';
const ENCODED = '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3AList/invocations';

const TARGETS: readonly [name: string, reference: string, endpoint: string, uriRegion: string, environment: Record<string, string>, expected: readonly [host: string, path: string, query: string, region: string, mustSign: boolean] | RegExp][] = [
  ['an ARN on AWS', ARN, '', 'eu-west-1', {}, ['lambda.eu-west-1.amazonaws.com', ENCODED, '', 'eu-west-1', true]],
  ['an alias', `${ARN}:live`, '', '', {}, ['lambda.eu-west-1.amazonaws.com', ENCODED, 'Qualifier=live', 'eu-west-1', true]],
  ['$LATEST', `${ARN}:$LATEST`, '', '', {}, ['lambda.eu-west-1.amazonaws.com', ENCODED, 'Qualifier=%24LATEST', 'eu-west-1', true]],
  ['the region of an ARN wins over the environment', ARN, '', 'us-east-1', { AWS_REGION: 'ap-south-1' }, ['lambda.eu-west-1.amazonaws.com', ENCODED, '', 'eu-west-1', true]],
  ['an account the build did not know: name only, region of the environment', 'arn:aws:lambda:us-east-1:000000000000:function:List', '', 'us-east-1', { AWS_REGION: 'ap-south-1' }, ['lambda.ap-south-1.amazonaws.com', '/2015-03-31/functions/List/invocations', '', 'ap-south-1', true]],
  ['and without one that of the ARN', 'arn:aws:lambda:us-east-1:000000000000:function:List', '', '', {}, ['lambda.us-east-1.amazonaws.com', '/2015-03-31/functions/List/invocations', '', 'us-east-1', true]],
  ['a name', 'List', '', '', { AWS_DEFAULT_REGION: 'eu-north-1' }, ['lambda.eu-north-1.amazonaws.com', '/2015-03-31/functions/List/invocations', '', 'eu-north-1', true]],
  ['a name with the uri\'s region', 'List:7', '', 'eu-north-1', {}, ['lambda.eu-north-1.amazonaws.com', '/2015-03-31/functions/List/invocations', 'Qualifier=7', 'eu-north-1', true]],
  ['China', 'arn:aws-cn:lambda:cn-north-1:123456789012:function:List', '', '', {}, ['lambda.cn-north-1.amazonaws.com.cn', '/2015-03-31/functions/arn%3Aaws-cn%3Alambda%3Acn-north-1%3A123456789012%3Afunction%3AList/invocations', '', 'cn-north-1', true]],
  ['GovCloud', 'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:List', '', '', {}, ['lambda.us-gov-west-1.amazonaws.com', '/2015-03-31/functions/arn%3Aaws-us-gov%3Alambda%3Aus-gov-west-1%3A123456789012%3Afunction%3AList/invocations', '', 'us-gov-west-1', true]],
  ['an emulator knows names', ARN, 'http://localhost:4566', '', {}, ['localhost:4566', '/2015-03-31/functions/List/invocations', '', 'eu-west-1', false]],
  ['an endpoint with a path is called as it is', `${ARN}:live`, 'http://localhost:9000/2015-03-31/functions/function/invocations?x=1', '', {}, ['localhost:9000', '/2015-03-31/functions/function/invocations', 'x=1', 'eu-west-1', false]],
  ['AWS_ENDPOINT_URL', ARN, '', '', { AWS_ENDPOINT_URL: 'http://localstack:4566' }, ['localstack:4566', '/2015-03-31/functions/List/invocations', '', 'eu-west-1', false]],
  ['the service\'s own endpoint variable wins', ARN, '', '', { AWS_ENDPOINT_URL: 'http://localstack:4566', AWS_ENDPOINT_URL_LAMBDA: 'https://vpce-1.lambda.eu-west-1.vpce.amazonaws.com' }, ['vpce-1.lambda.eu-west-1.vpce.amazonaws.com', ENCODED, '', 'eu-west-1', true]],
  ['the document\'s endpoint wins over both', ARN, 'http://sam:3001', '', { AWS_ENDPOINT_URL_LAMBDA: 'http://localstack:4566' }, ['sam:3001', '/2015-03-31/functions/List/invocations', '', 'eu-west-1', false]],
  ['a host that only ends like AWS', ARN, 'https://evilamazonaws.com', '', {}, ['evilamazonaws.com', '/2015-03-31/functions/List/invocations', '', 'eu-west-1', false]],
  ['no region', 'List', '', '', {}, /the region of function List is not known: set AWS_REGION/],
  ['no function', 'arn:aws:lambda:eu-west-1:123456789012:function:', '', '', {}, /names no Lambda function/],
  ['a placeholder', '${List.Arn}', '', '', {}, /names no Lambda function/],
  ['a path trick', '../../2015-03-31/event-source-mappings', '', '', {}, /names no Lambda function/],
  ['a broken endpoint variable', ARN, '', '', { AWS_ENDPOINT_URL: 'localhost' }, /is no URL/],
  ['an endpoint variable with a password', ARN, '', '', { AWS_ENDPOINT_URL: 'http://user:hidden@host' }, /^the Lambda endpoint http:\/\/host cannot be called$/],
];
for (const [name, reference, endpoint, uriRegion, environment, expected] of TARGETS) test(name, () => {
  for (const each of NAMES) delete process.env[each];
  Object.assign(process.env, environment);
  const target = invokeTarget(reference, endpoint, uriRegion);
  if (expected instanceof RegExp) assert.match(target as string, expected);
  else { assert.type(target, 'object', String(target)); const { host, path, query, region, mustSign } = target as Exclude<typeof target, string>; assert.equal([host, path, query, region, mustSign], [...expected]); }
});

for (const [text, expected] of [
  ['List', ['List', '']], ['List:live', ['List', 'live']], ['123456789012:function:List:3', ['List', '3']], [`${ARN}:$LATEST`, ['List', '$LATEST']],
  ['', null], ['a b', null], ['List:', null], ['List:a:b', null], [`${ARN}:a/b`, null], ['x'.repeat(141), null], ['arn:aws:lambda:eu-west-1:12:function:List', null], ['arn:aws:sqs:eu-west-1:123456789012:List', null],
] as const) test(`reference "${text.slice(0, 60)}"`, () => {
  const parsed = parseFunction(text);
  assert.equal(parsed && [parsed.name, parsed.qualifier], expected && [...expected]);
});
test.run();
