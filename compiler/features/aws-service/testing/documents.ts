/** REST APIs in front of AWS services, in the manner of AWS's tutorials, in our own words. */

export type Integration = Readonly<Record<string, unknown>>;
type Paths = Record<string, Record<string, unknown>>;

/** `GET /path` → integration, as an OpenAPI document. Path variables are declared; other parameters by `parameters`. */
export function restDocument(operations: Readonly<Record<string, Integration & { readonly parameters?: readonly string[] }>>, root: object = {}): object {
  const paths: Paths = {};
  for (const [key, { parameters = [], ...integration }] of Object.entries(operations)) {
    const [method, path] = key.split(' ') as [string, string];
    const declared = [
      ...[...path.matchAll(/\{(\w+)\+?\}/g)].map((match) => ({ name: match[1]!, in: 'path', required: true, schema: { type: 'string' } })),
      ...parameters.map((text) => ({ in: text.split('.')[0]!, name: text.split('.')[1]!, schema: { type: 'string' } })),
    ];
    const statuses = Object.values((integration['responses'] ?? {}) as Record<string, { statusCode: string }>).map(({ statusCode }) => [statusCode, { description: statusCode }]);
    (paths[path] ??= {})[method.toLowerCase()] = { ...(declared.length > 0 ? { parameters: declared } : {}), responses: Object.fromEntries(statuses) as object, 'x-amazon-apigateway-integration': { type: 'aws', passthroughBehavior: 'when_no_templates', ...integration } };
  }
  return { openapi: '3.0.1', info: { title: 'services', version: '1' }, 'x-gwc-flavour': 'rest', paths, ...root };
}

export const uri = (rest: string): string => `arn:aws:apigateway:us-east-1:${rest}`;
const json = (template: string): object => ({ 'application/json': template });
const mapped = (template: string, status = '200'): object => ({ statusCode: status, responseTemplates: json(template) });
const ERRORS = { '4\\d{2}': { statusCode: '400' }, '5\\d{2}': { statusCode: '502' } };
const CALL = { httpMethod: 'POST' };

/** Comments of pages, kept in a table. */
const DYNAMODB = {
  'POST /comments': { ...CALL, uri: uri('dynamodb:action/PutItem'), responses: { default: mapped('{"id": "$context.requestId"}', '201'), ...ERRORS }, requestTemplates: json(`#set($root = $input.path('$'))
{"TableName": "Comments", "Item": {"commentId": {"S": "$root.id"}, "pageId": {"S": "$root.page"}, "message": {"S": $input.json('$.message')}}}`) },
  'GET /comments': { ...CALL, uri: uri('dynamodb:action/Scan'), requestTemplates: json('{"TableName": "Comments"}'), responses: { default: mapped('{"count": $input.path(\'$.Count\')}'), ...ERRORS } },
  'GET /comments/{page}': { ...CALL, uri: uri('dynamodb:action/Query'), requestTemplates: json(`{"TableName": "Comments", "IndexName": "pages", "KeyConditionExpression": "pageId = :p", "ExpressionAttributeValues": {":p": {"S": "$input.params('page')"}}}`), responses: {
    default: mapped(`#set($root = $input.path('$'))
{"comments": [#foreach($item in $root.Items){"id": "$item.commentId.S", "message": "$util.escapeJavaScript($item.message.S).replaceAll("\\\\'", "'")"}#if($foreach.hasNext),#end
#end]}`), ...ERRORS } },
  'GET /comments/{page}/{id}': { ...CALL, uri: uri('dynamodb:action/GetItem'), requestTemplates: json(`{"TableName": "Comments", "Key": {"commentId": {"S": "$input.params('id')"}}}`), responses: {
    default: mapped(`#set($item = $input.path('$.Item'))
#if("$!item.commentId.S" == "")#set($context.responseOverride.status = 404){"message": "no such comment"}#else{"message": $input.json('$.Item.message.S')}#end`), ...ERRORS } },
  'PATCH /comments/{page}/{id}': { ...CALL, uri: uri('dynamodb:action/UpdateItem'), requestTemplates: json(`{"TableName": "Comments", "Key": {"commentId": {"S": "$input.params('id')"}}, "UpdateExpression": "SET message = :m", "ExpressionAttributeValues": {":m": {"S": $input.json('$.message')}}, "ReturnValues": "ALL_NEW"}`), responses: { default: mapped('{"message": $input.json(\'$.Attributes.message.S\')}'), ...ERRORS } },
  'DELETE /comments/{page}/{id}': { ...CALL, uri: uri('dynamodb:action/DeleteItem'), requestTemplates: json(`{"TableName": "Comments", "Key": {"commentId": {"S": "$input.params('id')"}}}`), responses: { default: { statusCode: '204', responseTemplates: json('') }, ...ERRORS } },
  'GET /broken-table': { ...CALL, uri: uri('dynamodb:action/Scan'), requestTemplates: json('{"TableName": "Nowhere"}'), responses: { default: { statusCode: '200' }, '400': mapped(`{"error": "$input.path('$.__type').split("#")[1]"}`, '404') } },
};

