/** Small databases in MaxMind's format (MaxMind DB File Format Specification 2.0), for tests: 24-bit records, an IPv6 tree with IPv4 below ::/96, or an IPv4 tree. */

type Value = string | number | readonly Value[] | { readonly [name: string]: Value };

/** `entries`: ranges with their records; a longer prefix must come behind the shorter one that holds it. */
export function writeMmdb(type: string, entries: readonly (readonly [cidr: string, record: Value])[], ipVersion: 4 | 6 = 6): Buffer {
  /** Each node: what is behind 0 and 1; a node's number, a record's place as −1 − place, or null. */
  const nodes: [number | null, number | null][] = [[null, null]];
  const records: Buffer[] = [];
  for (const [cidr, record] of entries) {
    const [address, length] = cidr.split('/') as [string, string];
    const bits = bitsOf(address, ipVersion).slice(0, Number(length) + (address.includes(':') || ipVersion === 4 ? 0 : 96));
    const place = records.push(encode(record)) - 1;
    let node = 0;
    bits.forEach((bit, depth) => {
      if (depth === bits.length - 1) { nodes[node]![bit] = -1 - place; return; }
      const next = nodes[node]![bit]!;
      if (next !== null && next >= 0) { node = next; return; }
      // A record that stood for the whole range stands for both halves.
      const made = nodes.push([next, next]) - 1;
      nodes[node]![bit] = made;
      node = made;
    });
  }
  const offsets: number[] = [];
  let size = 0;
  for (const record of records) { offsets.push(size); size += record.length; }
  const tree = Buffer.alloc(nodes.length * 6);
  nodes.forEach((sides, node) => sides.forEach((side, which) => tree.writeUIntBE(side === null ? nodes.length : side >= 0 ? side : nodes.length + 16 + offsets[-1 - side]!, node * 6 + which * 3, 3)));
  const metadata = encode({ node_count: nodes.length, record_size: 24, ip_version: ipVersion, database_type: type, languages: ['en'], binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 1_700_000_000, description: { en: 'for tests' } });
  return Buffer.concat([tree, Buffer.alloc(16), ...records, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), metadata]);
}

function bitsOf(address: string, ipVersion: 4 | 6): (0 | 1)[] {
  const bytes = address.includes(':') ? groups(address) : [...(ipVersion === 6 ? Array<number>(12).fill(0) : []), ...address.split('.').map(Number)];
  return bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => ((byte >> shift) & 1) as 0 | 1));
}

function groups(address: string): number[] {
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':'), right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right].flatMap((group) => { const value = parseInt(group, 16); return [value >> 8, value & 255]; });
}

/** Text 2, unsigned 32 bits 6, map 7, list 11 (extended). */
function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return Buffer.concat([control(6, 4), bytes]); }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...(value as readonly Value[]).map(encode)]);
  const members = Object.entries(value as Readonly<Record<string, Value>>);
  return Buffer.concat([control(7, members.length), ...members.flatMap(([name, member]) => [encode(name), encode(member)])]);
}

function control(type: number, size: number): Buffer {
  const more = size >= 29 ? [size - 29] : [];
  return Buffer.from(type > 7 ? [Math.min(size, 29), type - 7, ...more] : [(type << 5) | Math.min(size, 29), ...more]);
}
