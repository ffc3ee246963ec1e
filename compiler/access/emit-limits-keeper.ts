/** What the primary process of `--workers` runs to keep limits: the slice throttle has it run, or api-keys where keys are managed too. */
import { code, helper, type Code } from '../code.js';
import type { Unit } from '../feature.js';

const fields = helper<typeof import('../../runtime/limits/rate-limit-fields.js')>();
const stored = helper<typeof import('../../runtime/store/open-stored-limits.js')>();
const keeper = helper<typeof import('../../runtime/limits/limits-keeper.js')>();

/** The function that makes RateLimit fields, or null. */
export function rateLimitFields(unit: Unit): Code {
  return unit.api.parts.throttle?.headers === true ? code`${fields('limits/rate-limit-fields', 'rateLimitFields')}` : code`null`;
}

/** For `unit.atPrimary`; its value is a `LimitsOf`. */
export function keepLimits(unit: Unit): Code {
  const tell = rateLimitFields(unit);
  const decider = unit.api.parts.store ? code`, ${stored('store/open-stored-limits', 'storedDecider')}(store, ${tell}, log)` : code``;
  return code`${keeper('limits/limits-keeper', 'keepLimits')}(cluster, ${tell}${decider})`;
}
