/** IP addresses as things to compare: IPv4 as a number, IPv6 as 32 hexadecimal digits. */
import { isIPv4, isIPv6 } from 'node:net';
import type { WafRequest } from './request.js';

export type Address = number | string;

/** An IPv4 address in IPv6's clothes is an IPv4 address. null: no address. */
export function parseAddress(text: string): Address | null {
  if (isIPv4(text)) return ipv4(text);
  const plain = text.includes('%') ? text.slice(0, text.indexOf('%')) : text;
  if (!isIPv6(plain)) return null;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  const last = dotted ? ipv4(dotted[2]!) : 0;
  const whole = dotted ? `${dotted[1]!}${(last >>> 16).toString(16)}:${(last & 0xffff).toString(16)}` : plain;
  const [head, tail] = whole.split('::') as [string, string | undefined];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const digits = groups.map((group) => group.padStart(4, '0').toLowerCase()).join('');
  return digits.startsWith('00000000000000000000ffff') ? parseInt(digits.slice(24), 16) : digits;
}

function ipv4(text: string): number {
  let value = 0;
  for (const part of text.split('.')) value = value * 256 + Number(part);
  return value;
}

/** The client's, behind trusted proxies theirs (forwarded.ts). */
export function clientAddress(request: WafRequest): Address | null {
  return parseAddress(request.exchange.connection.remoteAddress);
}

/** Addresses in a field such as X-Forwarded-For, as texts, in order; undefined when there is none. */
export function forwarded(request: WafRequest, name: string): readonly string[] | undefined {
  const values = request.exchange.head.all(name);
  if (values.length === 0) return undefined;
  return values.join(',').split(',', 1000).map((text) => text.trim()).filter((text) => text !== '');
}
