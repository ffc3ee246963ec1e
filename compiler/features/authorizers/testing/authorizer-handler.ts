/** A Lambda authorizer for tests: the token says what it answers. */
export async function handler(event: { authorizationToken?: string; headers?: Record<string, string>; methodArn?: string; routeArn?: string }): Promise<unknown> {
  const token = event.authorizationToken ?? event.headers?.['authorization'] ?? event.headers?.['Authorization'] ?? '';
  const policy = (effect: string, more: object = {}): object => ({ principalId: 'user', policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: '*' }] }, ...more });
  switch (token) {
    case 'allow': return policy('Allow', { context: { arn: event.methodArn ?? event.routeArn, number: 5, yes: true } });
    case 'deny': return policy('Deny');
    case 'nothing': return { principalId: 'user', policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: 'arn:aws:execute-api:*:*:*/*/*/elsewhere' }] } };
    case 'unauthorized': throw new Error('Unauthorized');
    case 'late': await new Promise((resolve) => { setTimeout(resolve, 200); }); return policy('Allow');
    case 'text': return 'allow';
    case 'undefined': return undefined;
    case 'nested': return policy('Allow', { context: { a: {} } });
    default: throw new Error('unknown token');
  }
}
