/** Answers of the transport itself, to requests that never become an exchange. */
import type { Limits } from './limits.js';
import { dateLine, statusLine, statusText } from './status-line.js';

/**
 * 413 and 431 have the body and type of API Gateway's front layer (koki-develop/lgtm-generator#10; ntsblog.homedev.com.au 2021-03-09): plain text, no
 * identifiers, not customisable. The others have the same shape.
 */
export function refusalBody(status: number, limits: Limits): string {
  return status === 413 ? `HTTP content length exceeded ${limits.bodyBytes} bytes.`
    : status === 431 ? `HTTP header is larger than ${limits.headerBytes} bytes.`
    : `${statusText(status)}.`;
}

export function refusal(status: number, limits: Limits): string {
  const body = refusalBody(status, limits);
  return `${statusLine(status)}${dateLine()}Content-Type: text; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}
