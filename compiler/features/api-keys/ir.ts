import type { KeyPlace } from '../../access/key-requirement.js';
import type { Origin } from '../../diagnostics/define.js';

/** `x-gwc.apiKeys`. */
export interface ApiKeysPart {
  readonly keys: readonly DeclaredApiKey[];
  /** `x-gwc.admin`: whether keys are managed at run time; undefined: not said, they may be. */
  readonly admin: boolean | undefined;
  readonly origin: Origin;
}

export interface DeclaredApiKey {
  readonly name: string;
  /** `$context.identity.apiKeyId`. */
  readonly id: string;
  /** `env:<variable>` or `sha256:<hex>`: a literal of the document is hashed where it is read and goes nowhere. */
  readonly value: string;
  readonly enabled: boolean;
  readonly description: string;
  /** Ids of its plans. */
  readonly plans: readonly string[];
  /** Stages its usage plans cover; null: every stage (only where API Gateway has no plans). */
  readonly stages: readonly string[] | null;
  readonly client: number;
}

/** The operation needs an API key. */
export interface ApiKeyPart {
  readonly alternatives: readonly (readonly KeyPlace[])[];
  /** Checked when sent, not demanded. */
  readonly optional: boolean;
}
