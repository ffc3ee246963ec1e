/** HTML_ENTITY_DECODE: `&quot;`, `&amp;`, `&lt;`, `&gt;`, `&nbsp;` and numbers, with or without the semicolon; of a number the lowest byte counts. */
const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', nbsp: '\xa0' };

export function htmlEntityDecode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#[xX]([0-9A-Fa-f]+)|#([0-9]+)|([0-9A-Za-z]+));?/g, (entity, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) {
      const lower = name.toLowerCase();
      return Object.hasOwn(ENTITIES, lower) ? ENTITIES[lower]! : entity;
    }
    return String.fromCharCode(hex !== undefined ? lowestByte(BigInt(`0x${hex.slice(-64)}`), hex.length > 64) : lowestByte(BigInt(decimal!.slice(0, 64)), decimal!.length > 64));
  });
}

/** As `strtol` has it: a number beyond 64 bits is the largest one. */
function lowestByte(value: bigint, isCut: boolean): number {
  return isCut || value > 0x7fffffffffffffffn ? 0xff : Number(value & 0xffn);
}
