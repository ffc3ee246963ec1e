/** `x-amazon-apigateway-policy`: who may call the API, from where and when (auth.md §5). */
import { CannotStart } from '../cannot-start.js';
import type { Exchange } from '../exchange.js';
import { maskedMethodArn, methodPaths } from './method-arn.js';
import { parseConditions } from './policy/conditions.js';
import { resourceMatcher } from './policy/patterns.js';
import { evaluate, parsePolicy, type Dialect, type Policy, type Verdict } from './policy/policy.js';
import { requestKeys } from './policy/request-keys.js';
import { always, type Matcher } from './policy/wildcard.js';

/**
 * Resources are this API's own, whatever account, region and id stand in their ARNs: a policy is part of the API it is written in. `execute-api:/stage/VERB/path`
 * is the short form.
 */
function ownResource(pattern: string): Matcher | string {
  if (/^\*+$/.test(pattern)) return always;
  const short = /^execute-api:\/(.*)$/s.exec(pattern)?.[1];
  if (short !== undefined) return resourceMatcher(short);
  const own = /^arn:[^:]*:(?:execute-api|\*):[^:]*:[^:]*:[^/]*\/(.*)$/s.exec(pattern)?.[1];
  if (own !== undefined) return resourceMatcher(own);
  return /^arn:(?:[^:]*:)?(?:execute-api(?::.*)?)?\*$/s.test(pattern) ? always : `Resource "${pattern.slice(0, 100)}" is none of an API: arn:aws:execute-api:region:account:api/stage/VERB/path, or execute-api:/stage/VERB/path`;
}

/** `used` is told every condition key. */
export function resourceDialect(used?: (key: string) => void): Dialect {
  return { resource: ownResource, condition: (element) => parseConditions(element, used), hasPrincipal: true };
}

export function resourcePolicy(document: object): Policy {
  const policy = parsePolicy(document, resourceDialect());
  if (typeof policy === 'string') throw new CannotStart(`the resource policy is none: ${policy}`);
  return policy;
}

/** For callers without IAM credentials. */
export function resourceVerdict(exchange: Exchange, policy: Policy): Verdict {
  return evaluate(policy, { action: 'execute-api:invoke', resources: methodPaths(exchange), principal: '*', keys: requestKeys(exchange) });
}

/** Puts the text of a refusal where the gateway response finds it. */
export function tellDenied(exchange: Exchange, verdict: Verdict): void {
  exchange.errorMessage = `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${maskedMethodArn(exchange)} ${verdict === 'explicitDeny' ? 'with an explicit deny in a resource-based policy' : 'because no resource-based policy allows the execute-api:Invoke action'}`;
}
