/** Arguments of a query or a url-encoded body, as ModSecurity takes them apart. */
import { urlDecode } from './transform/url.js';

/** More arguments than anything harmless has are not told apart: the rest is the last one's value. */
const MOST_ARGUMENTS = 2000;

export function formArguments(text: string): string[] {
  const pairs: string[] = [];
  if (text === '') return pairs;
  for (let start = 0, end = 0; start <= text.length; start = end + 1) {
    end = pairs.length < 2 * (MOST_ARGUMENTS - 1) ? text.indexOf('&', start) : -1;
    if (end < 0) end = text.length;
    const part = text.slice(start, end);
    const equals = part.indexOf('=');
    pairs.push(urlDecode(equals < 0 ? part : part.slice(0, equals)), equals < 0 ? '' : urlDecode(part.slice(equals + 1)));
  }
  return pairs;
}
