/** Private integrations: a link's pool instead of the uri's host. */
import { code, helper, join, typeHelper, type Code, type Json } from '../../code.js';
import type { Unit } from '../../feature.js';
import type { HttpIntegration, VpcLinkReference } from './ir.js';
import type { UriPart, UriTemplate } from './uri.js';
import { parseUri } from './uri.js';

const links = helper<typeof import('../../../runtime/backends/vpc-link.js')>();

/** An expression: the link's pool, or null when stage variables name none. */
export function emitVpcLink(part: HttpIntegration, reference: VpcLinkReference, uri: UriTemplate, unit: Unit): Code {
  unit.atClose(code`${links('backends/vpc-link', 'closeVpcLinks')}`);
  const scheme = uri.origin[0]?.kind === 'text' && uri.origin[0].text.startsWith('https:') || part.serverNameToVerify !== undefined ? 'https' : 'http';
  const options = { insecureSkipVerification: part.insecureSkipVerification, ...(part.serverNameToVerify ? { serverName: part.serverNameToVerify } : {}) };
  // Looked up for each call: making the pool starts its health checks.
  return code`${links('backends/vpc-link', 'vpcLink')}(${emitLinks(unit)}, ${emitText(reference.id)}, ${scheme}, ${options})`;
}

/** The Host that goes to the target: the uri's own name (integrations.md §1), the first target's where the uri is an ARN. */
export function emitLinkHost(part: HttpIntegration, reference: VpcLinkReference, unit: Unit): Code {
  const uri = reference.isWholePath ? undefined : parseUri(part.uri);
  if (uri === undefined || typeof uri === 'string') return code`${links('backends/vpc-link', 'linkHost')}(${emitLinks(unit)}, ${emitText(reference.id)})`;
  const constant = uri.origin.every((item) => item.kind === 'text') ? uri.origin.map((item) => (item.kind === 'text' ? item.text : '')).join('') : undefined;
  return constant === undefined ? code`${links('backends/vpc-link', 'withoutScheme')}(${emitText(uri.origin)})` : code`${constant.replace(/^https?:\/\//, '')}`;
}

function emitLinks(unit: Unit): Code {
  return unit.constant('VPC_LINKS', code`${(unit.api.parts.http?.vpcLinks ?? {}) as unknown as Json} as Readonly<Record<string, ${typeHelper('backends/vpc-link', 'VpcLink')}>>`);
}

function emitText(parts: readonly UriPart[]): Code {
  const items = parts.map((part) => (part.kind === 'stageVariable' ? code`(exchange.gateway.stageVariables[${part.name}] ?? "")` : code`${part.kind === 'text' ? part.text : ''}`));
  return items.length === 0 ? code`""` : items.length === 1 ? items[0]! : code`(${join(items, ' + ')})`;
}
