/** The operation a user names: by operationId, by gwc's id, or as `GET /pets/{petId}`. */
import { closest } from '../diagnostics/suggest.js';
import type { Api, Operation } from '../ir.js';
import { UsageError } from './usage-error.js';

/** Throws UsageError, with what was probably meant. */
export function findOperation(api: Api, named: string): Operation {
  const exact = api.operations.find((operation) => operation.operationId === named) ?? api.operations.find((operation) => operation.id === named);
  if (exact) return exact;
  const [, method, path] = /^\s*([A-Za-z]+)\s+(\S.*?)\s*$/.exec(named) ?? [];
  if (method !== undefined) {
    const there = api.operations.filter((operation) => operation.path.text === path);
    const found = there.find((operation) => operation.method === method.toUpperCase()) ?? there.find((operation) => operation.method === 'ANY');
    if (found) return found;
    if (there.length > 0) throw new UsageError(`${path} has no ${method.toUpperCase()}: it has ${there.map((operation) => operation.method).join(', ')}`);
  }
  const names = api.operations.flatMap((operation) => [operation.operationId ?? operation.id, `${operation.method} ${operation.path.text}`]);
  const suggestion = closest(named.trim(), names);
  throw new UsageError(`there is no operation ${JSON.stringify(named)}: ${suggestion !== undefined ? `did you mean ${JSON.stringify(suggestion)}?` : 'name it by its operationId or as "GET /path"; gwc plan lists them'}`);
}
