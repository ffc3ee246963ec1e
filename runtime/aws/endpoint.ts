/** Where an AWS service is: its own endpoint, or what AWS_ENDPOINT_URL_<SERVICE> and AWS_ENDPOINT_URL say when it is first called. */
import { isRegion } from './region.js';
import type { Upstream } from '../backends/upstream.js';
import { upstreamAt } from '../backends/upstreams.js';

export interface AwsEndpoint {
  readonly upstream: Upstream;
  readonly host: string;
  /** In front of every path, '' or '/prefix'. */
  readonly prefix: string;
  /** Of the signature. */
  readonly region: string;
  readonly signingName: string;
  /** AWS takes nothing unsigned; emulators do. */
  readonly mustSign: boolean;
}

/** A string says why there is none. */
export type AwsService = () => AwsEndpoint | string;

const TLS = { insecureSkipVerification: false };

/** `url`: the service's own; `id`: as in AWS_ENDPOINT_URL_<id>; `bucket`: what stands in the own endpoint's host and goes into the path elsewhere, or ''. */
export function awsService(url: string, id: string, region: string, signingName: string, bucket: string): AwsService {
  let known: AwsEndpoint | string | null = null;
  return () => (known ??= endpoint(url, id, region, signingName, bucket));
}

/** The same of a service whose region the document leaves open: AWS_REGION says it. */
export function awsServiceHere(name: string, id: string, signingName: string, bucket: string): AwsService {
  let known: AwsEndpoint | string | null = null;
  return () => {
    if (known !== null) return known;
    const region = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || '';
    if (!isRegion(region)) return (known = 'the region is not known: set AWS_REGION');
    return (known = endpoint(regionalUrl(name, region), id, region, signingName, bucket));
  };
}

/** Of a service with an endpoint in each region. */
export function regionalUrl(name: string, region: string): string {
  return `https://${name}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function endpoint(own: string, id: string, region: string, signingName: string, bucket: string): AwsEndpoint | string {
  const given = process.env[`AWS_ENDPOINT_URL_${id}`] || process.env['AWS_ENDPOINT_URL'] || '';
  let url: URL;
  try { url = new URL(given || own); } catch { return `the endpoint "${given.slice(0, 200)}" is no URL`; }
  const upstream = url.username !== '' || url.password !== '' ? null : upstreamAt(url.origin, TLS);
  if (upstream === null) return `the endpoint ${url.protocol}//${url.host} cannot be called`;
  const path = url.pathname.replace(/\/+$/, '');
  return { upstream, host: url.host, prefix: given !== '' && bucket !== '' ? `${path}/${bucket}` : path, region, signingName, mustSign: isAws(url.hostname) };
}

/** Whether only signed requests are taken there. */
export function isAws(hostname: string): boolean {
  return /\.amazonaws\.com(?:\.cn)?$/.test(hostname);
}
