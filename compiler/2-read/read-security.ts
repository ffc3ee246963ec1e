import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import type { AwsAuthorizer, Operation, SecurityScheme } from '../ir.js';
import { ASSUMED_API_KEY, UNKNOWN_SECURITY_SCHEME } from './diagnostics.js';

type Schemes = Record<string, SecurityScheme>;

/** `components.securitySchemes` or 2.0's `securityDefinitions`, by name. */
export function readSecuritySchemes(root: Node): Schemes {
  const schemes: Schemes = Object.create(null) as Schemes;
  for (const [name, entry] of holderOf(root)?.entries() ?? []) {
    const scheme = readScheme(entry.follow());
    if (scheme) schemes[name] = scheme;
  }
  return schemes;
}

function holderOf(root: Node): Node | undefined {
  return root.at('swagger') ? root.get('securityDefinitions') : root.get('components')?.get('securitySchemes');
}

/** A scheme that is a reference which leads nowhere: that error has been reported where it stands. */
function isBroken(root: Node, name: string): boolean {
  const scheme = holderOf(root)?.at(name);
  return scheme?.reference !== undefined && scheme.document.resolve(scheme.file, scheme.reference) === undefined;
}

function readScheme(node: Node): SecurityScheme | undefined {
  const description = node.string('description');
  const aws = readAws(node);
  const jwt = node.get('x-gwc-jwt')?.origin;
  const users = node.get('x-gwc-basic')?.origin;
  const basic = users ? { basic: users } : {};
  const common = { origin: node.origin, ...(description !== undefined ? { description } : {}), ...(aws ? { aws } : {}), ...(jwt ? { jwt } : {}) };
  switch (node.string('type')) {
    case 'apiKey': {
      const place = node.string('in');
      return { kind: 'apiKey', name: node.string('name') ?? '', in: place === 'query' || place === 'cookie' ? place : 'header', ...common };
    }
    case 'basic': return { kind: 'http', scheme: 'basic', ...basic, ...common };
    case 'http': {
      const bearerFormat = node.string('bearerFormat');
      return { kind: 'http', scheme: (node.string('scheme') ?? 'bearer').toLowerCase(), ...(bearerFormat !== undefined ? { bearerFormat } : {}), ...basic, ...common };
    }
    case 'oauth2': return { kind: 'oauth2', flows: node.get('flows')?.value ?? node.value, ...common };
    case 'openIdConnect': return { kind: 'openIdConnect', url: node.string('openIdConnectUrl') ?? '', ...common };
    case 'mutualTLS': return { kind: 'mutualTLS', ...common };
    default: return undefined;
  }
}

function readAws(node: Node): AwsAuthorizer | undefined {
  const type = node.string('x-amazon-apigateway-authtype')?.toLowerCase();
  const authorizer = node.get('x-amazon-apigateway-authorizer');
  if (type?.startsWith('aws')) return { kind: 'iam', configuration: type, origin: node.at('x-amazon-apigateway-authtype')!.origin };
  if (!authorizer) return undefined;
  const kind = authorizer.string('type')?.toLowerCase();
  return {
    kind: kind === 'token' || kind === 'request' ? 'lambda' : kind === 'jwt' ? 'jwt' : kind === 'cognito_user_pools' ? 'cognito' : 'other',
    configuration: authorizer.value,
    origin: authorizer.origin,
  };
}

/** The operation's `security`, else the document's. `[]` and `[{}]` mean open. A scheme that is assumed is added to `schemes`. */
export function readSecurity(operation: Node, root: Node, schemes: Schemes, reporter: Reporter): Operation['security'] {
  const node = operation.get('security') ?? root.get('security');
  const alternatives: Record<string, readonly string[]>[] = [];
  for (const item of node?.items() ?? []) {
    const requirement: Record<string, readonly string[]> = {};
    for (const [name, scopes] of item.entries()) {
      if (!Object.hasOwn(schemes, name)) {
        if (name === 'api_key') {
          // API Gateway's own exports call the key so, and documents without the definition are taken: what is left out must not leave the operation open.
          reporter.report(ASSUMED_API_KEY, scopes.keyOrigin, { isVersion2: root.at('swagger') !== undefined });
          schemes[name] = { kind: 'apiKey', name: 'x-api-key', in: 'header', origin: scopes.keyOrigin };
        } else if (!isBroken(root, name)) reporter.report(UNKNOWN_SECURITY_SCHEME, scopes.keyOrigin, { name, suggestion: closest(name, Object.keys(schemes)), known: Object.keys(schemes) });
      }
      requirement[name] = scopes.items().map((scope) => String(scope.value));
    }
    alternatives.push(requirement);
  }
  // An empty alternative lets everybody in, whatever the others say.
  return alternatives.some((requirement) => Object.keys(requirement).length === 0) ? [] : alternatives;
}
