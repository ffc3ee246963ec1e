/** Random text for identifiers, drawn from the system 4 KB at a time: a call per identifier costs more than the rest of a local answer. */
import { randomFillSync } from 'node:crypto';

let pool: Buffer | null = null;
let used = 0;

/** `bytes` (at most 64) random bytes as text. Each byte is used once. */
export function randomText(bytes: number, encoding: 'hex' | 'base64url'): string {
  if (pool === null || used + bytes > pool.length) {
    pool = randomFillSync(pool ?? Buffer.allocUnsafeSlow(4_096));
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
}
