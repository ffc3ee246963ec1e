/** Load for tests of limits: one connection that always has requests on the way. */
import { connect, type Socket } from 'node:net';

/** Keeps `depth` requests on the way on one connection; calls `seen` with each status. Returns how to stop. */
export function steadyClient(port: number, key: string, depth: number, seen: (status: number) => void): { socket: Socket; stop: () => Promise<void> } {
  const request = `GET /pets HTTP/1.1\r\nHost: g\r\nx-api-key: ${key}\r\n\r\n`;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '', running = true, open = depth;
  let done: () => void = () => {};
  const ended = new Promise<void>((resolve) => { done = resolve; });
  socket.on('connect', () => socket.write(request.repeat(depth)));
  socket.on('error', () => done());
  socket.on('close', () => done());
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
      if (text.length < head + 4 + length) return;
      seen(Number(text.slice(9, 12)));
      text = text.slice(head + 4 + length);
      if (running) socket.write(request);
      else if (--open === 0) { socket.end(); done(); return; }
    }
  });
  return { socket, stop: () => { running = false; return ended; } };
}
