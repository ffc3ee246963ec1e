/** The parts of a request that statements inspect (FieldToMatch), as byte strings. */
import { decodeFormComponent, latin1 } from '../request-values.js';
import type { WafRequest } from './request.js';

/** What API Gateway hands to WAF of fields and of cookies (AWS WAF, "Oversize web request components"). */
const MOST_BYTES = 8192;
const MOST_ITEMS = 200;

export type Scope = 'ALL' | 'KEY' | 'VALUE';
/** null: all; else the names in lower case, to be inspected or passed over. */
export type Names = { readonly names: ReadonlySet<string>; readonly isExcluded: boolean } | null;

/** As the client sent it, base path included, without the query; several slashes in front are one, as everywhere in the gateway. */
export function uriPath({ exchange }: WafRequest): string {
  return exchange.gateway.basePath + latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
}

export function queryString({ exchange }: WafRequest): string {
  return latin1(exchange.target, exchange.queryStart, exchange.queryEnd);
}

/** What is done in the end: AWS looks at the method that was sent, and lets `X-HTTP-Method-Override` pass its rules. */
export function method({ exchange }: WafRequest): string {
  return exchange.method;
}

export function header({ exchange }: WafRequest, name: string): readonly string[] {
  return exchange.head.all(name);
}

/** Values as sent, of every argument or of those called `name` (lower case; a name matches as sent and decoded). */
export function queryArguments(request: WafRequest, name: string | null): readonly string[] {
  const values: string[] = [];
  const query = queryString(request);
  if (query === '') return values;
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    if (name === null ? pair !== '' : key.toLowerCase() === name || (/[%+]/.test(key) && Buffer.from(decodeFormComponent(key), 'utf8').toString('latin1').toLowerCase() === name)) values.push(equals < 0 ? '' : pair.slice(equals + 1));
  }
  return values;
}

export function headers({ exchange }: WafRequest, select: Names, scope: Scope): readonly string[] {
  const texts: string[] = [];
  let bytes = 0, count = 0;
  exchange.head.forEach((name, value) => {
    bytes += name.length + value.length;
    if (++count > MOST_ITEMS || bytes > MOST_BYTES) return;
    if (select !== null && select.names.has(name.toLowerCase()) === select.isExcluded) return;
    if (scope !== 'VALUE') texts.push(name);
    if (scope !== 'KEY') texts.push(value);
  });
  return texts;
}

/** Names in lower case, joined by colons. */
export function headerOrder({ exchange }: WafRequest): string {
  let text = '';
  let bytes = 0, count = 0;
  exchange.head.forEach((name, value) => {
    bytes += name.length + value.length;
    if (++count > MOST_ITEMS || bytes > MOST_BYTES) return;
    text += count === 1 ? name.toLowerCase() : `:${name.toLowerCase()}`;
  });
  return text;
}

export function headersAreCut({ exchange }: WafRequest): boolean {
  let bytes = 0, count = 0;
  exchange.head.forEach((name, value) => { bytes += name.length + value.length; count++; });
  return count > MOST_ITEMS || bytes > MOST_BYTES;
}

export function cookies({ exchange }: WafRequest, select: Names, scope: Scope): readonly string[] {
  const texts: string[] = [];
  let bytes = 0, count = 0;
  for (const line of exchange.head.all('cookie')) {
    for (const pair of line.split(';')) {
      if (pair.trim() === '') continue;
      bytes += pair.length;
      if (++count > MOST_ITEMS || bytes > MOST_BYTES) return texts;
      const equals = pair.indexOf('=');
      const name = (equals < 0 ? pair : pair.slice(0, equals)).trim();
      if (select !== null && select.names.has(name.toLowerCase()) === select.isExcluded) continue;
      if (scope !== 'VALUE') texts.push(name);
      if (scope !== 'KEY' && equals >= 0) texts.push(pair.slice(equals + 1).trim());
    }
  }
  return texts;
}

export function cookiesAreCut({ exchange }: WafRequest): boolean {
  const lines = exchange.head.all('cookie');
  let bytes = 0, count = 0;
  for (const line of lines) for (const pair of line.split(';')) if (pair.trim() !== '') { bytes += pair.length; count++; }
  return bytes > MOST_BYTES || count > MOST_ITEMS;
}

/** For fields of which there may be none or several: one of them is enough. */
export function some(texts: readonly string[], test: (text: string) => boolean): boolean {
  for (const text of texts) if (test(text)) return true;
  return false;
}
