/** Writing of field lines. Nothing that could end a line or start another ever gets into one. */

/** Anything but tab, blank, visible ASCII and obs-text. Above U+00FF a Latin-1 write would cut the code unit: U+010A would become a line feed. */
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const FIELD_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

const TRANSPORT_FIELD = /^(?:te|date|upgrade|trailer|connection|keep-alive|content-length|proxy-connection|transfer-encoding)$/i;
/** Bit n: some of them have n letters. */
const LENGTHS = 1 << 2 | 1 << 4 | 1 << 7 | 1 << 10 | 1 << 14 | 1 << 16 | 1 << 17;

/** Is this one of the fields only the transport writes: framing, hop-by-hop, Date? `name` in any case. */
export function isTransportField(name: string): boolean {
  // Most fields are told by their length.
  return (LENGTHS >> name.length & 1) === 1 && TRANSPORT_FIELD.test(name);
}

export function isFieldName(name: string): boolean {
  return FIELD_NAME.test(name);
}

export function isFieldValue(value: string): boolean {
  return !FORBIDDEN_IN_VALUE.test(value);
}

/** `name: value` CRLF for each pair of the flat `fields`, without the transport's own; null when a name or value cannot be sent. */
export function fieldLines(fields: readonly string[]): string | null {
  let lines = '';
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i]!;
    const value = fields[i + 1]!;
    if (!FIELD_NAME.test(name) || FORBIDDEN_IN_VALUE.test(value)) return null;
    if (!isTransportField(name)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}
