import { enforcement } from '../../access/enforcement.js';
import { isOpenMock } from '../../access/key-requirement.js';
import { code } from '../../code.js';
import { diagnostic } from '../../diagnostics/define.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Feature } from '../../feature.js';
import type { SecurityScheme } from '../../ir.js';
import type { SecurityPart } from './ir.js';

const AUTHORIZER_TYPES = ['token', 'request', 'cognito_user_pools', 'jwt'];

export const AUTHORIZER_NOT_COMPILED = diagnostic<{ scheme: string; type: string; suggestion: string | undefined }>({
  code: 'GWC2351', severity: 'warning',
  message: ({ scheme, type }) => `the authorizer of '${scheme}' ${type === '' ? 'has no type' : `is of type '${type}', which is not compiled`}: operations that need it answer 500`,
  hint: ({ suggestion }) => (suggestion === undefined ? `write type: one of ${AUTHORIZER_TYPES.join(', ')}` : `did you mean '${suggestion}'?`),
  help: 'API Gateway would check this authorizer before the integration. The types are `token` and `request` (a Lambda function), `cognito_user_pools` and `jwt`; with any other an operation that asks for it fails closed: it answers 500 (AUTHORIZER_CONFIGURATION_ERROR) rather than being open.',
});

export const SECURITY_NOT_ENFORCED = diagnostic<{ scheme: string; kind: string; remedy: string }>({
  code: 'GWC2352', severity: 'warning',
  message: ({ scheme, kind }) => `security scheme '${scheme}' (${kind}) is not enforced by the gateway: the backend must check it`,
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
        const { file, pointer } = scheme.aws!.origin;
        const type = String((scheme.aws!.configuration as { type?: unknown } | null)?.type ?? '');
        reporter.report(AUTHORIZER_NOT_COMPILED, { file, pointer: type === '' ? pointer : `${pointer}/type`, ...(type === '' && { key: true }) }, { scheme: name, type, suggestion: /^lambda$/i.test(type) ? 'request' : /^cognito/i.test(type) ? 'cognito_user_pools' : /^(?:oauth2?|oidc|openid)/i.test(type) ? 'jwt' : closest(type, AUTHORIZER_TYPES) });
      } else if (how === 'backend' && !raw.api.options.mock) {
        reporter.report(SECURITY_NOT_ENFORCED, { ...scheme.origin, key: true }, { scheme: name, kind: scheme.kind, remedy: remedyOf(scheme) });
      }
    }
    return closed.length > 0 && !isOpenMock(raw) ? { schemes: closed } : undefined;
  },
  summary: (part) => `closed: ${part.schemes.join(', ')} not compiled`,
  emit: (_part, operation, unit) => code`return ${unit.gatewayResponse('AUTHORIZER_CONFIGURATION_ERROR', operation)}(exchange);`,
};
