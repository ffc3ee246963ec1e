/** A sample as an XML document: an element for each property, one for each item of a list (OpenAPI's defaults; `xml` objects of schemas are not read). */
import type { Json } from '../../code.js';

export function xmlDocument(root: string, value: Json): string {
  // A document has one element at its root.
  return `<?xml version="1.0" encoding="UTF-8"?>\n${Array.isArray(value) ? element(root, { item: value }) : element(root, value)}`;
}

function element(name: string, value: Json): string {
  const tag = nameOf(name);
  if (Array.isArray(value)) return value.map((item) => element(name, item as Json)).join('');
  if (typeof value === 'object' && value !== null) return `<${tag}>${Object.entries(value).map(([key, item]) => element(key, item)).join('')}</${tag}>`;
  return value === null || value === '' ? `<${tag}/>` : `<${tag}>${escape(String(value))}</${tag}>`;
}

/** XML 1.0 §2.3, without colons, which would be prefixes of no namespace. */
function nameOf(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_.\-\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff]/g, '_');
  return /^[A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff]/.test(name) ? name : `_${name}`;
}

/** Characters that XML 1.0 cannot hold are left out (§2.2). */
function escape(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '').replace(/[&<>]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'));
}
