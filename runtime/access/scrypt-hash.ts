/** Passwords as scrypt hashes in the PHC string format: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, base64 without padding. */
import { scrypt, timingSafeEqual } from 'node:crypto';

export interface ScryptHash { readonly cost: number; readonly blockSize: number; readonly parallelization: number; readonly salt: Buffer; readonly hash: Buffer }

/** More than a password is worth: 256 MB and seconds of work for a single attempt. */
const LARGEST = { ln: 18, r: 16, p: 4 };

/** undefined: the text is no such hash, or one of unreasonable cost. */
export function parseScryptHash(text: string): ScryptHash | undefined {
  const [, ln, r, p, salt, hash] = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})=*\$([A-Za-z0-9+/]{22,86})=*$/.exec(text) ?? [];
  if (hash === undefined || Number(ln) < 10 || Number(ln) > LARGEST.ln || Number(r) < 1 || Number(r) > LARGEST.r || Number(p) < 1 || Number(p) > LARGEST.p) return undefined;
  return { cost: 2 ** Number(ln), blockSize: Number(r), parallelization: Number(p), salt: Buffer.from(salt!, 'base64'), hash: Buffer.from(hash, 'base64') };
}

/** Works in Node's thread pool. `password`: UTF-8. */
export function verifyScrypt(password: Buffer, { cost, blockSize, parallelization, salt, hash }: ScryptHash, done: (isRight: boolean) => void): void {
  scrypt(password, salt, hash.length, { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize }, (error, key) => done(error === null && timingSafeEqual(key, hash)));
}
