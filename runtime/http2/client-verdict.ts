/** Judges what a client showed in its TLS handshake. */
import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { ClientCertificate, TlsClient } from '../tls/tls-client.js';
import { weakness } from './certificate-strength.js';
import type { TrustStore } from './client-trust.js';

/** Certificates from the client's own to the root [D]. */
const LONGEST_CHAIN = 4;

/**
 * null: no certificate where one is required; API Gateway ends the connection. A certificate that is not accepted is told so in HTTP, also where it is optional.
 * `trust` null: the name asks for none.
 */
export function judgeClient(socket: TLSSocket, trust: TrustStore | null): TlsClient | null {
  if (trust === null) return { trust: null, refusal: '', certificate: null };
  // A resumed session would bring the verdict of an earlier handshake, perhaps with another name, or before the certificate was revoked. The contexts give no tickets; this is the second lock.
  if (socket.isSessionReused()) return null;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return trust.optional ? { trust: trust.name, refusal: '', certificate: null } : null;
  const refusal = socket.authorized ? chainWeakness(socket.getPeerCertificate(true)) : reasonOf(String(socket.authorizationError));
  return { trust: trust.name, refusal, certificate: refusal === '' ? described(certificate) : null };
}

function chainWeakness(peer: DetailedPeerCertificate): string {
  let length = 0;
  for (let each: DetailedPeerCertificate | undefined = peer, before; each !== undefined && each !== before; before = each, each = each.issuerCertificate) {
    if (++length > LONGEST_CHAIN) return `certificate chain of more than ${LONGEST_CHAIN}`;
    const problem = weakness(new X509Certificate(each.raw));
    if (problem !== '') return problem;
  }
  return '';
}

/** API Gateway's words where they are known (auth.md §10 [D]), OpenSSL's elsewhere. */
function reasonOf(code: string): string {
  switch (code) {
    case 'UNABLE_TO_GET_ISSUER_CERT': case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY': case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE': return 'Could not find issuer for certificate';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT': case 'SELF_SIGNED_CERT_IN_CHAIN': return 'self signed certificate';
    case 'CA_MD_TOO_WEAK': case 'EE_KEY_TOO_SMALL': case 'CA_KEY_TOO_SMALL': return 'Client cert using an insecure Signature Algorithm';
    case 'CERT_HAS_EXPIRED': return 'certificate has expired';
    case 'CERT_NOT_YET_VALID': return 'certificate is not yet valid';
    case 'CERT_REVOKED': return 'certificate revoked';
    case 'UNABLE_TO_GET_CRL': return 'no revocation list of the certificate\'s issuer';
    case 'CRL_HAS_EXPIRED': return 'the revocation list of the certificate\'s issuer has expired';
    default: return code.toLowerCase().replaceAll('_', ' ');
  }
}

function described(certificate: X509Certificate): ClientCertificate {
  return {
    clientCertPem: certificate.toString(), subjectDN: oneLine(certificate.subject), issuerDN: oneLine(certificate.issuer), serialNumber: serialOf(certificate.serialNumber),
    validity: { notBefore: certificate.validFrom, notAfter: certificate.validTo },
  };
}

/** Node has a line for each part; commas inside are escaped already. A name may be empty. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(',');
}

/** As OpenSSL prints it, and API Gateway shows it. */
function serialOf(hex: string): string {
  return hex.length <= 16 ? BigInt(`0x${hex}`).toString() : (hex.length % 2 === 0 ? hex : `0${hex}`).toLowerCase().match(/../g)!.join(':');
}
