/** Arguments of a query or a url-encoded body, as ModSecurity takes them apart. */
import { urlDecode } from './transform/url.js';

/** Of arguments without name and value no more are kept: they say nothing, and 64 KB of `&` would be as many as all others together. */
const MOST_EMPTY = 1000;

/**
 * Every argument for itself, however many: the core rule set over 64 KB (what is inspected of a body) of `a&a&a…`, 32 768 of them, takes 0.3 s of CPU
 * when it is cold, over 64 KB in one argument 0.06 to 0.2 s. Two thousand arguments and the rest as one text took 0.1 to 0.2 s.
 */
export function formArguments(text: string): string[] {
  const pairs: string[] = [];
  if (text === '') return pairs;
  for (let start = 0, end = 0, empty = 0; start <= text.length; start = end + 1) {
    end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end === start && ++empty > MOST_EMPTY) continue;
    const part = text.slice(start, end);
    const equals = part.indexOf('=');
    pairs.push(urlDecode(equals < 0 ? part : part.slice(0, equals)), equals < 0 ? '' : urlDecode(part.slice(equals + 1)));
  }
  return pairs;
}
