/**
 * Callers in a store (`--store`): written by `gwc iam`, read by gateways. Same facts as a profile of `--iam-credentials`. The secret is there as it is: whoever
 * verifies a signature has to have it, as with AWS itself; who can read the store can sign.
 */
import { parsePolicy } from './policy/policy.js';
import { CALLER_ARN, IDENTITY_DIALECT } from './iam-callers.js';

/** The kind of record; its id is the access key. */
export const CALLER_RECORD = 'iam-caller';

export const ACCESS_KEY_ID = /^\w{16,128}$/;

export interface CallerRecord {
  readonly name: string;
  readonly secretAccessKey: string;
  /** '' for long-term keys. */
  readonly sessionToken: string;
  /** '': as the document declares for this name, else a user of the API's account. */
  readonly arn: string;
  /** null: as the document declares for this name, else none. */
  readonly policy: object | null;
  readonly userId: string;
  readonly organization: string;
  /** null: as the document declares. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** Unix time in ms; null: never. */
  readonly expires: number | null;
  readonly enabled: boolean;
  readonly created: number;
}

/** A text is what is wrong with it; it shows no secret. */
export function readCallerRecord(value: unknown): CallerRecord | string {
  if (typeof value !== 'object' || value === null) return 'is no object';
  const record = value as Partial<Record<keyof CallerRecord, unknown>>;
  for (const field of ['name', 'secretAccessKey', 'sessionToken', 'arn', 'userId', 'organization'] as const) if (typeof record[field] !== 'string') return `has no ${field}`;
  const { secretAccessKey, arn, policy, tags, expires } = record as CallerRecord;
  // An empty secret is one that everybody knows.
  if (secretAccessKey === '') return 'has an empty secretAccessKey';
  if (arn !== '' && !CALLER_ARN.test(arn)) return `has an arn that is none: "${arn.slice(0, 200)}"`;
  if (policy !== null && (typeof policy !== 'object' || typeof parsePolicy(policy, IDENTITY_DIALECT) === 'string')) return 'has a policy that is none';
  if (tags !== null && (typeof tags !== 'object' || Object.values(tags).some((text) => typeof text !== 'string'))) return 'has tags that are no texts';
  if (expires !== null && !Number.isFinite(expires)) return 'has no time of expiry';
  if (typeof record.enabled !== 'boolean' || typeof record.created !== 'number') return 'is not complete';
  return record as CallerRecord;
}
