/** `$context` of REST and WebSocket mapping templates (AWS: "Variables for data transformations for API Gateway"). */
const ANY = true;

/** true: any name below it. */
export type NameTree = true | { readonly [name: string]: NameTree | null };

export const CONTEXT_NAMES: { readonly [name: string]: NameTree | null } = {
  accountId: null, apiId: null, awsEndpointRequestId: null, deploymentId: null, domainName: null, domainPrefix: null, extendedRequestId: null, httpMethod: null, isCanaryRequest: null,
  operationName: null, path: null, protocol: null, requestId: null, requestTime: null, requestTimeEpoch: null, resourceId: null, resourcePath: null, stage: null, status: null,
  wafResponseCode: null, webaclArn: null, xrayTraceId: null, connectedAt: null, connectionId: null, eventType: null, messageId: null, routeKey: null, messageDirection: null,
  customDomain: { basePathMatched: null }, tenantId: null, endpointType: null,
  authorizer: ANY, authorize: ANY, authenticate: ANY, waf: { error: null, latency: null, status: null }, integration: ANY,
  error: { message: null, messageString: null, responseType: null, validationErrorString: null },
  identity: {
    accessKey: null, accountId: null, apiKey: null, apiKeyId: null, caller: null, cognitoAuthenticationProvider: null, cognitoAuthenticationType: null, cognitoIdentityId: null,
    cognitoIdentityPoolId: null, principalOrgId: null, sourceIp: null, user: null, userAgent: null, userArn: null, vpcId: null, vpceId: null,
    clientCert: { clientCertPem: null, subjectDN: null, issuerDN: null, serialNumber: null, validity: { notBefore: null, notAfter: null } },
  },
  // Templates also keep values of their own in the override maps.
  requestOverride: ANY, responseOverride: ANY,
};

/** Leaves that clients choose freely: unsafe inside a JSON string. */
export const CLIENT_CONTROLLED: readonly string[] = ['path', 'identity.userAgent', 'identity.user', 'authorizer', 'error', 'requestOverride', 'responseOverride', 'identity.clientCert'];
