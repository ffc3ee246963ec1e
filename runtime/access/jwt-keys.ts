/** The keys an issuer signs with: fetched when first needed, kept, found again by `kid` after it rotates them. */
import { fetchDocument } from './jwt-fetch.js';

/** One entry of a key set (RFC 7517), as published. */
export type PublishedKey = Readonly<Record<string, unknown>> & { readonly kid: string; readonly kty: string };

/** Where the keys are; throws when the issuer cannot say. */
export type LocateKeys = (fetch: typeof fetchDocument) => Promise<string>;

/** Keys are not used longer than this without asking again (AWS: "up to two hours"). */
const KEPT_MS = 7_200_000;
/** Nobody can make the gateway ask more often than this, with whatever `kid`; after a failure a little sooner. */
const ASK_AFTER_MS = 10_000;
const RETRY_AFTER_MS = 2_000;
/** A set larger than this is not one. */
const MOST_KEYS = 100;

export class CommunicationError extends Error {}

export class KeySet {
  private keys: ReadonlyMap<string, readonly PublishedKey[]> = new Map();
  private fetchedAt = -Infinity;
  private askAgainAt = -Infinity;
  private problem: CommunicationError | null = null;
  private pending: Promise<void> | null = null;

  constructor(private readonly locate: LocateKeys, private readonly fetch: typeof fetchDocument = fetchDocument, private readonly now: () => number = () => performance.now()) {}

  /** Whether the issuer still published the key when it was asked last. */
  has(kid: string): boolean { return this.keys.has(kid); }

  /** The keys called `kid`, usually one; none when the issuer does not publish it. Rejects with a CommunicationError when the issuer has never been reached. */
  async find(kid: string): Promise<readonly PublishedKey[]> {
    if (!this.keys.has(kid) || this.now() - this.fetchedAt > KEPT_MS) await this.refresh();
    const found = this.keys.get(kid);
    if (found !== undefined) return found;
    // What is not known may be a key that an issuer out of reach has just begun to use.
    if (this.problem !== null) throw this.problem;
    return [];
  }

  /** One fetch at a time: whoever comes meanwhile waits for it. A failure leaves the keys that are known. */
  private refresh(): Promise<void> {
    if (this.pending !== null) return this.pending;
    if (this.now() < this.askAgainAt) return Promise.resolve();
    return (this.pending = this.ask().finally(() => { this.pending = null; }));
  }

  private async ask(): Promise<void> {
    try {
      const url = await this.locate(this.fetch);
      let document: Readonly<Record<string, unknown>>;
      try { document = await this.fetch(url); } catch (error) { throw new CommunicationError('JWKS communication error', { cause: error }); }
      if (!Array.isArray(document['keys'])) throw new CommunicationError('JWKS communication error', { cause: new Error(`${url} is no key set`) });
      this.keys = byId(document['keys'] as unknown[]);
      this.fetchedAt = this.now();
      this.askAgainAt = this.fetchedAt + ASK_AFTER_MS;
      this.problem = null;
    } catch (error) {
      this.askAgainAt = this.now() + RETRY_AFTER_MS;
      this.problem = error instanceof CommunicationError ? error : new CommunicationError('OIDC discovery endpoint communication error', { cause: error });
    }
  }
}

/** Only keys for signatures count; secrets in a public document are nobody's keys. */
function byId(list: readonly unknown[]): Map<string, PublishedKey[]> {
  const keys = new Map<string, PublishedKey[]>();
  for (const item of list.slice(0, MOST_KEYS)) {
    if (typeof item !== 'object' || item === null) continue;
    const key = item as Record<string, unknown>;
    const { kid, kty, use } = key;
    if (typeof kid !== 'string' || typeof kty !== 'string' || kty === 'oct' || 'd' in key || (use !== undefined && use !== 'sig')) continue;
    keys.set(kid, [...(keys.get(kid) ?? []), key as PublishedKey]);
  }
  return keys;
}

/** OpenID Connect Discovery 1.0 §4: `<issuer>/.well-known/openid-configuration` names the key set. */
export function discovered(issuer: string): LocateKeys {
  return async (fetch) => {
    const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
    const document = await fetch(url);
    const { issuer: named, jwks_uri: keys } = document;
    // §4.3: "MUST be identical". A slash at the end is what people get wrong.
    if (typeof named !== 'string' || named.replace(/\/+$/, '') !== issuer.replace(/\/+$/, '')) throw new Error(`${url} is about another issuer`);
    if (typeof keys !== 'string') throw new Error(`${url} has no jwks_uri`);
    if (issuer.startsWith('https:') && !keys.startsWith('https:')) throw new Error(`${url} names keys that are not fetched by https`);
    return keys;
  };
}

/** The document says where the keys are. */
export function published(url: string): LocateKeys {
  return () => Promise.resolve(url);
}
