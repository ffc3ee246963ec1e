/** Bodies of multipart/form-data (RFC 7578, RFC 2046 §5.1.1) as byte strings, as lenient as ModSecurity: what is broken is taken as far as it goes. */

export interface Multipart {
  /** Flat: names and values of parts without a file name. */
  readonly fields: readonly string[];
  /** Flat: names of parts and their file names. */
  readonly files: readonly string[];
  /** Flat: the part's name and one line of its header. */
  readonly headers: readonly string[];
  /** Bytes of all files together, as far as they were looked at. */
  readonly filesSize: number;
}

const NONE: Multipart = { fields: [], files: [], headers: [], filesSize: 0 };

/** `type`: the Content-Type field. A body that is cut ends in its last part. However many parts and lines there are, each is looked at: what is inspected of a body bounds them. */
export function parseMultipart(body: string, type: string): Multipart {
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || boundary === '' || boundary.length > 200) return NONE;
  const fields: string[] = [], files: string[] = [], headers: string[] = [];
  let filesSize = 0;
  const delimiter = `--${boundary}`;
  let at = lineOf(body, delimiter, 0);
  while (at >= 0) {
    if (body.startsWith('--', at + delimiter.length)) break;
    const start = endOfLine(body, at);
    const next = lineOf(body, delimiter, start);
    // The line break before a delimiter is the delimiter's.
    const end = next < 0 ? body.length : Math.max(start, next - (body[next - 2] === '\r' ? 2 : 1));
    const { lines, content } = head(body, start, Math.max(start, next < 0 ? body.length : next));
    const disposition = lines.find((line) => /^content-disposition\s*:/i.test(line)) ?? '';
    const name = parameter(disposition, NAME) ?? '', file = parameter(disposition, FILE_NAME) ?? extended(disposition);
    for (const line of lines) headers.push(name, line);
    if (disposition !== '') {
      if (file === undefined) fields.push(name, body.slice(content, end));
      else { files.push(name, file); filesSize += Math.max(0, end - content); }
    }
    at = next;
  }
  return { fields, files, headers, filesSize };
}

/** Where a line begins that starts with `delimiter`, at `from` or after it; -1: nowhere. */
function lineOf(body: string, delimiter: string, from: number): number {
  for (let at = body.indexOf(delimiter, from); at >= 0; at = body.indexOf(delimiter, at + 1)) if (at === 0 || body.charCodeAt(at - 1) === 10) return at;
  return -1;
}

function endOfLine(body: string, from: number): number {
  const at = body.indexOf('\n', from);
  return at < 0 ? body.length : at + 1;
}

/** Header lines, those that are folded as one, and where the content begins. */
function head(body: string, from: number, to: number): { lines: string[]; content: number } {
  const lines: string[] = [];
  let at = from;
  while (at < to) {
    const end = Math.min(endOfLine(body, at), to);
    const line = body.slice(at, end).replace(/\r?\n$/, '');
    at = end;
    if (line === '') break;
    if (/^[ \t]/.test(line) && lines.length > 0) lines[lines.length - 1] += line;
    else lines.push(line);
  }
  return { lines, content: at };
}

const NAME = /;\s*name\s*=\s*(?:"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'|"([^"]*)"|([^\s;]*))/i;
const FILE_NAME = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'|"([^"]*)"|([^\s;]*))/i;

/** `filename*=UTF-8''…` (RFC 8187), which RFC 7578 forbids and servers understand. */
function extended(field: string): string | undefined {
  const text = /;\s*filename\*\s*=\s*"?[^'";]*'[^';]*'([^\s;"]*)/i.exec(field)?.[1];
  return text?.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

/** The parameter's value: quoted, with escapes, or plain. */
function parameter(field: string, pattern: RegExp): string | undefined {
  // Browsers escape nothing with backslashes: where one stands before the last quote it is no escape.
  const [, quoted, single, unescaped, plain] = pattern.exec(field) ?? [];
  return plain ?? unescaped ?? (quoted ?? single)?.replace(/\\(["'\\])/g, '$1');
}
