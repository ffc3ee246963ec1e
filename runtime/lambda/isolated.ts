/** Functions compiled into the bundle that run in threads of their own, with a limit to their memory: whatever they do costs one answer. */
import { functionIdentity } from './context.js';
import { FunctionThread } from './isolated/thread.js';
import { RuntimePool } from './pool/pool.js';

/** The threads of a function, none before the first call. `program`: an ES module that serves the handler (`lambda-isolated/worker.ts`). `bundle`: URL of the gateway, where the handler believes itself to be. */
export function threads(name: string, reference: string, region: string, program: string, memoryMb: number, maximum: number, bundle: string): () => RuntimePool {
  let pool: RuntimePool | null = null;
  return () => {
    if (pool !== null) return pool;
    const identity = functionIdentity(name, reference, region, String(memoryMb));
    const url = new URL(`data:text/javascript;base64,${Buffer.from(program, 'utf8').toString('base64')}`);
    return (pool = new RuntimePool((owner) => new FunctionThread(url, { identity, bundle }, memoryMb, owner), maximum));
  };
}
