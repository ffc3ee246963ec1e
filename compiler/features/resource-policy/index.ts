import { emitResourceVerdict } from '../../access/emit-resource-policy.js';
import { isOpenMock } from '../../access/key-requirement.js';
import { asksForIam, enforcement } from '../../access/enforcement.js';
import { code, helper, type Code } from '../../code.js';
import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Feature, Operation, RawApi, RawOperation, Unit } from '../../feature.js';
import { parsePolicy } from '../../../runtime/access/policy/policy.js';
import { resourceDialect } from '../../../runtime/access/resource-policy.js';
import * as diagnostics from './diagnostics.js';
import type { ResourceDecisionPart, ResourcePolicyPart } from './ir.js';

const runtime = helper<typeof import('../../../runtime/access/resource-policy.js')>();
const SPELLINGS = ['aws:SourceIp', 'aws:CurrentTime', 'aws:EpochTime', 'aws:SecureTransport', 'aws:Referer', 'aws:UserAgent', 'aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalOrgID', 'aws:PrincipalType', 'aws:userid', 'aws:username', 'aws:MultiFactorAuthPresent'];
/** They exist, but nobody outside of AWS knows their values. */
const OF_AWS = /^aws:(?:Source(?:Vpce?|Arn|Account|Org\w+)|VpcSourceIp|VpceAccount|Principal\w+|Resource\w+|Request\w+|CalledVia\w*|ViaAWSService|Token\w+|FederatedProvider|Ec2\w+|TagKeys)$/i;
const KNOWN_KEYS = new Set(SPELLINGS.map((key) => key.toLowerCase()));
const policies = new WeakMap<RawApi, ResourcePolicyPart>();

/** `x-amazon-apigateway-policy`: what it decides before authorization (auth.md §5). */
export const resourcePolicy: Feature<ResourceDecisionPart, ResourcePolicyPart> = {
  key: 'resourcePolicy',
  stage: 'resourcePolicy',
  diagnostics,
  readApi,
  read: (raw) => { const when = whenOf(raw); return when === undefined || when === 'after' ? undefined : { when }; },
  summary: (part) => (part.when === 'allow' ? 'resource policy must allow' : 'resource policy must not deny; decides with the authorizer'),
  emit: ({ when }, operation, unit) => emitDecision(when, operation, unit),
};

/** What it decides once a token is verified. */
export const resourceDecision: Feature<ResourceDecisionPart> = {
  key: 'resourceDecision',
  stage: 'authorize',
  diagnostics: {},
  read: (raw) => (whenOf(raw) === 'after' ? { when: 'after' } : undefined),
  summary: () => 'resource policy must allow',
  emit: ({ when }, operation, unit) => emitDecision(when, operation, unit),
};

/** A placeholder without a value (1-load). */
const UNRESOLVED = 'GWC1040';

function readApi(raw: RawApi, reporter: Reporter): ResourcePolicyPart | undefined {
  const node = raw.root.get('x-amazon-apigateway-policy');
  // An empty one is none.
  if (!node || (node.isObject && node.entries().length === 0)) return undefined;
  if (raw.flavour === 'http') { reporter.report(diagnostics.RESOURCE_POLICY_IGNORED, node.keyOrigin, {}); return undefined; }
  const keys = new Set<string>();
  const policy = parsePolicy(node.value, resourceDialect((key) => keys.add(key)));
  if (typeof policy === 'string') {
    // Where checkKnownFields found something odd in it: one mistake, said once.
    const odd = reporter.diagnostics.find(({ code, origin }) => code.startsWith('GWC27') && origin.file === node.file && origin.pointer.startsWith(`${node.pointer}/`));
    reporter.withdraw((each) => each === odd);
    // A principal that has no value in this build is no other mistake.
    const open = reporter.diagnostics.filter(({ code }) => code === UNRESOLVED).flatMap(({ origin, notes }) => [origin, ...notes.map((note) => note.origin)]).find(({ file, pointer }) => file === node.file && pointer.startsWith(`${node.pointer}/`) && /\/(?:Not)?Principal\//.test(pointer));
    reporter.report(diagnostics.INVALID_RESOURCE_POLICY, odd?.origin ?? (open && { file: open.file, pointer: open.pointer }) ?? node.origin, { problem: policy, hint: odd?.hint });
    return undefined;
  }
  for (const key of keys) {
    if (KNOWN_KEYS.has(key.toLowerCase()) || /^aws:PrincipalTag\//i.test(key)) continue;
    reporter.report(diagnostics.UNKNOWN_CONDITION_KEY, conditionKey(node, key)?.keyOrigin ?? node.origin, { key, suggestion: OF_AWS.test(key) ? undefined : closest(key, SPELLINGS) });
  }
  const part = { document: node.value };
  policies.set(raw, part);
  return part;
}

/** Where a condition names `key` first. */
function conditionKey(policy: Node, key: string): Node | undefined {
  const statements = policy.get('Statement');
  for (const statement of statements?.isArray ? statements.items() : statements ? [statements] : []) {
    for (const [, keys] of statement.get('Condition')?.entries() ?? []) {
      const found = keys.entries().find(([name]) => name === key);
      if (found) return found[1];
    }
  }
  return undefined;
}

/** auth.md §5, "Evaluation per auth type". */
function whenOf(raw: RawOperation): ResourceDecisionPart['when'] | undefined {
  if (!policies.has(raw.api) || isOpenMock(raw)) return undefined;
  const guards = raw.security.flatMap((requirement) => Object.keys(requirement)).map((name) => raw.securitySchemes[name]).filter((scheme) => scheme !== undefined && enforcement(scheme, raw.api) === 'authorizer');
  // With a signature it decides together with the caller's own policy: the authorize step does that.
  const iam = asksForIam(raw) || guards.some((scheme) => scheme!.aws?.kind === 'iam');
  if (iam && guards.every((scheme) => scheme!.aws?.kind === 'iam')) return undefined;
  if (guards.length === 0) return 'allow';
  // Beside alternatives with tokens the stricter rule holds for all of them.
  return guards.every((scheme) => scheme!.aws?.kind === 'lambda') ? 'deny' : 'after';
}

function emitDecision(when: ResourceDecisionPart['when'], operation: Operation, unit: Unit): Code {
  const refused = when === 'deny' ? code`resourceDecision === "explicitDeny"` : code`resourceDecision !== "allow"`;
  return code`const resourceDecision = ${emitResourceVerdict(unit)!};
if (${refused}) {
  ${runtime('access/resource-policy', 'tellDenied')}(exchange, resourceDecision);
  return ${unit.gatewayResponse('ACCESS_DENIED', operation)}(exchange);
}`;
}
