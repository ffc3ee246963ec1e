/** `arn:aws:apigateway:{region}:{subdomain.service|service}:{path|action}/{service_api}` (integrations.md §9). */
import { isRegion } from '../../../runtime/aws/region.js';
import { splitParts, type UriPart } from '../../integration/uri-parts.js';

export interface ServiceUri {
  readonly partition: string;
  /** '': a template left it open; the gateway's own when it runs. */
  readonly region: string;
  /** Last label of the service part: `s3` of `bucket.s3`. */
  readonly service: string;
  /** With sub-domain. */
  readonly name: string;
  /** 'variable': a stage variable says `action/…` or `path/…`. */
  readonly form: 'path' | 'action' | 'variable';
  /** Path form: the path, starting with '/'. Action form: the action's name. Variable: all of it. */
  readonly target: readonly UriPart[];
  /** What stands behind the path's '?' or the action's '&'. */
  readonly query: readonly UriPart[];
}

/** Services whose API begins with a sub-domain of the service's own, so that the whole is its name. */
const COMPOUND = new Set(['streams.dynamodb', 'runtime.sagemaker', 'data.iot', 'data-ats.iot', 'data.iotevents', 'data.jobs.iot', 'participant.connect']);

/** A sentence says what is wrong. */
export function parseServiceUri(text: string): ServiceUri | { readonly problem: string } {
  const uri = text.trim();
  const match = /^arn:([^:]*):apigateway:([^:]*):([^:]*)(?::([^]*))?$/.exec(uri);
  if (!match) return { problem: uri === '' ? 'the uri is empty' : uri.startsWith('arn:') ? `${uri} is no ARN of API Gateway` : `${uri} is no ARN` };
  const [, partition, written, name, rest] = match as unknown as [string, string, string, string, string | undefined];
  const isOpen = /^\$\{(?!stageVariables\.)[^{}]+\}$/.test(written);
  const region = isOpen ? '' : written;
  if (!/^aws(?:-[a-z-]+)?$/.test(partition)) return { problem: `there is no partition '${partition}'` };
  for (const [what, value] of [['region', region], ['service', name]] as const) if (value.includes('${') || value.includes('{')) return { problem: `its ${what} is '${value}', which must be known when the gateway is built` };
  if (!isOpen && !isRegion(region)) return { problem: region === '' ? 'it names no region' : `'${region}' is no region` };
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(name) || name.includes('..')) return { problem: name === '' ? 'it names no service' : `'${name}' is no service` };
  if (/[\s\0-\x1f\x7f]/.test(rest ?? '')) return { problem: 'it holds blanks or control characters' };
  const whole = name.toLowerCase();
  const service = whole.slice(whole.lastIndexOf('.') + 1);
  const common = { partition, region, service, name: whole };
  if (/^\$\{stageVariables\.[A-Za-z0-9_]+\}$/.test(rest ?? '')) return { ...common, form: 'variable', target: splitParts(rest!), query: [] };
  const form = /^(path|action)\/([^]*)$/.exec(rest ?? '');
  if (!form) return { problem: 'AWS ARN for integration must contain path or action' };
  return form[1] === 'path' ? readPath(common, form[2]!) : readAction(common, form[2]!);
}

type Common = Pick<ServiceUri, 'partition' | 'region' | 'service' | 'name'>;

function readPath(common: Common, text: string): ServiceUri {
  const end = text.indexOf('?');
  const path = end < 0 ? text : text.slice(0, end);
  // `path//` is how the root is written.
  return { ...common, form: 'path', target: splitParts(path.startsWith('/') ? path : `/${path}`), query: end < 0 ? [] : splitParts(text.slice(end + 1)) };
}

function readAction(common: Common, text: string): ServiceUri | { readonly problem: string } {
  const end = text.search(/[&?]/);
  const action = splitParts(end < 0 ? text : text.slice(0, end));
  const query = end < 0 ? [] : splitParts(text.slice(end + 1));
  const placeholder = action.find((part) => part.kind === 'placeholder');
  if (placeholder) return { problem: `the action is {${placeholder.name}}: a client would choose what is done` };
  if (action.length === 0) return { problem: 'it names no action' };
  if (action.some((part) => part.kind === 'text' && !/^[A-Za-z0-9_.-]*$/.test(part.text))) return { problem: `'${end < 0 ? text : text.slice(0, end)}' is no action` };
  return { ...common, form: 'action', target: action, query };
}

/** Whether a sub-domain is part of the service's own name rather than somebody's bucket or account. */
export function isCompound(name: string): boolean {
  return COMPOUND.has(name);
}
