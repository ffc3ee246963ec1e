import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawApi } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import type { MutualTlsDomain, MutualTlsPart } from './ir.js';

/** undefined when no domain name asks for certificates. */
export function readMutualTls(raw: RawApi, reporter: Reporter): MutualTlsPart | undefined {
  const declared = raw.root.get('x-gwc')?.get('domainNames');
  const names = (declared?.entries() ?? []).map(([name]) => name.toLowerCase().replace(/\.$/, ''));
  const domains = (declared?.entries() ?? []).flatMap(([name, entry]) => {
    const node = entry.follow().get('mutualTlsAuthentication');
    return node ? readDomain(name.toLowerCase().replace(/\.$/, ''), node, reporter) ?? [] : [];
  });
  if (domains.length === 0) return undefined;
  const shown = domains.map(({ name }) => name).join(', ');
  const closed = /^true$/i.test(String(raw.root.get('x-amazon-apigateway-endpoint-configuration')?.get('disableExecuteApiEndpoint')?.value ?? ''));
  if (raw.options.tls !== true) reporter.report(diagnostics.MUTUAL_TLS_WITHOUT_TLS, declared!.keyOrigin, { domains: shown });
  if (!closed) reporter.report(diagnostics.DEFAULT_ENDPOINT_OPEN, declared!.keyOrigin, { domains: shown });
  return { domains: domains.sort((a, b) => (a.name < b.name ? -1 : 1)), onlyNames: closed ? names.sort() : null };
}

function readDomain(domain: string, node: Node, reporter: Reporter): MutualTlsDomain | undefined {
  const problem = (text: string, at: Node = node): undefined => void reporter.report(diagnostics.INVALID_MUTUAL_TLS, at.origin, { domain, problem: text });
  if (!/^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(domain)) return problem('cannot work: that is no domain name');
  const truststoreUri = node.string('truststoreUri') ?? '', crlUri = node.string('crlUri') ?? null, clientAuth = node.string('clientAuth') ?? 'required';
  if (truststoreUri === '') return problem('has no truststoreUri');
  if (clientAuth !== 'required' && clientAuth !== 'optional') return problem('has a clientAuth that is neither required nor optional', node.get('clientAuth'));
  if (/^s3:/i.test(truststoreUri)) reporter.report(diagnostics.TRUST_STORE_ELSEWHERE, node.get('truststoreUri')!.origin, { domain, uri: truststoreUri });
  else if (/^[a-z][a-z0-9+.-]+:/i.test(truststoreUri)) return problem(`has a truststoreUri that is no file: '${truststoreUri}'`, node.get('truststoreUri'));
  return { name: domain, truststoreUri, crlUri, optional: clientAuth === 'optional' };
}
