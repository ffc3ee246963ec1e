import { createHash } from 'node:crypto';

/** Ten lower-case letters and digits, the shape of API Gateway's own ids; always the same for the same text. */
export function stableId(text: string): string {
  return BigInt(`0x${createHash('sha256').update(text).digest('hex')}`).toString(36).slice(-10);
}
