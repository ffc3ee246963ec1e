/** Generators of requests and responses that are nearly, or exactly, HTTP/1.1. */
import fc from 'fast-check';

const word = fc.stringMatching(/^[a-zA-Z0-9-]{1,12}$/);
const value = fc.oneof(fc.stringMatching(/^[!-~]([ -~\t]{0,20}[!-~])?$/), fc.constant(''), fc.constant('caf\xe9'));

/** Field lines that attack framing in the published ways, and ones that merely look odd. */
export const ODD_LINES: readonly string[] = [
  'Content-Length: 5', 'Content-Length: +5', 'Content-Length: -1', 'Content-Length: 0x5', 'Content-Length: 5, 5', 'Content-Length: 05', 'Content-Length:',
  'Content-Length: 5 5', 'Content-Length: 99999999999999999999', 'Content-Length : 5', 'content-length: 0', 'Content_Length: 5', 'Content-Length: "5"',
  'Transfer-Encoding: chunked', 'Transfer-Encoding: Chunked', 'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding: identity',
  'Transfer-Encoding: gzip, chunked', 'Transfer-Encoding:\tchunked', 'Transfer-Encoding: chunked\t', 'Transfer-Encoding : chunked', 'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: "chunked"', 'Transfer-Encoding: chunked;q=1', ' Transfer-Encoding: chunked', 'X: y\r\n Transfer-Encoding: chunked', 'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked', 'Transfer-Encoding\0: chunked', 'Transfer-Encoding: chunked\0', 'Transfer-Encoding:\r\n chunked', 'Transfer-Encoding: ,chunked',
  'Connection: close', 'Connection: keep-alive', 'Connection: keep-alive, close', 'Connection: x, content-length', 'Connection: ,', 'Connection: @',
  'Host: other', 'Host:', 'Host: a b', 'Host: a@b', 'Host: a/b', ': empty', 'no colon', 'X Y: z', '\tX: y', 'X: \x7f', 'X: a\0b', 'Expect: 100-continue', 'Upgrade: h2c',
  'Trailer: X', 'TE: trailers', 'X:y', 'X:    y   ', 'Keep-Alive: timeout=5', '\x80X: y', 'X\x80: y',
];

const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(word, value).map(([name, text]) => `${/^(content-length|transfer-encoding|host|expect|connection|upgrade|trailer)$/i.test(name) ? 'x' : name}: ${text}`) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_LINES) },
);

const bodyText = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '0', ' ', 'G'), maxLength: 40 });

const chunkedText = fc.tuple(fc.array(bodyText.filter((text) => text.length > 0), { maxLength: 3 }), fc.constantFrom('', ';a', ';a=b', ';a="b c"', ';a="\\""', '; a', ' ', ';', '\t', ';a=\n'),
  fc.constantFrom('', 'X: y\r\n', 'Content-Length: 3\r\n', 'X y\r\n', ' x: y\r\n', 'X:y\n'), fc.constantFrom('', '0', '00', '0x', '+', '-', ' '))
  .map(([chunks, extension, trailer, prefix]) => `${chunks.map((text, i) => `${i === 0 ? prefix : ''}${text.length.toString(16)}${i === 0 ? extension : ''}\r\n${text}\r\n`).join('')}0\r\n${trailer}\r\n`);

const plainChunked = fc.array(bodyText.filter((text) => text.length > 0), { maxLength: 3 })
  .map((chunks) => `${chunks.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join('')}0\r\n\r\n`);

/** The fields and body of a message: none, counted, or chunked, now and then wrong. */
const framed = fc.oneof(
  { weight: 4, arbitrary: fc.constant(['', ''] as const) },
  { weight: 4, arbitrary: bodyText.map((text) => [`Content-Length: ${text.length}\r\n`, text] as const) },
  { weight: 3, arbitrary: plainChunked.map((text) => ['Transfer-Encoding: chunked\r\n', text] as const) },
  { weight: 2, arbitrary: chunkedText.map((text) => ['Transfer-Encoding: chunked\r\n', text] as const) },
);

const method = fc.oneof({ weight: 8, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS') }, { weight: 1, arbitrary: fc.constantFrom('TRACE', 'PROPFIND', 'M-SEARCH', 'get', 'FOO', 'CONNECT', 'PRI', 'G ET', '') });
const target = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^\/[!-~]{0,20}$/) },
  { weight: 1, arbitrary: fc.constantFrom('*', '/a b', 'http://host/x', 'http://other/x', 'http://host', 'http://u@host/', 'host:80', '/\x80', '/\0', '/#x', '', '//', '/%00', 'x') },
);
const version = fc.oneof({ weight: 12, arbitrary: fc.constant('HTTP/1.1') }, { weight: 1, arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/0.9', 'http/1.1', 'HTTP/1.1 ', 'HTTP/11', 'HTTP/1.', '') });

export const request = fc.tuple(method, target, version, fc.array(line, { maxLength: 5 }), framed)
  .map(([m, t, v, lines, [framing, body]]) => `${m} ${t} ${v}\r\nHost: host\r\n${lines.map((text) => `${text}\r\n`).join('')}${framing}\r\n${body}`);

/** A request nobody can object to. */
export const properRequest = fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'), fc.stringMatching(/^\/[a-z0-9/?=&~-]{0,20}$/), fc.array(fc.tuple(word, value), { maxLength: 5 }),
  fc.oneof(fc.constant(['', ''] as const), bodyText.map((text) => [`Content-Length: ${text.length}\r\n`, text] as const), plainChunked.map((text) => ['Transfer-Encoding: chunked\r\n', text] as const)))
  .map(([m, t, lines, [framing, body]]) => `${m} ${t} HTTP/1.1\r\nHost: host\r\n${lines.map(([name, text]) => `x-${name}: ${text}\r\n`).join('')}${framing}\r\n${body}`);

export const response = fc.tuple(
  fc.oneof({ weight: 8, arbitrary: fc.constant('HTTP/1.1') }, { weight: 1, arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'http/1.1', 'ICY') }),
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom('200', '201', '404', '500', '204', '304') }, { weight: 1, arbitrary: fc.constantFrom('100', '103', '20', '2000', 'abc', '099', '999', '') }),
  fc.constantFrom(' OK', ' ', '', ' caf\xe9', '\tOK', ' a\0b', ' a\rb'),
  fc.array(line, { maxLength: 4 }), framed,
).map(([v, status, reason, lines, [framing, body]]) => `${v} ${status}${reason}\r\n${lines.map((text) => `${text}\r\n`).join('')}${framing}\r\n${body}`);

/** Single-byte faults: position, what to do, with which byte. */
export const faults = fc.array(fc.tuple(fc.nat(400), fc.constantFrom('insert', 'replace', 'delete'), fc.constantFrom('\r', '\n', '\0', ' ', '\t', ':', ',', ';', '\x80', '\x0b', '0', 'a', '\r\n')), { maxLength: 2 });

export function withFaults(text: string, list: readonly (readonly [number, string, string])[]): Buffer {
  for (const [place, kind, character] of list) {
    const at = place % (text.length + 1);
    text = text.slice(0, at) + (kind === 'delete' ? '' : character) + text.slice(kind === 'insert' ? at : at + 1);
  }
  return Buffer.from(text, 'latin1');
}

export const places = fc.array(fc.nat(600), { maxLength: 6 });
