/** Answers of Lambda authorizers with `enableSimpleResponses`: `{"isAuthorized": true, "context": {…}}` (auth.md §9). */
import type { Decision } from './authorize-lambda.js';
import type { Refusal } from './refusal.js';

const DENIED: Refusal = { kind: 'denied', message: '', challenge: '', error: 'The client is not authorized to perform this operation.' };
const admits = (): null => null;
const refuses = (): Refusal => DENIED;

/** Only the boolean `true` lets anybody in. A string says why the answer is none. */
export function readSimpleAuthorizer(answer: unknown): Decision | string {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return 'the answer of the authorizer is no object';
  const { isAuthorized, context } = answer as Record<string, unknown>;
  if (typeof isAuthorized !== 'boolean') return 'isAuthorized is neither true nor false';
  if (context !== undefined && context !== null && (typeof context !== 'object' || Array.isArray(context))) return 'the context of the authorizer is no object';
  const values = (context ?? {}) as Record<string, unknown>;
  return { result: { values, event: { lambda: values }, usageIdentifierKey: undefined }, admits: isAuthorized ? admits : refuses };
}
