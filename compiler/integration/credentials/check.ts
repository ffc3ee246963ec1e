import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Api, Operation } from '../../feature.js';
import type { Credentials } from './credentials.js';
import { CALLER_CREDENTIALS, CALLER_KEYS, UNKNOWN_ROLE_VARIABLE } from './diagnostics.js';

/** Whether one of the operation's alternatives tells who signed the request. */
export function knowsCaller(operation: Operation): boolean {
  return operation.parts.authorize?.alternatives.some((checks) => checks.some(({ kind }) => kind === 'iam')) ?? false;
}

/** Whether the caller's identity is asked for where nobody tells it: every call answers 500. */
export function isAnonymous({ credentials }: { readonly credentials: Credentials }, operation: Operation): boolean {
  return credentials.kind === 'caller' && !knowsCaller(operation);
}

/** Where the caller's identity is asked for, somebody has to tell it. */
export function checkCredentials(credentials: Credentials, operation: Operation, api: Api, reporter: Reporter): void {
  if (credentials.kind === 'caller') reporter.report(knowsCaller(operation) ? CALLER_KEYS : CALLER_CREDENTIALS, credentials.origin, { operation: operation.id });
  checkRole(credentials, api, reporter);
}

/** Every stage variable that a role names must be set in every stage. */
export function checkRole(credentials: Credentials, api: Api, reporter: Reporter): void {
  if (credentials.kind !== 'role') return;
  const names = credentials.arn.flatMap((part) => (part.kind === 'stageVariable' ? [part.name] : []));
  const stages = Object.keys(api.stages).length > 0 ? Object.values(api.stages) : [{ name: '$default', variables: {} }];
  for (const name of new Set(names)) for (const stage of stages) {
    if (!Object.hasOwn(stage.variables, name)) reporter.report(UNKNOWN_ROLE_VARIABLE, credentials.origin, { name, stage: stage.name, suggestion: closest(name, Object.keys(stage.variables)) });
  }
}
