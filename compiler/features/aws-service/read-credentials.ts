import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { splitParts } from '../../integration/uri-parts.js';
import { CALLER_CREDENTIALS, INVALID_ROLE, ROLE_ASSUMED, UNRESOLVED_ROLE } from './diagnostics.js';
import type { ServiceCredentials } from './ir.js';

/** `credentials`: null and absent are the gateway's own. */
export function readCredentials(node: Node, reporter: Reporter): ServiceCredentials {
  const given = node.get('credentials');
  if (given === undefined || given.value === null || given.value === '') return { kind: 'own' };
  const text = typeof given.value === 'string' ? given.value.trim() : JSON.stringify(given.value);
  if (/^arn:[^:]+:iam::\*:user\/\*$/.test(text)) {
    reporter.report(CALLER_CREDENTIALS, given.origin, {});
    return { kind: 'caller' };
  }
  const placeholder = /\$\{(?!stageVariables\.)([^{}]*)\}/.exec(text);
  if (placeholder) {
    reporter.report(UNRESOLVED_ROLE, given.origin, { placeholder: placeholder[1]!.trim() });
    return { kind: 'own' };
  }
  const arn = splitParts(text);
  const isVariable = arn.some((part) => part.kind === 'stageVariable');
  if (arn.some((part) => part.kind === 'placeholder') || !(isVariable ? /^(?:arn:[a-z-]+:iam::|\$\{)/ : /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/).test(text)) {
    reporter.report(INVALID_ROLE, given.origin, { value: text });
    return { kind: 'own' };
  }
  reporter.report(ROLE_ASSUMED, given.origin, { role: text });
  return { kind: 'role', arn };
}
