/** CPU per request of who gets in and how much: a token verified and requests counted per API key, of 500 clients, against fastify with its own plugins. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { authorizedBundle } from '../bundles.js';
import { checkStatus, compare, heading, printCpu, subjects } from '../compare.js';
import { scratch } from '../subjects.js';

const CLIENTS = 500;
const keyOf = (client: number): string => `client-${String(client).padStart(4, '0')}-of-the-benchmark`;

export async function authorized(): Promise<void> {
  heading(`a token verified (RS256) and requests counted per API key, ${CLIENTS} clients`);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = createServer((request, response) => void response.end(JSON.stringify(request.url === '/keys' ? { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256' }] } : { issuer, jwks_uri: `${issuer}/keys` })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AUTHORIZED_ISSUER = issuer;
  process.env.AUTHORIZED_KEY = join(scratch('authorized'), 'public.pem');
  writeFileSync(process.env.AUTHORIZED_KEY, publicKey.export({ format: 'pem', type: 'spki' }));
  const now = Math.floor(Date.now() / 1_000);
  const tokens = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => new SignJWT({ iss: issuer, aud: 'app', sub: `user-${i}`, email: `user-${i}@example.com`, iat: now - 1, exp: now + 3_600 }).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey)));
  const script = `local list, i = {}, 0\nfunction init()\n${tokens.map((token, i) => `list[${i + 1}] = wrk.format("GET", "/me", {["Authorization"] = "Bearer ${token}", ["X-Api-Key"] = "${keyOf(i)}"})`).join('\n')}\nend\nfunction request()\ni = i % ${CLIENTS} + 1\nreturn list[i]\nend\n`;
  const gateway = await authorizedBundle(issuer, Array.from({ length: CLIENTS }, (_, i) => keyOf(i)));
  printCpu(await compare([gateway, ...subjects('fastify, jwt and rate limit', 'fastify, jwt with cache and rate limit')], { path: '/me', script }, async (port) => {
    const headers = { Authorization: `Bearer ${tokens[0]!}`, 'X-Api-Key': keyOf(0) };
    await checkStatus(port, '/me', 200, { headers });
    await checkStatus(port, '/me', 401, { headers: { ...headers, Authorization: `Bearer ${tokens[0]!.slice(0, -8)}AAAAAAAA` } });
  }));
  server.close();
}
