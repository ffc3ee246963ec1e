import { unresolvedPlaceholder } from '../../1-load/placeholders/diagnostics.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Api } from '../../feature.js';
import { INVOKED_ON_AWS, NOT_VALIDATED, UNRESOLVED_FUNCTION, UNUSED_BINDING } from './diagnostics.js';
import { boundCall, runsHere, type FunctionCall, type FunctionTarget } from '../../functions/call.js';
import { checkCredentials, checkRole } from '../../integration/credentials/check.js';
import { LOCAL_CREDENTIALS, ROLE_ASSUMED, UNRESOLVED_ROLE } from '../../integration/credentials/diagnostics.js';
import { parseReference } from '../../functions/uri.js';

/** Every function has a place to run, every binding a function. Each function is mentioned once. */
export function checkFunctions(api: Api, reporter: Reporter): void {
  const functions = new Map<string, FunctionCall>();
  const called = new Set<string>();
  let variablesUnknown = false;
  for (const integration of calls(api)) {
    if (!functions.has(integration.functionName)) functions.set(integration.functionName, integration);
    called.add(integration.functionName);
    if (!integration.reference.some((part) => part.kind === 'stageVariable')) continue;
    const names = resolvedNames(integration, api);
    for (const name of names) called.add(name);
    variablesUnknown ||= names.length === 0;
  }
  for (const integration of functions.values()) reportUnbound(integration, reporter);
  withdrawPlaceholders(api, reporter);
  checkRights(api, reporter);
  for (const { id, integration, parts } of api.operations) if (integration.kind === 'aws_proxy' && integration.streams && parts.responseValidation !== undefined) reporter.report(NOT_VALIDATED, integration.origin, { operation: id });
  if (variablesUnknown) return;
  const known = [...called].filter((name) => !name.includes('${')).sort();
  for (const [name, target] of Object.entries(api.parts.lambda?.bindings ?? {})) {
    if (!called.has(name)) reporter.report(UNUSED_BINDING, target.origin, { name, suggestion: closest(name, known), known: known.join(', ') });
  }
}

/** Who calls functions. */
function calls(api: Api): FunctionCall[] {
  return [...api.operations.flatMap(({ integration }) => (integration.kind === 'aws_proxy' || integration.kind === 'lambda' ? [integration] : [])), ...authorizerCalls(api)];
}

function authorizerCalls(api: Api): FunctionCall[] {
  const authorizers = new Set(api.operations.flatMap(({ parts }) => parts.authorize?.alternatives.flat() ?? []).flatMap((check) => (check.kind === 'lambda' ? [check.authorizer] : [])));
  return [...authorizers].map(({ call }) => boundCall(call, api));
}

/** What the stage variables make of the name, stage by stage. */
function resolvedNames(integration: FunctionCall, api: Api): string[] {
  return Object.values(api.stages).map(({ variables }) =>
    parseReference(integration.reference.map((part) => (part.kind === 'text' ? part.text : variables[part.name] ?? '')).join('')).name);
}

/** A bound function needs no ARN: placeholders that stand nowhere but in the uris of such functions need no value. */
function withdrawPlaceholders(api: Api, reporter: Reporter): void {
  const all = calls(api);
  const places = [...all.filter(isBound).map(({ origin }) => origin), ...all.filter(runsHere).flatMap(({ credentials }) => credentials.origin ?? [])];
  if (places.length === 0) return;
  const isThere = (origin: Origin): boolean => places.some(({ file, pointer }) => origin.file === file && (origin.pointer === pointer || origin.pointer.startsWith(`${pointer}/`)));
  reporter.withdraw(({ code, origin, notes }) => code === unresolvedPlaceholder.code && isThere(origin) && notes.every((note) => isThere(note.origin)));
}

/** A role is for functions on AWS: others run here, as the gateway does. */
function checkRights(api: Api, reporter: Reporter): void {
  const local = calls(api).filter((call) => runsHere(call) && call.credentials.origin !== undefined);
  reporter.withdraw(({ code, origin }) => OF_ROLES.has(code) && local.some(({ credentials }) => credentials.origin!.file === origin.file && credentials.origin!.pointer === origin.pointer));
  for (const { functionName, credentials } of local) reporter.report(LOCAL_CREDENTIALS, credentials.origin!, { name: functionName, field: credentials.origin!.pointer.split('/').at(-1)! });
  for (const operation of api.operations) {
    const { integration } = operation;
    if ((integration.kind === 'aws_proxy' || integration.kind === 'lambda') && !runsHere(integration)) checkCredentials(integration.credentials, operation, api, reporter);
  }
  for (const call of authorizerCalls(api)) if (!runsHere(call)) checkRole(call.credentials, api, reporter);
}

const OF_ROLES: ReadonlySet<string> = new Set([ROLE_ASSUMED.code, UNRESOLVED_ROLE.code]);

function isBound({ functionName, targets }: FunctionCall): boolean {
  const target = targets[functionName];
  return target !== undefined && target.kind !== 'aws';
}

function reportUnbound(integration: FunctionCall, reporter: Reporter): void {
  const name = integration.functionName;
  const target: FunctionTarget | undefined = integration.targets[name];
  if (name === '' || isBound(integration)) return;
  const written = integration.reference.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const placeholder = parseReference(written).placeholder;
  if (placeholder !== undefined) reporter.report(UNRESOLVED_FUNCTION, integration.origin, { name, placeholder });
  else if (Object.keys(integration.targets).length === 0 || target !== undefined) reporter.report(INVOKED_ON_AWS, integration.origin, { name });
}
