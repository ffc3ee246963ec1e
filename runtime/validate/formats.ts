/** The string and number formats of OpenAPI and JSON Schema. Every check reads its text a bounded number of times (no backtracking). */

export function isInt32(value: number): boolean { return (value | 0) === value; }

/** A JSON number beyond 2^53 has lost digits already; what is left to check is the range. */
export function isInt64(value: number): boolean { return Number.isInteger(value) && value >= -9223372036854775808 && value <= 9223372036854775807; }

/** Base64 with padding (RFC 4648 §4), as `format: byte`. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Two digits at `at` as a number; NaN when they are none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48, ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** RFC 3339 full-date. */
export function isDate(text: string): boolean { return text.length === 10 && hasDate(text); }

function hasDate(text: string): boolean {
  const century = two(text, 0), years = two(text, 2), month = two(text, 5), day = two(text, 8);
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d || !(century >= 0) || !(years >= 0) || !(month >= 1 && month <= 12) || !(day >= 1 && day <= DAYS[month - 1]!)) return false;
  return month !== 2 || day < 29 || (years % 4 === 0 && (years !== 0 || century % 4 === 0));
}

/** RFC 3339 full-time: an offset is required; second 60 only where a leap second can fall (23:59:60 UTC). */
export function isTime(text: string): boolean { return hasTime(text, 0); }

function hasTime(text: string, start: number): boolean {
  const hour = two(text, start), minute = two(text, start + 3), second = two(text, start + 6);
  if (text.charCodeAt(start + 2) !== 0x3a || text.charCodeAt(start + 5) !== 0x3a || !(hour <= 23) || !(minute <= 59) || !(second <= 60)) return false;
  let at = start + 8;
  if (text.charCodeAt(at) === 0x2e) {
    const first = ++at;
    while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
    if (at === first) return false;
  }
  let offset = 0;
  const zone = text.charCodeAt(at);
  if (zone === 0x5a || zone === 0x7a) at++;
  else {
    const offsetHour = two(text, at + 1), offsetMinute = two(text, at + 4);
    if ((zone !== 0x2b && zone !== 0x2d) || text.charCodeAt(at + 3) !== 0x3a || !(offsetHour <= 23) || !(offsetMinute <= 59)) return false;
    offset = (zone === 0x2d ? -1 : 1) * (offsetHour * 60 + offsetMinute);
    at += 6;
  }
  return at === text.length && (second < 60 || (((hour * 60 + minute - offset) % 1440) + 1440) % 1440 === 1439);
}

/** RFC 3339 date-time. A blank instead of `T` is allowed there only "for the sake of readability"; it is refused here. */
export function isDateTime(text: string): boolean {
  return (text.charCodeAt(10) === 0x54 || text.charCodeAt(10) === 0x74) && hasDate(text) && hasTime(text, 11);
}

/** RFC 3339 appendix A (ISO 8601) duration. */
export function isDuration(text: string): boolean {
  return /^P(?!$)(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)$/.test(text);
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

/** RFC 5321 addr-spec without quoted local parts and address literals, within its lengths. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  return at > 0 && at <= 64 && text.length <= 254 && /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(text.slice(0, at)) && isHostname(text.slice(at + 1));
}

/** RFC 6531: letters beyond ASCII on both sides. */
export function isIdnEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  return at > 0 && text.length <= 320 && /^[^\s@."(),:;<>[\]\\]+(?:\.[^\s@."(),:;<>[\]\\]+)*$/u.test(text.slice(0, at)) && isIdnHostname(text.slice(at + 1));
}

/** RFC 1123 §2.1: labels of 1–63 letters, digits and inner hyphens, 253 in all. */
export function isHostname(text: string): boolean {
  return text.length <= 253 && /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/.test(text);
}

export function isIdnHostname(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  return text.split(/[.\u3002\uff0e\uff61]/).every((label) => label.length <= 63 && /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}\-\u00b7\u0375\u05f3\u05f4\u30fb\u200c\u200d]*[\p{L}\p{M}\p{N}])?$/u.test(label));
}

