import type { AwsCredentials } from '../sigv4.js';
import { expiration } from './environment.js';

/** What container and instance endpoints and credential processes answer. Throws when it is not that; the text is never repeated. */
export function readJsonCredentials(text: string, source: string): AwsCredentials {
  let value: unknown;
  try { value = JSON.parse(text); } catch { throw new Error(`${source}: the answer is no JSON`); }
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { AccessKeyId, SecretAccessKey, Token, SessionToken, Expiration } = fields;
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') throw new Error(`${source}: the answer holds no AccessKeyId and SecretAccessKey`);
  const token = Token ?? SessionToken;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: typeof token === 'string' ? token : '', expiresAt: typeof Expiration === 'string' ? expiration(Expiration) : Infinity };
}
