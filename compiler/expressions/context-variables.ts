/** `$context.*` names that the gateway knows, and the runtime function that gives each. */
import { code, helper, type Code, type Helper } from '../code.js';

const context = helper<typeof import('../../runtime/context.js')>();
const authorizer = helper<typeof import('../../runtime/access/authorizer-result.js')>();
const waf = helper<typeof import('../../runtime/waf/outcome.js')>();
const tlsClient = helper<typeof import('../../runtime/tls/tls-client.js')>();

const VARIABLES: Readonly<Record<string, Helper>> = {
  accountId: context('context', 'contextAccountId'),
  apiId: context('context', 'contextApiId'),
  domainName: context('context', 'contextDomainName'),
  domainPrefix: context('context', 'contextDomainPrefix'),
  'error.message': context('context', 'contextErrorMessage'),
  'error.messageString': context('context', 'contextErrorMessageString'),
  'error.responseType': context('context', 'contextErrorResponseType'),
  'error.validationErrorString': context('context', 'contextValidationErrorString'),
  extendedRequestId: context('context', 'contextExtendedRequestId'),
  httpMethod: context('context', 'contextHttpMethod'),
  'identity.apiKey': context('context', 'contextApiKey'),
  'identity.apiKeyId': context('context', 'contextApiKeyId'),
  'identity.sourceIp': context('context', 'contextSourceIp'),
  'identity.userAgent': context('context', 'contextUserAgent'),
  path: context('context', 'contextPath'),
  protocol: context('context', 'contextProtocol'),
  requestId: context('context', 'contextRequestId'),
  requestTime: context('context', 'contextRequestTime'),
  requestTimeEpoch: context('context', 'contextRequestTimeEpoch'),
  stage: context('context', 'contextStage'),
  status: context('context', 'contextStatus'),
  xrayTraceId: context('context', 'contextTraceId'),
};

/** Names that only the compiler knows the value of: see `emitContext`. */
export const ROUTE_VARIABLES: readonly string[] = ['resourcePath', 'resourceId', 'deploymentId', 'operationName', 'routeKey'];

/** Names the gateway has no value for here: they print empty, as unset variables do on AWS. A map prints nothing either. */
const EMPTY = /^authorizer$|^(authorize|authenticate|integration)\b|^waf$|^(isCanaryRequest|integrationErrorMessage|integrationLatency|integrationStatus|responseLatency|responseLength|awsEndpointRequestId2?|customDomain|endpointType|tlsVersion|cipherSuite|tenantId|dataProcessed|connectionId|connectedAt|eventType|messageId|messageDirection)$|^customDomain\.(basePathMatched|routingRuleIdMatched)$|^(error|identity|requestOverride|responseOverride)$|^(requestOverride|responseOverride)\.|^identity\.(accessKey|accountId|caller|clientCert(\.validity)?|cognitoAuthenticationProvider|cognitoAuthenticationType|cognitoIdentityId|cognitoIdentityPoolId|principalOrgId|user|userArn|vpcId|vpceId)$/;

export const CONTEXT_NAMES: readonly string[] = [...Object.keys(VARIABLES), ...ROUTE_VARIABLES];

/** The expression for `$context.<name>`; 'empty' when it is known but never set here; undefined when there is no such variable. */
export function contextVariable(name: string): Code | 'empty' | undefined {
  if (Object.hasOwn(VARIABLES, name)) return code`${VARIABLES[name]!}(exchange)`;
  const caller = /^identity\.(accessKey|accountId|caller|user|userArn)$/.exec(name)?.[1];
  if (caller !== undefined) return code`${authorizer('access/authorizer-result', 'contextCaller')}(exchange, ${caller})`;
  const certificate = /^identity\.clientCert\.(clientCertPem|subjectDN|issuerDN|serialNumber|validity\.(?:notBefore|notAfter))$/.exec(name)?.[1];
  if (certificate !== undefined) return code`${tlsClient('tls/tls-client', 'contextClientCertificate')}(exchange, ${certificate})`;
  if (/^(?:wafResponseCode|webaclArn|waf\.(?:error|latency|status))$/.test(name)) return code`${waf('waf/outcome', 'contextWaf')}(exchange, ${name})`;
  if (name.startsWith('authorizer.')) return code`${authorizer('access/authorizer-result', 'contextAuthorizer')}(exchange, ${name.slice('authorizer.'.length)})`;
  return EMPTY.test(name) ? 'empty' : undefined;
}