export function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** RFC 4291 §2.2; no zone identifier. */
export function isIpv6(text: string): boolean {
  if (text.length < 2 || text.length > 45) return false;
  let address = text;
  const lastColon = address.lastIndexOf(':');
  if (address.includes('.')) {
    if (lastColon < 0 || !isIpv4(address.slice(lastColon + 1))) return false;
    address = address.slice(0, lastColon + 1) + '0:0';
  }
  const gap = address.indexOf('::');
  if (gap < 0) return groups(address) === 8;
  if (address.indexOf('::', gap + 1) >= 0) return false;
  const before = gap === 0 ? 0 : groups(address.slice(0, gap));
  const after = gap + 2 === address.length ? 0 : groups(address.slice(gap + 2));
  return before >= 0 && after >= 0 && before + after <= 7;
}

/** How many 16-bit groups a piece of an IPv6 address holds; -100 when it is not one. */
function groups(piece: string): number {
  const parts = piece.split(':');
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part)) ? parts.length : -100;
}

/** RFC 3986: a scheme and only characters a URI may hold. */
export function isUri(text: string): boolean { return /^[a-z][a-z0-9+.-]*:/i.test(text) && isUriReference(text); }

export function isUriReference(text: string): boolean {
  return /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/.test(text) && wellFormed(text);
}

/** RFC 3987: also characters beyond ASCII. */
export function isIri(text: string): boolean { return /^[a-z][a-z0-9+.-]*:/i.test(text) && isIriReference(text); }

export function isIriReference(text: string): boolean {
  return /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{10fffd}]|%[0-9A-Fa-f]{2})*$/u.test(text) && wellFormed(text);
}

/** What the character sets alone do not say: one fragment, brackets only around the host, a numeric port, no colon in a first relative segment. */
function wellFormed(text: string): boolean {
  const hash = text.indexOf('#');
  if (hash >= 0 && text.indexOf('#', hash + 1) >= 0) return false;
  const match = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)/.exec(text)!;
  if (match[1] !== undefined && !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(match[1])) return false;
  const authority = match[2];
  if (authority === undefined) return !/[[\]]/.test(text);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (/[[\]]/.test(text.slice(text.indexOf('//') + 2 + authority.length)) || /[[\]@]/.test(authority.slice(0, Math.max(0, authority.lastIndexOf('@'))))) return false;
  if (host.startsWith('[')) {
    const close = host.indexOf(']');
    return close > 0 && /^(?::\d*)?$/.test(host.slice(close + 1)) && (isIpv6(host.slice(1, close)) || /^v[0-9a-f]+\.[\w\-.~!$&'()*+,;=:]+$/i.test(host.slice(1, close)));
  }
  return /^[^:[\]]*(?::\d*)?$/.test(host);
}

/** RFC 6570: literals and `{expressions}`. */
export function isUriTemplate(text: string): boolean {
  return /^(?:[^\x00-\x20"<>%\\^`{|}\x7f]|%[0-9A-Fa-f]{2}|\{[+#./;?&=,!@|]?(?:\w|%[0-9A-Fa-f]{2})(?:\.?(?:\w|%[0-9A-Fa-f]{2}))*(?::[1-9]\d{0,3}|\*)?(?:,(?:\w|%[0-9A-Fa-f]{2})(?:\.?(?:\w|%[0-9A-Fa-f]{2}))*(?::[1-9]\d{0,3}|\*)?)*\})*$/.test(text);
}

/** Whether the text parses as an ECMA-262 pattern; it is never run. */
export function isRegex(text: string): boolean {
  if (text.length > 10_000) return false;
  try { new RegExp(text, 'u'); return true; } catch { /* maybe only invalid in Unicode mode */ }
  try { new RegExp(text); return !/\\Z/.test(text); } catch { return false; }
}

/** RFC 6901. */
export function isJsonPointer(text: string): boolean { return /^(?:\/(?:[^~/]|~[01])*)*$/.test(text); }

export function isRelativeJsonPointer(text: string): boolean { return /^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^~/]|~[01])*)*)$/.test(text); }
