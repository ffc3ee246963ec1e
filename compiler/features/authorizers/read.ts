import { Node } from '../../1-load/node.js';
import { asksForIam, enforcement, isCheckedBasic } from '../../access/enforcement.js';
import { isOpenMock, keyPlaces } from '../../access/key-requirement.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawApi, RawOperation } from '../../feature.js';
import { AUTHORIZER_OPTIONAL, SCOPE_TEXT } from './diagnostics.js';
import { readBasic } from './read-basic.js';
import type { AuthorizePart, BasicCheck, Check, CognitoAuthorizer, JwtAuthorizer, LambdaAuthorizer } from './ir.js';
import { readCognitoAuthorizer } from './read-cognito.js';
import { readJwtAuthorizer } from './read-jwt.js';
import { readLambdaAuthorizer } from './read-lambda.js';

/** Which of the document's authorizers an operation needs; undefined when none. */
export function readAuthorize(raw: RawOperation, reporter: Reporter): AuthorizePart | undefined {
  if (isOpenMock(raw)) return undefined;
  if (asksForIam(raw)) return { alternatives: [[{ kind: 'iam' }]] };
  const alternatives = raw.security.map((requirement) => ({ requirement, checks: Object.entries(requirement).flatMap(([name, scopes]) => readCheck(name, scopes, raw, reporter)) }));
  if (!alternatives.some(({ checks }) => checks.length > 0)) return undefined;
  // REST APIs have no alternatives between keys and authorizers: listed side by side, both are needed. The apiKey step asks for the key.
  if (raw.api.flavour === 'rest') return withoutOpen(alternatives, raw, reporter);
  return withoutOpen(alternatives.map(({ requirement, checks }) => {
    const places = keyPlaces(requirement, raw);
    return { requirement, checks: places.length > 0 ? [...checks, { kind: 'key', places } as const] : checks };
  }), raw, reporter);
}

interface Alternative { readonly requirement: Readonly<Record<string, readonly string[]>>; readonly checks: readonly Check[] }

/**
 * What API Gateway does not know opens no door that its authorizers guard. Where all of them are plain OpenAPI schemes, an alternative that the
 * gateway cannot check is one all the same.
 */
function withoutOpen(alternatives: readonly Alternative[], raw: RawOperation, reporter: Reporter): AuthorizePart | undefined {
  const open = alternatives.filter(({ requirement, checks }) => checks.length === 0 && keyPlaces(requirement, raw).length === 0);
  const hasAws = raw.security.some((requirement) => Object.keys(requirement).some((name) => raw.securitySchemes[name]?.aws));
  const guarded = alternatives.filter(({ checks }) => checks.length > 0);
  if (open.length === 0 || hasAws) return { alternatives: guarded.map(({ checks }) => checks) };
  const shown = (list: readonly Alternative[]): string => list.map(({ requirement }) => Object.keys(requirement).join(' with ')).join(' or ');
  reporter.report(AUTHORIZER_OPTIONAL, (raw.node.at('security') ?? raw.api.root.at('security') ?? raw.node).origin, { checked: shown(guarded), others: shown(open) });
  return undefined;
}

function readCheck(name: string, scopes: readonly string[], raw: RawOperation, reporter: Reporter): Check[] {
  const scheme = raw.securitySchemes[name];
  if (!scheme || enforcement(scheme, raw.api) !== 'authorizer') return [];
  if (scheme.aws?.kind === 'iam') return [{ kind: 'iam' }];
  if (scheme.kind === 'mutualTLS' && !scheme.aws && !scheme.jwt) return [{ kind: 'certificate' }];
  const authorizer = readAuthorizer(name, raw, reporter);
  if (authorizer === undefined) return [{ kind: 'broken', scheme: name }];
  return [authorizer.kind === 'lambda' || authorizer.kind === 'basic' ? authorizer : { ...authorizer, scopes: readScopes(scopes, raw, reporter) }];
}

/** What can stand in `WWW-Authenticate` (RFC 6749 §3.3). */
function readScopes(scopes: readonly string[], { node, api }: RawOperation, reporter: Reporter): readonly string[] {
  return scopes.filter((scope) => {
    const isScope = /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope);
    if (isScope) return true;
    const security = node.at('security') ?? api.root.at('security');
    const place = security?.items().flatMap((item) => item.entries()).flatMap(([, scopes]) => scopes.items()).find(({ value }) => value === scope);
    reporter.report(SCOPE_TEXT, (place ?? security ?? node).origin, { scope });
    return false;
  });
}

type Authorizer = BasicCheck | { kind: 'lambda'; authorizer: LambdaAuthorizer } | { kind: 'jwt'; authorizer: JwtAuthorizer } | { kind: 'cognito'; authorizer: CognitoAuthorizer };
const known = new WeakMap<RawApi, Map<string, Authorizer | undefined>>();

/** Each scheme is read once, and what is wrong with it reported once. undefined: it cannot work. */
function readAuthorizer(name: string, raw: RawOperation, reporter: Reporter): Authorizer | undefined {
  let authorizers = known.get(raw.api);
  if (!authorizers) known.set(raw.api, (authorizers = new Map()));
  if (!authorizers.has(name)) authorizers.set(name, readScheme(name, raw, reporter));
  return authorizers.get(name);
}

function readScheme(name: string, { api, securitySchemes }: RawOperation, reporter: Reporter): Authorizer | undefined {
  const scheme = securitySchemes[name]!;
  const at = ({ file, pointer }: Origin): Node => Node.find(api.root.document, file, pointer)!;
  if (scheme.aws?.kind === 'lambda') {
    const authorizer = readLambdaAuthorizer(name, scheme, at(scheme.aws.origin), api.flavour, reporter);
    return authorizer && { kind: 'lambda', authorizer };
  }
  if (scheme.aws?.kind === 'cognito') {
    const authorizer = readCognitoAuthorizer(name, scheme, at(scheme.aws.origin), api.flavour, reporter);
    return authorizer && { kind: 'cognito', authorizer };
  }
  if (!scheme.aws && !scheme.jwt && isCheckedBasic(scheme)) return readBasic(name, at(scheme.basic), reporter);
  const authorizer = readJwtAuthorizer(name, scheme, at(scheme.aws?.origin ?? scheme.jwt!), scheme.aws !== undefined, api.flavour, reporter);
  return authorizer && { kind: 'jwt', authorizer };
}
