/** SAM and CloudFormation templates: what gwc makes of them, also against what SAM's own translator makes of them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../code.js';
import { Sources } from '../../diagnostics/locate.js';
import { Reporter } from '../../diagnostics/report.js';
import { loadDocument, type LoadOptions } from '../index.js';

const test = suite('templates');
type Loose = Record<string, any>;

/** Loads `files` (the first is the entry), gives the document and what was reported, as `code line:column`. */
async function load(files: Readonly<Record<string, string>>, options: Partial<LoadOptions> = {}): Promise<{ root: Loose | undefined; reports: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-template-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const reporter = new Reporter();
    const sources = new Sources(folder);
    const document = await loadDocument(Object.keys(files)[0]!, { params: {}, overlays: [], cwd: folder, sources, ...options }, reporter);
    const reports = reporter.diagnostics.map(({ code, origin }) => { const { file, line, column } = sources.locate(origin); return `${code} ${file}:${line}:${column}`; });
    return { root: document?.files.get(document.entry)!.root as Loose | undefined, reports };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const uri = (name: string): string => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;

test('an OpenAPI body, with intrinsic functions, parameters, mappings and conditions', async () => {
  const { root, reports } = await load({ 'template.yaml': `
Parameters:
  Env: {Type: String, Default: prod}
  Timeout: {Type: Number, Default: 3000}
  Origins: {Type: CommaDelimitedList, Default: 'https://a.example, https://b.example'}
Mappings: {ByEnv: {prod: {Host: api.example.com}, dev: {Host: localhost}}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Condition IsDev]
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '\${Env}-orders'}}
  Worker: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub 'worker-\${Env}'}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Worker, Name: live}}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: !Sub 'orders \${Env}', version: '1'}
        paths:
          /orders:
            post:
              responses: {}
              x-amazon-apigateway-integration:
                type: !If [IsProd, aws_proxy, mock]
                uri: !Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Worker.Arn}/invocations'
                timeoutInMillis: !Ref Timeout
                cacheNamespace: !If [Both, x, !Ref AWS::NoValue]
                requestParameters:
                  integration.request.header.Queue: !Sub "'\${Orders.Arn}'"
                  integration.request.header.Url: !Join ['', ["'", !Ref Orders, "'"]]
                  integration.request.header.Host: !Sub ["'\${h}'", {h: !FindInMap [ByEnv, !Ref Env, Host]}]
                  integration.request.header.Second: !Select [1, !Ref Origins]
                  integration.request.header.Live: !Ref Live
` });
  assert.equal(reports, []);
  const { responses: _, 'x-amazon-apigateway-integration': integration } = root!['paths']['/orders'].post;
  assert.equal(root!['info'], { title: 'orders prod', version: '1' });
  assert.equal(integration, {
    type: 'aws_proxy', uri: uri('worker-prod'), timeoutInMillis: 3000,
    requestParameters: {
      'integration.request.header.Queue': "'arn:aws:sqs:us-east-1:000000000000:prod-orders'",
      'integration.request.header.Url': "'https://sqs.us-east-1.amazonaws.com/000000000000/prod-orders'",
      'integration.request.header.Host': "'api.example.com'",
      'integration.request.header.Second': 'https://b.example',
      'integration.request.header.Live': 'arn:aws:lambda:us-east-1:000000000000:function:worker-prod:live',
    },
  });
});

test('a value of the command line wins over a default; what has none is reported where it is used', async () => {
  const template = `Parameters: {Env: {Type: String, Default: prod}, Secret: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}}
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: !Ref Env, version: !Ref Secret, description: x}
        paths: {}
        x-a: 1
        x-amazon-apigateway-policy:
          Statement: [{Resource: !GetAtt Table.Arn}]
`;
  const { root, reports } = await load({ 'template.yaml': template }, { params: { Env: 'dev' } });
  assert.is(root!['info'].title, 'dev');
  assert.equal(reports, ['GWC1040 template.yaml:9:47', 'GWC1040 template.yaml:13:42']);
  assert.equal((await load({ 'template.yaml': template }, { params: { 'Table.Arn': 'arn:t', Secret: 's' } })).reports, []);
});

test('domain names: what SAM and CloudFormation map to the API, with base paths, stages and trust stores', async () => {
  const body = "{openapi: 3.0.1, info: {title: a, version: '1'}, paths: {}}";
  const domainNames = async (resources: string, params: Record<string, string> = {}): Promise<unknown> => {
    const { root, reports } = await load({ 'template.yaml': `Transform: AWS::Serverless-2016-10-31\nResources:\n${resources}` }, { params, api: 'Api' });
    assert.equal(reports, []);
    return root!['x-gwc'].domainNames;
  };
  assert.equal(await domainNames(`  Api: {Type: AWS::Serverless::Api, Properties: {StageName: prod, DefinitionBody: ${body}, Domain: {DomainName: api.example.com, BasePath: [/one-1, two], MutualTlsAuthentication: {TruststoreUri: 's3://b/k', TruststoreVersion: v}}}}\n`),
    { 'api.example.com': { basePathMappings: [{ basePath: 'one1', stage: 'prod' }, { basePath: 'two', stage: 'prod' }], mutualTlsAuthentication: { truststoreUri: 's3://b/k', truststoreVersion: 'v' } } });
  assert.equal(await domainNames(`  Api: {Type: AWS::Serverless::HttpApi, Properties: {DefinitionBody: ${body}, Domain: {DomainName: !Ref Name, BasePath: [orders/v-1], NormalizeBasePath: false}}}\n`, { Name: 'n.example' }),
    { 'n.example': { basePathMappings: [{ basePath: 'orders/v-1' }] } });
  assert.equal(await domainNames(`  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Body: ${body}}}
  Other: {Type: AWS::ApiGateway::RestApi, Properties: {Body: ${body}}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod}}
  Name: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: api.example.com, MutualTlsAuthentication: {TruststoreUri: ./ca.pem}}}
  M1: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref Name, RestApiId: !Ref Api, BasePath: v1, Stage: !Ref Prod}}
  M2: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref Name, RestApiId: !Ref Other, BasePath: v2}}
  M3: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: b.example.com, RestApiId: !Ref Api, BasePath: (none)}}
`), { 'api.example.com': { basePathMappings: [{ basePath: 'v1', stage: 'prod' }], mutualTlsAuthentication: { truststoreUri: './ca.pem' } }, 'b.example.com': { basePathMappings: [{}] } });
  assert.equal(await domainNames(`  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Body: ${body}}}
  Name: {Type: AWS::ApiGatewayV2::DomainName, Properties: {DomainName: api.example.com}}
  Map: {Type: AWS::ApiGatewayV2::ApiMapping, Properties: {DomainName: !Ref Name, ApiId: !Ref Api, ApiMappingKey: a/b, Stage: $default}}
`), { 'api.example.com': { basePathMappings: [{ basePath: 'a/b', stage: '$default' }] } });
  const unknown = await load({ 'template.yaml': `Transform: AWS::Serverless-2016-10-31\nResources:\n  Api: {Type: AWS::Serverless::Api, Properties: {StageName: p, DefinitionBody: ${body}, Domain: {DomainName: !Ref Nope, BasePath: [x], MutualTlsAuthentication: {TruststoreUri: a}}}}\n` });
  assert.equal(unknown.reports, ['GWC1190 template.yaml:3:167']);
});

test('FailOnWarnings is --strict', async () => {
  const { reports } = await load({ 'template.yaml': 'Transform: AWS::Serverless-2016-10-31\nResources:\n  Api: {Type: AWS::Serverless::Api, Properties: {StageName: p, FailOnWarnings: true, DefinitionBody: {openapi: 3.0.1, info: {title: x, version: y}, paths: {}}}}\n' });
  assert.equal(reports, ['GWC1191 template.yaml:3:64']);
});

test('definitions in files of their own: DefinitionUri, AWS::Include, their references and their places', async () => {
  const api = (where: string): string => `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn: {Type: AWS::Serverless::Function}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      ${where}
`;
  const files = {
    'api/openapi.yaml': 'openapi: 3.0.1\ninfo: {title: t, version: "1"}\npaths:\n  /a: {$ref: "items.yaml#/a"}\n  /b: {get: {responses: {}, x-amazon-apigateway-integration: {uri: {"Fn::Sub": "${Fn.Arn}/${Nope}"}}}}\n',
    'api/items.yaml': 'a: {get: {responses: {}}}\n',
  };
  for (const where of ['DefinitionUri: api/openapi.yaml', 'DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./api/openapi.yaml}}}']) {
    const { root, reports } = await load({ 'template.yaml': api(where), ...files });
    assert.equal(reports, ['GWC1040 api/openapi.yaml:5:91'], where);
    assert.is(root!['paths']['/b'].get['x-amazon-apigateway-integration'].uri, 'arn:aws:lambda:us-east-1:000000000000:function:Fn/${Nope}');
    assert.equal(root!['x-gwc'], { stages: { v1: {} } });
  }
  for (const where of ['DefinitionUri: s3://bucket/openapi.yaml', 'DefinitionUri: {Bucket: b, Key: k}', 'DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: !Ref Missing}}}']) {
    assert.match((await load({ 'template.yaml': api(where) })).reports[0]!, /^GWC1164 template.yaml:8:/, where);
  }
  assert.match((await load({ 'template.yaml': api('DefinitionUri: nope.yaml') })).reports[0]!, /^GWC1001 template.yaml:8:/);
});

test('resource by resource', async () => {
  const { root, reports } = await load({ 'template.yaml': `
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: pets, BinaryMediaTypes: [image~1png], MinimumCompressionSize: 0}}
  Pets: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: pets}}
  Pet: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Pets, PathPart: '{id}'}}
  Model: {Type: AWS::ApiGateway::Model, Properties: {RestApiId: !Ref Api, Name: Pet, ContentType: application/json, Schema: {type: object, required: [name]}}}
  Check: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, Name: all, ValidateRequestBody: true, ValidateRequestParameters: true}}
  Guard: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: guard, Type: TOKEN, AuthorizerUri: !Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations', IdentitySource: method.request.header.X-Token, AuthorizerResultTtlInSeconds: 0}}
  Fn: {Type: AWS::Lambda::Function, Properties: {}}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live, Variables: {v: '1'}, MethodSettings: [{HttpMethod: GET, ResourcePath: /~1pets, ThrottlingRateLimit: 5}, {HttpMethod: '*', ResourcePath: '/*', LoggingLevel: INFO}]}}
  Plan: {Type: AWS::ApiGateway::UsagePlan, Properties: {UsagePlanName: gold, ApiStages: [{ApiId: !Ref Api, Stage: !Ref Stage}], Quota: {Limit: 10, Period: DAY}}}
  Key: {Type: AWS::ApiGateway::ApiKey, Properties: {Name: k, Enabled: true}}
  PlanKey: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan}}
  Put:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Pet
      HttpMethod: PUT
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Guard
      ApiKeyRequired: true
      RequestParameters: {method.request.querystring.dry: false, method.request.path.id: true}
      RequestModels: {application/json: !Ref Model}
      RequestValidatorId: !Ref Check
      MethodResponses: [{StatusCode: 200, ResponseParameters: {method.response.header.X-A: false}, ResponseModels: {application/json: Empty}}, {StatusCode: '404'}]
      Integration:
        Type: HTTP
        IntegrationHttpMethod: POST
        Uri: https://backend.example.com/pets/{id}
        PassthroughBehavior: NEVER
        RequestTemplates: {application/json: '{}'}
        RequestParameters: {integration.request.path.id: method.request.path.id}
        IntegrationResponses: [{StatusCode: 200, ResponseParameters: {method.response.header.X-A: "'a'"}}, {StatusCode: 404, SelectionPattern: '4\\d\\d', ResponseTemplates: {application/json: x}}]
  Any: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: ANY, AuthorizationType: NONE, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations'}}}
  Lost: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Nowhere, HttpMethod: GET, AuthorizationType: NONE}}
  Open: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: DELETE, AuthorizationType: CUSTOM, AuthorizerId: !ImportValue x}}
` });
  assert.equal(reports, ['GWC1167 template.yaml:36:92', 'GWC1167 template.yaml:37:172', 'GWC1171 template.yaml:12:40']);
  const { '/pets': pets, '/pets/{id}': pet } = root!['paths'] as Loose;
  assert.is(pets['x-amazon-apigateway-any-method']['x-amazon-apigateway-integration'].uri, uri('Fn'));
  assert.equal(pet.put, {
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }, { name: 'dry', in: 'query', required: false, schema: { type: 'string' } }],
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
    responses: { 200: { description: '', headers: { 'X-A': { schema: { type: 'string' } } }, content: { 'application/json': { schema: {} } } }, 404: { description: '' } },
    security: [{ guard: [], api_key: [] }],
    'x-amazon-apigateway-request-validator': 'all',
    'x-amazon-apigateway-integration': {
      type: 'http', httpMethod: 'POST', uri: 'https://backend.example.com/pets/{id}', passthroughBehavior: 'NEVER', requestTemplates: { 'application/json': '{}' },
      requestParameters: { 'integration.request.path.id': 'method.request.path.id' },
      responses: { default: { statusCode: 200, responseParameters: { 'method.response.header.X-A': "'a'" } }, '4\\d\\d': { statusCode: 404, responseTemplates: { 'application/json': 'x' } } },
    },
  });
  assert.equal(root!['components'].securitySchemes.guard, {
    type: 'apiKey', name: 'X-Token', in: 'header', 'x-amazon-apigateway-authtype': 'custom', 'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: uri('Fn'), authorizerResultTtlInSeconds: 0 },
  });
  assert.equal(root!['x-gwc'], {
    stages: { live: { variables: { v: '1' }, methodSettings: { '/pets/GET': { throttlingRateLimit: 5 }, '*/*': { loggingLevel: 'INFO' } } } },
    usagePlans: { Plan: { name: 'gold', quota: { limit: 10, period: 'DAY' }, apiStages: [{ stage: 'live' }] } },
    apiKeys: { Key: { value: 'env:KEY', name: 'k', enabled: true, usagePlans: ['Plan'] } },
  });
  assert.equal(root!['x-amazon-apigateway-binary-media-types'], ['image/png']);
});

