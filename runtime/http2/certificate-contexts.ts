/** Which certificate and which trust store go with a server name. */
import { constants, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { CertificateFiles } from './certificate-files.js';
import { trustFor, type TrustStores } from './client-trust.js';

export interface Contexts {
  /** For every name that is not known. */
  readonly first: SecureContextOptions;
  /** The context for server name `name` (lower case); undefined: `first`. */
  contextFor(name: string): SecureContext | undefined;
}

/** Throws when a certificate cannot be used. All contexts are made here, so that nothing can fail later. */
export function readContexts(certificates: readonly CertificateFiles[], stores: TrustStores, minVersion: 'TLSv1.2' | 'TLSv1.3'): Contexts {
  const byName = new Map<string, SecureContextOptions>();
  let first: SecureContextOptions | undefined;
  for (const { certFile, keyFile } of certificates) {
    try {
      const cert = readFileSync(certFile);
      const options: SecureContextOptions = { cert, key: readFileSync(keyFile), minVersion };
      createSecureContext(options);
      first ??= options;
      for (const name of namesOf(new X509Certificate(cert))) if (!byName.has(name)) byName.set(name, options);
    } catch (error) {
      throw new Error(`certificate ${certFile}: ${(error as Error).message}`);
    }
  }
  const withTrust = (options: SecureContextOptions, name: string): SecureContextOptions => {
    const store = trustFor(stores, name);
    // A resumed session would bring the verdict on another handshake's certificate.
    const noTickets = stores.size === 0 ? {} : { secureOptions: constants.SSL_OP_NO_TICKET };
    return store === null ? { ...options, ...noTickets } : { ...options, ...noTickets, ca: store.ca, ...(store.crl.length > 0 ? { crl: store.crl } : {}) };
  };
  const contexts = new Map<string, SecureContext>();
  const like = (names: Iterable<string>): void => {
    for (const name of names) if (name !== '' && !contexts.has(name)) contexts.set(name, createSecureContext(withTrust(lookUp(byName, name) ?? first!, name)));
  };
  like(byName.keys());
  try { like(stores.keys()); } catch (error) { throw new Error(`trust store: ${(error as Error).message}`); }
  return { first: withTrust(first!, ''), contextFor: (name) => lookUp(contexts, name) };
}

/** An exact name before `*.` of its domain. */
function lookUp<T>(map: ReadonlyMap<string, T>, name: string): T | undefined {
  return map.get(name) ?? map.get(name.replace(/^[^.]*/, '*'));
}

/** The names a certificate is for, lower case: its subjectAltName, else its subject's common name (RFC 6125 §6.4.4). */
function namesOf({ subjectAltName, subject }: X509Certificate): string[] {
  const names = [...(subjectAltName ?? '').matchAll(/DNS:([^,"\s]+)/g)];
  return (names.length > 0 ? names : [...subject.matchAll(/^CN=(\S+)$/gm)]).map(([, name]) => name!.toLowerCase());
}
