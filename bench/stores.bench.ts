/**
 * What it costs to keep limits elsewhere: CPU time per request of one gateway process (key, plan throttle, stage throttle, quota; a mock behind) with its limits in
 * memory, in Redis and in a SQLite file, and of the Redis server. The gateways take turns under the same load: compare inside the run.
 */
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../compiler/index.js';
import { runGateway } from '../compiler/testing/running-gateway.js';
import { steadyClient } from '../compiler/testing/steady-client.js';
import { hasRedis, startRedis } from '../runtime/store/testing/redis-server.js';
import { median, row } from './compare.js';

const ROUNDS = 5, ROUND_MS = 800, CONNECTIONS = 8, DEPTH = 8;
const folder = mkdtempSync(join(tmpdir(), 'gwc-bench-'));
writeFileSync(join(folder, 'spec.yaml'), `openapi: 3.0.1
info: {title: bench, version: '1'}
x-gwc-flavour: rest
x-gwc:
  store: [memory, redis, sqlite]
  stages: {prod: {methodSettings: {'*/*': {throttlingRateLimit: 1000000, throttlingBurstLimit: 1000000}}}}
  usagePlans: {p: {apiStages: [{stage: prod}], throttle: {rateLimit: 1000000, burstLimit: 1000000}, quota: {limit: 1000000000, period: MONTH}}}
  apiKeys: {k: {value: 'env:KEY', usagePlans: [p]}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}
paths:
  /pets: {get: {security: [{key: []}], responses: {'200': {description: ok}}, x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200'}}}}}
`);
const { bundle } = await compile(join(folder, 'spec.yaml'), { clients: [] });
const redis = hasRedis() ? await startRedis() : undefined;
/** µs of CPU the process has used; ticks are a hundredth of a second on Linux. */
const cpu = (pid: number): number => { const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /, '').split(' '); return (Number(fields[11]) + Number(fields[12])) * 10_000; };
const stores: Readonly<Record<string, string>> = { memory: 'memory', ...(redis && { Redis: `redis://127.0.0.1:${redis.port}` }), SQLite: `sqlite:${join(folder, 'bench.db')}` };
const gateways = await Promise.all(Object.entries(stores).map(async ([name, store]) => ({ name, gateway: await runGateway(bundle!.code, [], { KEY: 'a-key', GWC_STORE: store }), costs: [] as number[], server: [] as number[], requests: 0 })));
for (let round = -1; round < ROUNDS; round++) {
  for (const each of gateways) {
    let requests = 0;
    const before = cpu(each.gateway.process.pid!), serverBefore = redis ? cpu(redis.process.pid!) : 0;
    const clients = Array.from({ length: CONNECTIONS }, () => steadyClient(each.gateway.port, 'a-key', DEPTH, (status) => { if (status !== 200) throw new Error(String(status)); requests++; }));
    await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    await Promise.all(clients.map(({ stop }) => stop()));
    if (round < 0) continue;
    each.costs.push((cpu(each.gateway.process.pid!) - before) / requests);
    each.server.push(redis ? (cpu(redis.process.pid!) - serverBefore) / requests : 0);
    each.requests += requests;
  }
}
const memory = median(gateways[0]!.costs);
for (const { name, costs, server, requests } of gateways) row(name, `${median(costs).toFixed(1)} µs per request`, `${(median(costs) / memory).toFixed(2)} ×`, name === 'Redis' ? `Redis itself ${median(server).toFixed(1)} µs` : '', `${requests} requests`);
for (const { gateway } of gateways) await gateway.stop();
await redis?.stop();
rmSync(folder, { recursive: true });