test('an HTTP API resource by resource', async () => {
  const { root, reports } = await load({ 'template.yaml': `
Parameters: {Guarded: {Type: String, Default: 'yes'}}
Conditions: {IsGuarded: !Equals [!Ref Guarded, 'yes']}
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: pets, ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['https://a.example'], MaxAge: '60', AllowCredentials: 'true'}, DisableExecuteApiEndpoint: true}}
  Fn: {Type: AWS::Lambda::Function, Properties: {}}
  Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, PayloadFormatVersion: '2.0', TimeoutInMillis: '5000', CredentialsArn: 'arn:aws:iam::1:role/r'}}
  Proxy:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationUri: https://backend.example.com/{proxy}
      IntegrationMethod: ANY
      PayloadFormatVersion: '1.0'
      TlsConfig: {ServerNameToVerify: b.example}
      RequestParameters: {append:header.x: $context.requestId}
      ResponseParameters: {'200': {ResponseParameters: [{Destination: overwrite:header.y, Source: $response.header.z}]}}
  Queue: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage, PayloadFormatVersion: '1.0', RequestParameters: {QueueUrl: u, MessageBody: $request.body}}}
  Jwt: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, Name: users, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Audience: [a], Issuer: https://i.example}}}
  Ask: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, AuthorizerType: REQUEST, AuthorizerUri: !Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations', AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: 'true', AuthorizerResultTtlInSeconds: 0, IdentitySource: [$request.header.T]}}
  R1: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'GET /pets/{id}', Target: !Join [/, [integrations, !Ref Call]], OperationName: getPet, AuthorizationType: JWT, AuthorizerId: !Ref Jwt, AuthorizationScopes: [pets.read]}}
  R2: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'ANY /{proxy+}', Target: !Sub 'integrations/\${Proxy}', AuthorizationType: !If [IsGuarded, CUSTOM, NONE], AuthorizerId: !If [IsGuarded, !Ref Ask, !Ref AWS::NoValue]}}
  R3: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: $default, Target: !Sub 'integrations/\${Queue}', AuthorizationType: AWS_IAM}}
  R4: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'GET /lost', Target: !Sub 'integrations/\${Que}'}}
  R5: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'GET /secret', Target: !Sub 'integrations/\${Call}', AuthorizationType: JWT, AuthorizerId: !ImportValue x}}
  R6: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: /pets, Target: !Sub 'integrations/\${Call}'}}
  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: $default, AutoDeploy: true, StageVariables: {v: '1'}, DefaultRouteSettings: {ThrottlingRateLimit: '5'}}}
` });
  assert.equal(reports, ['GWC1167 template.yaml:25:106', 'GWC1167 template.yaml:26:183', 'GWC1167 template.yaml:27:80']);
  const paths = root!['paths'] as Loose;
  assert.equal(Object.keys(paths), ['/pets/{id}', '/{proxy+}', '$default', '/secret']);
  assert.equal(paths['/pets/{id}'].get, {
    'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: 'arn:aws:lambda:us-east-1:000000000000:function:Fn', payloadFormatVersion: '2.0', credentials: 'arn:aws:iam::1:role/r', timeoutInMillis: 5000 },
    responses: { default: { description: '' } }, parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], operationId: 'getPet', security: [{ users: ['pets.read'] }],
  });
  assert.equal(paths['/{proxy+}']['x-amazon-apigateway-any-method']['x-amazon-apigateway-integration'], {
    type: 'http_proxy', uri: 'https://backend.example.com/{proxy}', httpMethod: 'ANY', payloadFormatVersion: '1.0', tlsConfig: { serverNameToVerify: 'b.example' },
    requestParameters: { 'append:header.x': '$context.requestId' }, responseParameters: { 200: { 'overwrite:header.y': '$response.header.z' } },
  });
  assert.equal(paths['/{proxy+}']['x-amazon-apigateway-any-method'].security, [{ Ask: [] }]);
  assert.is(paths['$default']['x-amazon-apigateway-any-method'].isDefaultRoute, true);
  assert.equal(paths['$default']['x-amazon-apigateway-any-method'].security, [{ AWS_IAM: [] }]);
  assert.is(paths['/secret'].get.security, undefined);
  assert.equal(root!['x-amazon-apigateway-cors'], { allowOrigins: ['https://a.example'], maxAge: 60, allowCredentials: true });
  assert.equal(root!['components'].securitySchemes.Ask['x-amazon-apigateway-authorizer'], { type: 'request', authorizerUri: uri('Fn'), authorizerPayloadFormatVersion: '2.0', identitySource: ['$request.header.T'], authorizerResultTtlInSeconds: 0, enableSimpleResponses: true });
  assert.equal(root!['x-gwc'], { stages: { $default: { variables: { v: '1' }, defaultRouteSettings: { throttlingRateLimit: 5 } } } });
  const quick = await load({ 'template.yaml': 'Resources:\n  Fn: {Type: AWS::Lambda::Function}\n  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Target: !GetAtt Fn.Arn}}\n' });
  assert.equal(quick.reports, []);
  assert.is(quick.root!['paths'].$default['x-amazon-apigateway-any-method']['x-amazon-apigateway-integration'].type, 'aws_proxy');
});

