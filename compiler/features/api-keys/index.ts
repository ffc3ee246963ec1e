import { isCheckedKey, keyRequirement, type KeyPlace } from '../../access/key-requirement.js';
import { enforcement } from '../../access/enforcement.js';
import { presentsKeys, valueAt } from '../../access/emit-key.js';
import { adminSetting, isManaged } from '../../access/managed-keys.js';
import { code, helper, join, typeHelper, type Code } from '../../code.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Api, Feature, Operation, RawOperation, Unit } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import { emitManagement } from './emit-management.js';
import type { ApiKeyPart, ApiKeysPart } from './ir.js';
import { readApiKeys } from './read.js';

const runtime = helper<typeof import('../../../runtime/keys/api-keys.js')>();

/** API keys (auth.md §1): operations that name an apiKey scheme let in who presents a key of `x-gwc.apiKeys`. */
export const apiKey: Feature<ApiKeyPart, ApiKeysPart> = {
  key: 'apiKey',
  stage: 'apiKey',
  diagnostics,
  readApi: readApiKeys,
  read(raw, reporter) {
    const requirement = keyRequirement(raw);
    if (requirement) reportNeeds(raw, requirement, reporter);
    return requirement;
  },
  check: checkUse,
  summary: (part) => `${part.optional ? 'if sent, ' : ''}API key in ${part.alternatives.map((places) => places.map(describe).join(' and ')).join(' or ')}`,
  emit: emitApiKey,
};

const describe = (place: KeyPlace): string => `${place.in} ${place.name}`;

function reportNeeds({ api, node, method, path, security, securitySchemes }: RawOperation, requirement: ApiKeyPart, reporter: Reporter): void {
  const names = [...new Set(security.flatMap((alternative) => Object.keys(alternative)))];
  const first = names.find((name) => securitySchemes[name] && isCheckedKey(securitySchemes[name], api))!;
  const declared = api.root.get('x-gwc');
  if (!declared?.at('apiKeys') && !declared?.at('apiKeysFile') && adminSetting(api.root) !== true) reporter.report(diagnostics.NO_API_KEYS, securitySchemes[first]!.origin, { scheme: first });
  if (requirement.alternatives[0]![0]!.in === 'authorizer' && !names.some((name) => securitySchemes[name]?.aws?.kind === 'lambda')) reporter.report(diagnostics.KEY_WITHOUT_AUTHORIZER, node.keyOrigin, { method, path });
  if (!requirement.optional) return;
  const isChecked = (name: string): boolean => securitySchemes[name] !== undefined && enforcement(securitySchemes[name], api) !== 'backend';
  const others = security.filter((alternative) => !Object.keys(alternative).some(isChecked));
  if (others.length === 0) return;
  const origin = (node.at('security') ?? api.root.at('security') ?? node).origin;
  reporter.report(diagnostics.API_KEY_OPTIONAL, origin, { others: others.map((alternative) => Object.keys(alternative).join(' with ')).join(' or ') });
}

function checkUse(api: Api, reporter: Reporter): void {
  const { apiKey: part } = api.parts;
  if (part && part.keys.length > 0 && api.operations.length > 0 && !api.operations.some((operation) => operation.parts.apiKey)) reporter.report(diagnostics.API_KEYS_UNUSED, part.origin, {});
}

function emitApiKey(part: ApiKeyPart, operation: Operation, unit: Unit): Code {
  unit.atStart(code`${runtime('keys/api-keys', 'openApiKeys')}(state, ${declarations(unit)}, options.environment ?? process.env);`);
  if (isManaged(unit.api)) emitManagement(unit);
  const presented = part.alternatives.map(presentsKeys);
  const valid = presented.length === 1 ? presented[0]! : join(presented.map((each) => code`(${each})`), ' || ');
  const sent = [...new Map(part.alternatives.flat().map((place) => [describe(place), place])).values()].map((place) => code`${valueAt(place)} !== undefined`);
  const refuse = code`return ${unit.gatewayResponse('INVALID_API_KEY', operation)}(exchange);`;
  return part.optional ? code`if ((${join(sent, ' || ')}) && !(${valid})) ${refuse}` : code`if (!(${valid})) ${refuse}`;
}

const declared = new WeakMap<Unit, Code>();

/** The constant with the keys of the document (`ApiKeyDeclaration`). */
function declarations(unit: Unit): Code {
  let name = declared.get(unit);
  if (!name) {
    const keys = (unit.api.parts.apiKey?.keys ?? []).filter((key) => key.enabled).map(({ name, id, value, stages, client }) => ({ name, id, value, stages, client }));
    declared.set(unit, (name = unit.constant('API_KEYS', code`${keys} as readonly ${typeHelper('keys/api-keys', 'ApiKeyDeclaration')}[]`)));
  }
  return name;
}
