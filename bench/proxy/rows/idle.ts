/** What an idle keep-alive connection holds. */
import { connect, type Socket } from 'node:net';
import { petsBundle } from '../bundles.js';
import { checkStatus, subjects, withSubjects } from '../compare.js';
import { load } from '../load.js';
import { residentBytes } from '../subjects.js';

/** COUNT: how many connections (5 000). */
export async function idle(): Promise<void> {
  const count = Number(process.env.COUNT ?? 5_000);
  console.log(`\nmemory of ${count} idle keep-alive connections, each after one proxied request`);
  await withSubjects([...subjects('nginx', 'haproxy'), await petsBundle()], async (running) => {
    for (const { subject, port, process } of running) {
      await checkStatus(port, '/pets/1', 200);
      // Warm: neither compiled code nor the connections to the backend are to be counted.
      await load(port, { path: '/pets/1' }, process);
      await quiet();
      const before = residentBytes(process.pid);
      const sockets: Socket[] = [];
      for (let at = 0; at < count; at += 100) sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, count - at) }, () => asked(port)))));
      await quiet();
      console.log(`  ${subject.name.padEnd(12)} ${((residentBytes(process.pid) - before) / count / 1_024).toFixed(1)} KB per connection  (${(before / 1e6).toFixed(0)} → ${(residentBytes(process.pid) / 1e6).toFixed(0)} MB)`);
      for (const socket of sockets) socket.destroy();
    }
  });
}

const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_000));

/** A connection that has had its answer. */
function asked(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /pets/1 HTTP/1.1\r\nHost: gateway\r\n\r\n'));
    socket.once('data', () => { socket.removeAllListeners('error'); socket.on('error', () => {}); resolve(socket); });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
  });
}