test('properties that CloudFormation takes as text, and references that come to the same', async () => {
  const { root, reports } = await load({ 'template.yaml': `
Parameters: {Limit: {Type: Number, Default: 70}, Keyed: {Type: String, Default: 'true'}, Env: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {MinimumCompressionSize: '1024'}}
  Pets: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !GetAtt Api.RestApiId, ParentId: !Sub '\${Api.RootResourceId}', PathPart: pets}}
  Check: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, Name: all, ValidateRequestBody: 'true', ValidateRequestParameters: 'false'}}
  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Sub '\${Api}', ResourceId: !GetAtt Pets.ResourceId, HttpMethod: GET, ApiKeyRequired: !Ref Keyed, RequestValidatorId: !Ref Check, RequestParameters: {method.request.header.A: 'true'}, Integration: {Type: MOCK}}}
  Gone: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: PUT, ApiKeyRequired: !Ref Env, RequestValidatorId: !Ref Chek, AuthorizationType: !Ref Env, Integration: {Type: MOCK}}}
  Out: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: live, StageDescription: {Variables: {a: b}, ThrottlingRateLimit: '3', MethodSettings: [{HttpMethod: GET, ResourcePath: /pets, ThrottlingBurstLimit: '2'}]}}}
  Other: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: !Ref Env, CanarySetting: {PercentTraffic: 5}}}
  Plan: {Type: AWS::ApiGateway::UsagePlan, Properties: {ApiStages: [{ApiId: !Ref Api, Stage: !Ref Env}], Quota: {Limit: !Ref Limit, Period: DAY}, Throttle: {RateLimit: '1.5', BurstLimit: '10'}}}
` });
  assert.equal(reports, ['GWC1167 template.yaml:8:166', 'GWC1167 template.yaml:8:196', 'GWC1166 template.yaml:10:96', 'GWC1040 template.yaml:10:91']);
  assert.is(root!['x-amazon-apigateway-minimum-compression-size'], 1024);
  const { parameters, security, 'x-amazon-apigateway-request-validator': validator } = root!['paths']['/pets'].get;
  assert.equal({ parameters, security, validator }, { parameters: [{ name: 'A', in: 'header', required: true, schema: { type: 'string' } }], security: [{ api_key: [] }], validator: 'all' });
  assert.equal(root!['x-amazon-apigateway-request-validators'], { all: { validateRequestBody: true, validateRequestParameters: false } });
  assert.equal(root!['x-gwc'], {
    stages: { Env: {}, live: { variables: { a: 'b' }, methodSettings: { '*/*': { throttlingRateLimit: 3 }, '/pets/GET': { throttlingBurstLimit: 2 } } } },
    usagePlans: { Plan: { quota: { limit: 70, period: 'DAY' }, throttle: { rateLimit: 1.5, burstLimit: 10 }, apiStages: [{ stage: 'Env' }] } },
  });
});

