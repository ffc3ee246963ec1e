/** What one running gateway instance knows: its options resolved. Handlers reach it as `exchange.gateway`. */
import type { ApiKeys } from './keys/api-keys.js';
import type { Exchange } from './exchange.js';
import type { KeyManagement } from './keys/start-key-management.js';
import type { Limits } from './limits/limits.js';
import type { GatewayStore } from './store/limits-backend.js';

export interface GatewayState {
  /** `$context.stage`: the stage's name, '$default' when none. */
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Path the gateway is served under, '' or '/prod'. */
  readonly basePath: string;
  readonly apiId: string;
  readonly accountId: string;
  /** Bytes of a request body that is collected; 10 485 760 as API Gateway's limit. */
  readonly payloadLimit: number;
  /** Answers a request whose body exceeds the payload limit. Generated (gateway responses). */
  onTooLarge(exchange: Exchange): void;
  /** Answers after a handler threw: a bug in gwc. Generated; logs and sends the DEFAULT_5XX. */
  onFault(exchange: Exchange, error: unknown): void;
  readonly log: (line: string) => void;
  /** API keys of this stage; null when no operation asks for one. Set at start. */
  apiKeys: ApiKeys | null;
  /** Throttles and quotas; null when the document has none. Set at start. */
  limits: Limits | null;
  /** Where keys, usage and limits are kept; null: in memory (or, for a worker, by the primary process). */
  store: GatewayStore | null;
  /** Keys and plans made at run time; null when the document has none. Set at start. */
  management: KeyManagement | null;
}
