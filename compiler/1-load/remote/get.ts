/** One bounded GET: size, time, redirects, and every address that is called are checked. */
import { lookup as lookUp, type LookupAddress } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.js';
import type { RemotePermissions } from './permissions.js';

export interface Got {
  /** After redirects: what relative references in it are relative to (RFC 3986 §5.1.3). */
  readonly url: string;
  readonly bytes: Buffer;
}

/** Why nothing was fetched, in words; `refused`: because it is not allowed. */
export interface NotGot { readonly reason: string; readonly refused: boolean; /** The origin that would have to be allowed. */ readonly origin?: string }

export const MOST_REDIRECTS = 5;

export async function get(url: URL, permissions: RemotePermissions, limits: { readonly bytes: number; readonly ms: number }): Promise<Got | NotGot> {
  const deadline = AbortSignal.timeout(Math.max(1, limits.ms));
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const refusal = permissions.refuse(at);
    const isWeb = at.protocol === 'https:' || at.protocol === 'http:';
    const where = at === url ? '' : `it leads on to ${isWeb ? at.origin : `a URL of ${at.protocol.slice(0, -1)}`}, and `;
    const wanted = isWeb && at.username === '' && at.password === '' ? { origin: at.origin } : {};
    if (refusal !== undefined) return { reason: `${where}${refusal}`, refused: true, ...wanted };
    const answer = await request(at, permissions.isTrusted(at), limits.bytes, deadline);
    if ('reason' in answer) return { reason: `${where}${answer.reason}`, refused: answer.refused, ...(answer.refused && wanted) };
    if ('bytes' in answer) return { url: at.href, bytes: answer.bytes };
    if (!URL.canParse(answer.location, at)) return { reason: 'it is answered with a redirect that leads nowhere', refused: false };
    at = new URL(answer.location, at);
  }
  return { reason: `it is redirected more than ${MOST_REDIRECTS} times`, refused: false };
}

class PrivateAddress extends Error {}

/** The address is checked where it is used, so that a name cannot mean another one a moment later. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    const found = addresses as LookupAddress[] | undefined;
    if (error || !found || found.length === 0) return callback(error ?? new Error('no address'), '', 0);
    const bad = found.find(({ address }) => !isPublicAddress(address));
    if (bad) return callback(new PrivateAddress(bad.address), '', 0);
    if ((options as { all?: boolean }).all) (callback as unknown as (error: null, addresses: LookupAddress[]) => void)(null, found);
    else callback(null, found[0]!.address, found[0]!.family);
  });
};

function request(url: URL, isTrusted: boolean, most: number, signal: AbortSignal): Promise<{ bytes: Buffer } | { location: string } | NotGot> {
  // A socket to a literal address looks nothing up.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (!isTrusted && isIP(literal) !== 0 && !isPublicAddress(literal)) return Promise.resolve(privateAddress(literal));
  return new Promise((resolve) => {
    const fail = (reason: string): void => resolve({ reason, refused: false });
    const sent = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'GET', agent: false, signal, maxHeaderSize: 16_384, ...(isTrusted ? {} : { lookup: lookupPublic }),
      headers: { 'user-agent': 'gwc', accept: 'application/yaml, application/json, text/yaml, */*;q=0.5', 'accept-encoding': 'identity' },
    }, (answer) => {
      const status = answer.statusCode!;
      const { location } = answer.headers;
      if ([301, 302, 303, 307, 308].includes(status) && location !== undefined) {
        resolve({ location });
        answer.destroy();
        return;
      }
      if (status !== 200) {
        fail(`the server answers ${status} ${http.STATUS_CODES[status] ?? ''}`.trimEnd());
        answer.destroy();
        return;
      }
      const coding = answer.headers['content-encoding'];
      if (coding !== undefined && coding !== 'identity') {
        fail('the server compresses what was not asked for');
        answer.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= most) return void chunks.push(chunk);
        fail(`it has more than ${most / 1_000_000} MB`);
        answer.destroy();
      });
      answer.on('end', () => (answer.complete ? resolve({ bytes: Buffer.concat(chunks) }) : fail('the answer ends before its end')));
      answer.on('error', (error) => fail(words(error)));
      answer.on('aborted', () => fail('the answer ends before its end'));
    });
    sent.on('error', (error) => (error instanceof PrivateAddress ? resolve(privateAddress(error.message)) : fail(words(error))));
    sent.end();
  });
}

function privateAddress(address: string): NotGot {
  return { reason: `its address ${address} is none of the public internet`, refused: true };
}

function words(error: Error): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || code === 'ABORT_ERR') return 'it takes too long';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such host';
  if (code === 'ECONNREFUSED') return 'the connection is refused';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection breaks';
  return /^(?:CERT|ERR_TLS|DEPTH|SELF_SIGNED|UNABLE)/.test(code) ? `its certificate is not accepted (${code})` : `it cannot be reached${code === '' ? '' : ` (${code})`}`;
}
