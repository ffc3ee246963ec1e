// openapi-backend validates, http-proxy-middleware forwards.
import express from 'express';
import { createProxyMiddleware, fixRequestBody } from 'http-proxy-middleware';
import { OpenAPIBackend } from 'openapi-backend';
import { Agent } from 'node:http';
import { document } from './document.mjs';

const [port, backendPort] = process.argv.slice(2);
const proxy = createProxyMiddleware({ target: `http://127.0.0.1:${backendPort}`, agent: new Agent({ keepAlive: true, maxSockets: 256 }), on: { proxyReq: fixRequestBody } });
const api = new OpenAPIBackend({
  definition: document,
  handlers: {
    createPet: (_context, request, response, next) => proxy(request, response, next),
    getPet: (_context, request, response, next) => proxy(request, response, next),
    validationFail: (context, _request, response) => response.status(400).json({ errors: context.validation.errors }),
    notFound: (_context, _request, response) => response.status(404).json({ message: 'Not Found' }),
  },
});
await api.init();
const app = express();
app.use(express.json());
app.use((request, response, next) => api.handleRequest({ method: request.method, path: request.path, body: request.body, query: request.query, headers: request.headers }, request, response, next));
app.listen(Number(port), '127.0.0.1');
