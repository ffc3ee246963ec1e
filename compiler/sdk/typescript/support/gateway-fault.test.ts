/** Answers of API Gateway, as captured in public, and of services that only look similar. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gatewayFault } from './gateway-fault.js';

const test = suite('typescript client: gateway errors');

function kind(status: number, type: string | undefined, body: unknown, headers: Record<string, string> = {}): string | undefined {
  return gatewayFault(status, new Headers({ ...(type ? { 'x-amzn-errortype': type } : {}), ...headers }), body)?.kind;
}

test('REST APIs name a type', () => {
  const rows: [number, string, unknown, string][] = [
    [429, 'TooManyRequestsException', { message: 'Too Many Requests' }, 'throttled'],
    [429, 'LimitExceededException', { message: 'Limit Exceeded' }, 'quota'],
    [400, 'BadRequestException', { message: 'Invalid request body' }, 'validation'],
    [400, 'BadRequestException', { message: 'Missing required request parameters: [limit]' }, 'validation'],
    [400, 'BadRequestException', { message: 'Invalid JSON in request body' }, 'bad-request'],
    [401, 'UnauthorizedException', { message: 'Unauthorized' }, 'unauthorized'],
    [403, 'ForbiddenException', { message: 'Forbidden' }, 'forbidden'],
    [403, 'AccessDeniedException', { Message: 'User is not authorized to access this resource' }, 'access-denied'],
    [403, 'MissingAuthenticationTokenException', { message: 'Missing Authentication Token' }, 'missing-authentication-token'],
    [403, 'IncompleteSignatureException', { message: '…' }, 'incomplete-signature'],
    [403, 'ExpiredTokenException', { message: 'The security token included in the request is expired' }, 'expired-token'],
    [413, 'BadRequestException', { message: 'Request Too Long' }, 'too-large'],
    [415, 'BadRequestException', { message: 'Unsupported Media Type' }, 'unsupported-media-type'],
    [500, 'AuthorizerConfigurationException', { message: null }, 'authorizer-configuration'],
    [500, 'InternalServerErrorException', { message: 'Internal server error' }, 'internal-server-error'],
    [504, 'InternalServerErrorException', { message: 'Endpoint request timed out' }, 'integration-timeout'],
    [504, 'InternalServerErrorException', { message: 'Network error communicating with endpoint' }, 'integration'],
    [429, 'com.amazonaws.apigateway#TooManyRequestsException:http://internal.amazon.com/', undefined, 'throttled'],
    [403, 'ForbiddenException', 'customised by a template', 'forbidden'],
  ];
  for (const [status, type, body, expected] of rows) assert.is(kind(status, type, body), expected, type);
  assert.is(gatewayFault(403, new Headers({ 'x-amzn-errortype': 'AccessDeniedException' }), { Message: 'no' })!.message, 'no');
});

test('HTTP APIs say one thing only', () => {
  const id = { 'apigw-requestid': 'abc=' };
  const rows: [number, string, string][] = [
    [404, 'Not Found', 'not-found'], [401, 'Unauthorized', 'unauthorized'], [403, 'Forbidden', 'forbidden'], [429, 'Too Many Requests', 'throttled'], [500, 'Internal Server Error', 'internal-server-error'],
    [503, 'Service Unavailable', 'service-unavailable'], [504, 'Gateway Timeout', 'integration-timeout'], [413, 'Request Entity Too Large', 'too-large'],
  ];
  for (const [status, message, expected] of rows) assert.is(kind(status, undefined, { message }, id), expected);
  assert.is(kind(404, undefined, { message: 'Not Found' }), undefined, 'no gateway in front');
  assert.is(kind(404, undefined, { message: 'No such pet' }, id), undefined);
  assert.is(kind(404, undefined, { message: 'Not Found', pet: 7 }, id), undefined);
});

test('problem details name the fields', () => {
  const problem = { 'content-type': 'application/problem+json; charset=utf-8' };
  const body = {
    type: 'about:blank', title: 'Bad Request', status: 400, detail: 'The request does not match the API description in 2 places.',
    errors: [{ in: 'query', parameter: 'limit', pointer: '', keyword: 'maximum', message: 'must be <= 100' }, { in: 'body', pointer: '/name', keyword: 'minLength', message: 'must NOT have fewer than 1 characters' }],
  };
  for (const headers of [problem, { ...problem, 'x-amzn-errortype': 'BadRequestException' }]) {
    const fault = gatewayFault(400, new Headers(headers), body)!;
    assert.is(fault.kind, 'validation');
    assert.is(fault.message, body.detail);
    assert.equal(fault.fields, [{ ...body.errors[0], pointer: '' }, { ...body.errors[1], parameter: undefined }]);
  }
  const foreign = gatewayFault(400, new Headers({ ...problem, 'x-amzn-errortype': 'BadRequestException' }), { errors: [{ pointer: '#/age', detail: 'must be integer' }, { name: 'page', detail: 'no' }, null, 1] })!;
  assert.equal(foreign.fields.map((field) => [field.in, field.parameter, field.pointer, field.message]), [['body', undefined, '/age', 'must be integer'], ['parameter', 'page', undefined, 'no'], ['body', undefined, undefined, ''], ['body', undefined, undefined, '']]);
  assert.is(kind(415, 'UnsupportedMediaTypeException', { ...body, errors: [{ in: 'body', pointer: '', keyword: 'contentType', message: 'is not allowed' }] }, problem), 'unsupported-media-type');
  assert.is(gatewayFault(502, new Headers({ ...problem, 'x-amzn-errortype': 'InternalServerErrorException' }), { title: 'Bad Gateway', detail: 'The answer of the backend does not match the API description.' })!.message, 'The answer of the backend does not match the API description.');
  assert.is(kind(409, undefined, { title: 'Conflict' }, problem), undefined, 'a problem of the service');
  assert.is(kind(422, undefined, body, problem), undefined);
  assert.is(kind(400, undefined, { errors: [{ pointer: '/name', detail: 'taken' }] }, problem), undefined);
  assert.is(kind(400, undefined, { errors: ['x', null, 1] }, problem), undefined);
});

test('whatever the body is', () => {
  for (const body of [undefined, null, '', 'text', 5, [], [1], { message: 5 }, { message: { a: 1 } }]) {
    assert.is(kind(404, undefined, body, { 'apigw-requestid': 'x' }), undefined);
    assert.is(kind(418, 'NewException', body), 'new');
  }
});

test.run();
