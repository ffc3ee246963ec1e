/** `x-gwc*`: what AWS keeps outside the document. Names and meanings are those of the API Gateway API (CreateStage, CreateUsagePlan, …). */
import type { Extension } from './api-gateway.js';
import { any, boolean, either, fields, list, map, number, object, oneOf, oneOfAnyCase, scalar, text, type Shape } from './shape.js';

/** What a limit does while its store cannot be asked. */
const fail = oneOf('open', 'closed', 'local');

const throttle: Shape = { name: 'throttle', extension: true, fields: fields({ rateLimit: number, burstLimit: number }), mistakes: { throttlingRateLimit: 'write rateLimit', throttlingBurstLimit: 'write burstLimit' } };

/** UpdateStage's method settings, by `path/METHOD` or for all by '*' '/' '*'. */
const methodSettings: Shape = {
  name: 'method settings',
  extension: true,
  fields: fields({
    throttlingRateLimit: number, throttlingBurstLimit: number, cachingEnabled: boolean, cacheTtlInSeconds: number, cacheDataEncrypted: boolean, requireAuthorizationForCacheControl: boolean,
    unauthorizedCacheControlHeaderStrategy: oneOf('FAIL_WITH_403', 'SUCCEED_WITH_RESPONSE_HEADER', 'SUCCEED_WITHOUT_RESPONSE_HEADER'), metricsEnabled: boolean, loggingLevel: oneOfAnyCase('OFF', 'ERROR', 'INFO'), dataTraceEnabled: boolean,
  }),
  mistakes: { rateLimit: 'write throttlingRateLimit', burstLimit: 'write throttlingBurstLimit', ttl: 'write cacheTtlInSeconds', cacheTtl: 'write cacheTtlInSeconds', caching: 'write cachingEnabled' },
};

/** CreateStage of HTTP APIs. */
const routeSettings: Shape = { name: 'route settings', extension: true, fields: fields({ throttlingRateLimit: number, throttlingBurstLimit: number, detailedMetricsEnabled: boolean, loggingLevel: oneOfAnyCase('OFF', 'ERROR', 'INFO'), dataTraceEnabled: boolean }) };

const stage: Shape = {
  name: 'stage',
  extension: true,
  fields: fields({
    description: text, variables: map(scalar),
    methodSettings: map(object(() => methodSettings), { pattern: /^(?:\*\/\*|.*\/(?:[A-Z]+|\*))$/, expected: "path/METHOD such as /pets/GET, or '*/*'" }),
    throttlingFail: fail, defaultRouteSettings: object(() => routeSettings), routeSettings: map(object(() => routeSettings)),
    accessLogSettings: object(() => ({ name: 'access log settings', extension: true, fields: fields({ format: text, destination: text, destinationArn: text }) })),
    canarySettings: object(() => ({ name: 'canary settings', extension: true, fields: fields({ percentTraffic: number, stageVariableOverrides: map(scalar), useStageCache: boolean, deploymentId: text }), mistakes: { variables: 'write stageVariableOverrides', percent: 'write percentTraffic' } })),
    cacheClusterEnabled: boolean, cacheClusterSize: scalar, clientCertificateId: text, tracingEnabled: boolean, documentationVersion: scalar, tags: map(scalar), webAcl: any,
  }),
  mistakes: { stageVariables: 'write variables', throttle: "write methodSettings: {'*/*': {throttlingRateLimit: …, throttlingBurstLimit: …}}", caching: "write methodSettings: {'*/*': {cachingEnabled: true}}", stageName: "the key is the stage's name" },
};

const usagePlan: Shape = {
  name: 'usage plan',
  extension: true,
  fields: fields({
    name: text, description: text, productCode: text, fail, tags: map(scalar), throttle: object(() => throttle),
    apiStages: list(object(() => ({ name: 'API stage', extension: true, fields: fields({ stage: text, apiId: text, throttle: map(object(() => throttle)) }) }))),
    quota: object(() => ({ name: 'quota', extension: true, fields: fields({ limit: number, period: oneOf('DAY', 'WEEK', 'MONTH'), offset: number }) })),
  }),
  mistakes: { stages: 'write apiStages: [{stage: …}]', rateLimit: 'it belongs in throttle', burstLimit: 'it belongs in throttle' },
};

const apiKey: Shape = {
  name: 'API key',
  extension: true,
  fields: fields({ name: text, description: text, value: text, enabled: boolean, usagePlans: list(text), customerId: text, tags: map(scalar) }),
  mistakes: { usagePlan: 'write usagePlans: […]', key: 'write value' },
};

const domainName: Shape = {
  name: 'domain name',
  extension: true,
  fields: fields({
    basePathMappings: list(object(() => ({ name: 'base path mapping', extension: true, fields: fields({ basePath: text, stage: text, restApiId: text }) }))),
    certificate: text, privateKey: text, securityPolicy: text, tags: map(scalar),
    mutualTlsAuthentication: object(() => ({ name: 'mutual TLS', extension: true, fields: fields({ truststoreUri: text, truststoreVersion: text, crlUri: text, clientAuth: oneOf('required', 'optional') }), mistakes: { truststore: 'write truststoreUri', ca: 'write truststoreUri', crl: 'write crlUri', optional: 'write clientAuth: optional' } })),
  }),
};

