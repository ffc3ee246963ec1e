import { code, helper, typeHelper, type Code } from '../../code.js';
import type { Feature, Unit } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import type { MutualTlsPart } from './ir.js';
import { readMutualTls } from './read.js';

const runtime = helper<typeof import('../../../runtime/tls/mutual-tls.js')>();

/**
 * Domain names whose clients show certificates (auth.md §10). The TLS front judges them; this keeps requests for these names out that did not come through it.
 */
export const mutualTls: Feature<never, MutualTlsPart> = {
  key: 'mutualTls',
  stage: 'waf',
  diagnostics,
  readApi: readMutualTls,
  summary: () => '',
  emitDispatch: ({ domains, onlyNames }, unit) => code`if (${runtime('tls/mutual-tls', 'lacksCertificate')}(exchange, ${unit.constant('MUTUAL_TLS', code`new Map<string, boolean>(${domains.map(({ name, optional }) => [name, optional])} as [string, boolean][])`)}, ${onlyNames === null ? code`null` : unit.constant('DOMAIN_NAMES', code`new Set<string>(${[...onlyNames]})`)})) return ${runtime('tls/mutual-tls', 'refuseName')}(exchange);`,
};

/** What the TLS front has to know of the document. */
export function emitTrustDeclarations(unit: Unit): Code {
  const domains = unit.api.parts.mutualTls?.domains ?? [];
  return code`${domains.map(({ name, truststoreUri, crlUri, optional }) => ({ name, authorities: truststoreUri, revoked: crlUri, optional }))} as readonly ${typeHelper('http2/client-trust', 'TrustDeclaration')}[]`;
}
