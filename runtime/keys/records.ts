/** What a registry of API keys and usage plans keeps, as it is stored: plain JSON. Names and meanings are API Gateway's (CreateApiKey, CreateUsagePlan). */
import type { Period } from '../limits/quota.js';

/** A key's value as SHA-256; the value itself is nowhere. */
export interface KeyDigest {
  /** 64 hex digits. */
  readonly sha256: string;
  /** Unix time in ms at which it no longer opens anything (the old value after a rotation); null: never. */
  readonly until: number | null;
}

export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly customerId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Unix time in ms. */
  readonly created: number;
  readonly updated: number;
  /** The current one first. */
  readonly digests: readonly KeyDigest[];
}

export interface ThrottleRecord { readonly rateLimit: number; readonly burstLimit: number }

export interface ApiStageRecord {
  readonly apiId: string;
  readonly stage: string;
  /** By `/pets/{id}/GET`. */
  readonly throttle: Readonly<Record<string, ThrottleRecord>>;
}

export interface QuotaRecord { readonly limit: number; readonly offset: number; readonly period: Period }

export interface PlanRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly apiStages: readonly ApiStageRecord[];
  readonly throttle: ThrottleRecord | null;
  readonly quota: QuotaRecord | null;
  readonly productCode: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly created: number;
}

/** A key's membership in a plan. */
export interface PlanKeyRecord { readonly planId: string; readonly keyId: string; readonly added: number }

/** Kind → record. */
export interface RecordKinds {
  readonly 'api-key': KeyRecord;
  readonly 'usage-plan': PlanRecord;
  readonly 'usage-plan-key': PlanKeyRecord;
}

export type RecordKind = keyof RecordKinds;

/** One change: null takes the record away. */
export type Write = { readonly [K in RecordKind]: { readonly kind: K; readonly id: string; readonly record: RecordKinds[K] | null } }[RecordKind];

export const planKeyId = (planId: string, keyId: string): string => `${planId}/${keyId}`;
