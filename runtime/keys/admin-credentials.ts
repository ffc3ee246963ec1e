/** Who may use the control plane: bearers of a token, and signers with an access key. Without either it is off. */
import { readFileSync } from 'node:fs';
import { hash } from 'node:crypto';
import { readProfiles } from '../aws/credential-sources/profile-file.js';
import { CannotStart } from '../cannot-start.js';
import type { SigningCaller } from '../access/iam-signature.js';
import type { Flag, Given } from '../options.js';

export interface AdminCredentials {
  /** SHA-256. */
  readonly tokens: readonly Buffer[];
  /** By access key id. */
  readonly callers: ReadonlyMap<string, SigningCaller>;
}

export const ADMIN_FLAGS: readonly Flag[] = [
  ['admin-token-file', 'FILE', 'tokens that manage API keys and usage plans on the admin port, one a line; also the variable GWC_ADMIN_TOKEN (none: management is off)'],
  ['admin-credentials-file', 'FILE', 'access keys whose signatures manage them, as in ~/.aws/credentials; also GWC_ADMIN_ACCESS_KEY_ID with GWC_ADMIN_SECRET_ACCESS_KEY'],
];

const SHORTEST_TOKEN = 16;

/** Throws CannotStart with a message that shows no secret. */
export function readAdminCredentials(given: Given, environment: Readonly<Record<string, string | undefined>>): AdminCredentials {
  const tokens: Buffer[] = [];
  const callers = new Map<string, SigningCaller>();
  const addToken = (token: string, from: string): void => {
    if (token.length < SHORTEST_TOKEN || !/^[\x21-\x7e]+$/.test(token)) throw new CannotStart(`${from}: a token has at least ${SHORTEST_TOKEN} visible ASCII characters`);
    tokens.push(hash('sha256', token, 'buffer'));
  };
  const addCaller = (id: string | undefined, secret: string | undefined, session: string | undefined, from: string): void => {
    if (!id || !secret) throw new CannotStart(`${from}: an access key has an id and a secret`);
    callers.set(id, { accessKeyId: id, secretAccessKey: secret, sessionToken: session ?? '' });
  };
  if (environment['GWC_ADMIN_TOKEN']) addToken(environment['GWC_ADMIN_TOKEN'], 'GWC_ADMIN_TOKEN');
  for (const file of given['admin-token-file'] ?? []) {
    const lines = read(file, '--admin-token-file').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
    if (lines.length === 0) throw new CannotStart(`--admin-token-file ${file}: there is no token in it`);
    for (const line of lines) addToken(line, `--admin-token-file ${file}`);
  }
  const { GWC_ADMIN_ACCESS_KEY_ID: id, GWC_ADMIN_SECRET_ACCESS_KEY: secret } = environment;
  if (id || secret) addCaller(id, secret, undefined, 'GWC_ADMIN_ACCESS_KEY_ID, GWC_ADMIN_SECRET_ACCESS_KEY');
  for (const file of given['admin-credentials-file'] ?? []) {
    const profiles = [...readProfiles('', read(file, '--admin-credentials-file'))];
    if (profiles.length === 0) throw new CannotStart(`--admin-credentials-file ${file}: there is no [profile] in it`);
    for (const [name, profile] of profiles) addCaller(profile['aws_access_key_id'], profile['aws_secret_access_key'], profile['aws_session_token'], `--admin-credentials-file ${file} [${name}]`);
  }
  return { tokens, callers };
}

function read(file: string, flag: string): string {
  try { return readFileSync(file, 'utf8'); } catch (error) { throw new CannotStart(`${flag} ${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as NodeJS.ErrnoException).code ?? 'cannot be read'}`); }
}