test('loops, stages that SAM makes, and values of keys', async () => {
  const { root, reports } = await load({ 'template.yaml': `
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters: {Names: {Type: CommaDelimitedList, Default: 'alpha,be-ta'}, KeyValue: {Type: String, NoEcho: true}, Env: {Type: String, Default: dev}}
Resources:
  Fn::ForEach::Functions:
    - Name
    - !Ref Names
    - '&{Name}Function':
        Type: AWS::Serverless::Function
        Properties:
          Events:
            Fn::ForEach::Events: [Method, [get, put], {'\${Method}Event': {Type: Api, Properties: {RestApiId: !Ref Api, Path: !Sub '/\${Name}', Method: !Ref Method}}}]
            Bad: {Type: Api, Properties: {RestApiId: !Ref Api, Path: '\${Name}', Method: get}}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: !Ref Env}}
  Plan: {Type: AWS::ApiGateway::UsagePlan, Properties: {ApiStages: [{ApiId: !Ref Api, Stage: !Ref Api.Stage}, {ApiId: !Ref Api, Stage: !Ref ApiStage}]}}
  Key: {Type: AWS::ApiGateway::ApiKey, Properties: {Value: !Ref KeyValue}}
  Other: {Type: AWS::ApiGateway::ApiKey, Properties: {Value: !Sub 'key-of-\${Env}-0123456789abcdef'}}
  A: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !GetAtt Plan.Id}}
  B: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {KeyId: !GetAtt Other.APIKeyId, KeyType: API_KEY, UsagePlanId: !Ref Plan}}
` });
  assert.equal(reports, ['GWC1167 template.yaml:13:70', 'GWC1171 template.yaml:16:40']);
  assert.equal(Object.entries(root!['paths'] as Loose).map(([path, item]) => [path, Object.keys(item as Loose)]), [['/alpha', ['get', 'put']], ['/be-ta', ['get', 'put']]]);
  assert.is(root!['paths']['/be-ta'].put['x-amazon-apigateway-integration'].uri, uri('betaFunction'));
  assert.equal(root!['x-gwc'], {
    stages: { dev: {} }, usagePlans: { Plan: { apiStages: [{ stage: 'dev' }, { stage: 'dev' }] } },
    apiKeys: { Key: { value: 'env:KEY', usagePlans: ['Plan'] }, Other: { value: 'key-of-dev-0123456789abcdef', usagePlans: ['Plan'] } },
  });
});

