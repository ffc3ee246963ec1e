/** Behind proxies: whose `X-Forwarded-*` is believed, and what follows from it. */
import { BlockList, isIP } from 'node:net';
import type { Connection, Fields } from './exchange.js';

export interface Proxies {
  trusts(address: string): boolean;
  /** What handlers see of a request's connection: the client's when a trusted proxy tells, else the connection itself. */
  seen(connection: Connection, head: Fields): Connection;
}

/**
 * `ranges`: addresses and CIDR blocks, IPv4 and IPv6. The client is the last entry of `X-Forwarded-For` that is no trusted proxy itself: what stands before
 * it was sent by the client and may be invented. Of `X-Forwarded-Proto`, `-Port` and `-Host` the last value counts, which the nearest proxy wrote.
 * `Forwarded` is not read: a proxy that writes X-Forwarded-For passes a client's own `Forwarded` on. A string is the range that is none.
 */
export function trustProxies(ranges: readonly string[]): Proxies | string {
  const list = new BlockList();
  for (const range of ranges) {
    const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const family = familyOf(address);
    try { list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family); } catch { return range; }
  }
  let asked = '', answer = false;
  const trusts = (address: string): boolean => {
    // A proxy asks often.
    if (address === asked) return answer;
    asked = address;
    return (answer = isIP(address) > 0 && list.check(address, familyOf(address)));
  };
  return {
    trusts,
    seen(connection, head) {
      let remoteAddress = plainAddress(connection.remoteAddress);
      if (!trusts(remoteAddress)) return connection;
      const hops = head.all('x-forwarded-for').join().split(',');
      while (hops.length > 0 && trusts(remoteAddress)) {
        const hop = plainAddress(hops.pop()!);
        if (isIP(hop) === 0) break;
        remoteAddress = hop;
      }
      const last = (name: string): string => head.last(`x-forwarded-${name}`)?.replace(/.*,/, '').trim() ?? '';
      const scheme = last('proto').toLowerCase();
      const known = scheme === 'https' || scheme === 'http';
      const secure = known ? scheme === 'https' : connection.secure;
      const port = last('port');
      const host = last('host');
      return {
        peer: connection, remoteAddress, remotePort: connection.remotePort, protocol: connection.protocol, secure,
        localPort: /^\d{1,5}$/.test(port) ? Number(port) : known ? (secure ? 443 : 80) : connection.localPort,
        ...(/^[\w.:[\]-]+$/.test(host) ? { host } : {}),
      };
    },
  };
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');

/** Without blanks, port, brackets and zone; an IPv4 address in IPv6's clothes as what it is. */
function plainAddress(text: string): string {
  return text.trim().replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3').replace(/^::ffff:(?=[\d.]+$)|%.*/gi, '');
}
