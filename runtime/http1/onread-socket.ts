/**
 * Reading of accepted sockets into one shared buffer. Node reads an accepted socket into 64 KB of fresh memory per packet, which is what a small request costs
 * most in this process; `onread`, documented for sockets one creates, avoids it, and creating one around an accepted handle (option `handle`, undocumented)
 * brings it here. `npm run bench:proxy -- onread` measures what that saves (about a tenth of the CPU of a request). Detected on the first connection; without it sockets are read the usual way.
 */
import { process } from '../this-process.js';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

const READ_BYTES = 65_536;

let shared: Buffer | null = null;
let unusable = false;

/** `take` gets bytes of its own. Returns the socket to go on with: the given one has no handle any more unless it is returned itself. */
export function withOnRead(accepted: Socket, take: (chunk: Buffer) => void): Socket {
  const handle = (accepted as unknown as { _handle?: { useUserBuffer?: unknown } })._handle;
  // Windows reads ahead into the buffer; there sockets cannot share one.
  if (unusable || process.platform === 'win32' || typeof handle?.useUserBuffer !== 'function') return plain(accepted, take);
  shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
  const onread: OnReadOpts = { buffer: shared, callback: (size, buffer) => { take(Buffer.from(buffer.subarray(0, size))); return true; } };
  const socket = new Socket({ handle, onread, allowHalfOpen: true, manualStart: true } as unknown as SocketConstructorOpts);
  if ((socket as unknown as { _handle?: unknown })._handle !== handle) {
    unusable = true;
    return plain(accepted, take);
  }
  (accepted as unknown as { _handle: unknown })._handle = null;
  socket.read(0);
  return socket;
}

function plain(socket: Socket, take: (chunk: Buffer) => void): Socket {
  socket.on('data', take);
  socket.resume();
  return socket;
}
