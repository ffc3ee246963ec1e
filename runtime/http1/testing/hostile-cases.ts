/**
 * Published request-smuggling, desync and splitting classes as raw bytes. `expect`: the status ours must refuse with, or 'one': passed on as exactly one
 * well-formed request. Each is sent in front of a backend that records what reaches it. Sources: RFC 9112 §11, PortSwigger's "HTTP desync attacks" and
 * "HTTP/1.1 must die", narfindustries' http-garbage, the CVEs named.
 */
export interface HostileCase { readonly name: string; readonly bytes: string; readonly expect: number | 'one' }

const post = (lines: string, body = ''): string => `POST /probe HTTP/1.1\r\nHost: g\r\n${lines}\r\n${body}`;
const get = (lines: string): string => `GET /probe HTTP/1.1\r\nHost: g\r\n${lines}\r\n`;
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: g\r\n\r\n';
const te = (field: string, body = `0\r\n\r\n${SMUGGLED}`): string => post(`${field}\r\nContent-Length: ${body.length}\r\n`, body);
const chunked = (body: string): string => post('Transfer-Encoding: chunked\r\n', body);

export const HOSTILE: readonly HostileCase[] = [
  // Two lengths: CL.TE, TE.CL, CL.CL.
  { name: 'CL.TE', bytes: te('Transfer-Encoding: chunked'), expect: 400 },
  { name: 'TE.CL', bytes: post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `5c\r\n${SMUGGLED}\r\n0\r\n\r\n`), expect: 400 },
  { name: 'CL.CL differing', bytes: post('Content-Length: 0\r\nContent-Length: 38\r\n', SMUGGLED), expect: 400 },
  { name: 'CL.CL same', bytes: post('Content-Length: 2\r\nContent-Length: 2\r\n', 'ab'), expect: 400 },
  { name: 'CL list', bytes: post('Content-Length: 0, 38\r\n', SMUGGLED), expect: 400 },
  { name: 'CL 0 with body following (CL.0)', bytes: post('Content-Length: 0\r\nConnection: close\r\n', SMUGGLED), expect: 'one' },
  { name: 'GET with CL', bytes: get('Content-Length: 5\r\nConnection: close\r\n') + 'hello', expect: 'one' },
  // Lengths that are not digits.
  ...['+5', '-5', '0x5', '5;', '5 5', '5.0', '5e0', ' ', '', '"5"', '5\0', '\u00a05', '5_0', '18446744073709551621', '4294967301000000'].map((value): HostileCase => ({ name: `CL ${JSON.stringify(value)}`, bytes: post(`Content-Length: ${value}\r\n`, 'hello'), expect: 400 })),
  { name: 'CL with leading tab', bytes: post('Content-Length:\t5\r\n', 'hello'), expect: 400 },
  { name: 'CL vertical tab', bytes: post('Content-Length:\x0b5\r\n', 'hello'), expect: 400 },
  // Transfer-Encoding obfuscations (TE.TE).
  ...['Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding: identity', 'Transfer-Encoding: gzip', 'Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: "chunked"', 'Transfer-Encoding: chunked;q=1', 'Transfer-Encoding: ch\u00fcnked', 'Transfer-Encoding: ,chunked', 'Transfer-Encoding:', 'Transfer-Encoding: cow', 'Transfer-Encoding: chunked,'].map((field): HostileCase => ({ name: field.replace('Transfer-Encoding', 'TE'), bytes: te(field), expect: 501 })),
  ...['Transfer-Encoding : chunked', ' Transfer-Encoding: chunked', 'Transfer-Encoding\t: chunked', 'X: x\r\n\tTransfer-Encoding: chunked', 'X: x\nTransfer-Encoding: chunked', 'X: x\rTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r',
    'Transfer-Encoding:\0chunked', 'Transfer-Encoding\0: chunked', 'Transfer-Encoding: chunked\0', '\0Transfer-Encoding: chunked', 'Transfer\u00adEncoding: chunked', ': chunked', 'Transfer-Encoding: chunked\nX: y',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\x1f', 'X:\r\n Transfer-Encoding: chunked', 'Transfer-Encoding: chunked ', '{Transfer-Encoding}: chunked'].map((field): HostileCase => ({ name: `field ${JSON.stringify(field)}`, bytes: te(field), expect: 400 })),
  { name: 'TE vertical tab', bytes: te('Transfer-Encoding:\x0bchunked'), expect: 400 },
  { name: 'TE in HTTP/1.0 (gunicorn CVE-2024-1135 class)', bytes: 'POST /probe HTTP/1.0\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', expect: 400 },
  { name: 'Transfer_Encoding and CL', bytes: te('Transfer_Encoding: chunked\r\nConnection: close', 'hello'), expect: 'one' },
  { name: 'TE upper case', bytes: `${post('Transfer-Encoding: CHUNKED\r\nConnection: close\r\n')}0\r\n\r\n`, expect: 'one' },
  // Chunks.
  ...['0x5\r\nhello\r\n0\r\n\r\n', '+5\r\nhello\r\n0\r\n\r\n', '-5\r\nhello\r\n0\r\n\r\n', ' 5\r\nhello\r\n0\r\n\r\n', '5 \r\nhello\r\n0\r\n\r\n', '5\t\r\nhello\r\n0\r\n\r\n', '5\nhello\r\n0\r\n\r\n', '5\r\nhello\n0\r\n\r\n', '5\r\nhelloXX0\r\n\r\n', '5\r\nhello0\r\n\r\n',
    '5\rXhello\r\n0\r\n\r\n', 'g\r\nhello\r\n0\r\n\r\n', '\r\nhello\r\n0\r\n\r\n', '10000000000000005\r\nhello\r\n0\r\n\r\n', 'fffffffffffffffb\r\nhello\r\n0\r\n\r\n', '5_0\r\nhello\r\n0\r\n\r\n', '5;\r\nhello\r\n0\r\n\r\n', '5; a\r\nhello\r\n0\r\n\r\n', '5;a=\r\nhello\r\n0\r\n\r\n',
    '5;a\nb\r\nhello\r\n0\r\n\r\n', '5;\0\r\nhello\r\n0\r\n\r\n', '5;a="\r\n0\r\n\r\n', `5;${'a'.repeat(5_000)}\r\nhello\r\n0\r\n\r\n`, '5\r\nhello\r\n0\r\nX y\r\n\r\n', '5\r\nhello\r\n0\r\n X: y\r\n\r\n', '5\r\nhello\r\n0\r\nX: y\n\r\n', '5\r\nhello\r\n0\r\nX: y\r\n\n',
    '5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n', '5\r\nhello\r\n0\r\nTransfer-Encoding: x\r\n\r\n', '5\r\nhello\r\n0\r\nHost: other\r\n\r\n', `5\r\nhello\r\n0\r\n${'X: y\r\n'.repeat(2_000)}\r\n`, '5\r\nhello\r\n0\r\n: y\r\n\r\n', '5\r\nhello\r\n0\r\n\0: y\r\n\r\n',
  ].map((body): HostileCase => ({ name: `chunks ${JSON.stringify(body.slice(0, 32))}`, bytes: chunked(body), expect: 400 })),
  { name: 'chunk with extension (TERM.EXT)', bytes: chunked('5;a="b\\"c"\r\nhello\r\n0\r\n\r\n').replace('Host: g', 'Host: g\r\nConnection: close'), expect: 'one' },
  { name: 'chunk size with zeros', bytes: chunked('005\r\nhello\r\n000\r\n\r\n').replace('Host: g', 'Host: g\r\nConnection: close'), expect: 'one' },
  { name: 'trailer', bytes: chunked('5\r\nhello\r\n0\r\nX-Trailer: y\r\n\r\n').replace('Host: g', 'Host: g\r\nConnection: close'), expect: 'one' },
  // The request line.
  ...['GET  /probe HTTP/1.1', 'GET /probe  HTTP/1.1', ' GET /probe HTTP/1.1', 'GET\t/probe HTTP/1.1', 'GET /probe HTTP/1.1 ', 'GET /probe', 'GET /probe HTTP/1.1\0', 'GET /pro\0be HTTP/1.1', 'GET /pro be HTTP/1.1', 'GET /probe\tHTTP/1.1', 'GET /probe HTTP/1.1\r', 'GET /probe http/1.1',
    'GET /probe HTTP/11', 'GET /probe HTTP/1', 'GET /probe XHTTP/1.1', 'GET /probe HTTP/1,1', 'GET probe HTTP/1.1', 'GET /probe#x HTTP/1.1', 'GET /pr\u00f6be HTTP/1.1', 'G(T /probe HTTP/1.1', 'GET http://other/probe HTTP/1.1', 'GET http://g@other/probe HTTP/1.1', 'GET http:///probe HTTP/1.1', 'GET ftp://g/probe HTTP/1.1', 'GET * HTTP/1.1',
    'GET /probe HTTP/1.1\nX: y', 'GET /probe\r HTTP/1.1', ' /probe HTTP/1.1', 'GET\0 /probe HTTP/1.1', 'GET /probe HTTP/ 1.1'].map((line): HostileCase => ({ name: `line ${JSON.stringify(line)}`, bytes: `${line}\r\nHost: g\r\n\r\n`, expect: 400 })),
  ...['GET /probe HTTP/1.2', 'GET /probe HTTP/2.0', 'GET /probe HTTP/0.9', 'GET /probe HTTP/9.9'].map((line): HostileCase => ({ name: `line ${line}`, bytes: `${line}\r\nHost: g\r\n\r\n`, expect: 505 })),
  ...['get /probe HTTP/1.1', 'FOO /probe HTTP/1.1', 'CONNECT g:80 HTTP/1.1'].map((line): HostileCase => ({ name: `line ${line}`, bytes: `${line}\r\nHost: g\r\n\r\n`, expect: 501 })),
  { name: 'HTTP/2 preface', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', expect: 505 },
  { name: 'HTTP/0.9', bytes: 'GET /probe\r\n', expect: 400 },
  { name: 'bare LF everywhere', bytes: 'GET /probe HTTP/1.1\nHost: g\n\n', expect: 400 },
  { name: 'bare CR everywhere', bytes: 'GET /probe HTTP/1.1\rHost: g\r\r', expect: 400 },
  { name: 'LF at the end of the head', bytes: 'GET /probe HTTP/1.1\r\nHost: g\r\n\n', expect: 400 },
  { name: 'two empty lines in front', bytes: '\r\n\r\nGET /probe HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n', expect: 400 },
  { name: 'LF in front', bytes: '\nGET /probe HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n', expect: 400 },
  { name: 'TLS hello on a plain port', bytes: '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03', expect: 400 },
  { name: 'zeros', bytes: '\0'.repeat(100), expect: 400 },
  // Host.
  { name: 'no Host', bytes: 'GET /probe HTTP/1.1\r\n\r\n', expect: 400 },
  { name: 'two Host', bytes: get('Host: other\r\n'), expect: 400 },
  { name: 'two Host same', bytes: get('Host: g\r\n'), expect: 400 },
  ...['', 'a b', 'a,b', 'a/b', 'a@b', 'a\\b', 'a\tb', 'g#', 'g?', '\u00e4', '<g>', 'g"'].map((host): HostileCase => ({ name: `Host ${JSON.stringify(host)}`, bytes: `GET /probe HTTP/1.1\r\nHost: ${host}\r\n\r\n`, expect: 400 })),
  { name: 'absolute form, same host', bytes: 'GET http://g/probe HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n', expect: 'one' },
  // Fields.
  ...['X y: z', 'X\u00e9: y', 'X', '\tX: y', 'X: a\0b', 'X: a\x01b', 'X: a\x7fb', 'X: a\x08', 'X: a\rb', 'X: a\nb', 'X(: y', '"X": y', 'X:y\r\n\r', 'X\x00: y', 'X\r\n: y', 'Connection: @'].map((line): HostileCase => ({ name: `field ${JSON.stringify(line)}`, bytes: get(`${line}\r\n`), expect: 400 })),
  { name: 'obs-fold', bytes: get('X: a\r\n b\r\n'), expect: 400 },
  { name: 'obs-fold in the first field', bytes: 'GET /probe HTTP/1.1\r\n Host: g\r\nHost: g\r\n\r\n', expect: 400 },
  { name: 'Connection nominates Content-Length', bytes: post('Connection: close, content-length, transfer-encoding\r\nContent-Length: 5\r\n', 'hello'), expect: 'one' },
  { name: 'Connection nominates Host', bytes: get('Connection: close, host\r\n'), expect: 'one' },
  { name: 'Upgrade h2c (h2c smuggling)', bytes: get('Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n'), expect: 'one' },
  { name: 'Upgrade websocket', bytes: get('Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'), expect: 'one' },
  { name: 'Expect with a body in the same packet (0.CL)', bytes: post('Expect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n', 'hello'), expect: 'one' },
  { name: 'Expect obfuscated', bytes: post('Expect: y 100-continue\r\nContent-Length: 5\r\n', 'hello'), expect: 417 },
  { name: 'field flood', bytes: get('X: y\r\n'.repeat(1_000)), expect: 431 },
  { name: 'large field', bytes: get(`X: ${'y'.repeat(20_000)}\r\n`), expect: 431 },
  { name: 'large name', bytes: get(`${'x'.repeat(20_000)}: y\r\n`), expect: 431 },
  { name: 'endless name', bytes: `GET /probe HTTP/1.1\r\nHost: g\r\n${'x'.repeat(40_000)}`, expect: 431 },
  { name: 'large target', bytes: `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: g\r\n\r\n`, expect: 414 },
  { name: 'endless target', bytes: `GET /${'x'.repeat(40_000)}`, expect: 414 },
  { name: 'endless method', bytes: 'X'.repeat(40_000), expect: 400 },
  { name: 'declared 20 MB', bytes: post('Content-Length: 20000000\r\n', 'x'), expect: 413 },
  { name: 'declared 9 PB', bytes: post('Content-Length: 9007199254740991\r\n', 'x'), expect: 400 },
  // Bytes in the target that a backend or a mapping may decode.
  { name: '%0d%0a in path and query', bytes: 'GET /probe%0d%0aX:%20y?a=%0d%0aSet-Cookie:%20b HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n', expect: 'one' },
  // Paths a backend may take for others.
  ...['/probe%00', '/probe/../../x', '/probe/../x', '/probe/..', '/probe/.', '/probe/./x', '/..', '/probe/%2e%2e/x', '/probe/.%2E/x', '/probe/..;a/x', '/probe\\..\\x', '/probe%', '/probe%2', '/probe%zz', '/probe/..?x'].map((target): HostileCase => ({ name: `path ${target}`, bytes: `GET ${target} HTTP/1.1\r\nHost: g\r\n\r\n`, expect: 400 })),
  ...['/probe/...', '/probe/.well-known', '/probe/a..', '/probe/..a', '/probe/a.b', '/probe/%2F', '/probe?../x', '/probe?%'].map((target): HostileCase => ({ name: `path ${target}`, bytes: `GET ${target} HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n`, expect: 'one' })),
];
