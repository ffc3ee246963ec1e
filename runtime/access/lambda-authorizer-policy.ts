/** Answers of Lambda authorizers with an IAM policy: REST APIs, and format 1.0 and 2.0 of HTTP APIs (auth.md §6, §9). */
import type { Decision } from './authorize-lambda.js';
import type { Exchange } from '../exchange.js';
import type { GatewayState } from '../gateway-state.js';
import { setOwn } from '../lambda/event-fields.js';
import { methodArns } from './method-arn.js';
import { isObject, parseConditions } from './policy/conditions.js';
import { resourceMatcher } from './policy/patterns.js';
import { evaluate, parsePolicy, type Dialect, type Policy } from './policy/policy.js';
import { requestKeys } from './policy/request-keys.js';
import type { Refusal } from './refusal.js';
import { latin1 } from '../request-values.js';

const DIALECT: Dialect = {
  // AWS: "The maximum length of a resource ARN is 512 characters".
  resource: (pattern) => (pattern.length > 512 ? 'a Resource is longer than 512 characters' : resourceMatcher(pattern)),
  condition: parseConditions,
  hasPrincipal: false,
};

const denied = (message: string): Refusal => ({ kind: 'denied', message, challenge: '', error: 'The client is not authorized to perform this operation.' });
const EXPLICIT = denied('User is not authorized to access this resource with an explicit deny in an identity-based policy');
/** The policy says nothing about the call: where the API has a policy of its own, that may allow it. */
export const NOT_ALLOWED = denied('User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action');

/** REST: `context` is flat and becomes text. A string says why the answer is none. */
export function readRestAuthorizer(answer: unknown): Decision | string {
  if (!isObject(answer)) return 'Could not parse policy';
  const { principalId, policyDocument, context, usageIdentifierKey } = answer;
  if (typeof principalId !== 'string' || principalId === '') return 'Could not parse policy: principalId is no text';
  const policy = parsePolicy(policyDocument, DIALECT);
  if (typeof policy === 'string') return `Could not parse policy: ${policy}`;
  if (usageIdentifierKey !== undefined && usageIdentifierKey !== null && typeof usageIdentifierKey !== 'string') return 'usageIdentifierKey is no text';
  const values: Record<string, unknown> = { principalId, integrationLatency: 0 };
  if (context !== undefined && context !== null) {
    if (!isObject(context)) return 'the context of the authorizer is no object';
    for (const name of Object.keys(context)) {
      const value = context[name];
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return `the context of the authorizer holds a value that is no text, number or boolean (${name.slice(0, 50)})`;
      setOwn(values, name, String(value));
    }
  }
  return decision(policy, values, values, typeof usageIdentifierKey === 'string' ? usageIdentifierKey : undefined);
}

/** HTTP APIs: `context` holds whatever JSON says. */
export function readHttpAuthorizer(answer: unknown): Decision | string {
  if (!isObject(answer)) return 'Could not parse policy';
  const policy = parsePolicy(answer['policyDocument'], DIALECT);
  if (typeof policy === 'string') return `Could not parse policy: ${policy}`;
  const { principalId, context } = answer;
  if (typeof principalId !== 'string' || principalId === '') return 'Could not parse policy: principalId is no text';
  if (context !== undefined && context !== null && !isObject(context)) return 'the context of the authorizer is no object';
  const values: Record<string, unknown> = { principalId, integrationLatency: 0 };
  for (const name of Object.keys(context ?? {})) setOwn(values, name, (context as Record<string, unknown>)[name]);
  return decision(policy, values, { lambda: (context as Record<string, unknown> | null | undefined) ?? {} }, undefined);
}

/** Verdicts remembered for each result, of paths up to this length. */
const REMEMBERED = 16;
const LONGEST = 100;

/** Policies are asked about every request, also those that were kept for other methods of the same caller. */
function decision(policy: Policy, values: Record<string, unknown>, event: Record<string, unknown>, usageIdentifierKey: string | undefined): Decision {
  const ask = (exchange: Exchange): Refusal | null => {
    const verdict = evaluate(policy, { action: 'execute-api:invoke', resources: methodArns(exchange), principal: '*', keys: requestKeys(exchange) });
    return verdict === 'allow' ? null : verdict === 'explicitDeny' ? EXPLICIT : NOT_ALLOWED;
  };
  const result = { values, event, usageIdentifierKey };
  // Conditions and variables are about more than method and path.
  if (policy.some(({ varies }) => varies)) return { result, admits: ask };
  let known: Map<string, Refusal | null> | null = null;
  let state: GatewayState | null = null;
  return {
    result,
    admits: (exchange) => {
      const asked = exchange.method + latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
      // Another gateway may have another stage.
      if (known === null || state !== exchange.gateway) { known = new Map(); state = exchange.gateway; }
      let refusal = known.get(asked);
      if (refusal === undefined) {
        refusal = ask(exchange);
        if (known.size >= REMEMBERED) known.clear();
        if (asked.length <= LONGEST) known.set(asked, refusal);
      }
      return refusal;
    },
  };
}
