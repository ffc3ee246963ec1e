/** What a function is told about itself and its invocation, wherever it runs on this machine. */
import { randomBytes } from 'node:crypto';
import { parseFunction } from './reference.js';

export interface FunctionIdentity {
  readonly name: string;
  /** '$LATEST', a version or an alias. */
  readonly version: string;
  readonly arn: string;
  readonly region: string;
  /** In MB. */
  readonly memory: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** Lambda's default. Only threads are held to theirs. */
const MEMORY_MB = '128';

/** `reference`: ARN or name as the document has it; what it leaves open is filled in. */
export function functionIdentity(name: string, reference: string, uriRegion: string, memory = MEMORY_MB): FunctionIdentity {
  const known = parseFunction(reference);
  const region = known?.region || uriRegion || process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || 'us-east-1';
  const version = known?.qualifier || '$LATEST';
  const qualifier = known?.qualifier ? `:${known.qualifier}` : '';
  const plain = (known?.name ?? name).replace(/[^A-Za-z0-9_-]/g, '-');
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    name: plain, version, region, memory,
    arn: `arn:${known?.partition ?? 'aws'}:lambda:${region}:${known?.account || '000000000000'}:function:${plain}${qualifier}`,
    logGroupName: `/aws/lambda/${plain}`,
    logStreamName: `${day}/[${version}]${randomBytes(16).toString('hex')}`,
  };
}
