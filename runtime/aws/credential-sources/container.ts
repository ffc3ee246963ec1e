/** ECS, EKS Pod Identity, Greengrass: an endpoint next to the process (SDK reference, "Container credential provider"). */
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import type { AwsCredentials } from '../sigv4.js';
import { callEndpoint } from './call.js';
import { readJsonCredentials } from './json-credentials.js';

const TIMEOUT_MS = 5_000;
/** ECS and EKS link-local addresses, the only ones besides loopback that may be asked without TLS. */
const LINK_LOCAL = new Set(['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]']);

export async function containerCredentials(): Promise<AwsCredentials | null> {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = process.env;
  if (!relative && !full) return null;
  const url = relative ? `http://169.254.170.2${relative.startsWith('/') ? relative : `/${relative}`}` : full!;
  if (!mayBeAsked(url)) throw new Error('AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor a loopback, ECS or EKS address');
  const token = await authorization();
  const { status, text } = await callEndpoint({ method: 'GET', url, fields: ['Accept', 'application/json', ...(token ? ['Authorization', token] : [])], timeoutMs: TIMEOUT_MS });
  if (status !== 200) throw new Error(`the container credential endpoint answered ${status}`);
  return readJsonCredentials(text, 'container credential endpoint');
}

export function mayBeAsked(text: string): boolean {
  let url: URL;
  try { url = new URL(text); } catch { return false; }
  if (url.protocol === 'https:') return true;
  const { hostname } = url;
  return url.protocol === 'http:' && (hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.')) || LINK_LOCAL.has(hostname));
}

/** The file is read each time: Kubernetes replaces it. */
async function authorization(): Promise<string> {
  const file = process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const token = file ? (await readFile(file, 'utf8')).trim() : process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '';
  if (/[\r\n\0]/.test(token)) throw new Error('the container authorization token holds a line break');
  return token;
}
