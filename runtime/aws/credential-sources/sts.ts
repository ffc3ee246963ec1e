/** The security token service: roles for keys or for a token of another identity provider. */
import { signatureFields, type AwsCredentials } from '../sigv4.js';
import { callEndpoint } from './call.js';
import { expiration } from './environment.js';

const TIMEOUT_MS = 10_000;

/** `parameters` of the action. Unsigned when `credentials` is null (AssumeRoleWithWebIdentity). */
export async function assumeRole(action: 'AssumeRole' | 'AssumeRoleWithWebIdentity', parameters: Readonly<Record<string, string>>, region: string, credentials: AwsCredentials | null): Promise<AwsCredentials> {
  const url = new URL(process.env['AWS_ENDPOINT_URL_STS'] || process.env['AWS_ENDPOINT_URL'] || `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
  if (url.pathname === '') url.pathname = '/';
  const body = new URLSearchParams({ Action: action, Version: '2011-06-15', ...parameters }).toString();
  const fields = ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'];
  if (credentials !== null) fields.push(...signatureFields({ method: 'POST', host: url.host, path: url.pathname, query: '', fields, body }, { region, service: 'sts' }, credentials, Date.now()));
  const { status, text } = await callEndpoint({ method: 'POST', url: url.href, fields, body, timeoutMs: TIMEOUT_MS });
  if (status !== 200) throw new Error(`STS ${action} answered ${status} ${/<Code>([A-Za-z0-9.]{1,100})<\/Code>/.exec(text)?.[1] ?? ''}`.trimEnd());
  const element = (name: string): string | undefined => new RegExp(`<${name}>\\s*([^<\\s]+)\\s*</${name}>`).exec(text)?.[1];
  const accessKeyId = element('AccessKeyId'), secretAccessKey = element('SecretAccessKey'), sessionToken = element('SessionToken');
  if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error(`STS ${action}: the answer holds no credentials`);
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt: expiration(element('Expiration') ?? '') };
}

/** Sessions show in CloudTrail by this name. */
export function sessionName(): string {
  return (process.env['AWS_ROLE_SESSION_NAME'] || `gwc-${process.pid}`).replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}
