/** What parts of a bundle put on the admin port, besides /live and /ready. */
import type { Exchange } from './exchange.js';
import type { GatewayState } from './gateway-state.js';
import type { Flag, Given } from './options.js';

export interface AdminPart {
  readonly flags: readonly Flag[];
  /** Throws CannotStart when what it is given cannot be used. */
  open(given: Given, environment: Readonly<Record<string, string | undefined>>): AdminRoutes;
}

export interface AdminRoutes {
  /** What the line at start says is there. */
  readonly notice: string;
  /** false: the path is not its own. `state`: of the gateway as it is now. */
  answer(exchange: Exchange, state: GatewayState): boolean;
}
