/** Whose certificates clients may show, by the server name they ask for (auth.md §10). */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { weakness } from './certificate-strength.js';

/** One trust store, as files, so that it can be read again. */
export interface TrustDeclaration {
  /** Server name, lower case, `*.` for one label; '' for every name without one of its own. */
  readonly name: string;
  /** Certificate authorities, PEM. */
  readonly authorities: string;
  /** Revocation lists, PEM; null: none. With one, every authority of a chain needs a current list. */
  readonly revoked: string | null;
  /** A client without a certificate is let in, and has no identity. */
  readonly optional: boolean;
}

export interface TrustStore extends Pick<TrustDeclaration, 'name' | 'optional'> {
  readonly ca: string[];
  readonly crl: string[];
}

/** Trust stores by name. */
export type TrustStores = ReadonlyMap<string, TrustStore>;

/** Throws when a file cannot be read or holds nothing to trust. Entries that API Gateway would not take are left out with a line in the log. */
export function readTrustStores(declarations: readonly TrustDeclaration[], log: (line: string) => void): TrustStores {
  return new Map(declarations.map(({ name, authorities, revoked, optional }) => [name, { name, optional, ca: readAuthorities(authorities, log), crl: revoked === null ? [] : readLists(revoked) }]));
}

/** The store that stands for `name`, or null: no certificate is asked for there. */
export function trustFor(stores: TrustStores, name: string): TrustStore | null {
  return stores.get(name) ?? (name === '' ? undefined : stores.get(name.replace(/^[^.]*/, '*'))) ?? stores.get('') ?? null;
}

function readAuthorities(file: string, log: (line: string) => void): string[] {
  const blocks = pemBlocks(readText(file, 'trust store'), 'CERTIFICATE');
  const usable = blocks.filter((block, index) => {
    const problem = weaknessOf(block);
    if (problem !== '') log(`trust store ${file}: certificate ${index + 1} is not used: ${problem}`);
    return problem === '';
  });
  if (usable.length === 0) throw new Error(`trust store ${file}: ${blocks.length === 0 ? 'no certificate in it' : 'none of its certificates can be used'}`);
  return usable;
}

function weaknessOf(block: string): string {
  let certificate: X509Certificate;
  try { certificate = new X509Certificate(block); } catch { return 'not a certificate'; }
  if (Date.parse(certificate.validTo) < Date.now()) return 'it has expired';
  return weakness(certificate);
}

function readLists(file: string): string[] {
  const blocks = pemBlocks(readText(file, 'revocation list'), 'X509 CRL');
  if (blocks.length === 0) throw new Error(`revocation list ${file}: no "X509 CRL" in it`);
  return blocks;
}

function readText(file: string, what: string): string {
  try { return readFileSync(file, 'latin1'); } catch (error) { throw new Error(`${what} ${file}: ${(error as Error).message}`); }
}

function pemBlocks(text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[A-Za-z0-9+/=\\s]+-----END ${label}-----`, 'g')) ?? [];
}
