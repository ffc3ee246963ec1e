/** The EC2 instance's role by IMDSv2 (EC2 User Guide, "Retrieve security credentials"). Version 1 is not asked. */
import type { AwsCredentials } from '../sigv4.js';
import { callEndpoint } from './call.js';
import { readJsonCredentials } from './json-credentials.js';

const TIMEOUT_MS = 1_000;
const ROLES = '/latest/meta-data/iam/security-credentials/';

export async function instanceCredentials(): Promise<AwsCredentials | null> {
  if (process.env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return null;
  const ipv6 = process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE']?.toLowerCase() === 'ipv6';
  const endpoint = (process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || (ipv6 ? 'http://[fd00:ec2::254]' : 'http://169.254.169.254')).replace(/\/+$/, '');
  let token: { status: number; text: string };
  try {
    token = await callEndpoint({ method: 'PUT', url: `${endpoint}/latest/api/token`, fields: ['X-aws-ec2-metadata-token-ttl-seconds', '21600'], body: '', timeoutMs: TIMEOUT_MS });
  } catch { return null; /* not an EC2 instance */ }
  if (token.status !== 200 || !/^[\x21-\x7e]+$/.test(token.text)) return null;
  const get = async (path: string): Promise<string | null> => {
    const { status, text } = await callEndpoint({ method: 'GET', url: endpoint + path, fields: ['X-aws-ec2-metadata-token', token.text], timeoutMs: TIMEOUT_MS });
    if (status === 404) return null;
    if (status !== 200) throw new Error(`the instance metadata service answered ${status}`);
    return text;
  };
  const role = (await get(ROLES))?.split('\n')[0]!.trim();
  if (!role) return null;
  const text = await get(ROLES + encodeURIComponent(role));
  return text === null ? null : readJsonCredentials(text, 'instance metadata service');
}
