/** Which IP addresses belong to the public internet: a document must not make the build machine call anything else. */
import { BlockList, isIPv6 } from 'node:net';

/** IANA special-purpose registries (RFC 6890 and what came after): nothing in them is a public host. */
const SPECIAL_4: readonly [string, number][] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.31.196.0', 24], ['192.52.193.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['192.175.48.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3],
];
/** Of IPv6 only 2000::/3 is given out; these parts of it are not public, or hold IPv4 addresses (Teredo, 6to4). */
const SPECIAL_6: readonly [string, number][] = [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]];

const special = new BlockList();
for (const [address, prefix] of SPECIAL_4) special.addSubnet(address, prefix, 'ipv4');
for (const [address, prefix] of SPECIAL_6) special.addSubnet(address, prefix, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** `address`: as a resolver gives it, without brackets. IPv4 addresses mapped into IPv6 are not public: no resolver gives them for a public host. */
export function isPublicAddress(address: string): boolean {
  const plain = address.split('%')[0]!;
  return isIPv6(plain) ? global6.check(plain, 'ipv6') && !special.check(plain, 'ipv6') : !special.check(plain, 'ipv4');
}
