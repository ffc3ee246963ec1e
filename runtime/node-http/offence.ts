/** What llhttp lets through and our own parser would not: the same requests are refused whichever is in front. */
import type { IncomingMessage } from 'node:http';
import { AUTHORITY, CLASS, TARGET } from '../http1/bytes.js';
import type { Limits } from '../http1/limits.js';

/** The status to refuse with; 0 when there is nothing to object to. */
export function offence(incoming: IncomingMessage, target: Uint8Array, length: number, limits: Limits): number {
  if (incoming.httpVersionMajor !== 1 || incoming.httpVersionMinor > 1) return 505;
  if (target.length > limits.targetBytes) return 414;
  for (const byte of target) if ((CLASS[byte]! & TARGET) === 0) return 400;
  const flat = incoming.rawHeaders;
  if (flat.length / 2 > limits.headerCount) return 431;
  let bytes = 0;
  let hosts = 0;
  let codings = 0;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i]!;
    const value = flat[i + 1]!;
    bytes += name.length + value.length + 4;
    switch (name.toLowerCase()) {
      case 'host':
        if (++hosts > 1 || !isAuthority(value, incoming.httpVersionMinor === 0)) return 400;
        break;
      case 'transfer-encoding':
        if (value.toLowerCase() !== 'chunked') return 501;
        if (++codings > 1 || incoming.httpVersionMinor === 0) return 400;
        break;
    }
  }
  if (bytes > limits.headerBytes) return 431;
  if (length > limits.bodyBytes) return 413;
  return 0;
}

function isAuthority(host: string, mayBeEmpty: boolean): boolean {
  if (host === '') return mayBeEmpty;
  for (let i = 0; i < host.length; i++) if ((CLASS[host.charCodeAt(i) & 255]! & AUTHORITY) === 0) return false;
  return true;
}
