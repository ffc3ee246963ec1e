/** Console output of functions in this process, as Lambda's Node.js runtime writes it: time, request id, level, text. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { format } from 'node:util';

const LEVELS = [['log', 'INFO'], ['info', 'INFO'], ['warn', 'WARN'], ['error', 'ERROR'], ['debug', 'DEBUG']] as const;

let invocations: AsyncLocalStorage<string> | null = null;

/** Whose output it is: handlers run inside. From the first call on, output inside an invocation is tagged with its id; other output stays as it is. */
export function invocationScope(): AsyncLocalStorage<string> {
  if (invocations !== null) return invocations;
  const scope = new AsyncLocalStorage<string>();
  for (const [name, level] of LEVELS) {
    const write = console[name].bind(console);
    console[name] = (...parts: unknown[]) => {
      const id = scope.getStore();
      if (id === undefined) write(...parts);
      else write(`${new Date().toISOString()}\t${id}\t${level}\t${format(...parts)}`);
    };
  }
  return (invocations = scope);
}
