import type { Feature } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import { emitAuthorize } from './emit.js';
import type { AuthorizePart, CallersPart, Check } from './ir.js';
import { readCallers } from './read-callers.js';
import { readAuthorize } from './read.js';

/** Who calls: Lambda authorizers (auth.md §6, §9), user pools (§7), tokens (§8), signatures (§4), in the alternatives and combinations of `security`. */
export const authorize: Feature<AuthorizePart, CallersPart> = {
  key: 'authorize',
  stage: 'authorize',
  diagnostics,
  readApi: readCallers,
  read: readAuthorize,
  check(api, reporter) {
    const signed = api.operations.find(({ parts }) => parts.authorize?.alternatives.flat().some(({ kind }) => kind === 'iam'));
    // One that is declared and cannot be is another mistake, and an error.
    if (signed && (api.parts.authorize?.callers ?? []).length === 0 && !reporter.diagnostics.some(({ code }) => code === diagnostics.INVALID_CALLER.code)) reporter.report(diagnostics.NO_CALLERS, signed.origin, {});
  },
  // The body is signed too.
  needsRequestBody: (part) => part.alternatives.flat().some(({ kind }) => kind === 'iam'),
  continues: () => true,
  summary: (part) => part.alternatives.map((checks) => checks.map(describe).join(' and ')).join(' or '),
  emit: emitAuthorize,
};

function describe(check: Check): string {
  switch (check.kind) {
    case 'lambda': return `${check.authorizer.type} authorizer ${check.authorizer.scheme} (${check.authorizer.call.functionName}${check.authorizer.ttl > 0 ? `, kept ${check.authorizer.ttl} s` : ''})`;
    case 'jwt': return `token of ${check.authorizer.issuer}${scopes(check.scopes)}`;
    case 'cognito': return `token of user pool ${check.authorizer.pools.map(({ id }) => id).join(' or ')}${scopes(check.scopes)}`;
    case 'iam': return 'signature of a known caller';
    case 'basic': return `user of ${check.scheme}`;
    case 'certificate': return 'client certificate';
    case 'key': return `API key in ${check.places.map((place) => `${place.in} ${place.name}`).join(' and ')}`;
    case 'broken': return `closed: ${check.scheme} cannot work`;
    default: return check satisfies never;
  }
}

const scopes = (list: readonly string[]): string => (list.length === 0 ? '' : ` with scope ${list.join(' or ')}`);