/** A proxy of S3. */
const OBJECT = { 'integration.request.path.bucket': 'method.request.path.bucket', 'integration.request.path.key': 'method.request.path.key' };
const HEADERS = { 'method.response.header.Content-Type': 'integration.response.header.Content-Type', 'method.response.header.Content-Length': 'integration.response.header.Content-Length', 'method.response.header.ETag': 'integration.response.header.ETag' };
// Patterns are tried by their statuses, so that they must not overlap.
const S3_ERRORS = { '40[0-35-9]': { statusCode: '400', responseParameters: { 'method.response.header.Content-Type': 'integration.response.header.Content-Type' } }, 404: { statusCode: '404', responseParameters: { 'method.response.header.Content-Type': 'integration.response.header.Content-Type' } } };
const S3 = {
  'GET /buckets': { httpMethod: 'GET', uri: uri('s3:path//'), responses: { default: { statusCode: '200', responseParameters: HEADERS } } },
  'PUT /buckets/{bucket}': { httpMethod: 'PUT', uri: uri('s3:path/{bucket}'), requestParameters: { 'integration.request.path.bucket': 'method.request.path.bucket' }, responses: { default: { statusCode: '201' }, ...S3_ERRORS } },
  'GET /buckets/{bucket}': { httpMethod: 'GET', uri: uri('s3:path/{bucket}?list-type=2'), parameters: ['query.prefix'], requestParameters: { 'integration.request.path.bucket': 'method.request.path.bucket', 'integration.request.querystring.prefix': 'method.request.querystring.prefix' }, responses: { default: { statusCode: '200', responseParameters: HEADERS }, ...S3_ERRORS } },
  'PUT /buckets/{bucket}/{key+}': { httpMethod: 'PUT', uri: uri('s3:path/{bucket}/{key}'), parameters: ['header.Content-Type', 'header.x-amz-meta-author'], requestParameters: { ...OBJECT, 'integration.request.header.Content-Type': 'method.request.header.Content-Type', 'integration.request.header.x-amz-meta-author': 'method.request.header.x-amz-meta-author' }, responses: { default: { statusCode: '200', responseParameters: HEADERS }, ...S3_ERRORS } },
  'GET /buckets/{bucket}/{key+}': { httpMethod: 'GET', uri: uri('s3:path/{bucket}/{key}'), requestParameters: OBJECT, responses: { default: { statusCode: '200', responseParameters: { ...HEADERS, 'method.response.header.X-Author': 'integration.response.header.x-amz-meta-author' } }, ...S3_ERRORS } },
  'DELETE /buckets/{bucket}/{key+}': { httpMethod: 'DELETE', uri: uri('s3:path/{bucket}/{key}'), requestParameters: OBJECT, responses: { default: { statusCode: '204' }, ...S3_ERRORS } },
  'PUT /encoded/{key}': { httpMethod: 'PUT', uri: uri('s3:path/photos/{key}'), contentHandling: 'CONVERT_TO_BINARY', requestParameters: { 'integration.request.path.key': 'method.request.path.key', 'integration.request.header.Content-Type': "'image/gif'" }, responses: { default: { statusCode: '200' } } },
  'GET /encoded/{key}': { httpMethod: 'GET', uri: uri('s3:path/photos/{key}'), requestParameters: { 'integration.request.path.key': 'method.request.path.key' }, responses: { default: { statusCode: '200', contentHandling: 'CONVERT_TO_TEXT' } } },
  'GET /of-bucket/{key+}': { httpMethod: 'GET', uri: uri('photos.s3:path/{key}'), requestParameters: { 'integration.request.path.key': 'method.request.path.key' }, responses: { default: { statusCode: '200', responseParameters: HEADERS } } },
};

