import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { CONTEXT_NAMES, contextVariable } from '../../expressions/context-variables.js';
import { parseHttpValue, type HttpValue } from '../../expressions/parse-http-value.js';
import type { RawOperation } from '../../feature.js';
import { readCredentials } from '../../integration/credentials/read.js';
import { problemOf, readHttpMappings } from '../../integration/http-mapping/read.js';
import { isRegion } from '../../../runtime/aws/region.js';
import { INVALID_SERVICE_PARAMETER, MISSING_SERVICE_PARAMETER, NO_ROLE, SUBTYPE_OF_REST_API, UNKNOWN_SERVICE_PARAMETER, UNKNOWN_SUBTYPE } from './diagnostics.js';
import type { AwsSubtypeIntegration, ServiceParameter } from './ir.js';
import { readTimeout } from './read.js';
import { SUBTYPES, type ParameterKind, type Subtype } from './subtypes.js';

export function readAwsSubtype(raw: RawOperation, reporter: Reporter): AwsSubtypeIntegration | undefined {
  const node = raw.node.get('x-amazon-apigateway-integration');
  const subtypeNode = node?.get('integrationSubtype');
  if (!node || !subtypeNode || node.string('type')?.toLowerCase() !== 'aws_proxy') return undefined;
  const written = String(subtypeNode.value);
  const name = written.replace(/-1\.0$/, '');
  const subtype = Object.hasOwn(SUBTYPES, name) ? SUBTYPES[name] : undefined;
  if (subtype === undefined) {
    reporter.report(UNKNOWN_SUBTYPE, subtypeNode.origin, { subtype: written, suggestion: closest(name, Object.keys(SUBTYPES)), known: Object.keys(SUBTYPES).join(', ') });
    return undefined;
  }
  if (raw.api.flavour === 'rest') reporter.report(SUBTYPE_OF_REST_API, subtypeNode.origin, { subtype: name });
  const { parameters, region } = readParameters(raw, node, name, subtype, reporter);
  const credentials = readCredentials(node, reporter);
  if (node.at('credentials') === undefined) reporter.report(NO_ROLE, subtypeNode.origin, { subtype: name });
  // Keys such as append:header.x are no parameters of the action, and are reported as such.
  const responses = readHttpMappings(node, reporter)?.responses ?? [];
  return { kind: 'aws_subtype', subtype: name, parameters, ...(region !== undefined ? { region } : {}), credentials, ...(responses.length > 0 ? { mappings: { request: [], responses } } : {}), timeoutMs: readTimeout(raw, node, reporter), origin: subtypeNode.origin };
}

function readParameters(raw: RawOperation, node: Node, subtypeName: string, subtype: Subtype, reporter: Reporter): { parameters: ServiceParameter[]; region?: HttpValue } {
  const parameters: ServiceParameter[] = [];
  const known = [...Object.keys(subtype.parameters), 'Region'];
  let region: HttpValue | undefined;
  for (const [name, entry] of node.get('requestParameters')?.entries() ?? []) {
    if (!known.includes(name)) {
      reporter.report(UNKNOWN_SERVICE_PARAMETER, entry.keyOrigin, { subtype: subtypeName, name, suggestion: closest(name, known), known: known.join(', ') });
      continue;
    }
    const text = typeof entry.value === 'string' ? entry.value : typeof entry.value === 'number' || typeof entry.value === 'boolean' ? String(entry.value) : undefined;
    const value = text === undefined ? undefined : parseHttpValue(text);
    const problem = value === undefined ? `has the value ${JSON.stringify(entry.value)}, which is no mapping expression` : faultOf(raw, value, name === 'Region' ? 'region' : subtype.parameters[name]!.kind);
    if (problem !== undefined) reporter.report(INVALID_SERVICE_PARAMETER, entry.origin, { name, problem });
    else if (name === 'Region') region = value;
    else parameters.push({ name, value: value! });
  }
  for (const [name, { required }] of Object.entries(subtype.parameters)) {
    if (required && !node.get('requestParameters')?.at(name)) reporter.report(MISSING_SERVICE_PARAMETER, (node.at('requestParameters') ?? node).origin, { subtype: subtypeName, name });
  }
  return { parameters, ...(region !== undefined ? { region } : {}) };
}

/** What is wrong with a value that can be told without a request. */
function faultOf(raw: RawOperation, value: HttpValue, kind: ParameterKind | 'region'): string | undefined {
  // Parameters go into the body of the call, in JSON or as a form.
  const problem = problemOf(value, false, kind !== 'region');
  if (problem !== undefined) return `cannot be mapped: ${problem}`;
  for (const part of value) {
    if (typeof part === 'string') continue;
    if (part.kind === 'context' && contextVariable(part.name) === undefined && !CONTEXT_NAMES.includes(part.name)) return `names context.${part.name}, which is no context variable`;
    if (part.kind === 'requestPathVariable' && !new RegExp(`\\{${part.name.replace(/[^\w]/g, '\\$&')}\\+?\\}`).test(raw.path)) return `names the path variable ${part.name}, which the route does not have`;
  }
  if (value.length > 1 || typeof value[0] === 'object') return undefined;
  const text = value[0] ?? '';
  switch (kind) {
    case 'region': return isRegion(text) ? undefined : `is '${text}', which is no region`;
    case 'number': return /^\d{1,9}$/.test(text) ? undefined : `is '${text}', which is no whole number`;
    case 'time': return /^\d+(?:\.\d+)?$/.test(text) || !Number.isNaN(Date.parse(text)) ? undefined : `is '${text}', which is no time`;
    case 'object': return isJson(text, (parsed) => typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) ? undefined : 'is no JSON object';
    case 'list': return !text.trimStart().startsWith('[') || isJson(text, (parsed) => Array.isArray(parsed) && parsed.every((item) => typeof item === 'string')) ? undefined : 'is no JSON array of texts';
    default: return undefined;
  }
}

function isJson(text: string, test: (value: unknown) => boolean): boolean {
  try { return test(JSON.parse(text)); } catch { return false; }
}
