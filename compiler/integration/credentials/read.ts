import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { splitParts } from '../uri-parts.js';
import type { Credentials } from './credentials.js';
import { INVALID_ROLE, ROLE_ASSUMED, UNRESOLVED_ROLE } from './diagnostics.js';

/** `credentials` of an integration, `authorizerCredentials` of an authorizer: null and absent are the gateway's own. What becomes of the caller's is said by `checkCredentials`. */
export function readCredentials(node: Node, reporter: Reporter, field: 'credentials' | 'authorizerCredentials' = 'credentials'): Credentials {
  const given = node.get(field);
  if (given === undefined || given.value === null || given.value === '') return { kind: 'own' };
  const text = typeof given.value === 'string' ? given.value.trim() : JSON.stringify(given.value);
  if (field === 'credentials' && /^arn:[^:]+:iam::\*:user\/\*$/.test(text)) return { kind: 'caller', origin: given.origin };
  const placeholder = /\$\{(?!stageVariables\.)([^{}]*)\}/.exec(text);
  if (placeholder) {
    reporter.report(UNRESOLVED_ROLE, given.origin, { placeholder: placeholder[1]!.trim() });
    return { kind: 'own', origin: given.origin };
  }
  const arn = splitParts(text);
  const isVariable = arn.some((part) => part.kind === 'stageVariable');
  if (arn.some((part) => part.kind === 'placeholder') || !(isVariable ? /^(?:arn:[a-z-]+:iam::|\$\{)/ : /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/).test(text)) {
    reporter.report(INVALID_ROLE, given.origin, { value: text });
    return { kind: 'own', origin: given.origin };
  }
  reporter.report(ROLE_ASSUMED, given.origin, { role: text });
  return { kind: 'role', arn, origin: given.origin };
}
