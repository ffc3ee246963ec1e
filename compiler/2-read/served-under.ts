import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import { INVALID_MAPPING_PATH, SERVED_UNDER, SEVERAL_BASE_PATHS } from './diagnostics.js';

/**
 * The path a gateway is served under unless `--base-path` says otherwise: the base path of `x-gwc.domainNames.*.basePathMappings`, when there is only
 * one. '' is the root.
 */
export function readServedUnder(root: Node, reporter: Reporter): string {
  const found = new Map<string, Node>();
  for (const [, domain] of root.get('x-gwc')?.get('domainNames')?.entries() ?? []) {
    for (const mapping of domain.get('basePathMappings')?.items() ?? []) {
      const basePath = (mapping.string('basePath') ?? '').replace(/^\/+|\/+$/g, '');
      if (!/^[\w.~!$&'()*+,;=:@/-]*$/.test(basePath) || basePath.includes('//')) reporter.report(INVALID_MAPPING_PATH, mapping.at('basePath')!.origin, { basePath });
      else if (!found.has(basePath)) found.set(basePath, mapping.at('basePath') ?? mapping);
    }
  }
  const [first, ...others] = [...found];
  if (first === undefined) return '';
  if (others.length > 0) {
    reporter.report(SEVERAL_BASE_PATHS, first[1].origin, { basePaths: [...found.keys()].map((path) => `/${path}`).join(', ') }, others.map(([, node]) => ({ message: 'another one', origin: node.origin })));
    return '';
  }
  if (first[0] === '') return '';
  reporter.report(SERVED_UNDER, first[1].origin, { basePath: `/${first[0]}` });
  return `/${first[0]}`;
}
