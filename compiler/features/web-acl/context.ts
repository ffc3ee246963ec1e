import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Crs } from '../../crs/index.js';
import type { AddressFile, GeoSource } from './ir.js';
import { closest } from '../../diagnostics/suggest.js';
import { UNKNOWN_SET } from './diagnostics.js';

/** What statements of one web ACL or rule group are read with. */
export interface Context {
  readonly reporter: Reporter;
  readonly sets: Sets;
  /** `awswaf:<account>:webacl:<name>:` or `awswaf:<account>:rulegroup:<name>:`. */
  readonly labelPrefix: string;
  /** Search strings are in Base64. */
  readonly isBase64: boolean;
  readonly customBodies: Node | undefined;
  /** Where countries come from, loaded when the first GeoMatch asks. `codes`: undefined asks for whether there is a source only. */
  readonly geo: () => GeoSource | undefined;
  /** Where autonomous systems come from; reports that nothing says so. */
  readonly asn: (at: Node) => AddressFile | undefined;
  readonly crs: Crs | undefined;
  /** Tells rate-based rules apart: `webacl:<name>/<rule>`. */
  readonly path: string;
}

/** What stands beside the ACL. */
export interface Sets { readonly ipSets: Node | undefined; readonly regexPatternSets: Node | undefined; readonly ruleGroups: Node | undefined }

const WHAT = { ipSets: 'IP set', regexPatternSets: 'regex pattern set', ruleGroups: 'rule group' } as const;

/** The set that `arn` names: by the whole ARN, or by the name in it (`…:regional/ipset/<name>/<id>`). */
export function resolveSet(key: keyof Sets, arn: string, at: Node, { sets, reporter }: Context): Node | undefined {
  const all = sets[key];
  const name = /^arn:[^:]*:wafv2:.*\/[a-z]+\/([^/]+)\/[^/]+$/.exec(arn)?.[1] ?? arn;
  const found = all?.get(arn) ?? all?.get(name);
  if (!found) reporter.report(UNKNOWN_SET, at.origin, { what: WHAT[key], arn: arn.slice(0, 200), key, suggestion: closest(name, (all?.entries() ?? []).map(([each]) => each)) });
  return found;
}
