import type { Node } from '../../1-load/node.js';
import { declaredKeys, declaredPlans, type DeclaredKey } from '../../access/declared-keys.js';
import { hashedKey } from '../../access/key-value.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { RawApi } from '../../feature.js';
import { keysFile, type KeysFile } from '../../access/keys-file.js';
import { adminSetting } from '../../access/managed-keys.js';
import { API_KEY_LENGTH, API_KEY_WITHOUT_PLAN, DUPLICATE_API_KEY, IGNORED_KEY_COLUMN, INVALID_API_KEY, INVALID_KEY_OF_FILE, INVALID_KEYS_FILE, LITERAL_API_KEY, OVERLAPPING_PLANS, UNKNOWN_PLAN_OF_FILE, UNKNOWN_USAGE_PLAN } from './diagnostics.js';
import type { ApiKeysPart, DeclaredApiKey } from './ir.js';

export function readApiKeys(raw: RawApi, reporter: Reporter): ApiKeysPart | undefined {
  const holder = raw.root.get('x-gwc');
  const admin = adminSetting(raw.root);
  const file = keysFile(raw.root);
  const declared = holder?.get('apiKeys');
  if (declared === undefined && file === undefined && admin === undefined) return undefined;
  if (file !== undefined) reportFile(file, raw, reporter);
  const origin = (declared ?? file?.node ?? holder!).keyOrigin;
  const ids = new Map(declaredPlans(raw.root).map(({ name, id }) => [name, id]));
  const seen = new Map<string, string>();
  const keys = declaredKeys(raw.root).flatMap((key, client): DeclaredApiKey[] => {
    const { name, id, enabled, description, plans } = key;
    if (key.node?.isObject === false) return [];
    const value = readValue(key, declared, reporter);
    if (value === undefined) return [];
    const other = seen.get(value);
    if (other !== undefined) reporter.report(DUPLICATE_API_KEY, key.node === undefined ? file!.node.keyOrigin : typeof key.value === 'string' && key.value.startsWith('env:') ? key.node.at('value')!.origin : declared!.keyOrigin, { name, other });
    seen.set(value, name);
    return [{ name, id, value, enabled, description, plans: plans.flatMap((plan) => ids.get(plan) ?? []), stages: coveredStages(raw, key, reporter), client }];
  });
  return { keys, admin, origin };
}

/** What is wrong with the file of keys; never shows a value. */
function reportFile({ path, node, keys, faults, ignored, problem }: KeysFile, raw: RawApi, reporter: Reporter): void {
  if (problem !== '') return void reporter.report(INVALID_KEYS_FILE, node.origin, { path, problem });
  for (const { line, problem } of faults) reporter.report(INVALID_KEY_OF_FILE, node.origin, { path, line, problem });
  for (const { line, length } of keys) if (length < 20 || length > 128) reporter.report(INVALID_KEY_OF_FILE, node.origin, { path, line, problem: `has a Key of ${length} characters; API Gateway takes 20 to 128` });
  if (ignored.length > 0) reporter.report(IGNORED_KEY_COLUMN, node.origin, { path, columns: ignored.slice(0, 10).join(', ') });
  const plans = declaredPlans(raw.root);
  for (const { line, usagePlanIds } of keys) {
    for (const id of usagePlanIds) if (!plans.some((plan) => plan.id === id || plan.name === id)) reporter.report(UNKNOWN_PLAN_OF_FILE, node.origin, { path, line, plan: id, suggestion: closest(id, plans.map(({ name }) => name)) });
  }
}

/**
 * `env:<variable>` or `sha256:<hex>`. What is wrong with a value is reported at `apiKeys`, not where the value stands: a message shows the line it is about,
 * and build logs are no place for keys.
 */
function readValue({ name, value, node }: DeclaredKey, holder: Node | undefined, reporter: Reporter): string | undefined {
  if (node === undefined || holder === undefined) return value as string;
  // Where an environment variable or a digest is named, or nothing, there is nothing to hide.
  const place = value === undefined ? node.keyOrigin : typeof value === 'string' && /^(?:env|sha256):/.test(value) ? node.at('value')!.origin : holder.keyOrigin;
  const problem = (text: string): undefined => void reporter.report(INVALID_API_KEY, place, { name, problem: text });
  if (value === undefined) return problem('has no value');
  if (typeof value !== 'string' || value === '') return problem('has a value that is no text');
  if (value.startsWith('env:')) return /^env:[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? value : problem('names an environment variable with characters other than letters, digits and _');
  if (value.startsWith('sha256:')) return /^sha256:[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : problem('has a sha256: value that is not 64 hex digits');
  reporter.report(LITERAL_API_KEY, holder.keyOrigin, { name });
  if (value.length < 20 || value.length > 128) reporter.report(API_KEY_LENGTH, holder.keyOrigin, { name, length: value.length });
  return hashedKey(value);
}

function coveredStages({ root, flavour }: RawApi, { name, plans, node }: DeclaredKey, reporter: Reporter): readonly string[] | null {
  const origin = (node ?? keysFile(root)!.node).keyOrigin;
  if (plans.length === 0) {
    if (flavour === 'http') return null;
    if (node !== undefined || adminSetting(root) !== true) reporter.report(API_KEY_WITHOUT_PLAN, origin, { name, plans: declaredPlans(root).map((plan) => plan.name) });
    return [];
  }
  const declared = new Map(declaredPlans(root).map((plan) => [plan.name, plan]));
  const planOf = new Map<string, string[]>();
  plans.forEach((plan, index) => {
    const found = declared.get(plan);
    if (!found && node !== undefined) reporter.report(UNKNOWN_USAGE_PLAN, node.get('usagePlans')!.at(index)!.origin, { key: name, plan, suggestion: closest(plan, declared.keys()) });
    for (const stage of new Set(found?.stages)) planOf.set(stage, [...(planOf.get(stage) ?? []), plan]);
  });
  for (const [stage, names] of planOf) if (names.length > 1) reporter.report(OVERLAPPING_PLANS, node?.at('usagePlans')?.origin ?? origin, { name, stage, plans: names.join(', ') });
  return [...planOf.keys()].sort();
}
