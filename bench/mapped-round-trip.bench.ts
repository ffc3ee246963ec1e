/**
 * A call of 1 KB mapped both ways (request template, response template, mapped fields) against the same call through http_proxy: CPU time of the
 * gateway's process per request, the two in turns, the median of the rounds' ratios. Target: 1.5 times. Linux only (/proc).
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../compiler/index.js';
import { runGateway, type RunningGateway } from '../compiler/testing/running-gateway.js';
import { median, row } from './compare.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 9);
const REQUESTS = Number(process.env['REQUESTS'] ?? 4_000);
const CONNECTIONS = 32;

const ORDER = { customer: 'ACME "Ltd"', lines: Array.from({ length: 8 }, (_, i) => ({ sku: `sku-${i}`, quantity: i + 1, price: 9.5, note: 'as usual, at the back door, before eight in the morning' })), note: "it's urgent: the ferry leaves at nine, and the next one goes the day after tomorrow at the same time", status: 'OPEN' };
const BODY = JSON.stringify(ORDER);

const document = (backend: string): string => `openapi: 3.0.1
info: {title: round trip, version: '1'}
paths:
  /proxied:
    post:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: '${backend}/orders'}
  /mapped:
    post:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: POST
        uri: ${backend}/orders
        requestParameters: {integration.request.header.X-Request: context.requestId}
        requestTemplates:
          application/json: |-
            #set($o = $input.path('$'))
            {"customer": "$util.escapeJavaScript($o.customer)", "state": "$o.status", "from": "$context.identity.sourceIp", "lines": [#foreach($l in $o.lines){"sku": "$l.sku", "n": $l.quantity, "price": $l.price, "text": "$util.escapeJavaScript($l.note)"}#if($foreach.hasNext),#end#end]}
        responses:
          default:
            statusCode: '200'
            responseParameters: {method.response.header.X-State: integration.response.body.status}
            responseTemplates:
              application/json: |-
                #set($o = $input.path('$'))
                {"id": "$context.requestId", "customer": "$util.escapeJavaScript($o.customer)", "lines": [#foreach($l in $o.lines){"sku": "$l.sku", "quantity": $l.quantity, "price": $l.price, "note": "$util.escapeJavaScript($l.note)"}#if($foreach.hasNext),#end#end]}
`;

/** User and system time of a process, in seconds. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Sends `count` requests over CONNECTIONS sockets, one at a time on each; every answer must be a 200 of the length of the first. */
function load(port: number, path: string, count: number): Promise<void> {
  const request = Buffer.from(`POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAccept: application/json\r\nUser-Agent: bench/1.0\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`);
  let sent = 0, open = CONNECTIONS;
  return new Promise((resolve, reject) => {
    for (let i = 0; i < CONNECTIONS; i++) {
      const socket = connect(port, '127.0.0.1');
      let pending = Buffer.alloc(0);
      const next = (): void => {
        if (sent++ < count) socket.write(request);
        else { socket.end(); if (--open === 0) resolve(); }
      };
      socket.setNoDelay();
      socket.on('connect', next);
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        const end = pending.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = pending.toString('latin1', 0, end);
        if (!head.startsWith('HTTP/1.1 200')) { reject(new Error(pending.toString())); return; }
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
        if (!(length > 900)) { reject(new Error(`not the answer that was expected: ${pending.toString()}`)); return; }
        if (pending.length < end + 4 + length) return;
        pending = Buffer.alloc(0);
        next();
      });
    }
  });
}

async function measure(gateway: RunningGateway, path: string): Promise<number> {
  const before = cpuSeconds(gateway.process.pid!);
  await load(gateway.port, path, REQUESTS);
  return ((cpuSeconds(gateway.process.pid!) - before) / REQUESTS) * 1e6;
}

if (existsSync('/proc/self/stat')) {
  const backend = createServer((request, response) => {
    request.resume();
    request.on('end', () => { response.setHeader('Content-Type', 'application/json'); response.setHeader('Content-Length', Buffer.byteLength(BODY)); response.end(BODY); });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'gwc-bench-'));
  writeFileSync(join(folder, 'api.yaml'), document(`http://127.0.0.1:${(backend.address() as AddressInfo).port}`));
  const { bundle } = await compile(join(folder, 'api.yaml'), { minify: true, clients: [], cwd: folder });
  rmSync(folder, { recursive: true });
  const gateway = await runGateway(bundle!.code);
  try {
    for (const path of ['/proxied', '/mapped']) await load(gateway.port, path, 5_000);
    const proxied: number[] = [], mapped: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      proxied.push(await measure(gateway, '/proxied'));
      mapped.push(await measure(gateway, '/mapped'));
    }
    console.log(`Mapped round trip, ${Buffer.byteLength(BODY)} bytes: µs of CPU per request, ${ROUNDS} rounds of ${REQUESTS} requests`);
    row('http_proxy', median(proxied).toFixed(1));
    row('http, templates both ways', median(mapped).toFixed(1), `${median(mapped.map((time, i) => time / proxied[i]!)).toFixed(2)}x`);
  } finally {
    await gateway.stop();
    backend.close();
    backend.closeAllConnections();
  }
} else console.log('skipped: CPU time of a process is read from /proc');