const FORM = { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" };
const SQS = {
  'POST /messages': { ...CALL, uri: uri('sqs:path/123456789012/orders'), requestParameters: FORM, requestTemplates: json("Action=SendMessage&MessageBody=$util.urlEncode($input.body)"), responses: { default: mapped(`{"id": "$input.path('$.SendMessageResponse.SendMessageResult.MessageId')"}`), ...ERRORS } },
  'GET /messages': { httpMethod: 'GET', uri: uri('sqs:action/ReceiveMessage'), parameters: ['query.n'], requestParameters: { 'integration.request.querystring.QueueUrl': 'stageVariables.queue', 'integration.request.querystring.MaxNumberOfMessages': 'method.request.querystring.n' }, responses: { default: { statusCode: '200', responseParameters: HEADERS }, ...ERRORS } },
  'POST /messages-json': { ...CALL, uri: uri('sqs:path/'), requestParameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.0'", 'integration.request.header.X-Amz-Target': "'AmazonSQS.SendMessage'" }, requestTemplates: json(`{"QueueUrl": "$stageVariables.queue", "MessageBody": "$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'", "'")"}`), responses: { default: mapped('{"id": $input.json(\'$.MessageId\')}'), ...ERRORS } },
};

const OTHERS = {
  'POST /notifications': { ...CALL, uri: uri('sns:action/Publish'), parameters: ['query.subject'], requestParameters: { 'integration.request.querystring.TopicArn': "'arn:aws:sns:us-east-1:123456789012:news'", 'integration.request.querystring.Message': 'method.request.body.text', 'integration.request.querystring.Subject': 'method.request.querystring.subject' }, requestTemplates: json(''), responses: { default: { statusCode: '202', responseParameters: HEADERS }, ...ERRORS } },
  'POST /streams/{stream}/records': { ...CALL, uri: uri('kinesis:action/PutRecord'), requestTemplates: json(`{"StreamName": "$input.params('stream')", "Data": "$util.base64Encode($input.json('$.data'))", "PartitionKey": "$input.path('$.key')"}`), responses: { default: mapped("{\"shard\": \"$input.path('$.ShardId')\"}"), ...ERRORS } },
  'GET /streams': { ...CALL, uri: uri('kinesis:action/ListStreams'), requestTemplates: json('{}'), responses: { default: mapped("{\"streams\": $input.json('$.StreamNames')}"), ...ERRORS } },
  'POST /events': { ...CALL, uri: uri('events:action/PutEvents'), requestTemplates: json(`{"Entries": [{"Source": "shop", "DetailType": "order", "Detail": "$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'", "'")"}]}`), responses: { default: mapped("{\"failed\": $input.path('$.FailedEntryCount')}"), ...ERRORS } },
  'POST /executions': { ...CALL, uri: uri('states:action/StartExecution'), requestTemplates: json(`{"stateMachineArn": "$stageVariables.machine", "input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'", "'")"}`), responses: { default: mapped("{\"execution\": \"$input.path('$.executionArn')\"}", '202'), ...ERRORS } },
  'GET /executions/{arn}': { ...CALL, uri: uri('states:action/DescribeExecution'), requestTemplates: json(`{"executionArn": "$util.urlDecode($input.params('arn'))"}`), responses: { default: mapped("{\"input\": $util.parseJson($input.path('$.input')), \"machine\": $input.json('$.stateMachineArn')}"), ...ERRORS } },
  'GET /caller': { ...CALL, uri: uri('sts:action/GetCallerIdentity'), responses: { default: { statusCode: '200', responseParameters: HEADERS } } },
  'GET /caller-as-role': { ...CALL, uri: uri('sts:action/GetCallerIdentity'), credentials: 'arn:aws:iam::123456789012:role/api-role', responses: { default: { statusCode: '200', responseParameters: HEADERS } } },
  'GET /caller-as-stage-role': { ...CALL, uri: uri('sts:${stageVariables.operation}'), credentials: 'arn:aws:iam::123456789012:${stageVariables.role}', responses: { default: { statusCode: '200', responseParameters: HEADERS } } },
  'GET /parameters/{name}': { ...CALL, uri: uri('ssm:path//'), requestParameters: { 'integration.request.header.X-Amz-Target': "'AmazonSSM.GetParameter'", 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" }, requestTemplates: json(`{"Name": "/shop/$input.params('name')"}`), responses: { default: mapped("{\"value\": $input.json('$.Parameter.Value')}"), '4\\d{2}': mapped("{\"error\": $input.json('$.__type')}", '404') } },
};

export const SERVICES = { ...DYNAMODB, ...S3, ...SQS, ...OTHERS };

/** `POST /path` → integration, as a document of an HTTP API. */
export function httpDocument(operations: Readonly<Record<string, Integration>>, root: object = {}): object {
  const paths: Paths = {};
  for (const [key, integration] of Object.entries(operations)) {
    const [method, path] = key.split(' ') as [string, string];
    const parameters = [...path.matchAll(/\{(\w+)\+?\}/g)].map((match) => ({ name: match[1]!, in: 'path', required: true, schema: { type: 'string' } }));
    (paths[path] ??= {})[method.toLowerCase()] = { parameters, responses: { default: { description: 'any' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', payloadFormatVersion: '1.0', credentials: 'arn:aws:iam::123456789012:role/api-role', ...integration } };
  }
  return { openapi: '3.0.1', info: { title: 'subtypes', version: '1' }, 'x-gwc-flavour': 'http', paths, ...root };
}

export const SUBTYPES = {
  'POST /queue': { integrationSubtype: 'SQS-SendMessage', requestParameters: { QueueUrl: '$stageVariables.queue', MessageBody: '$request.body', DelaySeconds: '0', MessageAttributes: '{"colour": {"DataType": "String", "StringValue": "${request.header.x-colour}"}}' } },
  'GET /queue': { integrationSubtype: 'SQS-ReceiveMessage', requestParameters: { QueueUrl: '$stageVariables.queue', MaxNumberOfMessages: '1', MessageAttributeNames: '["All"]', AttributeNames: '$request.querystring.attribute' } },
  'DELETE /queue/{handle}': { integrationSubtype: 'SQS-DeleteMessage', requestParameters: { QueueUrl: '$stageVariables.queue', ReceiptHandle: '$request.path.handle' } },
  'POST /purge': { integrationSubtype: 'SQS-PurgeQueue', requestParameters: { QueueUrl: '$stageVariables.queue' } },
  'POST /events': { integrationSubtype: 'EventBridge-PutEvents', requestParameters: { Source: 'shop', DetailType: '$request.body.type', Detail: '$request.body.order', Time: '2026-11-21T10:00:00Z', Resources: '["arn:aws:x:::one"]', Region: 'us-east-1' } },
  'POST /records/{key}': { integrationSubtype: 'Kinesis-PutRecord', requestParameters: { StreamName: 'clicks', Data: '$request.body', PartitionKey: '$request.path.key' } },
  'POST /executions': { integrationSubtype: 'StepFunctions-StartExecution', requestParameters: { StateMachineArn: '$stageVariables.machine', Input: '$request.body' } },
  'DELETE /executions/{arn}': { integrationSubtype: 'StepFunctions-StopExecution', requestParameters: { ExecutionArn: '$request.path.arn', Cause: '${request.header.x-why} (${context.httpMethod})' }, responseParameters: { 400: { 'overwrite:statuscode': '404', 'overwrite:header.x-service-status': '400' } } },
};