test('a web ACL that is put before a stage', async () => {
  const template = (arn: string): string => `
Parameters: {Env: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {openapi: 3.0.1, info: {title: a, version: '1'}, paths: {}}}}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: !Ref Env}}
  Blocked: {Type: AWS::WAFv2::IPSet, Properties: {Name: blocked, Scope: REGIONAL, Addresses: [192.0.2.0/24]}}
  Acl: {Type: AWS::WAFv2::WebACL, Properties: {Name: acl, DefaultAction: {Allow: {}}, Rules: [{Name: ips, Priority: 0, Action: {Block: {}}, Statement: {NotStatement: {Statement: {IPSetReferenceStatement: {Arn: !GetAtt Blocked.Arn}}}}}]}}
  Put: {Type: AWS::WAFv2::WebACLAssociation, Properties: {ResourceArn: !Sub 'arn:aws:apigateway:\${AWS::Region}::/restapis/\${Api}/stages/\${Env}', WebACLArn: ${arn}}}
`;
  const { root } = await load({ 'template.yaml': template('!GetAtt Acl.Arn') });
  const arn = 'arn:aws:wafv2:us-east-1:000000000000:regional/ipset/blocked/Blocked';
  assert.equal(root!['x-gwc'].stages, { Env: { webAcl: {
    Name: 'acl', DefaultAction: { Allow: {} }, ipSets: { [arn]: ['192.0.2.0/24'] },
    Rules: [{ Name: 'ips', Priority: 0, Action: { Block: {} }, Statement: { NotStatement: { Statement: { IPSetReferenceStatement: { ARN: arn } } } } }],
  } } });
  assert.equal((await load({ 'template.yaml': template('!ImportValue acl') })).reports.sort(), ['GWC1040 template.yaml:5:91', 'GWC1166 template.yaml:8:146']);
});

