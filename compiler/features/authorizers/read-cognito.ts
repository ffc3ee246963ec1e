import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Flavour, SecurityScheme } from '../../ir.js';
import * as diagnostics from './diagnostics.js';
import type { CognitoAuthorizer } from './ir.js';
import { readExpression } from './read-expression.js';
import { readTokenSource } from './read-jwt.js';

/** undefined: it cannot work, which has been reported. */
export function readCognitoAuthorizer(scheme: string, definition: SecurityScheme, node: Node, flavour: Flavour, reporter: Reporter): CognitoAuthorizer | undefined {
  const source = readTokenSource(scheme, definition, node, flavour, reporter);
  const expression = readExpression(scheme, node, reporter);
  const pools = (node.get('providerARNs')?.items() ?? []).flatMap((item) => {
    const arn = /^arn:aws[a-z-]*:cognito-idp:([a-z0-9-]+):\d{12}:userpool\/([\w-]+_[0-9A-Za-z]+)$/.exec(String(item.value));
    if (!arn) reporter.report(diagnostics.INVALID_USER_POOL, item.origin, { scheme, value: String(item.value) });
    return arn ? [{ region: arn[1]!, id: arn[2]! }] : [];
  });
  if (pools.length === 0) reporter.report(diagnostics.INVALID_USER_POOL, (node.at('providerARNs') ?? node).origin, { scheme, value: '' });
  return source === undefined || expression === undefined || pools.length === 0 ? undefined : { scheme, source, pools, expression };
}
