/** Ids and key values as API Gateway makes them: ten lower-case letters and digits; forty letters and digits. */
import { hash, randomInt } from 'node:crypto';

const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ALL = LOWER + 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function random(letters: string, length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]!).join('');
}

/** 238 bits. */
export const newKeyValue = (): string => random(ALL, 40);

export function newId(isTaken: (id: string) => boolean, length = 10): string {
  for (;;) {
    const id = random(LOWER, length);
    if (!isTaken(id)) return id;
  }
}

export const digestOf = (value: string): string => hash('sha256', value, 'hex');

/** What is wrong with a key's value; '' when nothing is. It is never part of a message. */
export function keyValueProblem(value: string): string {
  if (value.length < 20 || value.length > 128) return 'an API key value has 20 to 128 characters';
  return /^[\x21-\x7e]+$/.test(value) ? '' : 'an API key value is made of visible ASCII characters';
}
