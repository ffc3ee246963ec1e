/** A client that sends bytes as they are. */
import { connect, type Socket } from 'node:net';

/** Sends the pieces with a pause between them and resolves with everything received once the server closed, or after `quietMs` without a byte. */
export function talk(port: number, pieces: string | readonly string[], quietMs = 2_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let timer: NodeJS.Timeout;
    const over = (): void => { clearTimeout(timer); socket.destroy(); resolve(text); };
    const alive = (): void => { clearTimeout(timer); timer = setTimeout(over, quietMs); };
    alive();
    socket.on('data', (chunk) => { text += chunk.toString('latin1'); alive(); });
    socket.on('end', over);
    socket.on('close', over);
    socket.on('error', (error: NodeJS.ErrnoException) => (text === '' && error.code !== 'ECONNRESET' && error.code !== 'EPIPE' ? reject(error) : over()));
    socket.on('connect', async () => {
      socket.setNoDelay(true);
      for (const piece of typeof pieces === 'string' ? [pieces] : pieces) {
        if (socket.destroyed) return;
        socket.write(piece, 'latin1');
        await pause(15);
      }
    });
  });
}

export interface Answer { status: number; fields: Record<string, string>; body: string }

/** The answers in `text`, in order; what is not an answer throws. `heads`: indices of answers to HEAD. */
export function answers(text: string, heads: readonly number[] = []): Answer[] {
  const list: Answer[] = [];
  while (text !== '') {
    const end = text.indexOf('\r\n\r\n');
    const match = /^HTTP\/1\.1 (\d{3})[^\r\n]*\r\n/.exec(text);
    if (end < 0 || match === null) throw new Error(`no answer: ${JSON.stringify(text.slice(0, 200))}`);
    const status = Number(match[1]);
    const fields: Record<string, string> = {};
    for (const line of text.slice(match[0].length, end).split('\r\n').filter((line) => line !== '')) {
      const colon = line.indexOf(':');
      if (colon < 1) throw new Error(`no field: ${JSON.stringify(line)}`);
      const name = line.slice(0, colon).toLowerCase();
      if (name in fields && (name === 'content-length' || name === 'transfer-encoding' || name === 'date')) throw new Error(`two ${name}`);
      fields[name] = name in fields ? `${fields[name]!}, ${line.slice(colon + 1).trim()}` : line.slice(colon + 1).trim();
    }
    text = text.slice(end + 4);
    let body = '';
    if (status >= 200 && status !== 204 && status !== 304 && !heads.includes(list.length)) {
      if (fields['transfer-encoding'] === 'chunked') {
        for (;;) {
          const size = /^([0-9a-f]+)\r\n/.exec(text);
          if (size === null) throw new Error(`no chunk: ${JSON.stringify(text.slice(0, 50))}`);
          const length = parseInt(size[1]!, 16);
          body += text.slice(size[0].length, size[0].length + length);
          text = text.slice(size[0].length + length + 2);
          if (length === 0) break;
        }
      } else if (fields['content-length'] !== undefined) {
        const length = Number(fields['content-length']);
        if (text.length < length) throw new Error(`body cut: ${text.length} of ${length}`);
        body = text.slice(0, length);
        text = text.slice(length);
      } else {
        body = text;
        text = '';
      }
    }
    list.push({ status, fields, body });
  }
  return list;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('connect', () => { socket.off('error', reject); socket.on('error', () => {}); resolve(socket); });
  });
}
