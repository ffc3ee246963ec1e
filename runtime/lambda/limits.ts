import type { LambdaResult } from './proxy.js';

/** 6 MB: what Lambda takes in a synchronous invocation … */
export const PAYLOAD_LIMIT = 6_291_456;
/** … and what it gives: the number in its own message. */
export const RESULT_LIMIT = 6_291_556;

/** What Lambda makes of a result that is too large. */
export function oversized(requestId: string): LambdaResult {
  const message = `Response payload size exceeded maximum allowed payload size (${RESULT_LIMIT} bytes).`;
  return { kind: 'functionError', message, payload: JSON.stringify({ errorMessage: message, errorType: 'Function.ResponseSizeTooLarge' }), requestId };
}
