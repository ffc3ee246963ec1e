/** What the API's resource policy says of a request: the policy's own steps and authorizers that are combined with it need it. */
import { code, helper, type Code } from '../code.js';
import type { Unit } from '../feature.js';

const runtime = helper<typeof import('../../runtime/access/resource-policy.js')>();

/** The expression for a `Verdict`; undefined when the API has no policy. */
export function emitResourceVerdict(unit: Unit): Code | undefined {
  const policy = emitResourcePolicy(unit);
  return policy && code`${runtime('access/resource-policy', 'resourceVerdict')}(exchange, ${policy})`;
}

/** The policy's constant. */
export function emitResourcePolicy(unit: Unit): Code | undefined {
  const policy = unit.api.parts.resourcePolicy;
  return policy && unit.constant('RESOURCE_POLICY', code`/* @__PURE__ */ ${runtime('access/resource-policy', 'resourcePolicy')}(${policy.document})`);
}
