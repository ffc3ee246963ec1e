import { createHash } from 'node:crypto';

/** Whether the value of a declared key is the key itself, not where it comes from (`env:`) or its digest (`sha256:`). */
export function isLiteralKey(value: string): boolean {
  return !value.startsWith('env:') && !value.startsWith('sha256:');
}

/** `sha256:<hex>` of a literal: what stands for it in everything gwc writes. */
export function hashedKey(value: string): string {
  return `sha256:${createHash('sha256').update(value, 'utf8').digest('hex')}`;
}
