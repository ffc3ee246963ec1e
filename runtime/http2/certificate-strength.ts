/** Which certificates API Gateway takes for mutual TLS: RSA of 2048 bits or more, ECDSA P-256 or P-384, signed with SHA-256 or stronger (auth.md §10 [D]). */
import type { X509Certificate } from 'node:crypto';

/** DER of the object identifiers, without tag and length. */
const SIGNATURES = /* @__PURE__ */ new Set([
  '2a864886f70d01010b', '2a864886f70d01010c', '2a864886f70d01010d', // sha256, sha384, sha512 WithRSAEncryption
  '2a8648ce3d040302', '2a8648ce3d040303', '2a8648ce3d040304', // ecdsa-with-SHA256, SHA384, SHA512
]);
const RSA_PSS = '2a864886f70d01010a';
/** id-sha256, -384, -512: 2.16.840.1.101.3.4.2.{1,2,3}. */
const STRONG_HASH = /608648016503040201|608648016503040202|608648016503040203/;

/** What is too weak about it; '' when nothing is. */
export function weakness({ publicKey, raw }: Pick<X509Certificate, 'publicKey' | 'raw'>): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type === 'rsa' || type === 'rsa-pss') {
    if ((details?.modulusLength ?? 0) < 2_048) return 'its RSA key is shorter than 2048 bits';
  } else if (type !== 'ec' || (details?.namedCurve !== 'prime256v1' && details?.namedCurve !== 'secp384r1')) return 'its key is neither RSA nor ECDSA P-256 or P-384';
  return hasStrongSignature(raw) ? '' : 'Client cert using an insecure Signature Algorithm';
}

/** RFC 5280 §4.1: Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, … }. */
function hasStrongSignature(der: Buffer): boolean {
  const certificate = element(der, 0);
  const toBeSigned = certificate && element(der, certificate.start);
  const algorithm = toBeSigned && element(der, toBeSigned.end);
  const identifier = algorithm && element(der, algorithm.start);
  if (!identifier) return false;
  const id = der.toString('hex', identifier.start, identifier.end);
  // Without parameters RSASSA-PSS is over SHA-1 (RFC 4055 §3.1).
  return id === RSA_PSS ? STRONG_HASH.test(der.toString('hex', identifier.end, algorithm!.end)) : SIGNATURES.has(id);
}

/** Where the content of the DER element at `at` is. */
function element(der: Buffer, at: number): { start: number; end: number } | undefined {
  const first = der[at + 1];
  if (first === undefined || first === 0x80 || first > 0x84) return undefined;
  const octets = first < 0x80 ? 0 : first - 0x80;
  const start = at + 2 + octets;
  const length = octets === 0 ? first : start <= der.length ? der.readUIntBE(at + 2, octets) : Infinity;
  return start + length <= der.length ? { start, end: start + length } : undefined;
}
