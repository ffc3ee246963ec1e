// A token verified (RS256) and requests counted per API key, as fastify's own plugins do it.
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import jwt from '@fastify/jwt';
import rateLimit from '@fastify/rate-limit';

/** `cache`: tokens whose verification @fastify/jwt remembers; false: none, its default. */
export async function start(port, cache) {
  const app = fastify();
  await app.register(jwt, { secret: { public: readFileSync(process.env.AUTHORIZED_KEY, 'utf8') }, verify: { algorithms: ['RS256'], allowedAud: 'app', allowedIss: process.env.AUTHORIZED_ISSUER, cache } });
  await app.register(rateLimit, { global: false });
  app.get('/me', {
    onRequest: async (request, reply) => { try { await request.jwtVerify(); } catch (error) { reply.send(error); } },
    config: { rateLimit: { hook: 'preHandler', max: 1_000_000, timeWindow: 1_000, keyGenerator: (request) => request.headers['x-api-key'] } },
  }, async () => ({ ok: true }));
  await app.listen({ port, host: '127.0.0.1' });
}
