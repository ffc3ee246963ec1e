/** Who is at the other end of a TLS connection (auth.md §10), as events, templates and mappings see it. */
import type { Exchange } from '../exchange.js';
import { TLS } from '../flags.js';

/** A verified certificate in the shape of API Gateway's `clientCert`. */
export interface ClientCertificate {
  readonly clientCertPem: string;
  /** `C=US,ST=Washington,O=Example,CN=client`: in the certificate's order, special characters escaped as RFC 4514 does. */
  readonly subjectDN: string;
  readonly issuerDN: string;
  /** Decimal up to eight octets, else `a1:b2:…`. */
  readonly serialNumber: string;
  /** `May 28 12:30:02 2019 GMT`. */
  readonly validity: { readonly notBefore: string; readonly notAfter: string };
}

/** What the TLS front found out about a connection. */
export interface TlsClient {
  /** Under which name the trust store stands that judged it ('': every other name's); null when no certificate is asked for there. */
  readonly trust: string | null;
  /** Why the client gets nothing but 403; '' when it is let in. */
  readonly refusal: string;
  readonly certificate: ClientCertificate | null;
}

/** A copy, so that no handler changes what the next one gets; null without mutual TLS. Behind a trusted proxy the connection's certificate is the proxy's, and tells nothing about the client. */
export function clientCertificate(exchange: Exchange): ClientCertificate | null {
  const certificate = TLS ? exchange.connection.tls?.certificate ?? null : null;
  return certificate === null ? null : { ...certificate, validity: { ...certificate.validity } };
}

/** `$context.identity.clientCert.<name>`; '' without one. */
export function contextClientCertificate(exchange: Exchange, name: string): string {
  const certificate = TLS ? exchange.connection.tls?.certificate ?? null : null;
  if (certificate === null) return '';
  switch (name) {
    case 'clientCertPem': return certificate.clientCertPem;
    case 'subjectDN': return certificate.subjectDN;
    case 'issuerDN': return certificate.issuerDN;
    case 'serialNumber': return certificate.serialNumber;
    case 'validity.notBefore': return certificate.validity.notBefore;
    case 'validity.notAfter': return certificate.validity.notAfter;
    default: return '';
  }
}
