import type { AwsCredentials } from '../sigv4.js';

export async function environmentCredentials(): Promise<AwsCredentials | null> {
  const accessKeyId = process.env['AWS_ACCESS_KEY_ID'], secretAccessKey = process.env['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey) return null;
  const expires = process.env['AWS_CREDENTIAL_EXPIRATION'];
  return { accessKeyId, secretAccessKey, sessionToken: process.env['AWS_SESSION_TOKEN'] ?? '', expiresAt: expires ? expiration(expires) : Infinity };
}

/** Epoch milliseconds of an ISO 8601 time; Infinity when it is none. */
export function expiration(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? Infinity : time;
}
