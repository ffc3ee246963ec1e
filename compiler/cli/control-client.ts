/** The control plane as `gwc keys` and `gwc usage` call it: over the admin port of a running gateway, or on the store of one that is stopped. */
import { readFileSync } from 'node:fs';
import type { ControlAnswer } from '../../runtime/keys/control-request.js';
import { UsageError } from './usage-error.js';

export interface ControlClient {
  /** The answer's JSON. Throws ControlFailure when the control plane refuses. */
  call(method: string, path: string, query?: Readonly<Record<string, string>>, body?: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface ControlArguments { admin?: string; token?: string; tokenFile?: string; store?: string }

/** What the control plane, or the way to it, says: printed as it is, exit 1. */
export class ControlFailure extends Error {}

export async function controlClient({ admin, tokenFile, store, ...args }: ControlArguments): Promise<ControlClient> {
  const address = admin ?? process.env['GWC_ADMIN_URL'];
  if (store !== undefined && admin !== undefined) throw new UsageError('give --admin (a running gateway) or --store (a stopped one), not both');
  if (store !== undefined) return (await import('./store-client.js')).storeClient(store);
  if (address === undefined || address === '') throw new UsageError('where are the keys? give --admin http://127.0.0.1:PORT (the gateway\'s --admin-port; also GWC_ADMIN_URL), or --store with the gateway\'s own --store');
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new UsageError(`--admin ${address}: write http://127.0.0.1:PORT`);
  const token = args.token ?? (tokenFile === undefined ? process.env['GWC_ADMIN_TOKEN'] : readToken(tokenFile));
  if (!token) throw new UsageError('who are you? set GWC_ADMIN_TOKEN, or give --token-file');
  return httpClient(url, token);
}

function readToken(file: string): string {
  try {
    const line = readFileSync(file, 'utf8').split(/\r?\n/).map((each) => each.trim()).find((each) => each !== '' && !each.startsWith('#'));
    if (line !== undefined) return line;
  } catch (error) { throw new UsageError(`--token-file ${file}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`); }
  throw new UsageError(`--token-file ${file}: there is no token in it`);
}

function httpClient(base: URL, token: string): ControlClient {
  return {
    async call(method, path, query = {}, body = '') {
      const url = new URL(path.slice(1), base.href.endsWith('/') ? base.href : `${base.href}/`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      let status: number, text: string;
      try {
        const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body === '' ? {} : { body }), redirect: 'error', signal: AbortSignal.timeout(60_000) });
        status = answer.status;
        text = await answer.text();
      } catch (error) {
        const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
        throw new ControlFailure(cause?.code === 'ECONNREFUSED' ? `nobody listens on ${base.origin}: is the gateway running, with --admin-port?` : `${base.origin} does not answer: ${cause?.code ?? (error as Error).name}`);
      }
      return readAnswer({ status, errorType: '', body: text }, base.origin);
    },
    async close() { /* nothing is held */ },
  };
}

export function readAnswer({ status, body }: ControlAnswer, from: string): Record<string, unknown> {
  let value: unknown;
  try { value = body === '' ? {} : JSON.parse(body); } catch { throw new ControlFailure(`${from} answers ${status} and no JSON: is it the admin port of a gateway whose document asks for API keys?`); }
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (status >= 300) throw new ControlFailure(String(fields['message'] ?? `${from} answers ${status}`));
  return fields;
}

/** Every item of a paged list. */
export async function listAll(client: ControlClient, path: string, query: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let position: string | undefined;
  do {
    const page = await client.call('GET', path, { ...query, limit: '500', ...(position === undefined ? {} : { position }) });
    items.push(...(page['item'] as Record<string, unknown>[]));
    position = page['position'] as string | undefined;
  } while (position !== undefined);
  return items;
}

