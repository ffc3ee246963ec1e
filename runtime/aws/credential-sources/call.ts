/** Small calls of credential endpoints over the gateway's own upstream. */
import { createUpstream } from '../../http1/upstream.js';

export interface CredentialCall {
  readonly method: string;
  readonly url: string;
  readonly fields?: readonly string[];
  readonly body?: string;
  readonly timeoutMs: number;
}

/** Answers of these endpoints are a few hundred bytes. */
const LIMIT = 65_536;

/** The answer's status and text. Rejects with a reason that holds no credential. */
export function callEndpoint({ method, url, fields = [], body, timeoutMs }: CredentialCall): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { origin, pathname, search, host } = new URL(url);
    const upstream = createUpstream(origin, { maxConnections: 1, connectTimeoutMs: timeoutMs, idleTimeoutMs: 1, bodyTimeoutMs: timeoutMs });
    upstream.call({ method, target: pathname + search, fields, host, body: body === undefined ? null : Buffer.from(body), timeoutMs }, LIMIT,
      (response) => { upstream.close(); resolve({ status: response.status, text: response.body.toString('utf8') }); },
      (failure, detail) => { upstream.close(); reject(new Error(`${host}: ${failure}: ${detail}`)); });
  });
}
