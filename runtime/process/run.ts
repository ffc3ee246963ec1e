/** Runs one gateway in this process: listens, drains on SIGTERM and SIGINT, takes a new bundle on SIGHUP. */
import { process } from '../this-process.js';
import { TRANSPORT } from '../flags.js';
import type { Gateway } from '../gateway.js';
import { type GatewayServer, WHOLE } from '../gateway-server.js';

export interface RunOptions {
  readonly port: number;
  readonly host?: string;
  /** Requests in flight get this long after SIGTERM, ms. */
  readonly graceMs?: number;
  /** Makes the gateway of the bundle as it is now on disk and has it take over; absent: SIGHUP changes nothing. */
  readonly reload?: (replace: (gateway: Gateway) => void) => Promise<void>;
  readonly log: (line: string) => void;
}

export interface Running {
  readonly port: number;
  /**
   * Hands the listener to another gateway; requests under way end as they began. Connections stay open unless the gateway needs a transport that carries more.
   * Throws, and changes nothing, when it cannot have the listener.
   */
  replace(gateway: Gateway): void;
  stop(): Promise<void>;
}

/** `server` was created with `gateway`'s handler and state. Rejects when the port cannot be had. */
export async function run(server: GatewayServer, gateway: Gateway, options: RunOptions): Promise<Running> {
  let current = gateway;
  /** Servers that were succeeded have answered what was asked of them. */
  let left: unknown;
  const { port } = await server.listen(options.port, options.host);
  const replace = (next: Gateway): void => {
    // A bundle that reads no bodies, say, was built without what reads them.
    if (TRANSPORT === WHOLE) server.swap(next.handler, next.state);
    else {
      const last = server;
      server = last.succeed!(next);
      if (server !== last) left = Promise.all([left, last.close(options.graceMs)]);
    }
    current.close();
    current = next;
  };
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => stopping ??= Promise.all([left, server.close(options.graceMs)]).then(() => { current.close(); });
  const onStop = (): void => {
    // The second signal means now.
    if (stopping) process.exit(1);
    void stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', onStop);
  process.on('SIGINT', onStop);
  const { reload } = options;
  if (reload) {
    process.on('SIGHUP', () => {
      reload(replace).then(() => options.log('took the new bundle'), (error: unknown) => options.log(`kept the old bundle: ${error as Error}`));
    });
  }
  return { port, replace, stop };
}
