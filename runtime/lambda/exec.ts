/** Functions that are programs of their own, started by the gateway, talking to it over the Lambda Runtime API on loopback. */
import { functionIdentity } from './context.js';
import { RuntimeProcess } from './exec/process.js';
import { RuntimePool } from './pool/pool.js';

/** The programs of a function, none before the first call. `command`: program and parameters, without a shell. `maximum`: how many of it run at most; further calls wait. */
export function programs(name: string, reference: string, region: string, command: readonly string[], maximum: number): () => RuntimePool {
  let pool: RuntimePool | null = null;
  return () => {
    if (pool !== null) return pool;
    const identity = functionIdentity(name, reference, region);
    return (pool = new RuntimePool((owner) => new RuntimeProcess(command, identity, owner), maximum));
  };
}
