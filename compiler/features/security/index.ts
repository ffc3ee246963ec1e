import { enforcement } from '../../access/enforcement.js';
import { isOpenMock } from '../../access/key-requirement.js';
import { code } from '../../code.js';
import { diagnostic } from '../../diagnostics/define.js';
import type { Feature } from '../../feature.js';
import type { SecurityScheme } from '../../ir.js';
import type { SecurityPart } from './ir.js';

export const AUTHORIZER_NOT_COMPILED = diagnostic<{ scheme: string; what: string }>({
  code: 'GWC2351', severity: 'warning',
  message: ({ scheme, what }) => `"${scheme}" (${what}) is not compiled yet: operations that need it answer 500 until it is`,
  hint: () => 'the gateway never serves a guarded operation unguarded; --mock leaves guards out',
  help: 'API Gateway would check this authorizer before the integration. This version does not compile it, and an operation that asks for it fails closed: it answers 500 (AUTHORIZER_CONFIGURATION_ERROR) rather than being open.',
});

export const SECURITY_NOT_ENFORCED = diagnostic<{ scheme: string; kind: string; remedy: string }>({
  code: 'GWC2352', severity: 'warning',
  message: ({ scheme, kind }) => `security scheme "${scheme}" (${kind}) is not enforced by the gateway: the backend must check it`,
  hint: ({ remedy }) => `credentials are passed on to the backend unchanged${remedy}`,
  help: 'The document says that these operations need credentials, but nothing in it tells a gateway how to verify them (no API Gateway authorizer, no `x-gwc-jwt`, no `x-gwc-basic`, no `x-gwc.apiKeys`). The gateway passes them on; make sure that the backend refuses requests without them. Tokens of an issuer (JWT) are verified by the gateway when the scheme says whose they are: `x-gwc-jwt: {issuer: https://issuer.example.com, audience: [my-api]}`; scopes stand in `security`. Users of http basic are checked with `x-gwc-basic: {users: {name: hash}}`, client certificates (mutualTLS) by a gateway built with `--tls`.',
});

/** How the gateway could check it. */
function remedyOf(scheme: SecurityScheme): string {
  if (scheme.kind === 'oauth2' || scheme.kind === 'openIdConnect' || (scheme.kind === 'http' && scheme.scheme === 'bearer')) return '; to have tokens verified here, write x-gwc-jwt: {issuer: https://…, audience: […]} in the scheme';
  if (scheme.kind === 'http' && scheme.scheme === 'basic') return '; to have passwords checked here, write x-gwc-basic: {} in the scheme and give users with --htpasswd';
  return scheme.kind === 'mutualTLS' ? '; to have certificates checked here, build with --tls' : '';
}

/** Operations guarded by something this version does not compile: closed for AWS authorizers, passed on for plain OpenAPI schemes. */
export const security: Feature<SecurityPart> = {
  key: 'security',
  stage: 'authorize',
  diagnostics: { AUTHORIZER_NOT_COMPILED, SECURITY_NOT_ENFORCED },
  read(raw, reporter) {
    const names = [...new Set(raw.security.flatMap((requirement) => Object.keys(requirement)))];
    const closed: string[] = [];
    for (const name of names) {
      const scheme = raw.securitySchemes[name];
      if (!scheme) continue;
      const how = enforcement(scheme, raw.api);
      if (how === 'closed') {
        closed.push(name);
        reporter.report(AUTHORIZER_NOT_COMPILED, scheme.origin, { scheme: name, what: `${scheme.aws?.kind} authorizer` });
      } else if (how === 'backend' && !raw.api.options.mock) {
        reporter.report(SECURITY_NOT_ENFORCED, scheme.origin, { scheme: name, kind: scheme.kind, remedy: remedyOf(scheme) });
      }
    }
    return closed.length > 0 && !isOpenMock(raw) ? { schemes: closed } : undefined;
  },
  summary: (part) => `closed: ${part.schemes.join(', ')} not compiled`,
  emit: (_part, operation, unit) => code`return ${unit.gatewayResponse('AUTHORIZER_CONFIGURATION_ERROR', operation)}(exchange);`,
};
