/** XML:/* of ModSecurity: the text in a document's elements, as a byte string. No DTD is read: entities are the five of XML and character references. */
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text and CDATA between the tags. Reads each byte once; a document that is broken is taken as far as it goes, so that nothing hides behind an error. */
export function xmlText(body: string): string {
  let text = '', at = body.indexOf('<');
  while (at >= 0 && at < body.length) {
    if (body[at] !== '<') {
      const end = body.indexOf('<', at);
      text += decode(body.slice(at, end < 0 ? body.length : end));
      at = end;
    } else if (body.startsWith('<![CDATA[', at)) {
      const end = body.indexOf(']]>', at + 9);
      text += body.slice(at + 9, end < 0 ? body.length : end);
      at = end < 0 ? -1 : end + 3;
    } else if (body.startsWith('<!--', at)) at = behind(body, '-->', at + 4);
    else if (body.startsWith('<?', at)) at = behind(body, '?>', at + 2);
    else if (body.startsWith('<!', at)) at = behindDeclaration(body, at + 2);
    else at = behindTag(body, at + 1);
  }
  return text;
}

function behind(body: string, mark: string, from: number): number {
  const end = body.indexOf(mark, from);
  return end < 0 ? -1 : end + mark.length;
}

/** Quoted values may hold `>`. */
function behindTag(body: string, from: number): number {
  for (let at = from, quote = ''; at < body.length; at++) {
    const c = body[at]!;
    if (quote !== '') { if (c === quote) quote = ''; } else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return at + 1;
  }
  return -1;
}

/** `<!DOCTYPE … [ … ]>`. Quotes in comments and processing instructions quote nothing. */
function behindDeclaration(body: string, from: number): number {
  let depth = 0;
  for (let at = from, quote = ''; at < body.length; at++) {
    const c = body[at]!;
    if (quote !== '') { if (c === quote) quote = ''; } else if (c === '"' || c === "'") quote = c;
    else if (c === '<' && (body.startsWith('<!--', at) || body.startsWith('<?', at))) {
      const end = body[at + 1] === '?' ? behind(body, '?>', at + 2) : behind(body, '-->', at + 4);
      if (end < 0) return -1;
      at = end - 1;
    } else if (c === '[') depth++;
    else if (c === ']') depth--;
    else if (c === '>' && depth <= 0) return at + 1;
  }
  return -1;
}

/** Characters beyond a byte as the UTF-8 that they would be sent as. */
function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9A-Fa-f]{1,8})|#([0-9]{1,9})|(\w{1,8}));/g, (entity, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : entity;
    const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return entity;
    return code < 128 ? String.fromCharCode(code) : Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1');
  });
}
