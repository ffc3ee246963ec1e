// express-openapi-validator validates, http-proxy-middleware forwards.
import express from 'express';
import validator from 'express-openapi-validator';
import { createProxyMiddleware, fixRequestBody } from 'http-proxy-middleware';
import { Agent } from 'node:http';
import { document } from './document.mjs';

const [port, backendPort] = process.argv.slice(2);
const app = express();
app.use(express.json());
app.use(validator.middleware({ apiSpec: document, validateRequests: true }));
app.use(createProxyMiddleware({ target: `http://127.0.0.1:${backendPort}`, agent: new Agent({ keepAlive: true, maxSockets: 256 }), on: { proxyReq: fixRequestBody } }));
app.use((error, _request, response, _next) => response.status(error.status ?? 500).json({ message: error.message }));
app.listen(Number(port), '127.0.0.1');
