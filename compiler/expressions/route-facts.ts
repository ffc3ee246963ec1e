/** What `$context` says of a route, known when building. */
import type { Api, Operation } from '../ir.js';

export interface RouteFacts {
  readonly resourcePath: string;
  /** Ids look as API Gateway's do, and are the same for the same document. */
  readonly resourceId: string;
  readonly deploymentId: string;
  readonly operationName?: string;
}

export function routeFacts(api: Api, operation: Operation): RouteFacts {
  return {
    resourcePath: operation.path.text, resourceId: shortId(operation.path.text), deploymentId: deploymentId(api),
    ...(operation.operationId !== undefined ? { operationName: operation.operationId } : {}),
  };
}

export function deploymentId(api: Api): string { return shortId(`${api.title} ${api.version}`); }

/** Six lower-case letters and digits (FNV-1a). */
function shortId(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36).padStart(6, 'a').slice(-6);
}