const healthCheck: Shape = { name: 'health check', extension: true, fields: fields({ path: text, intervalSeconds: number, timeoutSeconds: number, healthyThreshold: number, unhealthyThreshold: number }), mistakes: { interval: 'write intervalSeconds', timeout: 'write timeoutSeconds', url: 'write path' } };
const backendTls: Shape = { name: 'certificates', extension: true, fields: fields({ ca: text, cert: text, key: text }), mistakes: { caFile: 'write ca', certificate: 'write cert', privateKey: 'write key' } };

const gwc: Shape = {
  name: 'x-gwc',
  extension: true,
  fields: fields({
    stages: map(object(() => stage)), usagePlans: map(object(() => usagePlan)), apiKeys: map(object(() => apiKey)),
    functions: map(object(() => ({ name: 'function', extension: true, fields: fields({ handler: text, endpoint: text, exec: either(text, list(text)), maxConcurrency: number, isolate: boolean, memory: number }), mistakes: { isolated: 'write isolate: true', memorySize: 'write memory: megabytes', memoryMb: 'write memory: megabytes', url: 'write endpoint', command: 'write exec', bootstrap: 'write exec', concurrency: 'write maxConcurrency', module: 'write handler: ./file.ts#export', path: 'write handler: ./file.ts#export' } }))),
    callers: map(object(() => ({ name: 'caller', extension: true, fields: fields({ accessKeyId: text, secretAccessKey: text, sessionToken: text, arn: text, policy: any, userId: text, principalOrgId: text, tags: map(scalar) }), mistakes: { secret: 'write secretAccessKey', key: 'write accessKeyId', policies: 'write policy' } }))),
    vpcLinks: map(object(() => ({ name: 'VPC link', extension: true, fields: fields({ name: text, description: text, targets: list(text), healthCheck: object(() => healthCheck), tls: object(() => backendTls) }), mistakes: { target: 'write targets: […]', targetArns: 'write targets: [http://host:port]', health: 'write healthCheck: {path: /health}' } }))),
    store: either(text, list(text)), clientCertificates: map(object(() => backendTls)), domainNames: map(object(() => domainName)), webAcl: any, rateLimitHeaders: boolean, basepath: text, admin: boolean, apiKeysFile: text,
  }),
  mistakes: { waf: 'write webAcl', acl: 'write webAcl', stage: 'write stages: {name: …}', variables: 'they belong in stages.<name>', domains: 'write domainNames', lambda: 'write functions', lambdas: 'write functions', flavour: 'write x-gwc-flavour at the root', validation: 'write x-gwc-validation at the root or an operation', stores: 'write store', redis: 'write store: redis', sqlite: 'write store: sqlite', plans: 'write usagePlans', keys: 'write apiKeys', basePath: 'write basepath: ignore, prepend or split' },
};

const mode = oneOf('off', 'report', 'enforce');
const validation: Shape = {
  name: 'x-gwc-validation',
  extension: true,
  fields: fields({ request: mode, response: mode, errors: oneOf('aws', 'problem') }),
  mistakes: { requests: 'write request', responses: 'write response', error: 'write errors' },
};

/** Whose tokens a security scheme accepts, where no authorizer of API Gateway says it. */
const jwt: Shape = {
  name: 'x-gwc-jwt',
  extension: true,
  fields: fields({ issuer: text, audience: either(list(text), text), jwksUri: text, algorithms: list(text), clockSkewSeconds: number, identitySource: either(text, list(text)) }),
  mistakes: { iss: 'write issuer', aud: 'write audience', audiences: 'write audience', jwks_uri: 'write jwksUri', jwks: 'write jwksUri', skew: 'write clockSkewSeconds', leeway: 'write clockSkewSeconds', scopes: 'scopes are written where the scheme is used: security: [{name: [scope]}]' },
};

/** Users of an http basic scheme. */
const basic: Shape = { name: 'x-gwc-basic', extension: true, fields: fields({ realm: text, users: map(text) }), mistakes: { user: 'write users: {name: hash}', passwords: 'write users: {name: hash}', htpasswd: 'give it at start: --htpasswd FILE' } };

export const GWC: Readonly<Record<string, Extension>> = {
  'x-gwc': { levels: ['root'], type: object(() => gwc) },
  'x-gwc-flavour': { levels: ['root'], type: oneOf('rest', 'http') },
  'x-gwc-basic': { levels: ['security scheme'], type: object(() => basic) },
  'x-gwc-jwt': { levels: ['security scheme'], type: object(() => jwt) },
  'x-gwc-validation': { levels: ['root', 'operation'], type: either(object(() => validation)) },
};
