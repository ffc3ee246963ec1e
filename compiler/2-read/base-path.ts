import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Basepath } from '../feature.js';
import { INVALID_BASE_PATH, INVALID_BASEPATH, NO_BASE_PATH } from './diagnostics.js';
import { basePathOrigin, readServers } from './read-servers.js';

/** What API Gateway calls the handling of the base path on import. */
const HANDLINGS: readonly Basepath[] = ['ignore', 'prepend', 'split'];
/** As `--base-path` of a gateway takes it: one way to write it on the wire. */
const PLAIN = /^(?:\/[\w.~!$&'()*+,;=:@-]+)+$/;

export interface BasePath {
  /** What stands before the paths of the document: '' or '/v1/pets'. */
  readonly prefix: string;
  /** The document's servers, the prefix taken off. */
  readonly servers: readonly string[];
  readonly basePath: string;
}

/**
 * `--basepath`, else `x-gwc.basepath`, else `ignore`: the document's base path is left out, becomes part of every route (`prepend`), or all of it but its
 * first segment does (`split`: that segment is the stage or the base path of a domain).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html
 */
export function readBasePath(root: Node, option: Basepath | undefined, reporter: Reporter): BasePath {
  const { urls, basePath } = readServers(root);
  const handling = option ?? said(root, reporter) ?? 'ignore';
  const whole: BasePath = { prefix: '', servers: urls, basePath };
  if (handling === 'ignore') return whole;
  const origin = basePathOrigin(root) ?? root.origin;
  if (basePath === '') {
    reporter.report(NO_BASE_PATH, origin, { handling });
    return whole;
  }
  if (!PLAIN.test(basePath)) {
    reporter.report(INVALID_BASE_PATH, origin, { basePath });
    return whole;
  }
  const prefix = handling === 'prepend' ? basePath : basePath.slice(basePath.indexOf('/', 1) === -1 ? basePath.length : basePath.indexOf('/', 1));
  return {
    prefix,
    servers: urls.map((url) => without(url, prefix)).filter((url) => url !== ''),
    basePath: basePath.slice(0, basePath.length - prefix.length),
  };
}

function said(root: Node, reporter: Reporter): Basepath | undefined {
  const node = root.get('x-gwc')?.get('basepath');
  if (!node) return undefined;
  const handling = HANDLINGS.find((each) => each === node.value);
  if (!handling) reporter.report(INVALID_BASEPATH, node.origin, { value: String(node.value) });
  return handling;
}

function without(url: string, prefix: string): string {
  const trimmed = url.replace(/\/+$/, '');
  return prefix !== '' && trimmed.endsWith(prefix) ? trimmed.slice(0, -prefix.length) : url;
}