test('an event overrides who may call an operation of the definition only where it says so', async () => {
  const operation = "{responses: {}, x-amazon-apigateway-integration: {type: mock}}";
  const { root, reports } = await load({ 'template.yaml': `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: p
      Auth: {DefaultAuthorizer: Users, Authorizers: {Users: {UserPoolArn: 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a'}}}
      DefinitionBody: {openapi: 3.0.1, info: {title: a, version: '1'}, paths: {/a: {get: ${operation}}, /b: {get: ${operation}}}}
  Fn: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /a, Method: get, Auth: {Authorizer: NONE, OverrideApiAuth: true}}}, B: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /b, Method: get, Auth: {Authorizer: NONE}}}}}}
` });
  assert.equal(reports, []);
  assert.equal([root!['paths']['/a'].get.security, root!['paths']['/b'].get.security], [[], [{ Users: [] }]]);
});

test('which API', async () => {
  const template = (resources: string): Readonly<Record<string, string>> => ({ 'template.yaml': `AWSTemplateFormatVersion: '2010-09-09'\nConditions: {Never: !Equals [a, b]}\nResources:\n${resources}` });
  const rest = (id: string, more = ''): string => `  ${id}: {Type: AWS::ApiGateway::RestApi${more}, Properties: {Body: {openapi: 3.0.1, info: {title: ${id}, version: '1'}, paths: {}}}}\n`;
  assert.is((await load(template(rest('One')))).root!['info'].title, 'One');
  assert.is((await load(template(rest('One') + rest('Two', ', Condition: Never')))).root!['info'].title, 'One');
  assert.is((await load(template(rest('One') + rest('Two')), { api: 'Two' })).root!['info'].title, 'Two');
  assert.equal((await load(template(rest('One') + rest('Two')))).reports, ['GWC1161 template.yaml:3:1']);
  assert.equal((await load(template(rest('One')), { api: 'Ones' })).reports, ['GWC1162 template.yaml:3:1']);
  assert.equal((await load(template('  T: {Type: AWS::SQS::Queue}\n'))).reports, ['GWC1160 template.yaml:3:1']);
  assert.equal((await load(template('  W: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}\n'))).reports, ['GWC1168 template.yaml:4:64']);
});

