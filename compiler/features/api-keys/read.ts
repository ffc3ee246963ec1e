import type { Node } from '../../1-load/node.js';
import { declaredKeys, declaredPlans, type DeclaredKey } from '../../access/declared-keys.js';
import { keyId } from '../../access/stored-ids.js';
import { hashedKey } from '../../access/key-value.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { RawApi } from '../../feature.js';
import { API_KEY_LENGTH, API_KEY_WITHOUT_PLAN, DUPLICATE_API_KEY, INVALID_API_KEY, LITERAL_API_KEY, OVERLAPPING_PLANS, UNKNOWN_USAGE_PLAN } from './diagnostics.js';
import type { ApiKeysPart, DeclaredApiKey } from './ir.js';

export function readApiKeys(raw: RawApi, reporter: Reporter): ApiKeysPart | undefined {
  const holder = raw.root.get('x-gwc')?.at('apiKeys');
  if (!holder) return undefined;
  const seen = new Map<string, string>();
  const keys = declaredKeys(raw.root).flatMap((declared, client): DeclaredApiKey[] => {
    const { name, node } = declared;
    if (!node.isObject) return [];
    const value = readValue(declared, holder, reporter);
    if (value === undefined) return [];
    const other = seen.get(value);
    if (other !== undefined) reporter.report(DUPLICATE_API_KEY, holder.keyOrigin, { name, other });
    seen.set(value, name);
    return [{ name, id: keyId(name), value, enabled: node.boolean('enabled') !== false, stages: coveredStages(raw, declared, reporter), client }];
  });
  return { keys, origin: holder.keyOrigin };
}

/**
 * `env:<variable>` or `sha256:<hex>`. What is wrong with a value is reported at `apiKeys`, not where the value stands: a message shows the line it is about,
 * and build logs are no place for keys.
 */
function readValue({ name, node }: DeclaredKey, holder: Node, reporter: Reporter): string | undefined {
  const problem = (text: string): undefined => void reporter.report(INVALID_API_KEY, holder.keyOrigin, { name, problem: text });
  const value = node.get('value')?.value;
  if (value === undefined) return problem('has no value');
  if (typeof value !== 'string' || value === '') return problem('has a value that is no text');
  if (value.startsWith('env:')) return /^env:[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? value : problem('names an environment variable with characters other than letters, digits and _');
  if (value.startsWith('sha256:')) return /^sha256:[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : problem('has a sha256: value that is not 64 hex digits');
  reporter.report(LITERAL_API_KEY, holder.keyOrigin, { name });
  if (value.length < 20 || value.length > 128) reporter.report(API_KEY_LENGTH, holder.keyOrigin, { name, length: value.length });
  return hashedKey(value);
}

function coveredStages({ root, flavour }: RawApi, { name, plans, node }: DeclaredKey, reporter: Reporter): readonly string[] | null {
  if (plans.length === 0) {
    if (flavour === 'http') return null;
    reporter.report(API_KEY_WITHOUT_PLAN, node.keyOrigin, { name });
    return [];
  }
  const declared = new Map(declaredPlans(root).map((plan) => [plan.name, plan]));
  const planOf = new Map<string, string[]>();
  plans.forEach((plan, index) => {
    const found = declared.get(plan);
    if (!found) reporter.report(UNKNOWN_USAGE_PLAN, node.get('usagePlans')!.at(index)!.origin, { key: name, plan, suggestion: closest(plan, declared.keys()) });
    for (const stage of new Set(found?.stages)) planOf.set(stage, [...(planOf.get(stage) ?? []), plan]);
  });
  for (const [stage, names] of planOf) if (names.length > 1) reporter.report(OVERLAPPING_PLANS, node.at('usagePlans')!.origin, { name, stage, plans: names.join(', ') });
  return [...planOf.keys()].sort();
}
