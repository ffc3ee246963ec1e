/** AWS_IAM (auth.md §4): signed requests of callers that `x-gwc.callers` declares, and what their policies let them do. */
import { authorizerOf, setAuthorizer, type AuthorizerResult } from './authorizer-result.js';
import { CannotStart } from './cannot-start.js';
import type { Exchange } from './exchange.js';
import type { GatewayState } from './gateway-state.js';
import { verifySignature, type SigningCaller } from './iam-signature.js';
import { gatewayRegion, maskedMethodArn, methodArns, methodPaths } from './method-arn.js';
import { parseConditions } from './policy/conditions.js';
import { resourceMatcher } from './policy/patterns.js';
import { evaluate, parsePolicy, type Dialect, type Policy, type Verdict } from './policy/policy.js';
import { requestKeys } from './policy/request-keys.js';
import type { Refusal, Refuse, Step } from './refusal.js';

/** What the build knows of a caller. Texts that begin with `env:` are read when the gateway starts. */
export interface CallerDeclaration {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly arn: string;
  /** null: the caller has none. */
  readonly policy: object | null;
}

interface Caller extends SigningCaller {
  readonly arn: string;
  readonly policy: Policy;
  readonly result: AuthorizerResult;
}

const callersOf = new WeakMap<GatewayState, ReadonlyMap<string, Caller>>();

/** Policies of identities name resources of any API by their ARN. */
export const IDENTITY_DIALECT: Dialect = { resource: resourceMatcher, condition: (element) => parseConditions(element), hasPrincipal: false };

/** Throws CannotStart when an environment variable is missing; never shows a value. */
export function openCallers(state: GatewayState, declarations: readonly CallerDeclaration[], environment: Readonly<Record<string, string | undefined>>): void {
  const callers = new Map<string, Caller>();
  const missing: string[] = [];
  for (const { name, arn, policy, ...texts } of declarations) {
    const read = (text: string): string => {
      if (!text.startsWith('env:')) return text;
      const value = environment[text.slice(4)];
      if (value === undefined || value === '') missing.push(`${text.slice(4)} (caller "${name}")`);
      return value ?? '';
    };
    const accessKeyId = read(texts.accessKeyId), secretAccessKey = read(texts.secretAccessKey), sessionToken = read(texts.sessionToken);
    if (callers.has(accessKeyId) && accessKeyId !== '') throw new CannotStart(`two callers have the same access key: "${name}" is the second`);
    const parsed = policy === null ? [] : parsePolicy(policy, IDENTITY_DIALECT);
    if (typeof parsed === 'string') throw new CannotStart(`the policy of caller "${name}" is none: ${parsed}`);
    const account = arn.split(':')[4] ?? '';
    const identity = { accessKey: accessKeyId, accountId: account, caller: accessKeyId, user: accessKeyId, userArn: arn };
    callers.set(accessKeyId, {
      accessKeyId, secretAccessKey, sessionToken, arn, policy: parsed,
      result: { values: {}, identity, event: { iam: { accessKey: accessKeyId, accountId: account, callerId: accessKeyId, cognitoIdentity: null, principalOrgId: null, userArn: arn, userId: accessKeyId } }, usageIdentifierKey: undefined },
    });
  }
  if (missing.length > 0) throw new CannotStart(`environment variable${missing.length > 1 ? 's' : ''} not set: ${missing.join(', ')}`);
  callersOf.set(state, callers);
}

/** `own`: the API's resource policy, null when it has none. Either policy may allow, neither may deny (auth.md §5, table A): callers belong to the API's account. */
export function authorizeByIam(exchange: Exchange, own: Policy | null, next: Step, refuse: Refuse): void {
  const caller = verifySignature(exchange, callersOf.get(exchange.gateway)!, gatewayRegion());
  if ('kind' in caller) return refuse(exchange, { kind: caller.kind, message: caller.message, challenge: '', error: caller.message });
  const keys = callerKeys(exchange, caller.arn);
  const identity = evaluate(caller.policy, { action: 'execute-api:invoke', resources: methodArns(exchange), principal: caller.arn, keys });
  const resource: Verdict = own === null ? 'implicitDeny' : evaluate(own, { action: 'execute-api:invoke', resources: methodPaths(exchange), principal: caller.arn, keys });
  setAuthorizer(exchange, caller.result);
  const reason = identity === 'explicitDeny' ? 'with an explicit deny in an identity-based policy' : resource === 'explicitDeny' ? 'with an explicit deny in a resource-based policy'
    : identity === 'allow' || resource === 'allow' ? '' : 'because no identity-based policy allows the execute-api:Invoke action';
  if (reason === '') return next(exchange);
  const refusal: Refusal = { kind: 'denied', message: `User: ${caller.arn} is not authorized to perform: execute-api:Invoke on resource: ${maskedMethodArn(exchange)} ${reason}`, challenge: '', error: reason };
  refuse(exchange, refusal);
}

/** Who signed the request; undefined when nobody did, or another check let it in. */
export function signingCaller(exchange: Exchange): SigningCaller | undefined {
  const accessKey = authorizerOf(exchange)?.identity?.['accessKey'];
  return accessKey === undefined ? undefined : callersOf.get(exchange.gateway)?.get(accessKey);
}

function callerKeys(exchange: Exchange, arn: string) {
  const others = requestKeys(exchange);
  return (name: string): readonly string[] | undefined => {
    switch (name) {
      case 'aws:principalarn': return [arn];
      case 'aws:principalaccount': return [arn.split(':')[4] ?? ''];
      case 'aws:principaltype': return [/:assumed-role\//.test(arn) ? 'AssumedRole' : 'User'];
      case 'aws:username': return /:user\//.test(arn) ? [arn.slice(arn.lastIndexOf('/') + 1)] : undefined;
      default: return others(name);
    }
  };
}
