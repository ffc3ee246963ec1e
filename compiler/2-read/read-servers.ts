import type { Node } from '../1-load/node.js';
import type { Origin } from '../diagnostics/define.js';

/** Of API Gateway: the server variable that holds the base path in OpenAPI 3. */
const BASE_PATH = 'basePath';

/** URLs of `servers` (OpenAPI 3: variables replaced by their defaults) or of `schemes`, `host` and `basePath` (2.0). */
export function readServers(root: Node): { urls: string[]; basePath: string } {
  if (root.at('swagger')) {
    const host = root.string('host');
    const basePath = trimSlash(root.string('basePath') ?? '');
    const schemes = root.get('schemes')?.items().map((node) => String(node.value)) ?? [];
    const scheme = schemes.includes('https') ? 'https' : (schemes[0] ?? 'https');
    return { urls: host ? [`${scheme}://${host}${basePath}`] : basePath ? [basePath] : [], basePath };
  }
  const urls = serversOf(root).map((server) => serverUrl(server.follow())).filter((url) => url !== undefined);
  const first = urls[0];
  const variable = basePathVariable(root)?.get('default')?.value;
  return { urls, basePath: trimSlash(typeof variable === 'string' ? variable : first === undefined ? '' : pathOf(first)) };
}

/** A list; API Gateway also takes one server without a list around it. */
function serversOf(root: Node): readonly Node[] {
  const servers = root.get('servers');
  return servers === undefined ? [] : servers.isObject ? [servers] : servers.items();
}

/** The first variable called `basePath` is the base path, even where no url refers to it (API Gateway's rule); else the path of the first url is. */
function basePathVariable(root: Node): Node | undefined {
  return serversOf(root).map((server) => server.follow().get('variables')?.get(BASE_PATH)).find((variable) => variable !== undefined);
}

/** Where the document says what its base path is. */
export function basePathOrigin(root: Node): Origin | undefined {
  const servers = root.get('servers');
  return (root.at('swagger') ? root.at(BASE_PATH) : basePathVariable(root)?.at('default') ?? serversOf(root)[0]?.at('url') ?? servers)?.origin;
}

function serverUrl(server: Node): string | undefined {
  const url = server.string('url');
  if (url === undefined) return undefined;
  const variables = server.get('variables');
  return url.replace(/(?<!\$)\{([^{}]+)\}/g, (whole, name: string) => {
    const value = variables?.get(name)?.get('default')?.value;
    return value === undefined || value === null ? whole : String(value).replace(/^\//, '');
  });
}

function pathOf(url: string): string {
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url);
  return match ? match[1]! : url.startsWith('/') ? url.split(/[?#]/)[0]! : '';
}

function trimSlash(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

/** An `http(s)` URL that can be a backend, without a trailing slash; undefined otherwise. */
export function absoluteServer(urls: readonly string[]): string | undefined {
  return urls.find((url) => /^https?:\/\/[^/?#{}\s]+/i.test(url) && !/[{}]/.test(url))?.replace(/\/+$/, '');
}
