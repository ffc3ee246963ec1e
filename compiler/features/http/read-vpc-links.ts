import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { RawApi } from '../../feature.js';
import { splitParts } from '../../integration/uri-parts.js';
import { readClientCertificates, readFiles } from './read-certificates.js';
import { INVALID_VPC_LINK, NOT_COMPILED_FIELD, UNKNOWN_VPC_LINK } from './diagnostics.js';
import type { HealthCheckSettings, HttpPart, VpcLinkReference, VpcLinkSettings } from './ir.js';

/** Read once per document; the API's part is read before its operations. */
const parts = new WeakMap<RawApi, HttpPart>();

/** `x-gwc.vpcLinks`: what AWS keeps in the account. */
export function readHttpPart(raw: RawApi, reporter: Reporter): HttpPart | undefined {
  const vpcLinks: Record<string, VpcLinkSettings> = Object.create(null) as Record<string, VpcLinkSettings>;
  for (const [id, entry] of raw.root.get('x-gwc')?.get('vpcLinks')?.entries() ?? []) {
    const link = readLink(entry.follow());
    if ('problem' in link) reporter.report(INVALID_VPC_LINK, link.at.origin, { id, problem: link.problem });
    else vpcLinks[id] = link;
  }
  const clientCertificates = readClientCertificates(raw.root, reporter);
  if (Object.keys(vpcLinks).length === 0 && Object.keys(clientCertificates).length === 0) return undefined;
  const part = { vpcLinks, clientCertificates };
  parts.set(raw, part);
  return part;
}

interface Fault { readonly problem: string; readonly at: Node }

function readLink(node: Node): VpcLinkSettings | Fault {
  const targets: string[] = [];
  for (const item of node.get('targets')?.items() ?? []) {
    const target = typeof item.value === 'string' ? readTarget(item.value.trim()) : undefined;
    if (target === undefined) return { problem: `has a target that is none: '${String(item.value)}'`, at: item };
    targets.push(target);
  }
  if (targets.length === 0) return { problem: 'has no targets', at: node.at('targets') ?? node };
  const healthCheck = node.get('healthCheck');
  const health = healthCheck === undefined ? undefined : readHealthCheck(healthCheck);
  if (health !== undefined && 'problem' in health) return health;
  const tls = readFiles(node.get('tls'));
  if (typeof tls === 'string') return { problem: `has tls that ${tls}`, at: node.at('tls')! };
  return { targets, ...(health !== undefined ? { healthCheck: health } : {}), ...(Object.keys(tls).length > 0 ? { tls } : {}) };
}

/** `http://host:port`, `https://host`, `//host:port` for one that does not say, `unix:/path`; undefined when it is none of them. */
function readTarget(text: string): string | undefined {
  if (text.startsWith('unix:')) return /^unix:[^\0]{1,107}$/.test(text) ? text : undefined;
  const match = /^(https?:\/\/|\/\/|)([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?\/?$/i.exec(text);
  if (!match || (match[3] !== undefined && Number(match[3].slice(1)) > 65_535)) return undefined;
  return `${match[1]!.toLowerCase() || '//'}${match[2]!}${match[3] ?? ''}`;
}

function readHealthCheck(node: Node): HealthCheckSettings | Fault {
  const path = node.get('path')?.value ?? '/';
  if (typeof path !== 'string' || !/^\/[!-~]*$/.test(path)) return { problem: `has a healthCheck.path that does not start with a slash: '${String(path)}'`, at: node.get('path')! };
  const number = (name: string, usual: number, least: number, most: number): number => {
    const value = Number(node.get(name)?.value ?? usual);
    return Number.isFinite(value) && value >= least && value <= most ? value : NaN;
  };
  const intervalSeconds = number('intervalSeconds', 10, 0.1, 300), timeoutSeconds = number('timeoutSeconds', 5, 0.1, 120);
  const healthyThreshold = number('healthyThreshold', 2, 1, 10), unhealthyThreshold = number('unhealthyThreshold', 2, 1, 10);
  for (const [name, value, range] of [['intervalSeconds', intervalSeconds, '0.1 to 300'], ['timeoutSeconds', timeoutSeconds, '0.1 to 120'], ['healthyThreshold', healthyThreshold, '1 to 10'], ['unhealthyThreshold', unhealthyThreshold, '1 to 10']] as const) {
    if (Number.isNaN(value)) return { problem: `has a healthCheck.${name} that is no number from ${range}`, at: node.get(name)! };
  }
  return { path, intervalMs: intervalSeconds * 1_000, timeoutMs: timeoutSeconds * 1_000, healthyThreshold, unhealthyThreshold };
}

/** `connectionType: VPC_LINK` with a link that is known; undefined: the uri is called directly. `isPrivate`: the uri is an ARN, so that nothing else can be called. */
export function readVpcLink(raw: RawApi, node: Node, isPrivate: boolean, reporter: Reporter): VpcLinkReference | undefined {
  const type = node.at('connectionType');
  if (!isPrivate && (type === undefined || String(type.value).toUpperCase() !== 'VPC_LINK')) return undefined;
  const links = parts.get(raw)?.vpcLinks ?? {};
  const idNode = node.get('connectionId');
  const text = typeof idNode?.value === 'string' ? idNode.value.trim() : '';
  const id = splitParts(text);
  const isVariable = id.some((part) => part.kind === 'stageVariable');
  // Nothing is said about any link: the backend is reached as the uri says.
  if (!isPrivate && Object.keys(links).length === 0) {
    reporter.report(NOT_COMPILED_FIELD, type!.keyOrigin, { field: 'connectionType', effect: 'x-gwc.vpcLinks names no targets, so the uri is called directly', hint: `where the uri cannot be reached, say what stands behind the link: x-gwc: {vpcLinks: {${isVariable || text === '' ? 'LINK' : text}: {targets: ['http://10.0.0.1:8080']}}}` });
    return undefined;
  }
  if (!isVariable && !Object.hasOwn(links, text)) {
    reporter.report(UNKNOWN_VPC_LINK, (idNode ?? type ?? node).origin, { id: text, stage: undefined, suggestion: closest(text, Object.keys(links)), known: Object.keys(links).join(', ') });
    if (!isPrivate) return undefined;
  }
  return { id, isWholePath: isPrivate };
}
