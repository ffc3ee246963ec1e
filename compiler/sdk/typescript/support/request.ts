/** From parameters to a request that can be sent again. */
import type { CallOptions, Client } from './client.js';
import { randomHex } from './encode.js';
import type { SentBody } from './open-types.js';
import type { OperationSpec } from './operation.js';

export interface PreparedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: SentBody | undefined;
  /** Another attempt can do no harm and has the same body to send. */
  readonly repeatable: boolean;
}

type Params = Readonly<Record<string, unknown>>;

/** `params` has no prototype. Throws a TypeError for what the compiler would have refused too: a missing path variable, a value that would leave its segment. */
export function prepare(client: Client, operation: OperationSpec, params: Params, options: CallOptions): PreparedRequest {
  const method = operation.method ?? String(params['method'] ?? 'GET').toUpperCase();
  const headers = new Headers({ ...client.options.headers });
  if (operation.accept && !headers.has('accept')) headers.set('accept', operation.accept);
  const draft = { query: [] as string[], cookies: [] as string[], headers };
  const texts = (operation.parameters ?? []).map((spec) => {
    const value = params[spec.key];
    const text = value === undefined || value === null ? '' : spec.write(spec, value, draft);
    if (text === '' && spec.required) throw new TypeError(`${operation.id}: ${spec.key} is missing or empty`);
    return text;
  });
  if (draft.cookies.length > 0) headers.set('cookie', draft.cookies.join('; '));
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);

  const idempotent = !/^(POST|PATCH|CONNECT)$/.test(method);
  if (!idempotent && !headers.has('idempotency-key')) {
    const key = options.idempotencyKey ?? client.options.idempotencyKeys;
    if (key) headers.set('idempotency-key', key === true ? randomHex() : key);
  }
  const body = operation.send?.(operation.body!, params, headers);
  const path = operation.path.map((part) => (typeof part === 'string' ? part : texts[part])).join('');
  // URLs lose such segments (RFC 3986 section 5.2.4), however they are encoded: another operation would be called.
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(path)) throw new TypeError(`${operation.id}: "." or ".." in ${path}`);
  const url = new URL(client.baseUrl + path + (draft.query.length > 0 ? `?${draft.query.join('&')}` : ''), globalThis.location?.href);
  return { method, url, headers, body, repeatable: (idempotent || headers.has('idempotency-key')) && !(body instanceof ReadableStream) };
}
