/** A Redis of our own for tests: `redis-server` of the machine, on a free port, with its files in a temporary folder. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RedisServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** The same again, on the same port and with the same files, after it ended. */
  restart(): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** false, and a line that says so, where there is no redis-server. */
export function hasRedis(): boolean {
  const found = spawnSync('redis-server', ['--version']).status === 0;
  if (!found) console.log('skipped: redis-server is not installed (apt-get install redis-server)');
  return found;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** `args`: given the port, when it is not to be the one of plain TCP. */
export async function startRedis(args: readonly string[] | ((port: number) => readonly string[]) = [], sentinelConfig?: string): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-redis-'));
  const port = await freePort();
  let child: ChildProcess;
  const begin = async (): Promise<void> => {
    child = spawn('redis-server', [...(sentinelConfig === undefined ? ['--save', ''] : [sentinelConfig, '--sentinel']), '--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...(typeof args === 'function' ? args(port) : args)], { stdio: 'ignore' });
    for (let i = 0; i < 250; i++) {
      if (await accepts(port)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`redis-server does not listen on ${port}`);
  };
  const kill = (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) { resolve(); return; }
    child.once('exit', () => resolve());
    child.kill(signal);
  });
  await begin();
  return {
    port, get process() { return child; }, kill, restart: begin,
    async stop() { await kill('SIGKILL'); rmSync(folder, { recursive: true, force: true }); },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}
