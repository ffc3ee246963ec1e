/** Status lines and the Date field of answers. */
import { REASONS } from './reasons.js';

export function statusText(status: number): string {
  return REASONS[status] ?? '';
}

/** Without the line end; the blank after the code stands even when there is no reason (RFC 9112 §4). */
export function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${statusText(status)}`;
}

let second = 0;
let line = '';

/** CRLF and `Date: …` CRLF of now (RFC 9110 §6.6.1), made anew once a second and only when somebody asks. */
export function dateLine(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    line = `\r\nDate: ${new Date(now * 1000).toUTCString()}\r\n`;
  }
  return line;
}
