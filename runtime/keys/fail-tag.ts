/**
 * The tag `gwc:fail` of a usage plan made at run time: what the plan does while its store is away, as `fail` of a plan in the document does. API Gateway's
 * usage plans have no such member, and every client of its control plane can set tags.
 */
import type { FailPolicy } from '../limits/limits.js';
import { badRequest } from './control-error.js';
import { printable } from './control-request.js';
import type { PlanRecord } from './records.js';

export const FAIL_TAG = 'gwc:fail';

const POLICIES: readonly string[] = ['open', 'closed', 'local'];

export function failOf({ tags }: PlanRecord): FailPolicy {
  const tag = Object.hasOwn(tags, FAIL_TAG) ? tags[FAIL_TAG]! : 'local';
  return POLICIES.includes(tag) ? tag as FailPolicy : 'local';
}

/** Throws a ControlError when the tag says none of them. */
export function checkFailTag(tags: Readonly<Record<string, string>>): void {
  if (Object.hasOwn(tags, FAIL_TAG) && !POLICIES.includes(tags[FAIL_TAG]!)) throw badRequest(`Invalid value '${printable(tags[FAIL_TAG]!)}' of the tag ${FAIL_TAG}: it must be one of [${POLICIES.join(', ')}]`);
}
