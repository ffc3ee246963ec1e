/** `x-gwc.webAcl` and `x-gwc.stages.<stage>.webAcl`: where the ACL is, and what stands beside it. */
import { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawApi } from '../../feature.js';
import { loadCrs, type Crs } from '../../crs/index.js';
import type { Context, Sets } from './context.js';
import { CRS_NOT_COMPILED, CRS_UNREADABLE, HTTP_API_HAS_NO_WAF, NO_ASN_SOURCE, NO_GEO_SOURCE, WITHOUT_EFFECT } from './diagnostics.js';
import type { Action, AddressFile, GeoSource, WebAcl, WebAclsPart } from './ir.js';
import { checkMembers, objectOf, oneOf, problem, textOf } from './members.js';
import { readAction } from './read-action.js';
import { readAddressFile, readGeo } from './read-geo.js';
import { accountOf, isPrintedInBase64, readRules, readVisibility } from './read-rules.js';

const BESIDE = ['file', 'ipSets', 'regexPatternSets', 'ruleGroups', 'geo', 'asn', 'crs'];
const ACL = [
  'Name', 'Id', 'ARN', 'DefaultAction', 'Description', 'Rules', 'VisibilityConfig', 'Capacity', 'LabelNamespace', 'CustomResponseBodies', 'AssociationConfig', 'Scope', 'Tags', 'TokenDomains', 'CaptchaConfig', 'ChallengeConfig',
  'ManagedByFirewallManager', 'RetrofittedByFirewallManager', 'PreProcessFirewallManagerRuleGroups', 'PostProcessFirewallManagerRuleGroups', 'DataProtectionConfig', 'OnSourceDDoSProtectionConfig', 'ApplicationConfig',
];

/** `$context.waf…` however a template reaches it. */
const ASKS_FOR_OUTCOME = /wafResponseCode|webaclArn|[."']waf\b|\$!?\{?context(?:\[|\.(?:get|keySet|values|entrySet)\b)/;

export function readWebAcls(raw: RawApi, reporter: Reporter): WebAclsPart | undefined {
  const gwc = raw.root.get('x-gwc');
  const acls: WebAcl[] = [];
  const read = (owner: Node): number | null | undefined => {
    const member = owner.at('webAcl');
    if (member === undefined) return undefined;
    if (member.value === null) return null;
    const acl = readWebAcl(member, raw, reporter);
    return acl ? acls.push(acl) - 1 : null;
  };
  const every = gwc && read(gwc);
  const byStage: Record<string, number | null> = Object.create(null) as Record<string, number | null>;
  for (const [stage, entry] of gwc?.get('stages')?.entries() ?? []) {
    const own = read(entry.follow());
    if (own !== undefined) byStage[stage] = own;
  }
  if (acls.length === 0) return undefined;
  if (raw.flavour === 'http') reporter.report(HTTP_API_HAS_NO_WAF, acls[0]!.origin, {});
  const isTold = [...raw.root.document.files.values()].some(({ text }) => ASKS_FOR_OUTCOME.test(text));
  return { acls, every: every ?? null, byStage, isTold };
}

const WITHOUT_EFFECT_HERE = {
  DataProtectionConfig: 'the gateway keeps no samples, and its log lines hold no fields of requests',
  OnSourceDDoSProtectionConfig: 'it belongs to Application Load Balancers',
  ApplicationConfig: 'it belongs to a managed rule group of AWS',
};

/** A file's name, the ACL, or the ACL (or `file`) with sets beside it. */
function readWebAcl(member: Node, raw: RawApi, reporter: Reporter): WebAcl | undefined {
  const beside = typeof member.value === 'string' ? undefined : member.follow();
  const file = beside?.at('file') ?? (beside ? undefined : member);
  if (file && typeof file.value !== 'string') return problem(file, 'file must name a JSON or YAML file', reporter);
  const outer = file ? fileOf(file) : beside!;
  // 1-load has reported a file that cannot be read.
  if (!outer) return undefined;
  if (!outer.isObject) return problem(outer, 'it must be an object, as `aws wafv2 get-web-acl` prints it, or the name of such a file', reporter);
  const isInline = outer === beside;
  const wrapped = outer.get('WebACL');
  if (wrapped) checkMembers(outer, 'the web ACL', ['WebACL', 'LockToken', 'ApplicationIntegrationURL', ...(isInline ? BESIDE : [])], reporter);
  const acl = wrapped ?? outer;
  checkMembers(acl, 'a web ACL', isInline && !wrapped ? [...ACL, ...BESIDE] : ACL, reporter);
  if (beside && !isInline) checkMembers(beside, 'x-gwc.webAcl', BESIDE, reporter);

  const name = textOf(acl, 'Name', 'a web ACL', reporter);
  const visibility = readVisibility(acl, reporter);
  for (const pre of ['PreProcessFirewallManagerRuleGroups', 'PostProcessFirewallManagerRuleGroups']) {
    if ((acl.get(pre)?.items() ?? []).length > 0) problem(acl.get(pre)!, 'rule groups of AWS Firewall Manager cannot be had: they are managed elsewhere', reporter);
  }
  for (const [setting, why] of Object.entries(WITHOUT_EFFECT_HERE)) if (acl.at(setting)?.value) reporter.report(WITHOUT_EFFECT, acl.at(setting)!.keyOrigin, { name: setting, why });
  const bodyLimit = readBodyLimit(acl, reporter);
  const sets: Sets = { ipSets: beside?.get('ipSets'), regexPatternSets: beside?.get('regexPatternSets'), ruleGroups: beside?.get('ruleGroups') };
  let geo: GeoSource | undefined, isGeoAsked = false, asn: AddressFile | undefined, isAsnAsked = false;
  const context: Context = {
    reporter, sets, isBase64: isPrintedInBase64(outer), customBodies: acl.get('CustomResponseBodies'), path: name ?? '', crs: readCrs(beside?.get('crs'), raw, reporter),
    labelPrefix: acl.string('LabelNamespace') ?? `awswaf:${accountOf(acl.string('ARN') ?? '') ?? '000000000000'}:webacl:${name ?? ''}:`,
    geo: () => {
      if (isGeoAsked) return geo;
      isGeoAsked = true;
      const node = beside?.get('geo');
      if (node?.isObject) geo = readGeo(node, wantedCountries([acl, ...(sets.ruleGroups?.entries() ?? []).map(([, group]) => group.follow())]), raw.options.allowOutside === true, reporter);
      else reporter.report(NO_GEO_SOURCE, (node ?? acl).origin, { problem: 'nothing says which addresses are in which country' });
      return geo;
    },
    asn: (at) => {
      if (isAsnAsked) return asn;
      isAsnAsked = true;
      const node = beside?.get('asn');
      if (node?.isObject) asn = readAddressFile(node, ['mmdb'], NO_ASN_SOURCE, reporter);
      else reporter.report(NO_ASN_SOURCE, (node ?? at).origin, { problem: 'nothing says which addresses are of which autonomous system' });
      return asn;
    },
  };
  const actionNode = objectOf(acl, 'DefaultAction', 'a web ACL', reporter);
  const defaultAction: Action | undefined = actionNode && readAction(actionNode, 'DefaultAction', ['Allow', 'Block'], context);
  const rules = readRules(acl.get('Rules'), context, false);
  return name === undefined || !visibility || !defaultAction ? undefined : { name, arn: acl.string('ARN') ?? `${name}/${acl.string('Id') ?? 'gwc'}`, bodyLimit, rules, defaultAction, visibility, geo: geo ?? null, asn: asn ?? null, origin: member.keyOrigin };
}

function fileOf(file: Node): Node | undefined {
  const target = file.document.resolve(file.file, file.value as string);
  if (!target) return undefined;
  return Node.find(file.document, target.file, target.pointer)?.follow();
}

/** 16 KB for API Gateway, up to 64 KB (AWS WAF, "Body inspection size limits"). */
function readBodyLimit(acl: Node, reporter: Reporter): number {
  const association = acl.get('AssociationConfig');
  const body = association?.get('RequestBody');
  if (association) checkMembers(association, 'AssociationConfig', ['RequestBody'], reporter);
  if (body) checkMembers(body, 'RequestBody', ['API_GATEWAY', 'CLOUDFRONT', 'COGNITO_USER_POOL', 'APP_RUNNER_SERVICE', 'VERIFIED_ACCESS_INSTANCE'], reporter);
  const own = body?.get('API_GATEWAY');
  if (!own) return 16_384;
  const limit = oneOf(own, 'DefaultSizeInspectionLimit', 'API_GATEWAY', ['KB_16', 'KB_32', 'KB_48', 'KB_64'] as const, reporter);
  return Number((limit ?? 'KB_16').slice(3)) * 1024;
}

/** Countries that rules name in GeoMatch statements and in labels; null: a namespace of labels stands for all of them. */
function wantedCountries(nodes: readonly Node[]): ReadonlySet<string> | null {
  const wanted = new Set<string>();
  let isAll = false;
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      const label = /geo:country:?([A-Z]{2})?$/.exec(value);
      if (label) { if (label[1] === undefined) isAll = true; else wanted.add(label[1]); }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (key === 'CountryCodes' && Array.isArray(child)) for (const code of child) wanted.add(String(code));
        else visit(child);
      }
    }
  };
  for (const node of nodes) visit(node.value);
  return isAll ? null : wanted;
}