test("SAM's resource policy and usage plan", async () => {
  const { root, reports } = await load({ 'template.yaml': `
Transform: AWS::Serverless-2016-10-31
Parameters: {Office: {Type: CommaDelimitedList, Default: '192.0.2.0/24,198.51.100.7'}}
Resources:
  Fn: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: '/a/{id}', Method: get, RestApiId: !Ref Api, Auth: {ResourcePolicy: {AwsAccountBlacklist: ['123456789012']}}}}}}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth:
        ApiKeyRequired: true
        UsagePlan: {CreateUsagePlan: PER_API, UsagePlanName: basic, Quota: {Limit: 5, Period: DAY}, Throttle: {RateLimit: 2, BurstLimit: 4}}
        ResourcePolicy: {IpRangeWhitelist: !Ref Office, SourceVpcWhitelist: [vpc-1, vpce-2], CustomStatements: {Effect: Deny, Principal: '*', Action: execute-api:Invoke, Resource: execute-api:/live/GET/b}}
` });
  assert.equal(reports, ['GWC1171 template.yaml:12:9']);
  const everything = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
  const one = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/live/GET/a/*' };
  assert.equal(root!['x-amazon-apigateway-policy'].Statement, [
    { Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/live/GET/b' },
    { Effect: 'Allow', ...everything }, { Effect: 'Deny', ...everything, Condition: { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '198.51.100.7'] } } },
    { Effect: 'Deny', ...everything, Condition: { StringNotEquals: { 'aws:SourceVpc': ['vpc-1'] } } }, { Effect: 'Deny', ...everything, Condition: { StringNotEquals: { 'aws:SourceVpce': ['vpce-2'] } } },
    { Effect: 'Deny', ...one, Principal: { AWS: ['123456789012'] } },
  ]);
  assert.equal(root!['x-gwc'], {
    stages: { live: {} }, apiKeys: { ApiApiKey: { value: 'env:API_API_KEY', usagePlans: ['ApiUsagePlan'] } },
    usagePlans: { ApiUsagePlan: { name: 'basic', quota: { limit: 5, period: 'DAY' }, throttle: { rateLimit: 2, burstLimit: 4 }, apiStages: [{ stage: 'live' }] } },
  });
});

test('hostile templates: circles, odd shapes, prototype names', async () => {
  const { reports } = await load({ 'template.yaml': `
Conditions: {A: !Condition B, B: !Condition A}
Parameters: {__proto__: {Default: x}, P: 3}
Mappings: []
Globals: {Api: 7, Function: [1]}
Transform: [AWS::Serverless-2016-10-31]
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref R}}
  R: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Q}}
  S: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref S, PathPart: a}}
  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref S, HttpMethod: GET, Integration: 4}}
  F: {Type: AWS::Serverless::Function, Properties: {Events: {a: 1, b: {Type: Api}, c: {Type: Api, Properties: {Path: x, Method: get}}, d: {Type: HttpApi, Properties: {Path: /d, Method: [1]}}, e: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /__proto__, Method: get}}}}}
  Api: {Type: AWS::Serverless::Api, Condition: A, Properties: {Auth: {DefaultAuthorizer: gone}, Models: {__proto__: {}}, GatewayResponses: [], Cors: [], Domain: {}, Unheard: 1, Name: !Ref Q, MethodSettings: {a: b}}}
  null: {Type: null}
  T: 5
` }, { api: 'Api' });
  assert.equal(reports.map((report) => report.slice(0, 7)).sort(), ['GWC1165', 'GWC1166', 'GWC1167', 'GWC1167', 'GWC1167', 'GWC1167', 'GWC1169']);
});

/** Templates as objects, so that both translators read the same. */
const fn = (events: Loose = {}): Loose => ({ Type: 'AWS::Serverless::Function', Properties: { Runtime: 'nodejs20.x', Handler: 'app.handler', CodeUri: 's3://bucket/key', Events: events } });
const event = (type: string, properties: Loose): Loose => ({ Type: type, Properties: properties });
const AUTH_FUNCTION = { 'Fn::GetAtt': ['AuthFn', 'Arn'] };
const SAM: readonly { name: string; api: string; template: Loose }[] = [
  { name: 'implicit REST API', api: 'ServerlessRestApi', template: { Resources: { Fn: fn({ A: event('Api', { Path: '/a/{id}', Method: 'GET' }), B: event('Api', { Path: '/a/{id}', Method: 'any' }), C: event('Api', { Path: '/p/{proxy+}', Method: 'post', TimeoutInMillis: 5000 }) }) } } },
  { name: 'implicit HTTP API', api: 'ServerlessHttpApi', template: { Resources: { Fn: fn({ A: event('HttpApi', {}), B: event('HttpApi', { Path: '/h/{p+}', Method: 'GET', PayloadFormatVersion: '1.0', TimeoutInMillis: 3000 }) }) } } },
  { name: 'authorizers, keys, CORS, responses', api: 'Api', template: { Resources: {
    Api: { Type: 'AWS::Serverless::Api', Properties: {
      StageName: 'prod', OpenApiVersion: '3.0.1', BinaryMediaTypes: ['image~1png'], Cors: { AllowOrigin: "'https://example.com'", AllowHeaders: "'content-type'", AllowMethods: "'GET,POST'", MaxAge: "'600'", AllowCredentials: true },
      Models: { pet: { type: 'object' } }, GatewayResponses: { DEFAULT_4XX: { StatusCode: 418, ResponseParameters: { Headers: { 'Access-Control-Allow-Origin': "'*'" } }, ResponseTemplates: { 'application/json': '{"m":1}' } } },
      Auth: { DefaultAuthorizer: 'Lam', ApiKeyRequired: true, AddDefaultAuthorizerToCorsPreflight: false, Authorizers: {
        Cog: { UserPoolArn: 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a', AuthorizationScopes: ['a.b'], Identity: { Header: 'X-Auth', ValidationExpression: '^x' } },
        Lam: { FunctionArn: AUTH_FUNCTION, FunctionPayloadType: 'REQUEST', Identity: { Headers: ['Authorization'], QueryStrings: ['q'], StageVariables: ['s'], Context: ['c'], ReauthorizeEvery: 60 } },
        Tok: { FunctionArn: AUTH_FUNCTION, Identity: { ReauthorizeEvery: 0 } },
      } },
    } },
    AuthFn: fn(),
    Fn: fn({
      A: event('Api', { RestApiId: { Ref: 'Api' }, Path: '/pets/{id}', Method: 'GET', RequestParameters: ['method.request.querystring.x', { 'method.request.header.H': { Required: true, Caching: true } }], RequestModel: { Model: 'pet', Required: true, ValidateBody: true, ValidateParameters: true } }),
      B: event('Api', { RestApiId: { Ref: 'Api' }, Path: '/pets', Method: 'any', Auth: { Authorizer: 'NONE', ApiKeyRequired: false } }),
      C: event('Api', { RestApiId: { Ref: 'Api' }, Path: '/cog', Method: 'post', Auth: { Authorizer: 'Cog', AuthorizationScopes: ['z.z'] } }),
      D: event('Api', { RestApiId: { Ref: 'Api' }, Path: '/cog', Method: 'get', Auth: { Authorizer: 'Cog' } }),
      E: event('Api', { RestApiId: { Ref: 'Api' }, Path: '/tok', Method: 'put', Auth: { Authorizer: 'Tok' } }),
    }),
  } } },
  { name: 'streams, operations behind conditions', api: 'Api', template: {
    Parameters: { On: { Type: 'String', Default: 'yes' } }, Conditions: { IsOn: { 'Fn::Equals': [{ Ref: 'On' }, 'yes'] } },
    Resources: {
      Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', MergeDefinitions: true, BinaryMediaTypes: [{ 'Fn::Sub': 'image~1${On}' }], Cors: "'*'", DefinitionBody: { openapi: '3.0.1', info: { title: 't', version: '1' }, paths: {
        '/old': { 'Fn::If': ['IsOn', { get: { responses: {}, 'x-amazon-apigateway-integration': { type: 'mock' } } }, { Ref: 'AWS::NoValue' }] },
      } } } },
      Fn: fn({ A: event('Api', { RestApiId: { Ref: 'Api' }, Path: '/stream', Method: 'post', ResponseTransferMode: 'RESPONSE_STREAM' }) }),
    },
  } },
  { name: 'state machines', api: 'ServerlessRestApi', template: { Resources: {
    Machine: { Type: 'AWS::Serverless::StateMachine', Properties: {
      Name: 'machine', Role: 'arn:aws:iam::000000000000:role/r', Definition: { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } },
      Events: { B: event('Api', { Path: '/start', Method: 'post', UnescapeMappingTemplate: true }), C: event('Api', { Path: '/again', Method: 'get' }) },
    } },
  } } },
  { name: 'HTTP API with JWT and function authorizers', api: 'Http', template: { Resources: {
    Http: { Type: 'AWS::Serverless::HttpApi', Properties: {
      StageName: 'v1', CorsConfiguration: { AllowOrigins: ['https://a.b'], AllowMethods: ['GET'], AllowHeaders: ['x'], MaxAge: 60, AllowCredentials: true, ExposeHeaders: ['y'] },
      Auth: { DefaultAuthorizer: 'J', Authorizers: {
        J: { JwtConfiguration: { issuer: 'https://i.example', audience: ['a'] }, IdentitySource: '$request.header.Authorization', AuthorizationScopes: ['d'] },
        L: { FunctionArn: AUTH_FUNCTION, AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, Identity: { Headers: ['Authorization'], QueryStrings: ['q'], ReauthorizeEvery: 30 } },
      } },
    } },
    AuthFn: fn(),
    Fn: fn({
      A: event('HttpApi', { ApiId: { Ref: 'Http' }, Path: '/x', Method: 'POST', Auth: { AuthorizationScopes: ['s'] } }), B: event('HttpApi', { ApiId: { Ref: 'Http' }, Path: '/y', Method: 'ANY' }),
      C: event('HttpApi', { ApiId: { Ref: 'Http' }, Path: '/z', Method: 'get', Auth: { Authorizer: 'L' } }),
    }),
  } } },
];

