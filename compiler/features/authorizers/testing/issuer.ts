/** An issuer of tokens over real HTTP, that can do everything wrong: discovery, a key set, keys that come and go. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

export interface SigningKey { readonly kid: string; readonly alg: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject }

export interface Issuer {
  readonly url: string;
  /** Published keys as JWKs; tests change it. */
  keys: object[];
  /** What is sent instead of a document; tests set it. */
  broken: 'no' | 'discovery' | 'keys' | 'slow' | 'large' | 'redirect' | 'otherIssuer';
  readonly requests: string[];
  sign(claims: object, key: SigningKey, header?: object): Promise<string>;
  close(): Promise<void>;
}

export function rsaKey(kid: string, alg = 'RS256', modulusLength = 2048): SigningKey {
  return { kid, alg, ...generateKeyPairSync('rsa', { modulusLength }) };
}

export const jwk = ({ kid, alg, publicKey }: SigningKey): object => ({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' });

export async function startIssuer(keys: readonly SigningKey[]): Promise<Issuer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url!);
    const json = (value: unknown): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const isDiscovery = request.url!.endsWith('/.well-known/openid-configuration');
    if (issuer.broken === 'slow') return;
    if (issuer.broken === (isDiscovery ? 'discovery' : 'keys')) return void response.writeHead(503).end();
    if (issuer.broken === 'redirect') return void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
    if (isDiscovery) return json({ issuer: issuer.broken === 'otherIssuer' ? 'https://other.example' : issuer.url, jwks_uri: `${issuer.url}/keys` });
    json({ keys: issuer.keys, ...(issuer.broken === 'large' ? { padding: 'x'.repeat(200_000) } : {}) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    url, keys: keys.map(jwk), broken: 'no', requests,
    sign: (claims, key, header = {}) => new SignJWT({ ...claims } as Record<string, unknown>).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey),
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
  return issuer;
}