function readCrs(settings: Node | undefined, raw: RawApi, reporter: Reporter): Crs | undefined {
  const path = raw.options.crs;
  if (settings) checkMembers(settings, 'crs', ['paranoiaLevel', 'inboundAnomalyScoreThreshold', 'settings'], reporter);
  if (path === undefined) return undefined;
  const level = settings?.number('paranoiaLevel') ?? 1, threshold = settings?.number('inboundAnomalyScoreThreshold') ?? 5;
  if (!Number.isInteger(level) || level < 1 || level > 4 || !Number.isInteger(threshold) || threshold < 1) return problem(settings!, 'paranoiaLevel is 1 to 4, inboundAnomalyScoreThreshold a whole number from 1', reporter);
  const own = new Map<string, string>();
  for (const [name, member] of settings?.get('settings')?.entries() ?? []) {
    if (!/^\w+$/.test(name) || !['string', 'number'].includes(typeof member.value)) return problem(member, 'settings are texts and numbers by the names of crs-setup.conf, without tx.: {max_num_args: 255}', reporter);
    own.set(name.toLowerCase(), String(member.value));
  }
  const loaded = loadCrs(path, raw.options.cwd ?? process.cwd(), { paranoiaLevel: level, threshold, own });
  if (typeof loaded === 'string') { reporter.report(CRS_UNREADABLE, raw.root.origin, { path, problem: loaded }); return undefined; }
  if (loaded.notCompiled.length > 0) {
    const list = loaded.notCompiled.map(({ id, reason }) => `${id} (${reason})`).join(', ');
    reporter.report(CRS_NOT_COMPILED, (settings ?? raw.root).origin, { count: loaded.notCompiled.length, of: loaded.total, list });
  }
  return loaded;
}
