// Local answers of fastify: a constant one, and refusals.
import fastify from 'fastify';

const app = fastify();
app.get('/local', async () => ({ ok: true }));
app.get('/keyed', async (_request, reply) => reply.code(401).send({ message: 'Forbidden' }));
app.get('/limited', async (_request, reply) => reply.code(429).send({ message: 'Too Many Requests' }));
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
