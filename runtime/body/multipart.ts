/** multipart/form-data bodies (RFC 7578 over RFC 2046 §5.1) that are in memory. Lengths, counts and header sizes are bounded. */
import { isUtf8 } from 'node:buffer';
import { addValue, type Field } from './fields.js';

const MAX_PARTS = 1000;
const MAX_PART_HEADER = 16_384;
const CRLF2 = Buffer.from('\r\n\r\n');

/** Fields by name; a text says why the body is none. `boundary` is the Content-Type's parameter. */
export function parseMultipart(body: Buffer, boundary: string | undefined): ReadonlyMap<string, Field> | string {
  if (boundary === undefined || boundary.length === 0 || boundary.length > 70) return 'has no usable boundary';
  const fields = new Map<string, Field>();
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first delimiter may stand at the very beginning, without its line break.
  let at = body.indexOf(delimiter.subarray(2));
  if (at !== 0) at = body.indexOf(delimiter);
  if (at < 0) return 'does not contain its boundary';
  at += at === 0 ? delimiter.length - 2 : delimiter.length;
  for (let parts = 0; ; parts++) {
    if (body[at] === 0x2d && body[at + 1] === 0x2d) return fields;
    if (parts === MAX_PARTS) return `has more than ${MAX_PARTS} parts`;
    while (body[at] === 0x20 || body[at] === 0x09) at++;
    if (body[at] !== 0x0d || body[at + 1] !== 0x0a) return 'has a malformed boundary line';
    // The part may have no header fields at all: then its empty line follows at once.
    const headEnd = body[at + 2] === 0x0d && body[at + 3] === 0x0a ? at : body.indexOf(CRLF2, at);
    if (headEnd < 0 || headEnd - at > MAX_PART_HEADER) return 'has a part whose header does not end';
    const head = parsePartHead(headEnd === at ? '' : body.toString('latin1', at + 2, headEnd));
    if (typeof head === 'string') return head;
    const start = headEnd + 4;
    const end = body.indexOf(delimiter, start - 2);
    if (end < 0) return 'ends inside a part';
    const content = body.subarray(start, Math.max(start, end));
    const isText = head.fileName === undefined && isUtf8(content);
    addValue(fields, head.name, isText ? content.toString('utf8') : content.toString('latin1'), head.contentType);
    at = end + delimiter.length;
  }
}

interface PartHead { readonly name: string; readonly fileName?: string; readonly contentType?: string }

function parsePartHead(text: string): PartHead | string {
  let disposition: string | undefined;
  let contentType: string | undefined;
  for (const line of text === '' ? [] : text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) return 'has a part with a malformed header';
    const name = line.slice(0, colon).trim().toLowerCase();
    if (name === 'content-disposition') disposition = line.slice(colon + 1).trim();
    else if (name === 'content-type') contentType = line.slice(colon + 1).trim();
  }
  if (disposition === undefined || !/^form-data\s*(?:;|$)/i.test(disposition)) return 'has a part without Content-Disposition: form-data';
  const name = dispositionParameter(disposition, 'name');
  if (name === undefined) return 'has a part without a name';
  const fileName = dispositionParameter(disposition, 'filename') ?? dispositionParameter(disposition, 'filename*');
  return { name, ...(fileName === undefined ? {} : { fileName }), ...(contentType === undefined ? {} : { contentType }) };
}

/** RFC 7578 §5.1: names are UTF-8; browsers write `"` and line breaks percent-encoded (WHATWG HTML §4.10.21.8). */
function dispositionParameter(disposition: string, wanted: string): string | undefined {
  for (const [, name, quoted, plain] of disposition.matchAll(/;\s*([\w*!#$%&'+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    if (name!.toLowerCase() !== wanted) continue;
    const text = quoted === undefined ? plain! : quoted.replace(/\\(["\\])/g, '$1').replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n');
    const utf8 = Buffer.from(text, 'latin1').toString('utf8');
    return utf8.includes('\ufffd') ? text : utf8;
  }
  return undefined;
}
