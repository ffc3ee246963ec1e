/** What `gwc build --tls` adds: TLS in front of HTTP/1.1 and HTTP/2, client certificates if wanted. */
import { hostName } from './host-name.js';
import type { Secure } from '../main.js';
import type { Given } from '../options.js';
import { createHttp2Server } from '../http2/server.js';
import { certificateFiles } from '../http2/certificate-files.js';
import type { TrustDeclaration } from '../http2/client-trust.js';
import { createTlsFront } from '../http2/tls-front.js';

export const secure: Secure = {
  flags: [
    ['tls-cert', 'FILE,…', 'certificate chain, PEM: serve HTTPS and HTTP/2. Several: by server name, the first for every other'],
    ['tls-key', 'FILE,…', 'its key, PEM, in the same order'],
    ['tls-dir', 'FOLDER', 'certificates of a folder: name.crt or name.pem with name.key, or folders with fullchain.pem and privkey.pem'],
    ['tls-client-ca', '[NAME=]FILE,…', 'clients must show a certificate of these authorities, PEM; NAME: only those who ask for that server name'],
    ['tls-crl', '[NAME=]FILE,…', 'revoked client certificates, PEM; of every authority in --tls-client-ca'],
    ['tls-client-auth', 'required|optional', 'whether clients may come without a certificate (required)'],
  ],
  wanted: (given) => given['tls-cert'] !== undefined || given['tls-key'] !== undefined || given['tls-dir'] !== undefined,
  misused(given) {
    if (given['tls-cert']?.length !== given['tls-key']?.length) return '--tls-cert and --tls-key go together, as many of one as of the other';
    for (const flag of ['tls-client-ca', 'tls-crl', 'tls-client-auth']) if (given[flag] !== undefined && !this.wanted(given)) return `--${flag} needs a certificate: --tls-cert and --tls-key, or --tls-dir`;
    const auth = given['tls-client-auth']?.at(-1) ?? 'required';
    return auth === 'required' || auth === 'optional' ? '' : `--tls-client-auth ${auth}: required or optional`;
  },
  front(plain, handler, state, limits, given, declared) {
    const front = createTlsFront({
      certificates: () => certificateFiles(given['tls-cert'] ?? [], given['tls-key'] ?? [], given['tls-dir']?.at(-1)),
      clients: trustDeclarations(given, declared),
    }, limits, plain, createHttp2Server(handler, state, limits), handler, state);
    // A renewed certificate, trust store or revocation list is taken over with the bundle: same signal, no restart.
    process.on('SIGHUP', () => { try { front.reload(); } catch (error) { state.log(`kept the old certificates: ${(error as Error).message}`); } });
    return front;
  },
};

/** What the command line says stands over what the document says of the same name. Throws when something does not fit together. */
export function trustDeclarations(given: Given, declared: readonly TrustDeclaration[]): TrustDeclaration[] {
  const authorities = byName(given['tls-client-ca'] ?? []), lists = byName(given['tls-crl'] ?? []);
  const auth = given['tls-client-auth']?.at(-1);
  const optional = (otherwise: boolean): boolean => (auth === undefined ? otherwise : auth === 'optional');
  const found = new Map<string, TrustDeclaration>();
  for (const each of declared) {
    const file = authorities.get(each.name) ?? each.authorities;
    if (/^s3:/i.test(file)) throw new Error(`the trust store of ${each.name} is ${file}: give a copy of it with --tls-client-ca ${each.name}=FILE`);
    found.set(each.name, { name: each.name, authorities: file, revoked: lists.get(each.name) ?? each.revoked ?? lists.get('') ?? null, optional: optional(each.optional) });
  }
  for (const [name, file] of authorities) if (!found.has(name)) found.set(name, { name, authorities: file, revoked: lists.get(name) ?? lists.get('') ?? null, optional: optional(false) });
  for (const name of lists.keys()) if (name === '' ? found.size === 0 : !found.has(name)) throw new Error(`--tls-crl${name === '' ? '' : ` ${name}`}: there is no trust store it could belong to; give it with --tls-client-ca`);
  if (auth !== undefined && found.size === 0) throw new Error('--tls-client-auth: there is no trust store; give it with --tls-client-ca');
  return [...found.values()];
}

/** `NAME=FILE`, or FILE for every other name (''). */
function byName(values: readonly string[]): Map<string, string> {
  return new Map(values.map((value): [string, string] => {
    const [, name, file] = /^((?:\*\.)?[\w-]+(?:\.[\w-]+)*)=(.+)$/s.exec(value) ?? [];
    return name === undefined ? ['', value] : [hostName(name), file!];
  }));
}
