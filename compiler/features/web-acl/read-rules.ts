/** Rules of web ACLs and rule groups. */
import type { Node } from '../../1-load/node.js';
import { resolveSet, type Context } from './context.js';
import { CRS_UNREADABLE, NEEDS_CRS, NOT_AVAILABLE } from './diagnostics.js';
import type { Action, Rule, RuleGroup, Statement, Visibility } from './ir.js';
import { checkMembers, objectOf, problem, textOf, wholeNumber } from './members.js';
import { readAction } from './read-action.js';
import { isCanonicalBase64, readStatement, whichStatement } from './read-statement.js';

const RULE = ['Name', 'Priority', 'Statement', 'Action', 'OverrideAction', 'RuleLabels', 'VisibilityConfig', 'CaptchaConfig', 'ChallengeConfig'];
const COUNT: Action = { kind: 'count', insert: [] };

/** `isInGroup`: rule groups hold no rule groups. `overrides`: actions by the names of rules. */
export function readRules(list: Node | undefined, context: Context, isInGroup: boolean, overrides: ReadonlyMap<string, Action> = new Map()): Rule[] {
  const rules: (Rule & { readonly priority: number })[] = [];
  const names = new Set<string>();
  if (list && !list.isArray) problem(list, 'Rules must be a list', context.reporter);
  for (const item of list?.items() ?? []) {
    const node = item.follow();
    if (!node.isObject) { problem(node, 'a rule is an object', context.reporter); continue; }
    const rule = readRule(node, context, isInGroup, overrides);
    if (!rule) continue;
    if (names.has(rule.name)) problem(node, `two rules are called '${rule.name}'`, context.reporter);
    if (rules.some(({ priority }) => priority === rule.priority)) problem(node, `two rules have the Priority ${rule.priority}`, context.reporter);
    names.add(rule.name);
    rules.push(rule);
  }
  for (const name of overrides.keys()) if (!names.has(name)) problem(list ?? context.sets.ruleGroups!, `the rule group has no rule '${name.slice(0, 100)}' to override`, context.reporter);
  return rules.sort((a, b) => a.priority - b.priority).map(({ priority: _, ...rule }) => rule);
}

function readRule(node: Node, outer: Context, isInGroup: boolean, overrides: ReadonlyMap<string, Action>): (Rule & { priority: number }) | undefined {
  const { reporter } = outer;
  checkMembers(node, 'a rule', RULE, reporter);
  const name = textOf(node, 'Name', 'a rule', reporter);
  const priority = wholeNumber(node, 'Priority', 'a rule', 0, 2 ** 31 - 1, reporter);
  const statement = objectOf(node, 'Statement', 'a rule', reporter);
  const visibility = readVisibility(node, reporter);
  const labels = readLabels(node, outer);
  if (name === undefined || priority === undefined || !statement || !visibility || !labels) return undefined;
  const context: Context = { ...outer, path: `${outer.path}/${name}` };
  const which = whichStatement(statement, context);
  if (!which) return undefined;
  const [kind, of] = which;
  if (kind === 'RuleGroupReferenceStatement' || kind === 'ManagedRuleGroupStatement') {
    if (isInGroup) return problem(statement, 'rule groups hold no rule groups', reporter);
    const override = objectOf(node, 'OverrideAction', `rule "${name}"`, reporter);
    if (node.at('Action')) problem(node.at('Action')!, `rule '${name}' has an OverrideAction: its rules have the actions`, reporter);
    if (!override) return undefined;
    checkMembers(override, 'OverrideAction', ['None', 'Count'], reporter);
    const asCount = override.at('Count') !== undefined;
    if (asCount === (override.at('None') !== undefined)) return problem(override, 'OverrideAction must be None or Count', reporter);
    const group = kind === 'ManagedRuleGroupStatement' ? readManaged(of, name, asCount, visibility, context) : readGroup(of, asCount, context);
    return group && { name, priority, does: group, action: COUNT, labels, visibility };
  }
  if (node.at('OverrideAction')) return problem(node.at('OverrideAction')!, 'OverrideAction is for rule groups; other rules have an Action', reporter);
  const actionNode = objectOf(node, 'Action', `rule "${name}"`, reporter);
  const rate = kind === 'RateBasedStatement';
  const own = actionNode && !overrides.has(name) ? readAction(actionNode, `Action of rule "${name}"`, rate ? ['Block', 'Count'] : ['Allow', 'Block', 'Count'], context) : undefined;
  const action = overrides.get(name) ?? own;
  const read = readStatement(statement, context);
  return action && read ? { name, priority, does: { kind: 'statement', statement: read }, action, labels, visibility } : undefined;
}

function readLabels(node: Node, { reporter, labelPrefix }: Context): string[] | undefined {
  const labels: string[] = [];
  for (const item of node.get('RuleLabels')?.items() ?? []) {
    const entry = item.follow();
    checkMembers(entry, 'a label', ['Name'], reporter);
    const name = textOf(entry, 'Name', 'a label', reporter);
    if (name === undefined) return undefined;
    if (!/^[0-9A-Za-z_-]+(?::[0-9A-Za-z_-]+){0,5}$/.test(name)) return problem(entry, 'a label is made of letters, digits, _ and -, with up to five namespaces before colons', reporter);
    labels.push(labelPrefix + name);
  }
  return labels;
}

export function readVisibility(node: Node, reporter: Context['reporter']): Visibility | undefined {
  const config = objectOf(node, 'VisibilityConfig', node.at('Rules') ? 'a web ACL or rule group' : 'a rule', reporter);
  if (!config) return undefined;
  checkMembers(config, 'VisibilityConfig', ['SampledRequestsEnabled', 'CloudWatchMetricsEnabled', 'MetricName'], reporter);
  const metric = textOf(config, 'MetricName', 'VisibilityConfig', reporter);
  if (metric === undefined) return undefined;
  return { metric: config.boolean('CloudWatchMetricsEnabled') === true || config.boolean('SampledRequestsEnabled') === true ? metric : null };
}

