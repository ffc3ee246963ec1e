/** moto's server: AWS services that nobody here wrote, on loopback. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export interface Moto {
  readonly url: string;
  /** A call of a service for the test's own ends; the body's text. */
  call(service: string, method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<string>;
  stop(): Promise<void>;
}

/** null where moto is not installed: `pip install 'moto[server]==5.2.1'`. */
export async function startMoto(): Promise<Moto | null> {
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import moto.server'], { stdio: 'ignore' }).status === 0);
  if (python === undefined) return null;
  const port = await freePort();
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore', env: { ...process.env, MOTO_CALL_RESET_API: 'false' } });
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + 60_000;
  for (;;) {
    try { if ((await fetch(`${url}/moto-api/data.json`)).ok) break; } catch { /* not there yet */ }
    if (Date.now() > until || child.exitCode !== null) { child.kill(); throw new Error('moto does not start'); }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    async call(service, method, path, headers = {}, body) {
      const answer = await fetch(url + path, { method, headers: { authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`, ...headers }, ...(body !== undefined ? { body } : {}) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${service} ${method} ${path}: ${answer.status} ${text}`);
      return text;
    },
    stop: () => new Promise((resolve) => { if (child.exitCode !== null) return resolve(); child.once('exit', () => resolve()); child.kill('SIGKILL'); }),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => { const { port } = server.address() as AddressInfo; server.close(() => resolve(port)); });
  });
}
