import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Source } from '../../expressions/parse-source.js';
import type { Flavour, SecurityScheme } from '../../ir.js';
import * as diagnostics from './diagnostics.js';
import { parseSources } from './identity-sources.js';
import type { JwtAuthorizer } from './ir.js';

/** API Gateway takes RSA only [D]. */
const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const PUBLIC_KEY = [...RSA, 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** `settings`: where issuer and audience stand. undefined: it cannot work, which has been reported. */
export function readJwtAuthorizer(scheme: string, definition: SecurityScheme, node: Node, isAws: boolean, flavour: Flavour, reporter: Reporter): JwtAuthorizer | undefined {
  const settings = isAws ? node.get('jwtConfiguration') ?? node : node;
  const issuer = readIssuer(scheme, definition, settings, reporter);
  const audience = (Array.isArray(settings.get('audience')?.value) ? settings.get('audience')!.items().map((item) => item.value) : [settings.get('audience')?.value]).filter((each): each is string => typeof each === 'string' && each !== '');
  if (audience.length === 0) reporter.report(diagnostics.MISSING_AUDIENCE, (settings.at('audience') ?? settings).origin, { scheme });
  const source = readTokenSource(scheme, definition, node, flavour, reporter);
  const algorithms = isAws ? RSA : readAlgorithms(scheme, node, reporter);
  const skew = readSkew(scheme, isAws ? undefined : node.get('clockSkewSeconds'), reporter);
  const jwksUri = isAws ? null : node.string('jwksUri') ?? null;
  if (jwksUri !== null && !checkUrl(scheme, jwksUri, node.get('jwksUri')!, reporter)) return undefined;
  if (issuer === undefined || source === undefined || algorithms === undefined || skew === undefined || audience.length === 0) return undefined;
  return { scheme, source, issuer, audience, algorithms, skew, jwksUri };
}

/** As written; openIdConnect schemes have it in the address of their discovery document. */
function readIssuer(scheme: string, definition: SecurityScheme, settings: Node, reporter: Reporter): string | undefined {
  const written = settings.get('issuer');
  const url = definition.kind === 'openIdConnect' ? definition.url.replace(/\/\.well-known\/openid-configuration\/?$/, '') : '';
  const issuer = typeof written?.value === 'string' ? written.value : url;
  if (issuer === '') return void reporter.report(diagnostics.INVALID_ISSUER, settings.origin, { scheme, problem: 'it is not given' });
  return checkUrl(scheme, issuer, written ?? settings, reporter) ? issuer : undefined;
}

function checkUrl(scheme: string, text: string, at: Node, reporter: Reporter): boolean {
  let url: URL;
  try { url = new URL(text); } catch { reporter.report(diagnostics.INVALID_ISSUER, at.origin, { scheme, problem: `'${text}' is no URL` }); return false; }
  const problem = url.protocol !== 'https:' && url.protocol !== 'http:' ? 'is no http or https URL' : url.username !== '' || url.password !== '' ? 'holds user information' : url.search !== '' || url.hash !== '' ? 'has a query or fragment' : undefined;
  if (problem !== undefined) { reporter.report(diagnostics.INVALID_ISSUER, at.origin, { scheme, problem: `'${text}' ${problem}` }); return false; }
  if (url.protocol === 'http:' && !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)) reporter.report(diagnostics.INSECURE_ISSUER, at.origin, { scheme, url: text });
  return true;
}

/** Where the token is: the scheme's own place unless `identitySource` says another. */
export function readTokenSource(scheme: string, definition: SecurityScheme, node: Node, flavour: Flavour, reporter: Reporter): Source | undefined {
  const field = node.get('identitySource');
  if (field) {
    const parsed = parseSources(Array.isArray(field.value) ? field.items().map((item) => item.value) : String(field.value).split(','), flavour);
    const problem = typeof parsed === 'string' ? parsed : parsed.length !== 1 || !/header|querystring/.test(parsed[0]!.kind) ? 'a token is in one header or query parameter' : undefined;
    if (problem === undefined) return (parsed as readonly Source[])[0];
    return void reporter.report(diagnostics.INVALID_IDENTITY_SOURCE, field.origin, { scheme, problem, example: flavour === 'http' ? 'identitySource: $request.header.Authorization' : 'identitySource: method.request.header.Authorization' });
  }
  const header = definition.kind === 'apiKey' && definition.in === 'header' && definition.name.toLowerCase() !== 'unused' && definition.name !== '' ? definition.name : 'Authorization';
  // Several values are one, joined by commas, and so no token: nobody can hide a second one.
  return { kind: flavour === 'http' ? 'multivalueheader' : 'header', name: header };
}

function readAlgorithms(scheme: string, node: Node, reporter: Reporter): readonly string[] | undefined {
  const field = node.get('algorithms');
  if (!field) return PUBLIC_KEY;
  const values = field.items().map((item) => item.value);
  const bad = values.find((value) => typeof value !== 'string' || !PUBLIC_KEY.includes(value));
  if (bad === undefined && values.length > 0) return values as string[];
  return void reporter.report(diagnostics.INVALID_ALGORITHMS, (field.at(Math.max(0, values.indexOf(bad!))) ?? field).origin, { scheme, value: values.length === 0 ? 'an empty list' : JSON.stringify(bad) });
}

function readSkew(scheme: string, field: Node | undefined, reporter: Reporter): number | undefined {
  if (!field) return 0;
  const { value } = field;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 300) return value;
  return void reporter.report(diagnostics.INVALID_CLOCK_SKEW, field.origin, { scheme });
}
