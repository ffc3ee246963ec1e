/** `~/.aws/credentials` and `~/.aws/config` (SDK reference, "Shared config and credentials files"). */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AwsCredentials } from '../sigv4.js';
import { containerCredentials } from './container.js';
import { environmentCredentials } from './environment.js';
import { instanceCredentials } from './instance.js';
import { readJsonCredentials } from './json-credentials.js';
import { splitCommand } from '../../lambda/split-command.js';
import { readProfiles, type Profiles } from './profile-file.js';
import { assumeRole, sessionName } from './sts.js';
import { roleForToken } from './web-identity.js';

export async function profileCredentials(): Promise<AwsCredentials | null> {
  const name = process.env['AWS_PROFILE'] || 'default';
  const profiles = await sharedProfiles();
  if (!profiles.has(name)) {
    if (process.env['AWS_PROFILE']) throw new Error(`AWS_PROFILE names the profile "${name}", which is in neither file`);
    return null;
  }
  return resolveProfile(name, profiles, []);
}

async function sharedProfiles(): Promise<Profiles> {
  const folder = join(homedir(), '.aws');
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const [config, credentials] = await Promise.all([read(process.env['AWS_CONFIG_FILE'] || join(folder, 'config')), read(process.env['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials'))]);
  return readProfiles(config, credentials);
}

/** `chain`: profiles that led here, so that two naming each other as their source are found. */
async function resolveProfile(name: string, profiles: Profiles, chain: readonly string[]): Promise<AwsCredentials | null> {
  const profile = profiles.get(name);
  if (!profile) throw new Error(`profile "${chain.at(-1)}" has source_profile "${name}", which does not exist`);
  const role = profile['role_arn'];
  // A profile may be its own source: its keys then take its role.
  if (role && chain.at(-1) !== name) {
    if (chain.includes(name)) throw new Error(`profiles ${[...chain, name].join(' → ')} go round in a circle`);
    const region = profile['region'] ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
    const session = profile['role_session_name'] ?? sessionName();
    if (profile['web_identity_token_file']) return roleForToken(role, profile['web_identity_token_file'], session, region);
    if (profile['mfa_serial']) throw new Error(`profile "${name}" wants an MFA code, which a gateway cannot type`);
    const source = profile['source_profile'] ? await resolveProfile(profile['source_profile'], profiles, [...chain, name]) : await namedSource(name, profile['credential_source']);
    if (source === null) throw new Error(`the source of profile "${name}" has no credentials`);
    return assumeRole('AssumeRole', { RoleArn: role, RoleSessionName: session, ...(profile['external_id'] ? { ExternalId: profile['external_id'] } : {}), ...(profile['duration_seconds'] ? { DurationSeconds: profile['duration_seconds'] } : {}) }, region, source);
  }
  const id = profile['aws_access_key_id'], secret = profile['aws_secret_access_key'];
  if (id && secret) return { accessKeyId: id, secretAccessKey: secret, sessionToken: profile['aws_session_token'] ?? '', expiresAt: Infinity };
  if (profile['credential_process']) return runProcess(name, profile['credential_process']);
  if (profile['sso_session'] || profile['sso_start_url']) throw new Error(`profile "${name}" is an SSO profile: export its credentials (aws configure export-credentials) or name that command as its credential_process`);
  return null;
}

function namedSource(name: string, source: string | undefined): Promise<AwsCredentials | null> {
  switch (source) {
    case 'Environment': return environmentCredentials();
    case 'EcsContainer': return containerCredentials();
    case 'Ec2InstanceMetadata': return instanceCredentials();
    default: throw new Error(`profile "${name}" has role_arn but no source_profile, credential_source or web_identity_token_file`);
  }
}

/** Without a shell. What the program writes is not repeated: it holds the keys. */
function runProcess(name: string, command: string): Promise<AwsCredentials> {
  const [program, ...parameters] = splitCommand(command);
  return new Promise((resolve, reject) => {
    execFile(program ?? '', parameters, { timeout: 60_000, maxBuffer: 65_536, encoding: 'utf8' }, (error, output) => {
      if (error) return reject(new Error(`credential_process of profile "${name}" failed (${error.code ?? error.signal ?? 'unknown'})`));
      try { resolve(readJsonCredentials(output, `credential_process of profile "${name}"`)); } catch (problem) { reject(problem as Error); }
    });
  });
}
