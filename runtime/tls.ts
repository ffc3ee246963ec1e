/** What `gwc build --tls` adds: TLS in front of HTTP/1.1 and HTTP/2. */
import type { RequestHandler } from './exchange.js';
import type { GatewayServer } from './gateway-server.js';
import type { GatewayState } from './gateway-state.js';
import type { Limits } from './http1/limits.js';
import { createHttp2Server } from './http2/server.js';
import { createTlsFront } from './http2/tls-front.js';

export function secure(plain: GatewayServer, handler: RequestHandler, state: GatewayState, limits: Limits, certificate: { certFile: string; keyFile: string; clientCaFile?: string }): GatewayServer {
  const { clientCaFile, ...files } = certificate;
  const front = createTlsFront(
    { certificates: [{ names: [], ...files }], ...(clientCaFile !== undefined ? { clientCaFile } : {}) },
    plain, createHttp2Server(handler, state, limits), state.log,
  );
  // A renewed certificate is taken over with the bundle: same signal, no restart.
  process.on('SIGHUP', () => { try { front.reload(); } catch (error) { state.log(`kept the old certificate: ${(error as Error).message}`); } });
  return front;
}
