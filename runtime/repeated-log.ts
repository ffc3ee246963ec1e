/** Messages that a dead backend would repeat with every request: one line, then how many more there were. */
import type { Exchange } from './exchange.js';
import { requestId } from './identifiers/request-id.js';

/** How often a failure that goes on is told again. */
const EVERY_MS = 10_000;
/** Different failures counted at a time; more are not told. */
const MOST = 1_000;

const going = new Map<string, number>();

/** Logs `text` with the request's id unless the same `key` was logged in the last ten seconds; at their end, how often it was not. */
export function logRepeated(exchange: Exchange, key: string, text: string): void {
  const { log } = exchange.gateway;
  const count = going.get(key);
  if (count !== undefined) { going.set(key, count + 1); return; }
  if (going.size >= MOST) return;
  going.set(key, 0);
  log(`(${requestId(exchange)}) ${text}`);
  const timer = setInterval(() => {
    const more = going.get(key)!;
    if (more > 0) {
      log(`${more} more in ${EVERY_MS / 1_000} s: ${text}`);
      going.set(key, 0);
      return;
    }
    clearInterval(timer);
    going.delete(key);
  }, EVERY_MS).unref();
}
