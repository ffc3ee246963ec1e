/** AWS_IAM (auth.md §4): signed requests of known callers, and what their policies let them do. */
import { authorizerOf, setAuthorizer } from './authorizer-result.js';
import type { Exchange } from '../exchange.js';
import { REST } from '../flags.js';
import type { GatewayState } from '../gateway-state.js';
import { callerOfResult, Callers, isForeign, type Caller, type CallerDeclaration } from './iam-callers.js';
import { readSignature, verifyRead, type Signature, type SignatureFault, type SigningCaller } from './iam-signature.js';
import { gatewayRegion, maskedMethodArn, methodArns, methodPaths } from './method-arn.js';
import type { Flag, Given } from '../options.js';
import type { ConditionKeys } from './policy/conditions.js';
import { evaluate, roleOf, type Policy, type Verdict } from './policy/policy.js';
import { requestKeys } from './policy/request-keys.js';
import type { Refusal, Refuse, Step } from './refusal.js';

export const CREDENTIALS_FLAG: Flag = ['iam-credentials', 'FILE', "callers' access keys, in the format of ~/.aws/credentials; read again when it changes"];

const callersOf = new WeakMap<GatewayState, Callers>();

/** Throws CannotStart when something is missing; never shows a value. */
export function openCallers(state: GatewayState, declarations: readonly CallerDeclaration[], environment: Readonly<Record<string, string | undefined>>, given: Given | undefined): void {
  callersOf.set(state, new Callers(state, declarations, environment, given?.['iam-credentials']?.at(-1)));
}

/** `$context.authorizer.error` of HTTP APIs [O]. */
const NO_SIGNATURE = "The request for the IAM Authorizer doesn't match the format that API Gateway expects.";

/** `own`: the API's resource policy, null when it has none. */
export function authorizeByIam(exchange: Exchange, own: Policy | null, next: Step, refuse: Refuse): void {
  const signature = readSignature(exchange);
  authorizeSigner(exchange, 'kind' in signature ? signature : verify(exchange, signature, knownCallers(exchange.gateway)), own, next, refuse);
}

/** The callers that the document declares and those of the credentials file. */
export const knownCallers = (state: GatewayState): Callers => callersOf.get(state)!;

export function verify(exchange: Exchange, signature: Signature, callers: { get(accessKeyId: string): Caller | undefined }): Caller | SignatureFault {
  return verifyRead(exchange, signature, callers, gatewayRegion());
}

/** What the policies say of a caller whose signature is right. */
export function authorizeSigner(exchange: Exchange, caller: Caller | SignatureFault, own: Policy | null, next: Step, refuse: Refuse): void {
  if ('kind' in caller) return refuse(exchange, { kind: caller.kind, message: caller.message, challenge: '', error: !REST && (caller.kind === 'missing' || caller.kind === 'incomplete') ? NO_SIGNATURE : caller.message });
  const keys = callerKeys(exchange, caller);
  const identity = evaluate(caller.statements, { action: 'execute-api:invoke', resources: methodArns(exchange), principal: caller.arn, keys });
  const resource: Verdict = own === null ? 'implicitDeny' : evaluate(own, { action: 'execute-api:invoke', resources: methodPaths(exchange), principal: caller.arn, keys });
  setAuthorizer(exchange, caller.result);
  const reason = denial(identity, resource, isForeign(caller, exchange.gateway.accountId));
  if (reason === '') return next(exchange);
  const refusal: Refusal = { kind: 'denied', message: `User: ${caller.arn} is not authorized to perform: execute-api:Invoke on resource: ${maskedMethodArn(exchange)} ${reason}`, challenge: '', error: reason };
  refuse(exchange, refusal);
}

/** Who signed the request; undefined when nobody did, or another check let it in. */
export function signingCaller(exchange: Exchange): SigningCaller | undefined {
  const result = authorizerOf(exchange);
  return result === null ? undefined : callerOfResult(result);
}

/** auth.md §5: within an account either policy may allow (table A), between accounts both must (table B); a deny in either ends it. '': allowed. */
function denial(identity: Verdict, resource: Verdict, isBetweenAccounts: boolean): string {
  if (identity === 'explicitDeny') return 'with an explicit deny in an identity-based policy';
  if (resource === 'explicitDeny') return 'with an explicit deny in a resource-based policy';
  if (isBetweenAccounts) return identity !== 'allow' ? NO_IDENTITY_POLICY : resource !== 'allow' ? 'because no resource-based policy allows the execute-api:Invoke action' : '';
  return identity === 'allow' || resource === 'allow' ? '' : NO_IDENTITY_POLICY;
}

const NO_IDENTITY_POLICY = 'because no identity-based policy allows the execute-api:Invoke action';

/** Condition keys about the caller (auth.md §5). When a session began, and where in an organisation the caller is, nobody here knows: absent. */
function callerKeys(exchange: Exchange, caller: Caller): ConditionKeys {
  const { arn, account, organization, tags, userId, accessKeyId, sessionToken } = caller;
  const others = requestKeys(exchange);
  const isSession = /:assumed-role\//.test(arn);
  return (name) => {
    if (name.startsWith('aws:principaltag/')) return tagOf(tags, name.slice('aws:principaltag/'.length));
    switch (name) {
      // Of a session the role's: "the ARN of the role, not of the user that assumed the role" (IAM User Guide).
      case 'aws:principalarn': return [roleOf(arn) ?? arn];
      case 'aws:principalaccount': return [account];
      case 'aws:principalorgid': return organization === '' ? undefined : [organization];
      case 'aws:principaltype': return [isSession ? 'AssumedRole' : arn.endsWith(':root') ? 'Account' : 'User'];
      case 'aws:userid': return [userId === '' ? accessKeyId : userId];
      case 'aws:username': return /:user\//.test(arn) ? [arn.slice(arn.lastIndexOf('/') + 1)] : undefined;
      // "Not present in requests made with long-term credentials"; a session without MFA says false (IAM User Guide).
      case 'aws:multifactorauthpresent': return sessionToken === '' ? undefined : ['false'];
      default: return others(name);
    }
  };
}

/** Names of keys are not case-sensitive. */
function tagOf(tags: Readonly<Record<string, string>>, lower: string): readonly string[] | undefined {
  for (const name in tags) if (name.toLowerCase() === lower) return [tags[name]!];
  return undefined;
}
