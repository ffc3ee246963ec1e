/** `$util.*` of REST API mapping templates (AWS: "mapping template and access logging variable reference"). */
import { JsonSyntaxError, readJson } from './json-reader.js';
import { bounded, step, TemplateError } from './limits.js';
import { stringOf, textOf } from './text.js';
import type { ListClass, Value } from './values.js';

/** commons-lang's escapeJavaScript: quotes, backslash and slash, control characters, everything above ASCII as `\uXXXX`. */
export function escapeJavaScript(value: Value): string {
  const text = stringOf(value);
  step(1 + (text.length >> 6));
  if (!/["'\\/\x00-\x1f\x7f-\uffff]/.test(text)) return text;
  if (/[^\t\n\f\r\b\x20-\x7e]/.test(text)) return bounded(text.replace(/["'\\/\x00-\x1f\x80-\uffff]/g, escapeCharacter));
  // JSON escapes the same way but for apostrophe and slash, and does it natively.
  let escaped = JSON.stringify(text).slice(1, -1);
  if (escaped.includes('/')) escaped = escaped.replaceAll('/', '\\/');
  if (escaped.includes("'")) escaped = escaped.replaceAll("'", "\\'");
  return bounded(escaped);
}

function escapeCharacter(c: string): string {
  switch (c) {
    case '"': case "'": case '\\': case '/': return '\\' + c;
    case '\n': return '\\n';
    case '\r': return '\\r';
    case '\t': return '\\t';
    case '\b': return '\\b';
    case '\f': return '\\f';
    default: return '\\u' + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  }
}

/** JSON text as a value. Broken JSON fails the rendering. */
export function parseJson(value: Value, lists: ListClass): Value {
  const text = textOf(value);
  if (text === null) return null;
  step(1 + (text.length >> 4));
  try {
    return readJson(text, lists);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new TemplateError(`$util.parseJson: ${error.message}`);
    throw error;
  }
}

/** java.net.URLEncoder, UTF-8: `application/x-www-form-urlencoded`. null gives the empty string (recorded). */
export function urlEncode(value: Value): string {
  const text = textOf(value) ?? '';
  step(1 + (text.length >> 6));
  let encoded: string;
  try {
    encoded = encodeURIComponent(text);
  } catch {
    // A lone surrogate is a question mark in Java.
    encoded = encodeURIComponent(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?'));
  }
  if (encoded.includes('%20')) encoded = encoded.replaceAll('%20', '+');
  return bounded(/[!'()~]/.test(encoded) ? encoded.replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`) : encoded);
}

/** java.net.URLDecoder, UTF-8. A broken `%` escape fails the rendering. */
export function urlDecode(value: Value): string {
  const text = textOf(value) ?? '';
  if (!/[%+]/.test(text)) return text;
  step(1 + (text.length >> 6));
  return text.replace(/\+/g, ' ').replace(/(?:%[0-9a-fA-F]{2})+|%/g, (run) => {
    if (run === '%') throw new TemplateError('$util.urlDecode: incomplete or illegal % escape');
    return Buffer.from(run.replace(/%/g, ''), 'hex').toString('utf8');
  });
}

export function base64Encode(value: Value): string {
  return bounded(Buffer.from(textOf(value) ?? '', 'utf8').toString('base64'));
}

export function base64Decode(value: Value): string {
  return Buffer.from(textOf(value) ?? '', 'base64').toString('utf8');
}
