import { declaredCallers } from '../../access/declared-callers.js';
import type { Json } from '../../code.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawApi } from '../../feature.js';
import { CALLER_ARN, IDENTITY_DIALECT } from '../../../runtime/access/iam-callers.js';
import { parsePolicy } from '../../../runtime/access/policy/policy.js';
import { INVALID_CALLER } from './diagnostics.js';
import type { CallersPart, DeclaredCaller } from './ir.js';

const VARIABLE = /^env:[A-Za-z_][A-Za-z0-9_]*$/;

/** undefined when the document declares none. */
export function readCallers(raw: RawApi, reporter: Reporter): CallersPart | undefined {
  const callers = declaredCallers(raw.root).flatMap(({ name, node }): DeclaredCaller[] => {
    // A message shows the line it is about, and build logs are no place for keys: what is wrong is reported at the caller's name, or above it where a key may stand beside that.
    const text = (field: string): string => { const value = node.get(field)?.value; return typeof value === 'string' ? value : ''; };
    const hidesNothing = ['accessKeyId', 'secretAccessKey', 'sessionToken'].every((field) => node.at(field) === undefined || VARIABLE.test(text(field)));
    const problem = (said: string, field?: string): [] => {
      const holder = raw.root.get('x-gwc')!.at('callers')!;
      reporter.report(INVALID_CALLER, !hidesNothing ? holder.keyOrigin : (field === undefined ? undefined : node.at(field)?.keyOrigin) ?? node.keyOrigin, { name, problem: said });
      return [];
    };
    const accessKeyId = text('accessKeyId'), secretAccessKey = text('secretAccessKey'), sessionToken = text('sessionToken');
    // Neither: the credentials file has a profile of this name.
    const hasKeys = node.get('accessKeyId') !== undefined || node.get('secretAccessKey') !== undefined || node.get('sessionToken') !== undefined;
    if (hasKeys && !VARIABLE.test(accessKeyId) && !/^\w{16,128}$/.test(accessKeyId)) return problem('has no accessKeyId of 16 to 128 letters and digits');
    if ((hasKeys && !VARIABLE.test(secretAccessKey)) || (hasKeys && sessionToken !== '' && !VARIABLE.test(sessionToken))) return problem('must take its secretAccessKey (and sessionToken) from the environment');
    const arn = text('arn');
    if (arn !== '' && !CALLER_ARN.test(arn)) return problem(`has an arn that is none: '${arn}'`, 'arn');
    const policy = node.get('policy')?.value;
    const parsed = policy === undefined ? [] : parsePolicy(policy, IDENTITY_DIALECT);
    if (typeof parsed === 'string') return problem(`has a policy that is none: ${parsed}`, 'policy');
    const tags = Object.fromEntries((node.get('tags')?.entries() ?? []).map(([tag, value]) => [tag, String(value.value)]));
    return [{ name, accessKeyId, secretAccessKey, sessionToken, arn, policy: (policy as Json | undefined) ?? null, userId: text('userId'), organization: text('principalOrgId'), tags }];
  });
  return raw.root.get('x-gwc')?.at('callers') ? { callers } : undefined;
}
