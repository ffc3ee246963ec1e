/** Passwords of http basic as they are kept: scrypt in the PHC string format, or bcrypt as `htpasswd -B` writes it. What is too weak to be kept is refused by its name. */
import { parseScryptHash, type ScryptHash } from './scrypt-hash.js';

export type PasswordHash = { readonly kind: 'scrypt'; readonly scrypt: ScryptHash } | { readonly kind: 'bcrypt'; readonly text: string };

/** 2¹⁴ rounds take a second and more. */
const LARGEST_COST = 14;

const USABLE = 'a scrypt hash ($scrypt$ln=15,r=8,p=1$salt$hash) or a bcrypt hash (htpasswd -B)';

/** A text is what is wrong with it, after "has"; it shows nothing of the hash. */
export function parsePasswordHash(text: string): PasswordHash | string {
  const scrypt = parseScryptHash(text);
  if (scrypt !== undefined) return { kind: 'scrypt', scrypt };
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text)?.[1];
  if (cost === undefined) return `${weak(text)}: write ${USABLE}`;
  return Number(cost) >= 4 && Number(cost) <= LARGEST_COST ? { kind: 'bcrypt', text } : `a bcrypt hash of cost ${Number(cost)}, which is not from 4 to ${LARGEST_COST}`;
}

function weak(text: string): string {
  if (text.startsWith('$apr1$')) return 'an apr1 (MD5) hash, which a graphics card guesses by the billion';
  if (text.startsWith('{SHA}')) return 'an unsalted SHA-1 hash, which is guessed from tables';
  if (/^\$[156]\$/.test(text)) return 'a crypt(3) hash, which is not supported';
  if (/^\$2/.test(text)) return 'no usable bcrypt hash';
  return /^\$scrypt\$/.test(text) ? 'no usable scrypt hash' : 'a password that is no hash, or an old crypt(3) one';
}
