/** Which files hold the certificates: named one by one, or found in a folder. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One certificate, as files, so that it can be read again. */
export interface CertificateFiles {
  /** The certificate and what is between it and its root, PEM. */
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * The pairs of `certs` and `keys`, then those of `folder`, by name: `x.crt` or `x.pem` with `x.key`, `fullchain.pem` with `privkey.pem` (as certbot lays
 * them out), in it and in the folders in it. Throws when there is none.
 */
export function certificateFiles(certs: readonly string[], keys: readonly string[], folder: string | undefined): CertificateFiles[] {
  const found: CertificateFiles[] = certs.map((certFile, i) => ({ certFile, keyFile: keys[i]! }));
  if (folder !== undefined) {
    found.push(...pairsIn(folder));
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      // Kubernetes mounts a secret as links into a hidden folder; each file is to count once.
      if (!name.startsWith('.') && statSync(path).isDirectory()) found.push(...pairsIn(path));
    }
  }
  if (found.length === 0) throw new Error(`no certificate in ${folder!}: name.crt or name.pem with name.key, or fullchain.pem with privkey.pem`);
  return found;
}

function pairsIn(folder: string): CertificateFiles[] {
  const names = new Set(readdirSync(folder));
  const pairs: CertificateFiles[] = [];
  for (const name of [...names].sort()) {
    const key = name === 'fullchain.pem' ? 'privkey.pem' : name.replace(/\.(crt|pem)$/, '.key');
    if (key !== name && names.has(key)) pairs.push({ certFile: join(folder, name), keyFile: join(folder, key) });
  }
  return pairs;
}
