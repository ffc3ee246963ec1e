/** Domain names of a template and the base paths under which they serve the API → `x-gwc.domainNames`. */
import type { Json } from '../../code.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { isObject, refOf, type JsonObject } from './is-template.js';
import { list } from './sam-events.js';
import { camelCase, stageNameOf } from './stages.js';
import type { Template } from './template.js';

interface Mapping {
  /** `Ref` to a domain name of the template, or its name. */
  readonly domain: Json | undefined;
  readonly basePaths: readonly (string | undefined)[];
  readonly stage: string | undefined;
  readonly pointer: string;
  /** SAM's: the domain is declared beside its mappings. */
  readonly own?: JsonObject;
}

const NAMES: ReadonlySet<string> = new Set(['AWS::ApiGateway::DomainName', 'AWS::ApiGateway::DomainNameV2', 'AWS::ApiGatewayV2::DomainName']);

/** `Domain` of a SAM API, and the resources of CloudFormation that map a domain name to the API `id`. */
export function addDomains(template: Template, draft: Draft, id: string, properties: JsonObject, pointer: string): void {
  const mappings = [...samMappings(template, properties, pointer), ...mappingsOf(template, id)];
  for (const { domain, basePaths, stage, pointer: at, own } of mappings) {
    const resource = template.resources.get(refOf(domain) ?? '');
    const isDeclared = resource !== undefined && NAMES.has(resource.type);
    const name = template.text(isDeclared ? resource.properties['DomainName'] : domain);
    const authentication = template.plain((own ?? (isDeclared ? resource.properties : {}))['MutualTlsAuthentication']);
    if (name === undefined) {
      // Without mutual TLS a domain is no more than where the API is served.
      if (isObject(authentication)) template.report(diagnostics.UNKNOWN_DOMAIN, own === undefined ? at : `${at}/DomainName`, { parameters: template.unknownIn((isDeclared ? resource.properties['DomainName'] : domain) ?? null) });
      addMappings(draft, resource?.id ?? `${id} domain`, basePaths, stage, at);
      continue;
    }
    addMappings(draft, name, basePaths, stage, at);
    if (isObject(authentication)) draft.add(['x-gwc', 'domainNames', name, 'mutualTlsAuthentication'], camelCase(authentication), own ? `${at}/MutualTlsAuthentication` : `${resource!.pointer}/MutualTlsAuthentication`);
  }
}

function addMappings(draft: Draft, name: string, basePaths: readonly (string | undefined)[], stage: string | undefined, pointer: string): void {
  const path = ['x-gwc', 'domainNames', name, 'basePathMappings'];
  const before = draft.at(...path);
  const known = basePaths.filter((basePath) => basePath !== undefined).map((basePath) => ({ ...(basePath !== '' && { basePath }), ...(stage !== undefined && { stage }) }));
  draft.put(path, [...(Array.isArray(before) ? before as Json[] : []), ...known], pointer);
}

function samMappings(template: Template, properties: JsonObject, pointer: string): Mapping[] {
  const domain = template.plain(properties['Domain']);
  if (!isObject(domain)) return [];
  const written = domain['BasePath'] === undefined ? [] : list(template.plain(domain['BasePath']));
  const isNormalised = template.plain(domain['NormalizeBasePath']) !== false;
  const basePaths = written.map((value) => {
    const text = template.text(value);
    // SAM takes all other characters out, the slash that many people begin with among them.
    return isNormalised ? text?.replace(/[^A-Za-z0-9]/g, '') : text?.replace(/^\/+/, '');
  });
  return [{ domain: domain['DomainName'], basePaths: basePaths.length === 0 ? [''] : basePaths, stage: stageNameOf(template, properties['StageName'], `${pointer}/StageName`), pointer: `${pointer}/Domain`, own: domain }];
}

function mappingsOf(template: Template, id: string): Mapping[] {
  const read = (type: string, api: string, key: string): Mapping[] => template.of(type).filter(({ properties }) => template.idOf(properties[api]) === id).map(({ properties, pointer }) => {
    const basePath = properties[key] === undefined ? '' : template.text(properties[key]);
    return { domain: properties['DomainName'] ?? domainOfArn(properties['DomainNameArn']), basePaths: [basePath === '(none)' ? '' : basePath], stage: stageNameOf(template, properties['Stage'], `${pointer}/Stage`), pointer };
  });
  return [...read('AWS::ApiGateway::BasePathMapping', 'RestApiId', 'BasePath'), ...read('AWS::ApiGateway::BasePathMappingV2', 'RestApiId', 'BasePath'), ...read('AWS::ApiGatewayV2::ApiMapping', 'ApiId', 'ApiMappingKey')];
}

/** `!GetAtt Domain.DomainNameArn` names the domain as a `Ref` would. */
function domainOfArn(value: Json | undefined): Json | undefined {
  const attribute = isObject(value) ? value['Fn::GetAtt'] : undefined;
  const name = Array.isArray(attribute) ? attribute[0] : typeof attribute === 'string' ? attribute.split('.')[0] : undefined;
  return typeof name === 'string' ? { Ref: name } : value;
}