test("SAM's own translator makes the same APIs", async () => {
  const oracle = fileURLToPath(new URL('../../../../compiler/1-load/template/sam-oracle.py', import.meta.url));
  if (spawnSync('python3', ['-c', 'import samtranslator, boto3']).status !== 0) {
    console.log('skipped: comparing with SAM needs python3 and the package aws-sam-translator');
    return;
  }
  const input = SAM.map(({ template }) => JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', ...template })).join('\n');
  const { stdout, stderr, status } = spawnSync('python3', [oracle], { input, encoding: 'utf8' });
  assert.is(status, 0, stderr);
  const theirs = stdout.trim().split('\n').map((line) => JSON.parse(line) as Loose);
  for (const [index, { name, api, template }] of SAM.entries()) {
    const body = theirs[index]![api].Body as Json;
    const made = await load({ 'sam.json': JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', ...template }) }, { api });
    const given = await load({ 'body.json': JSON.stringify({ ...template, Resources: { ...(template['Resources'] as Loose), Made: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: body } } } }) }, { api: 'Made' });
    assert.equal(comparable(made.root!), comparable(given.root!), name);
  }
});

/** What matters of a document: operations with integration, security, parameters, validator; schemes; settings. */
function comparable(root: Loose): Loose {
  const schemes = root['components']?.securitySchemes ?? root['securityDefinitions'] ?? {};
  return {
    operations: Object.fromEntries(Object.entries(root['paths'] as Loose).flatMap(([path, item]) => Object.entries(item as Loose).map(([method, operation]) => {
      const { 'x-amazon-apigateway-integration': integration, 'x-amazon-apigateway-request-validator': validator, security = [], parameters = [], requestBody, isDefaultRoute } = operation as Loose;
      return [`${method} ${path}`, {
        // The role that SAM makes for a state machine is AWS's matter. Templates of preflight answers differ in white space between SAM's versions.
        integration: { ...JSON.parse(JSON.stringify(integration).replace(/(?:\\n|\s)+/g, '')), credentials: undefined }, validator, requestBody, isDefaultRoute,
        // SAM lists what API Gateway wants together one by one.
        security: Object.assign({}, ...security), parameters: (parameters as Loose[]).filter((each) => each['in'] !== 'path').map((each) => [each['name'], each['in'], each['required']]),
      }];
    }))),
    schemes: Object.fromEntries(Object.entries(schemes as Loose).map(([key, { in: place, name, type, ...rest }]) => [key, { place, name, type, authorizer: rest['x-amazon-apigateway-authorizer'], authtype: rest['x-amazon-apigateway-authtype'] }])),
    models: root['components']?.schemas ?? root['definitions'], cors: root['x-amazon-apigateway-cors'], binary: root['x-amazon-apigateway-binary-media-types'],
    responses: root['x-amazon-apigateway-gateway-responses'], validators: root['x-amazon-apigateway-request-validators'],
  };
}

test.run();
