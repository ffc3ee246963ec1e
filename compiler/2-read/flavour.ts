import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Flavour } from '../ir.js';
import { INVALID_FLAVOUR } from './diagnostics.js';
import { isDefaultRoute } from './path-template.js';

/**
 * REST or HTTP API rules. Said by `--flavour` or `x-gwc-flavour`, else inferred: what only HTTP APIs have (`x-amazon-apigateway-cors`,
 * `payloadFormatVersion: 2.0`, `integrationSubtype`, a `$default` route), or no `x-amazon-apigateway-*` at all, means HTTP.
 */
export function readFlavour(root: Node, option: Flavour | undefined, reporter: Reporter): Flavour {
  if (option) return option;
  const said = root.at('x-gwc-flavour');
  if (said) {
    if (said.value === 'rest' || said.value === 'http') return said.value;
    reporter.report(INVALID_FLAVOUR, said.origin, { value: String(said.value) });
  }
  return inferFlavour(root);
}

function inferFlavour(root: Node): Flavour {
  if (root.at('x-amazon-apigateway-cors') || root.at('x-amazon-apigateway-importexport-version')) return 'http';
  let sawExtension = root.entries().some(([key]) => key.startsWith('x-amazon-apigateway-'));
  for (const [path, item] of root.get('paths')?.entries() ?? []) {
    if (isDefaultRoute(path)) return 'http';
    for (const [key, node] of item.follow().entries()) {
      if (key === 'x-amazon-apigateway-any-method') sawExtension = true;
      const integration = node.at('x-amazon-apigateway-integration')?.follow();
      if (integration) {
        sawExtension = true;
        const format = integration.at('payloadFormatVersion')?.value;
        if (format === '2.0' || format === 2 || integration.at('integrationSubtype')) return 'http';
      } else if (node.isObject && Object.keys(node.value as object).some((name) => name.startsWith('x-amazon-apigateway-'))) sawExtension = true;
    }
  }
  for (const holder of ['securityDefinitions', 'components']) {
    const schemes = holder === 'components' ? root.get('components')?.get('securitySchemes') : root.get(holder);
    for (const [, scheme] of schemes?.entries() ?? []) {
      const authorizer = scheme.follow().get('x-amazon-apigateway-authorizer');
      if (authorizer?.string('type')?.toLowerCase() === 'jwt' || authorizer?.at('authorizerPayloadFormatVersion')) return 'http';
      if (scheme.follow().entries().some(([key]) => key.startsWith('x-amazon-apigateway-'))) sawExtension = true;
    }
  }
  return sawExtension ? 'rest' : 'http';
}