const GROUP = ['Name', 'Id', 'ARN', 'Description', 'Rules', 'Capacity', 'VisibilityConfig', 'LabelNamespace', 'CustomResponseBodies', 'AvailableLabels', 'ConsumedLabels', 'Scope', 'Tags'];

function readGroup(node: Node, asCount: boolean, context: Context): RuleGroup | undefined {
  const { reporter } = context;
  const owner = 'RuleGroupReferenceStatement';
  checkMembers(node, owner, ['ARN', 'ExcludedRules', 'RuleActionOverrides'], reporter);
  const arn = textOf(node, 'ARN', owner, reporter);
  const found = arn === undefined ? undefined : resolveSet('ruleGroups', arn, node.at('ARN')!, context);
  if (!found) return undefined;
  const wrapped = found.get('RuleGroup');
  if (wrapped) checkMembers(found, 'a rule group', ['RuleGroup', 'LockToken'], reporter);
  const group = wrapped ?? found;
  checkMembers(group, 'a rule group', GROUP, reporter);
  const name = textOf(group, 'Name', 'a rule group', reporter);
  const overrides = readOverrides(node, { ...context, customBodies: group.get('CustomResponseBodies') });
  if (name === undefined || !overrides) return undefined;
  const inner: Context = {
    ...context, path: `${context.path}/${name}`, customBodies: group.get('CustomResponseBodies'), isBase64: isPrintedInBase64(found),
    labelPrefix: group.string('LabelNamespace') ?? `awswaf:${accountOf(group.string('ARN') ?? arn!) ?? accountOf(context.labelPrefix) ?? '000000000000'}:rulegroup:${name}:`,
  };
  return { kind: 'group', name, rules: readRules(group.get('Rules'), inner, true, overrides), asCount };
}

function readOverrides(node: Node, context: Context): Map<string, Action> | undefined {
  const { reporter } = context;
  const overrides = new Map<string, Action>();
  for (const item of node.get('ExcludedRules')?.items() ?? []) {
    const name = textOf(item.follow(), 'Name', 'ExcludedRules', reporter);
    if (name === undefined) return undefined;
    overrides.set(name, COUNT);
  }
  for (const item of node.get('RuleActionOverrides')?.items() ?? []) {
    const entry = item.follow();
    checkMembers(entry, 'RuleActionOverrides', ['Name', 'ActionToUse'], reporter);
    const name = textOf(entry, 'Name', 'RuleActionOverrides', reporter);
    const use = objectOf(entry, 'ActionToUse', 'RuleActionOverrides', reporter);
    const action = use && readAction(use, 'ActionToUse', ['Allow', 'Block', 'Count'], context);
    if (name === undefined || !action) return undefined;
    overrides.set(name, action);
  }
  return overrides;
}

/** The OWASP CRS stands in; the vendors' own groups cannot be had. */
function readManaged(node: Node, rule: string, asCount: boolean, visibility: Visibility, context: Context): RuleGroup | undefined {
  const { reporter, crs } = context;
  const vendor = node.string('VendorName') ?? '', name = node.string('Name') ?? '';
  if (vendor !== 'OWASP' || name !== 'CRS') {
    reporter.report(NOT_AVAILABLE, node.keyOrigin, { what: `the managed rule group ${vendor} ${name}`.slice(0, 200), why: 'its rules are not published', hint: 'take the rule out, or write ManagedRuleGroupStatement: {VendorName: OWASP, Name: CRS} and build with --crs DIR' });
    return undefined;
  }
  checkMembers(node, 'ManagedRuleGroupStatement', ['VendorName', 'Name', 'ExcludedRules', 'ScopeDownStatement'], reporter);
  const scopeNode = node.get('ScopeDownStatement');
  const scope = scopeNode ? readStatement(scopeNode, context, 1) : null;
  const excluded = (node.get('ExcludedRules')?.items() ?? []).map((item) => textOf(item.follow(), 'Name', 'ExcludedRules', reporter));
  // A folder that could not be read has been reported.
  if (!crs && !reporter.diagnostics.some(({ code }) => code === CRS_UNREADABLE.code)) reporter.report(NEEDS_CRS, node.keyOrigin, { statement: 'the rule group OWASP CRS' });
  if (!crs) return undefined;
  const ids = new Set(excluded.filter((id) => id !== undefined));
  if (scope === undefined) return undefined;
  const score: Statement = { kind: 'crsRules', rules: crs.rules(ids) };
  const rules: Rule = {
    name: `${rule} (anomaly score)`, does: { kind: 'statement', statement: scope === null ? score : { kind: 'and', statements: [scope, score] } }, action: { kind: 'block', response: null }, labels: [], visibility,
  };
  return { kind: 'group', name: 'OWASP CRS', rules: [rules], asCount };
}

export function accountOf(text: string): string | undefined {
  return /(?:^|:)(\d{12}):/.exec(text)?.[1];
}

/** What the CLI prints: wrapped in `WebACL` or `RuleGroup`, every search string in Base64. */
export function isPrintedInBase64(node: Node): boolean {
  if (!node.at('WebACL') && !node.at('RuleGroup')) return false;
  const strings: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) if (key === 'SearchString' && typeof child === 'string') strings.push(child); else visit(child);
  };
  visit(node.value);
  return strings.length > 0 && strings.every(isCanonicalBase64);
}
