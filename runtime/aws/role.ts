/** The rights of a role, for integrations that name one in `credentials`. */
import { awsCredentials, credentialCache, type CredentialCache } from './credentials.js';
import { assumeRole, sessionName } from './credential-sources/sts.js';
import { isAws } from './endpoint.js';
import type { AwsCredentials } from './sigv4.js';

/** Documents and stages name few. */
const roles = /* @__PURE__ */ new Map<string, CredentialCache>();
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

/** Keys of role `arn`, assumed with the gateway's own credentials at STS of `region` ('': the gateway's own region), shared and renewed before they expire. */
export function roleCredentials(arn: string, region: string): (endpoint: { readonly mustSign: boolean }) => CredentialCache {
  return (endpoint) => {
    // An emulator takes any key, and its STS is another one's business: AWS must not be asked for a role because of it.
    if (!endpoint.mustSign && asksAws()) return awsCredentials();
    const key = `${region} ${arn}`;
    let cache = roles.get(key);
    if (cache === undefined) roles.set(key, (cache = credentialCache([() => assume(arn, region)])));
    return cache;
  };
}

function asksAws(): boolean {
  const url = process.env['AWS_ENDPOINT_URL_STS'] || process.env['AWS_ENDPOINT_URL'];
  if (!url) return true;
  try { return isAws(new URL(url).hostname); } catch { return true; }
}

async function assume(arn: string, region: string): Promise<AwsCredentials> {
  if (!ROLE.test(arn)) throw new Error(`"${arn.slice(0, 200)}" is no ARN of a role`);
  const own = await new Promise<AwsCredentials | null>((resolve, reject) => {
    // An emulator's STS gives keys to whoever asks.
    awsCredentials().get((credentials, problem) => (credentials === null && asksAws() ? reject(new Error(problem)) : resolve(credentials)));
  });
  try {
    return await assumeRole('AssumeRole', { RoleArn: arn, RoleSessionName: sessionName() }, region || process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || 'us-east-1', own);
  } catch (error) {
    throw new Error(`API Gateway does not have permission to assume the provided role ${arn} (${error instanceof Error ? error.message : String(error)})`);
  }
}
