/** Runs a built gateway file as users do: `node gateway.mjs`, and talks to it over a raw socket. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningGateway {
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  readonly stderr: () => string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `node`: which one runs it. */
export async function runGateway(bundle: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}, node = process.execPath): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-gateway-'));
  const file = join(folder, 'gateway.mjs');
  writeFileSync(file, bundle);
  const child = spawn(node, [file, '--port', '0', '--host', '127.0.0.1', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let stdout = '', stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const match = /listening on https?:\/\/[^:]+:(\d+)/.exec(stdout);
      if (match) resolve(Number(match[1]));
    });
    child.once('exit', (code) => reject(new Error(`gateway ended with ${code}: ${stderr}`)));
  });
  return {
    port, url: `http://127.0.0.1:${port}`, process: child, stderr: () => stderr,
    stop: (signal = 'SIGTERM') => new Promise((resolve) => {
      const done = (code: number | null): void => { rmSync(folder, { recursive: true, force: true }); resolve(code); };
      if (child.exitCode !== null || child.signalCode !== null) return done(child.exitCode);
      child.once('exit', done);
      child.kill(signal);
    }),
  };
}

export interface RawAnswer { readonly status: number; readonly fields: readonly [string, string][]; readonly body: string; readonly bytes: Buffer }

/** One request over a socket of its own; the answer is read to the connection's end. */
export function rawRequest(port: number, method: string, target: string, fields: readonly (readonly [string, string])[], body: string | Buffer): Promise<RawAnswer> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  const lines = [`${method} ${target} HTTP/1.1`];
  if (!names.has('host')) lines.push(`Host: 127.0.0.1:${port}`);
  lines.push('Connection: close', ...fields.map(([name, value]) => `${name}: ${value}`));
  if ((bytes.length > 0 || method === 'POST' || method === 'PUT' || method === 'PATCH') && !names.has('content-length') && !names.has('transfer-encoding')) lines.push(`Content-Length: ${bytes.length}`);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.setTimeout(15_000, () => socket.destroy(new Error(`no answer to ${method} ${target}`)));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => { try { resolve(parseAnswer(Buffer.concat(chunks))); } catch (error) { reject(error as Error); } });
    socket.write(Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n', 'latin1'), bytes]));
  });
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`no HTTP answer: ${JSON.stringify(bytes.toString('latin1').slice(0, 200))}`);
  const [statusLine, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const fields = lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  let body = bytes.subarray(end + 4);
  if (fields.some(([name, value]) => name.toLowerCase() === 'transfer-encoding' && value === 'chunked')) body = dechunk(body);
  return { status: Number(statusLine!.split(' ')[1]), fields, body: body.toString('utf8'), bytes: body };
}

function dechunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = bytes.indexOf('\r\n', at);
    const size = parseInt(bytes.toString('latin1', at, line), 16);
    if (!Number.isFinite(size) || line < 0) throw new Error('broken chunked body');
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
