/** A dead backend does not fill the log. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../compiler/index.js';
import { rawRequest, runGateway } from '../compiler/testing/running-gateway.js';
import type { Exchange } from './exchange.js';
import { testState } from './http1/testing/state.js';
import { logRepeated } from './repeated-log.js';

const test = suite('repeated messages');

test('one line, then a count every ten seconds as long as it goes on', () => {
  const lines: string[] = [];
  const ticks: (() => void)[] = [];
  const real = { setInterval: globalThis.setInterval, clearInterval: globalThis.clearInterval };
  globalThis.setInterval = ((tick: () => void) => { ticks.push(tick); return { unref: () => tick }; }) as never;
  globalThis.clearInterval = (() => { ticks.pop(); }) as never;
  try {
    const exchange = { gateway: testState({ log: (line) => { lines.push(line); } }), requestId: 'id' } as Exchange;
    for (let i = 0; i < 500; i++) logRepeated(exchange, 'a: down', 'a is down');
    logRepeated(exchange, 'b: down', 'b is down');
    assert.equal(lines.splice(0), ['(id) a is down', '(id) b is down']);
    const [a] = ticks;
    a!();
    assert.equal(lines.splice(0), ['499 more in 10 s: a is down']);
    logRepeated(exchange, 'a: down', 'a is down');
    a!();
    assert.equal(lines.splice(0), ['1 more in 10 s: a is down']);
    a!();
    logRepeated(exchange, 'a: down', 'a is down');
    assert.equal(lines.splice(0), ['(id) a is down'], 'after ten seconds without it, it is news');
    for (let i = 0; i < 3_000; i++) logRepeated(exchange, `key ${i}`, `text ${i}`);
    assert.ok(lines.length <= 1_000);
  } finally {
    Object.assign(globalThis, real);
  }
});

test('a bundle in front of a dead backend', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-dead-'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: dead } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  writeFileSync(join(folder, 'api.json'), JSON.stringify({
    openapi: '3.0.3', info: { title: 'dead', version: '1' },
    paths: Object.fromEntries([['/one', dead], ['/two', `${dead}`.replace(/\d$/, '')]].map(([path, port]) => [path, { get: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'GET', uri: `http://127.0.0.1:${port}/` } } }])),
  }));
  const gateway = await runGateway((await compile(join(folder, 'api.json'), {})).bundle!.code);
  try {
    for (let i = 0; i < 40; i++) assert.is((await rawRequest(gateway.port, 'GET', i % 2 === 0 ? '/one' : '/two', [], '')).status, 504);
    const lines = gateway.stderr().trim().split('\n');
    assert.is(lines.length, 2, gateway.stderr());
    assert.match(lines[0]!, new RegExp(`^\\([0-9a-f-]{36}\\) Execution failed due to configuration error or network error: 127\\.0\\.0\\.1:${dead}: no connection \\(ECONNREFUSED\\)$`));
  } finally {
    await gateway.stop();
    rmSync(folder, { recursive: true });
  }
});

test.run();
