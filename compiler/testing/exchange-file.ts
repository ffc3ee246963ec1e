import { deflateSync, gzipSync } from 'node:zlib';

/**
 * `exchange.http`: requests and the exact answers expected, written by hand and never by a tool.
 *
 *     ### a comment
 *     GET /pets/1 HTTP/1.1
 *     Accept: application/json
 *
 *     HTTP 404
 *     content-type: application/json      value must be equal
 *     x-amzn-requestid: /^[0-9a-f-]{36}$/  value must match
 *     !server                              field must be absent
 *
 *     {"message":"Not Found"}
 *
 * Exchanges are separated by a line that starts with `###`. A body is everything up to the next separator, the last line break
 * taken off; `<any>` takes any body, `<empty>` none, `/…/` what matches. `<base64 …>` stands for bytes, in a request too; `<gzip …>` and
 * `<deflate …>` for text in that coding (in an answer: what decodes to it).
 */
export interface ExpectedExchange {
  readonly title: string;
  readonly request: { readonly method: string; readonly target: string; readonly fields: readonly [string, string][]; readonly body: Buffer };
  readonly answer: { readonly status: number; readonly fields: readonly ExpectedField[]; readonly body: string };
}

export interface ExpectedField { readonly name: string; readonly value: string | RegExp | null }

export function parseExchanges(text: string): ExpectedExchange[] {
  const exchanges: ExpectedExchange[] = [];
  for (const block of text.split(/^###/m)) {
    const lines = block.split('\n');
    const title = lines.shift()!.trim();
    while (lines.length > 0 && lines[0]!.trim() === '') lines.shift();
    if (lines.length === 0) continue;
    const split = lines.findIndex((line) => /^HTTP \d{3}$/.test(line));
    if (split < 0) throw new Error(`no answer in exchange "${title}": ${lines[0]}`);
    const request = /^([A-Z]+) (\S+)(?: HTTP\/1\.1)?$/.exec(lines[0]!);
    if (!request) throw new Error(`no request line in "${title}": ${lines[0]}`);
    const [requestFields, requestBody] = parts(lines.slice(1, split));
    const [answerFields, answerBody] = parts(lines.slice(split + 1));
    exchanges.push({
      title: title || lines[0]!,
      request: { method: request[1]!, target: request[2]!, fields: requestFields.map((line) => pair(line)), body: bytesOf(requestBody) },
      answer: { status: Number(lines[split]!.slice(5)), fields: answerFields.map(expectedField), body: answerBody },
    });
  }
  return exchanges;
}

/** What a body written in a file stands for. */
export function bytesOf(body: string): Buffer {
  const coded = /^<(base64|gzip|deflate) ([^]*)>$/.exec(body);
  switch (coded?.[1]) {
    case 'base64': return Buffer.from(coded[2]!, 'base64');
    case 'gzip': return gzipSync(coded[2]!);
    case 'deflate': return deflateSync(coded[2]!);
    default: return Buffer.from(body, 'utf8');
  }
}

function parts(lines: readonly string[]): [string[], string] {
  const blank = lines.findIndex((line) => line.trim() === '');
  const fields = (blank < 0 ? lines : lines.slice(0, blank)).filter((line) => line.trim() !== '');
  const body = blank < 0 ? '' : lines.slice(blank + 1).join('\n').replace(/\n+$/, '');
  return [[...fields], body];
}

function pair(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon <= 0) throw new Error(`no field: ${line}`);
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function expectedField(line: string): ExpectedField {
  if (line.startsWith('!')) return { name: line.slice(1).trim().toLowerCase(), value: null };
  const [name, value] = pair(line);
  const pattern = /^\/(.*)\/$/.exec(value);
  return { name: name.toLowerCase(), value: pattern ? new RegExp(pattern[1]!) : value };
}
