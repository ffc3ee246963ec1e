/** What ModSecurity calls REQUEST_URI and the like. */
import { sentMethod } from '../exchange.js';
import { queryString, uriPath } from './fields.js';
import type { WafRequest } from './request.js';

/** As it came. */
export function rawUri(request: WafRequest): string {
  const query = queryString(request);
  return query === '' ? uriPath(request) : `${uriPath(request)}?${query}`;
}

/** REQUEST_URI as libmodsecurity 3 has it: decoded, query included. */
export function requestUri(request: WafRequest): string {
  return percentDecode(rawUri(request));
}

function percentDecode(text: string): string {
  return text.includes('%') ? text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))) : text;
}

/** REQUEST_FILENAME: the path, decoded. */
export function requestFilename(request: WafRequest): string {
  return percentDecode(uriPath(request));
}

export function requestBasename(request: WafRequest): string {
  const path = requestFilename(request);
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** REQUEST_METHOD: as sent. */
export function requestMethod({ exchange }: WafRequest): string {
  return sentMethod(exchange);
}

export function requestLine(request: WafRequest): string {
  return `${sentMethod(request.exchange)} ${rawUri(request)} ${request.exchange.connection.protocol}`;
}
