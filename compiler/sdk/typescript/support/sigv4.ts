/** AWS Signature Version 4 with WebCrypto: for operations behind IAM authorisation, in browsers (https or localhost) and servers. */
import type { RequestSigner, SignableRequest } from './auth.js';
import { encode, hex } from './encode.js';

export interface AwsCredentials { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined }

export interface SigV4Options {
  readonly region: string;
  /** Default `execute-api`. */
  readonly service?: string;
  /** A function is asked for every request; it should keep what it fetched until that expires. */
  readonly credentials: AwsCredentials | (() => AwsCredentials | Promise<AwsCredentials>);
  /** The clock, for tests. */
  readonly now?: () => Date;
}

type Bytes = Uint8Array<ArrayBuffer>;
const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** Signs host, date, session token and content type; proxies may change other headers. */
export function sigV4({ region, service = 'execute-api', credentials, now = () => new Date() }: SigV4Options): RequestSigner {
  return async (request) => {
    if (!globalThis.crypto?.subtle) throw new TypeError('sigV4: WebCrypto is missing (a page must be served over https or from localhost)');
    const { accessKeyId, secretAccessKey, sessionToken } = typeof credentials === 'function' ? await credentials() : credentials;
    const time = now().toISOString().replace(/[-:]|\.\d+/g, '');
    const { headers, url } = request;
    headers.set('x-amz-date', time);
    if (sessionToken) headers.set('x-amz-security-token', sessionToken);
    const signed: [string, string][] = [['host', url.host]];
    for (const name of ['content-type', 'x-amz-date', 'x-amz-security-token']) if (headers.has(name)) signed.push([name, headers.get(name)!.trim().replace(/\s+/g, ' ')]);
    signed.sort(([a], [b]) => (a < b ? -1 : 1));
    const names = signed.map(([name]) => name).join(';');
    const canonical = [request.method, canonicalPath(url), canonicalQuery(url), ...signed.map((pair) => pair.join(':')), '', names, await sha256(await bytesOf(request))].join('\n');
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
    let key = utf8(`AWS4${secretAccessKey}`);
    for (const part of scope.split('/')) key = await hmac(key, part);
    const signature = hex(await hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${await sha256(utf8(canonical))}`));
    headers.set('authorization', `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`);
  };
}

/** Every segment encoded once more than on the wire, empty segments dropped (all services but S3). */
function canonicalPath(url: URL): string {
  const path = url.pathname.split('/').filter(Boolean).map(encode).join('/');
  return `/${path}${path && url.pathname.endsWith('/') ? '/' : ''}`;
}

function canonicalQuery(url: URL): string {
  const pairs = url.search.slice(1).split('&').filter(Boolean).map((pair) => {
    const equals = pair.indexOf('=');
    return [equals < 0 ? pair : pair.slice(0, equals), equals < 0 ? '' : pair.slice(equals + 1)].map((text) => encode(decodeURIComponent(text)));
  });
  // By code point, names first: `a-b` sorts before `a=`.
  return pairs.sort(([a, x], [b, y]) => (a! < b! ? -1 : a! > b! ? 1 : x! < y! ? -1 : x! > y! ? 1 : 0)).map((pair) => pair.join('=')).join('&');
}

/** What will be sent, as bytes; a body that is not bytes yet is replaced by them so that the signature stays true. */
async function bytesOf(request: SignableRequest): Promise<Bytes> {
  const { body } = request;
  if (body === undefined) return new Uint8Array(0);
  if (body instanceof ReadableStream) throw new TypeError('sigV4: a stream cannot be signed; send a Blob or bytes');
  const bytes = typeof body === 'string' ? utf8(body) : new Uint8Array(await new Response(body).arrayBuffer());
  request.body = bytes;
  return bytes;
}

async function hmac(key: Bytes, text: string): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, utf8(text)));
}

async function sha256(bytes: Bytes): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
