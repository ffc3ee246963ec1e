import { parsePasswordHash } from '../../../runtime/access/password-hash.js';
import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { INVALID_BASIC } from './diagnostics.js';
import type { BasicCheck } from './ir.js';

/** `x-gwc-basic` of an http basic scheme. undefined: it cannot work, which has been reported. */
export function readBasic(scheme: string, node: Node, reporter: Reporter): BasicCheck | undefined {
  // At the key: a message shows the line it is about, and build logs are no place for passwords.
  const problem = (text: string): undefined => void reporter.report(INVALID_BASIC, node.keyOrigin, { scheme, problem: text });
  const realm = node.string('realm') ?? scheme;
  if (!/^[\x20-\x7e]*$/.test(realm)) return problem('has a realm that is not printable ASCII');
  const users: [string, string][] = [];
  for (const [user, entry] of node.get('users')?.entries() ?? []) {
    const { value } = entry;
    if (user === '' || /[:\x00-\x1f\x7f]/.test(user)) return problem('has a user whose name is empty or holds a colon or control characters');
    if (typeof value !== 'string') return problem(`has a user '${user}' without a hash`);
    const hash = /^env:[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? undefined : parsePasswordHash(value);
    if (typeof hash === 'string') return problem(`has a user '${user}' who has ${hash}`);
    users.push([user, value]);
  }
  return { kind: 'basic', scheme, realm, users: users.sort(([a], [b]) => (a < b ? -1 : 1)) };
}
