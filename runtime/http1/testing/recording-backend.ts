/** A backend that keeps the bytes it gets and reads them as llhttp does, so that a smuggled request shows as a request. */
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingBackend {
  readonly port: number;
  /** Method and target of every request read; 'BROKEN' for bytes that were none. */
  readonly requests: string[];
  close(): void;
}

export async function recordingBackend(): Promise<RecordingBackend> {
  const requests: string[] = [];
  const server = http.createServer((incoming, outgoing) => {
    requests.push(`${incoming.method!} ${incoming.url!}`);
    incoming.on('error', () => {});
    incoming.resume();
    incoming.on('end', () => outgoing.end('ok'));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code?.startsWith('HPE_') === true && error.code !== 'HPE_INVALID_EOF_STATE') requests.push('BROKEN');
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, requests, close: () => { server.closeAllConnections(); server.close(); } };
}
