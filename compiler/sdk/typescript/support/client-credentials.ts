/** OAuth 2.0 client credentials (RFC 6749 section 4.4) as the source of a bearer token. For servers: a browser cannot keep the secret. */
import type { AccessToken } from './auth.js';
import { encode } from './encode.js';

export interface ClientCredentialsOptions {
  readonly tokenUrl: string | URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  /** Further form fields, e.g. `audience`. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly fetch?: typeof globalThis.fetch;
}

/** Pass the result as the credential of an oauth2 or bearer scheme. */
export function clientCredentials({ tokenUrl, clientId, clientSecret, scope, fields, fetch = globalThis.fetch }: ClientCredentialsOptions): () => Promise<AccessToken> {
  return async () => {
    const asked = Date.now();
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${encode(clientId)}:${encode(clientSecret)}`)}`, accept: 'application/json' },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}), ...fields }),
    });
    const answer = (await response.json().catch(() => ({}))) as { access_token?: unknown; expires_in?: unknown; error?: unknown };
    if (!response.ok || typeof answer.access_token !== 'string') throw new Error(`clientCredentials: the token endpoint answered ${response.status}${typeof answer.error === 'string' ? ` ${answer.error}` : ''}`);
    return typeof answer.expires_in === 'number' ? { token: answer.access_token, expiresAt: asked + answer.expires_in * 1000 } : { token: answer.access_token };
  };
}
