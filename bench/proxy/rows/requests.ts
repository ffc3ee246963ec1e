/** CPU per request of what a gateway does: proxied, checked and proxied, answered by itself, refused. */
import { petsBundle } from '../bundles.js';
import { checkStatus, compare, heading, printCpu, subjects } from '../compare.js';

const BODY = JSON.stringify({ name: 'Rex', tag: 'dog', age: 3, notes: 'x'.repeat(960) });

export async function get(): Promise<void> {
  heading('proxied GET 1 KB');
  const [nginx, ...others] = subjects('nginx', 'haproxy', 'gwc data plane', 'gwc data plane, llhttp', '@fastify/http-proxy', 'openapi-backend', 'express-openapi-validator');
  printCpu(await compare([nginx!, await petsBundle(), ...others], { path: '/pets/1' }));
}

export async function post(): Promise<void> {
  heading('proxied POST 1 KB, its body checked against a schema (nginx, haproxy and @fastify/http-proxy check nothing)');
  const [nginx, ...others] = subjects('nginx', 'haproxy', '@fastify/http-proxy', 'openapi-backend', 'express-openapi-validator');
  const script = `wrk.method = "POST"\nwrk.body = '${BODY}'\nwrk.headers["Content-Type"] = "application/json"\n`;
  printCpu(await compare([nginx!, await petsBundle(), ...others], { path: '/pets', script }, (port) => checkStatus(port, '/pets', 200, { method: 'POST', body: BODY, headers: { 'Content-Type': 'application/json' } })));
}

export async function local(): Promise<void> {
  heading('mock answer against nginx `return 200`');
  const [nginx, ...others] = subjects('nginx', 'gwc data plane', 'fastify');
  printCpu(await compare([nginx!, await petsBundle(), ...others], { path: '/local' }));
}

export async function refused(): Promise<void> {
  for (const [what, path, status] of [['no API key: 401', '/keyed', 401], ['no such route: 404', '/nowhere', 404], ['over the limit: 429', '/limited', 429]] as const) {
    heading(`${what}, against nginx \`return ${status}\``);
    const [nginx, ...others] = subjects('nginx', 'fastify');
    printCpu(await compare([nginx!, await petsBundle(), ...others], { path, status }, async (port) => {
      // The first one is let through.
      if (status === 429) await fetch(`http://127.0.0.1:${port}${path}`).then((answer) => answer.arrayBuffer());
      await checkStatus(port, path, status);
    }));
  }
}
