// fastify with @fastify/http-proxy as its documentation shows it.
import fastify from 'fastify';
import proxy from '@fastify/http-proxy';

const [port, backendPort] = process.argv.slice(2);
const app = fastify();
await app.register(proxy, { upstream: `http://127.0.0.1:${backendPort}`, undici: { connections: 256, pipelining: 1 } });
await app.listen({ port: Number(port), host: '127.0.0.1' });
