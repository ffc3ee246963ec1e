// A constant answer from fastify.
import fastify from 'fastify';

const app = fastify();
app.get('/local', async () => ({ ok: true }));
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
