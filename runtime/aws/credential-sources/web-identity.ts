import { readFile } from 'node:fs/promises';
import type { AwsCredentials } from '../sigv4.js';
import { assumeRole, sessionName } from './sts.js';

/** A role for a token in a file (EKS service accounts, CI systems). */
export async function webIdentityCredentials(): Promise<AwsCredentials | null> {
  const file = process.env['AWS_WEB_IDENTITY_TOKEN_FILE'], role = process.env['AWS_ROLE_ARN'];
  return file && role ? roleForToken(role, file, sessionName(), process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || 'us-east-1') : null;
}

/** The file is read each time: its token is short-lived and replaced. */
export async function roleForToken(role: string, file: string, session: string, region: string): Promise<AwsCredentials> {
  const token = (await readFile(file, 'utf8')).trim();
  return assumeRole('AssumeRoleWithWebIdentity', { RoleArn: role, RoleSessionName: session, WebIdentityToken: token }, region, null);
}
