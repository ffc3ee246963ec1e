/** API keys (auth.md §1): held as SHA-256 digests, found by digest, compared in constant time. */
import { hash, timingSafeEqual } from 'node:crypto';
import { CannotStart } from '../cannot-start.js';
import type { Exchange } from '../exchange.js';
import type { GatewayState } from '../gateway-state.js';

/** What the build knows of a key. Keys that are not enabled are not in the bundle. */
export interface ApiKeyDeclaration {
  readonly name: string;
  /** `$context.identity.apiKeyId`. */
  readonly id: string;
  /** `env:<variable>`, read at start, or `sha256:<64 hex digits>`. */
  readonly value: string;
  /** Stages that its usage plans cover; null: every stage. */
  readonly stages: readonly string[] | null;
  /** Its number among the clients of `LimitsDeclaration`. */
  readonly client: number;
}

export interface ApiKey {
  readonly id: string;
  readonly client: number;
  readonly digest: Buffer;
  /** The key itself, once a client has presented it; '' before. */
  value: string;
}

export interface ApiKeys {
  /** By digest in hex. */
  readonly byDigest: Map<string, ApiKey>;
  /**
   * Keys that were presented before, by value: spares the digest. Only keys that were found get in, so it holds at most one entry for each
   * declared key. The lookup tells an attacker nothing about a key: a Map compares texts only when their hashes under the process's random seed
   * are equal, so a guess that shares a prefix with a key takes as long as any other.
   */
  readonly byValue: Map<string, ApiKey>;
}

/** Sets `state.apiKeys` to those the stage accepts. Throws CannotStart when an environment variable is missing; never shows a value. */
export function openApiKeys(state: GatewayState, declarations: readonly ApiKeyDeclaration[], environment: Readonly<Record<string, string | undefined>>): void {
  const byDigest = new Map<string, ApiKey>();
  const names = new Map<string, string>();
  const missing: string[] = [];
  for (const { name, id, value, stages, client } of declarations) {
    if (stages !== null && !stages.includes(state.stage)) continue;
    let hex = value.slice('sha256:'.length);
    if (value.startsWith('env:')) {
      const variable = value.slice('env:'.length);
      const text = environment[variable];
      if (text === undefined || text === '') { missing.push(`${variable} (API key "${name}")`); continue; }
      hex = hash('sha256', text, 'hex');
    }
    const other = names.get(hex);
    if (other !== undefined) throw new CannotStart(`API keys "${other}" and "${name}" have the same value: give each client a key of its own`);
    names.set(hex, name);
    byDigest.set(hex, { id, client, digest: Buffer.from(hex, 'hex'), value: '' });
  }
  if (missing.length > 0) throw new CannotStart(`environment variable${missing.length > 1 ? 's' : ''} not set: ${missing.join(', ')}`);
  state.apiKeys = { byDigest, byValue: new Map() };
}

/** Whether `value`, as received (one character per byte), is a key of this stage; if so `exchange.apiKey` is that key. */
export function presentsKey(exchange: Exchange, value: string | undefined): boolean {
  if (value === undefined) return false;
  const keys = exchange.gateway.apiKeys!;
  const key = keys.byValue.get(value) ?? findKey(keys, value);
  if (key === null) return false;
  exchange.apiKey = key;
  return true;
}

/** The same for a value that was decoded to text (a query parameter). */
export function presentsKeyText(exchange: Exchange, text: string | undefined): boolean {
  return presentsKey(exchange, text === undefined ? undefined : Buffer.from(text, 'utf8').toString('latin1'));
}

const ASCII = /^[\x00-\x7f]*$/;

function findKey(keys: ApiKeys, value: string): ApiKey | null {
  // A text is hashed as UTF-8: ASCII is the same bytes, and spares the copy.
  const hex = hash('sha256', ASCII.test(value) ? value : Buffer.from(value, 'latin1'), 'hex');
  // Where the search by digest ends depends on the digest of a guess, which nobody can steer towards that of a key they do not have.
  const key = keys.byDigest.get(hex);
  if (key === undefined || !timingSafeEqual(key.digest, Buffer.from(hex, 'hex'))) return null;
  key.value = value;
  keys.byValue.set(value, key);
  return key;
}
