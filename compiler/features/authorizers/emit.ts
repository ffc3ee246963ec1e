import { presentsKeys } from '../../access/emit-key.js';
import { emitUnnamed4xx } from '../../access/emit-unnamed-4xx.js';
import { emitResourcePolicy } from '../../access/emit-resource-policy.js';
import { code, EMPTY, helper, join, typeHelper, type Code } from '../../code.js';
import type { Operation, Unit } from '../../feature.js';
import { emitCognitoGuard, emitJwtGuard } from './emit-jwt.js';
import { emitLambdaGuard } from './emit-lambda.js';
import type { AuthorizePart, Check } from './ir.js';

const refusal = helper<typeof import('../../../runtime/access/refusal.js')>();
const basic = helper<typeof import('../../../runtime/access/authorize-basic.js')>();
const iam = helper<typeof import('../../../runtime/access/authorize-iam.js')>();
const storedIam = helper<typeof import('../../../runtime/access/authorize-stored-iam.js')>();
const callersKeeper = helper<typeof import('../../../runtime/access/callers-keeper.js')>();
const EXCHANGE = code`exchange: ${typeHelper('exchange', 'Exchange')}`;
const GUARD = code`${EXCHANGE}, next: ${typeHelper('access/refusal', 'Step')}, refuse: ${typeHelper('access/refusal', 'Refuse')}`;

/** The rest of the handler runs when one of the alternatives lets the request in. */
export function emitAuthorize(part: AuthorizePart, operation: Operation, unit: Unit): Code {
  const guards = part.alternatives.map((checks) => emitAlternative(checks, operation, unit));
  const next = unit.continuation(operation);
  const refuse = emitRefuse(part, operation, unit);
  if (guards.length === 1) return code`${guards[0]!}(exchange, ${next}, ${refuse});`;
  return code`${refusal('access/refusal', 'oneOf')}(exchange, ${unit.constant(`${operation.id} alternatives`, code`[${join(guards, ', ')}]`)}, ${next}, ${refuse});`;
}

/** A `Guard` that asks for all of the checks, in the order of the document. */
function emitAlternative(checks: readonly Check[], operation: Operation, unit: Unit): Code {
  const guards = checks.map((check) => emitCheck(check, operation, unit));
  return guards.slice(0, -1).reduceRight((rest, guard) => unit.func('guard', GUARD, code`void`, code`${guard}(exchange, (exchange) => ${rest}(exchange, next, refuse), refuse);`), guards.at(-1)!);
}

function emitCheck(check: Check, operation: Operation, unit: Unit): Code {
  const guard = (hint: string, body: Code): Code => unit.func(`${hint} guard`, GUARD, code`void`, body);
  switch (check.kind) {
    case 'lambda': return guard(check.authorizer.scheme, emitLambdaGuard(check.authorizer, operation, unit));
    case 'jwt': return guard(check.authorizer.scheme, emitJwtGuard(check.authorizer, check.scopes, operation, unit));
    case 'cognito': return guard(check.authorizer.scheme, emitCognitoGuard(check.authorizer, check.scopes, operation, unit));
    case 'iam': {
      const callers = unit.constant('CALLERS', code`${(unit.api.parts.authorize?.callers ?? []).map((caller) => ({ ...caller }))} as readonly ${typeHelper('access/iam-callers', 'CallerDeclaration')}[]`);
      unit.atStart(code`${iam('access/authorize-iam', 'openCallers')}(state, ${callers}, options.environment ?? process.env, options.given);`);
      unit.flag(code`${iam('access/authorize-iam', 'CREDENTIALS_FLAG')}`);
      if (isStored(unit)) {
        unit.atStart(code`${storedIam('access/authorize-stored-iam', 'openStoredCallers')}(state, ${callers}, options);`);
        unit.atPrimary(code`${callersKeeper('access/callers-keeper', 'keepCallers')}(cluster, store);`);
      }
      const authorize = isStored(unit) ? storedIam('access/authorize-stored-iam', 'authorizeByStoredIam') : iam('access/authorize-iam', 'authorizeByIam');
      return guard('iam', code`${authorize}(exchange, ${emitResourcePolicy(unit) ?? code`null`}, next, refuse);`);
    }
    case 'certificate': return guard('certificate', code`if ((exchange.connection.tls?.certificate ?? null) !== null) next(exchange);\nelse refuse(exchange, ${refusal('access/refusal', 'NO_CERTIFICATE')});`);
    case 'basic': {
      const authorizer = unit.constant(`${check.scheme} authorizer`, code`new ${basic('access/authorize-basic', 'BasicAuthorizer')}(${check.scheme}, ${check.realm}, ${check.users.map((user) => [...user])} as [string, string][])`);
      unit.atStart(code`${authorizer}.open(state, options.environment ?? process.env, options.given);`);
      unit.flag(code`${basic('access/authorize-basic', 'HTPASSWD_FLAG')}`);
      return guard(check.scheme, code`${authorizer}.authorize(exchange, next, refuse);`);
    }
    case 'key': return guard('key', code`if (${presentsKeys(check.places)}) next(exchange);\nelse refuse(exchange, ${refusal('access/refusal', 'INVALID_KEY')});`);
    case 'broken': return guard(check.scheme, code`void next;\nrefuse(exchange, ${refusal('access/refusal', 'CONFIGURATION')});`);
    default: return check satisfies never;
  }
}

/** Callers may be in the store, too. */
const isStored = (unit: Unit): boolean => unit.api.parts.store !== undefined;

/** Which gateway response a refusal leads to. */
function emitRefuse(part: AuthorizePart, operation: Operation, unit: Unit): Code {
  const answer = (type: string): Code => code`return ${unit.gatewayResponse(type, operation)}(exchange);`;
  const kinds = new Set(part.alternatives.flat().map(({ kind }) => kind));
  const asksStore = kinds.has('iam') && isStored(unit);
  return unit.func('refused', code`${EXCHANGE}, refusal: ${typeHelper('access/refusal', 'Refusal')}`, code`void`, code`
  ${refusal('access/refusal', 'tellRefusal')}(exchange, refusal);
  switch (refusal.kind) {
    case "unauthorized": ${answer('UNAUTHORIZED')}
    case "denied": ${answer('ACCESS_DENIED')}
    case "key": ${answer('INVALID_API_KEY')}
    ${kinds.has('basic') || asksStore ? code`case "busy": ${answer('THROTTLED')}` : EMPTY}
    ${asksStore ? code`case "failure": ${answer('AUTHORIZER_FAILURE')}` : EMPTY}
    ${kinds.has('iam') ? emitSignatureFaults(operation, unit) : EMPTY}
    default: ${answer('AUTHORIZER_CONFIGURATION_ERROR')}
  }`);
}

/** HTTP APIs say Forbidden whatever is wrong with a signature; REST APIs say what (auth.md §4). */
function emitSignatureFaults(operation: Operation, unit: Unit): Code {
  const answer = (type: string): Code => code`${unit.gatewayResponse(type, operation)}(exchange)`;
  if (unit.api.flavour === 'http') return code`case "missing": case "incomplete": case "unknown": case "expired": case "signature": return ${answer('ACCESS_DENIED')};`;
  return code`case "missing": return ${answer('MISSING_AUTHENTICATION_TOKEN')};
    case "signature": return ${answer('INVALID_SIGNATURE')};
    case "expired": return ${answer('EXPIRED_TOKEN')};
    case "incomplete": ${emitUnnamed4xx('IncompleteSignatureException', operation, unit)}
    case "unknown": ${emitUnnamed4xx('UnrecognizedClientException', operation, unit)}`;
}
