/** What an API, its keys and its usage plans are called where several gateways keep count of them. */
import { stableId } from '../stable-id.js';

/** `$context.identity.apiKeyId` of a declared key. */
export const keyId = (name: string): string => stableId(`API key ${name}`);

/** Two APIs may both have a plan "gold": they are two plans. */
export const planId = (title: string, name: string): string => stableId(`usage plan ${name} of ${title}`);

/** Ten lower-case letters and digits, as API Gateway's ids look; the same for the same title. */
export function apiId(title: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(title)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36).padStart(10, 'a').slice(-10);
}
