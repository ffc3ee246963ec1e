import { createHash } from 'node:crypto';

/** MD5: the digest's sixteen bytes. */
export function md5(text: string): string {
  return createHash('md5').update(text, 'latin1').digest().toString('latin1');
}
