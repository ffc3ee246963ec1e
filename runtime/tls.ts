/** What `gwc build --tls` adds: TLS in front of HTTP/1.1 and HTTP/2. */
import type { Secure } from './main.js';
import { createHttp2Server } from './http2/server.js';
import { certificateFiles } from './http2/certificate-files.js';
import { createTlsFront } from './http2/tls-front.js';

export const secure: Secure = {
  flags: [
    ['tls-cert', 'FILE,…', 'certificate chain, PEM: serve HTTPS and HTTP/2. Several: by server name, the first for every other'],
    ['tls-key', 'FILE,…', 'its key, PEM, in the same order'],
    ['tls-dir', 'FOLDER', 'certificates of a folder: name.crt or name.pem with name.key, or folders with fullchain.pem and privkey.pem'],
    ['tls-client-ca', 'FILE', 'clients must show a certificate of these authorities'],
  ],
  wanted: (given) => given['tls-cert'] !== undefined || given['tls-key'] !== undefined || given['tls-dir'] !== undefined,
  misused(given) {
    if (given['tls-cert']?.length !== given['tls-key']?.length) return '--tls-cert and --tls-key go together, as many of one as of the other';
    return given['tls-client-ca'] !== undefined && !this.wanted(given) ? '--tls-client-ca needs a certificate: --tls-cert and --tls-key, or --tls-dir' : '';
  },
  front(plain, handler, state, limits, given) {
    const front = createTlsFront({
      certificates: () => certificateFiles(given['tls-cert'] ?? [], given['tls-key'] ?? [], given['tls-dir']?.at(-1)),
      ...(given['tls-client-ca'] !== undefined ? { clientCaFile: given['tls-client-ca'].at(-1)! } : {}),
    }, limits, plain, createHttp2Server(handler, state, limits), state.log);
    // A renewed certificate is taken over with the bundle: same signal, no restart.
    process.on('SIGHUP', () => { try { front.reload(); } catch (error) { state.log(`kept the old certificates: ${(error as Error).message}`); } });
    return front;
  },
};
