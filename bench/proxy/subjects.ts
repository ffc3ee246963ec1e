/** The gateways that are measured: how each is started in front of one backend. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BACKEND_PORT = 19_700;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const peers = join(root, 'bench/proxy/peers');

export interface Subject {
  readonly name: string;
  /** Why it cannot run here; '' when it can. */
  readonly missing: string;
  readonly command: (port: number, folder: string, backendPort?: number) => string[];
}

export interface Running { readonly pid: number; stop(): Promise<void> }

const nginxConf = (port: number, folder: string, server: string, backendPort: number | null): string => `
daemon off; master_process on; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log crit;
events { worker_connections 16384; }
http {
  access_log off; keepalive_requests 100000000; keepalive_timeout 300; default_type application/json;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${backendPort !== null ? `upstream backend { server 127.0.0.1:${backendPort}; keepalive 256; keepalive_requests 100000000; }` : ''}
  server { listen 127.0.0.1:${port} backlog=4096; client_max_body_size 200m; ${server} }
}`;

function nginx(port: number, folder: string, server: string, backendPort: number | null): string[] {
  writeFileSync(join(folder, 'nginx.conf'), nginxConf(port, folder, server, backendPort));
  return ['nginx', '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
}

/** The backend: nginx too, with a body of 1 KB, larger ones as files. */
export function backendCommand(_port: number, folder: string): string[] {
  const body = JSON.stringify({ text: 'x'.repeat(1_024 - 11) });
  for (const [name, size] of [['1m', 1_048_576], ['100m', 104_857_600]] as const) writeFileSync(join(folder, name), Buffer.alloc(size, 0x61));
  return nginx(BACKEND_PORT, folder, `location / { return 200 '${body}'; } location /files/ { alias ${folder}/; sendfile on; }`, null);
}

function haproxy(port: number, folder: string, backendPort: number): string[] {
  writeFileSync(join(folder, 'haproxy.cfg'), `global
  maxconn 8000
  nbthread 1
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
  option http-keep-alive
  http-reuse always
frontend f
  bind 127.0.0.1:${port}
  default_backend b
backend b
  server s 127.0.0.1:${backendPort} maxconn 8000
`);
  return ['haproxy', '-db', '-f', join(folder, 'haproxy.cfg')];
}

function installed(command: string): string {
  return ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/usr/local/sbin'].some((folder) => existsSync(join(folder, command))) ? '' : `${command} is not installed`;
}

function peer(name: string, file: string): Subject {
  return { name, missing: existsSync(join(peers, 'node_modules')) ? '' : 'npm ci in bench/proxy/peers first', command: (port, _folder, backendPort = BACKEND_PORT) => [process.execPath, join(peers, file), String(port), String(backendPort)] };
}

const here = fileURLToPath(new URL('.', import.meta.url));

/** All but the compiled bundles (bundles.ts). */
export const SUBJECTS: readonly Subject[] = [
  { name: 'nginx', missing: installed('nginx'), command: (port, folder, backendPort = BACKEND_PORT) => nginx(port, folder, `location /local { return 200 '{"ok":true}'; } location /keyed { return 401 '{"message":"Forbidden"}'; } location /nowhere { return 404 '{"message":"Missing Authentication Token"}'; } location /limited { return 429 '{"message":"Too Many Requests"}'; } location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering on; }`, backendPort) },
  { name: 'haproxy', missing: installed('haproxy'), command: (port, folder, backendPort = BACKEND_PORT) => haproxy(port, folder, backendPort) },
  { name: 'gwc data plane', missing: '', command: (port, _folder, backendPort = BACKEND_PORT) => [process.execPath, join(here, 'data-plane.js'), String(port), String(backendPort), 'node:net'] },
  { name: 'gwc data plane, llhttp', missing: '', command: (port, _folder, backendPort = BACKEND_PORT) => [process.execPath, join(here, 'data-plane.js'), String(port), String(backendPort), 'node:http'] },
  { name: 'gwc data plane, data events', missing: '', command: (port, _folder, backendPort = BACKEND_PORT) => [process.execPath, join(here, 'data-plane.js'), String(port), String(backendPort), 'data-events'] },
  peer('@fastify/http-proxy', 'fastify-http-proxy.mjs'),
  peer('fastify', 'fastify-local.mjs'),
  peer('fastify, jwt and rate limit', 'fastify-authorized.mjs'),
  peer('fastify, jwt with cache and rate limit', 'fastify-authorized-cached.mjs'),
  peer('openapi-backend', 'openapi-backend.mjs'),
  peer('express-openapi-validator', 'express-openapi-validator.mjs'),
];

/** `core`: a core or a list of them, as taskset takes it. */
export async function startProcess(command: readonly string[], core: number | string, port: number): Promise<Running> {
  const child: ChildProcess = spawn('taskset', ['-c', String(core), ...command], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_ENV: 'production' } });
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null) break;
    if (await answers(port)) return { pid: child.pid!, stop: () => new Promise((resolve) => { child.once('exit', () => resolve()); child.kill('SIGTERM'); setTimeout(() => child.kill('SIGKILL'), 1_500).unref(); }) };
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`does not start: ${command.join(' ')}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}

/** Seconds of CPU a process and its descendants have used. */
export function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const one of family(pid)) {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}

export function residentBytes(pid: number): number {
  return family(pid).reduce((sum, one) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1] ?? 0) * 1_024, 0);
}

/** The most a process has held since it started. */
export function peakBytes(pid: number): number {
  return family(pid).reduce((sum, one) => sum + Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1] ?? 0) * 1_024, 0);
}

function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try { parents.set(Number(name), Number(readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1])); } catch { /* it ended meanwhile */ }
  }
  const found = [pid];
  for (let i = 0; i < found.length; i++) for (const [child, parent] of parents) if (parent === found[i]) found.push(child);
  return found;
}

export function scratch(name: string): string {
  const folder = join(root, 'build/bench-scratch', name.replace(/\W+/g, '-'));
  mkdirSync(folder, { recursive: true });
  return folder;
}
