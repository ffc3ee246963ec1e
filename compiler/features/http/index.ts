import type { Api, Feature } from '../../feature.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { parseSource } from '../../expressions/parse-source.js';
import * as diagnostics from './diagnostics.js';
import { emitHttp, readsBody } from './emit.js';
import type { HttpIntegration, HttpPart } from './ir.js';
import { readHttpIntegration } from './read.js';
import { readHttpPart } from './read-vpc-links.js';
import { parseUri } from './uri.js';

/** `http` and `http_proxy` integrations, and operations that go to `--upstream`. */
export const http: Feature<HttpIntegration, HttpPart> = {
  key: 'http',
  stage: 'integrate',
  integrationKinds: ['http', 'http_proxy'],
  diagnostics,
  readApi: readHttpPart,
  readIntegration: readHttpIntegration,
  check: checkStageVariables,
  needsRequestBody: readsBody,
  summary: (part) => `${part.kind} ${part.httpMethod} ${part.uri}${part.vpcLink ? `${part.vpcLink.isWholePath ? '' : ' '}through VPC link ${part.vpcLink.id.map((item) => (item.kind === 'text' ? item.text : `\${stageVariables.${item.name}}`)).join('')}` : ''} (${part.timeoutMs} ms)${part.requestParameters.length > 0 ? `, ${part.requestParameters.length} mapped parameters` : ''}`,
  emit: emitHttp,
};

/** Every stage variable that an integration names must be set in every stage. */
function checkStageVariables(api: Api, reporter: Reporter): void {
  for (const operation of api.operations) {
    const integration = operation.integration;
    if (integration.kind !== 'http' && integration.kind !== 'http_proxy') continue;
    const uri = parseUri(integration.uri);
    const names = new Set<string>();
    if (typeof uri === 'object') for (const part of [...uri.origin, ...uri.path, ...uri.query]) if (part.kind === 'stageVariable') names.add(part.name);
    for (const part of integration.vpcLink?.id ?? []) if (part.kind === 'stageVariable') names.add(part.name);
    for (const mapping of integration.requestParameters) {
      const source = parseSource(mapping.source);
      if (source?.kind === 'stageVariable') names.add(source.name);
    }
    checkLinks(integration, api, reporter);
    const stages = Object.keys(api.stages).length > 0 ? Object.values(api.stages) : [{ name: '$default', variables: {}, origin: integration.origin }];
    for (const name of names) for (const stage of stages) {
      if (Object.hasOwn(stage.variables, name)) continue;
      const suggestion = closest(name, Object.keys(stage.variables));
      reporter.report(diagnostics.UNKNOWN_STAGE_VARIABLE, integration.origin, { name, stage: stage.name, suggestion });
    }
  }
}

/** A link that stage variables choose must exist in every stage. */
function checkLinks({ vpcLink, origin }: HttpIntegration, api: Api, reporter: Reporter): void {
  if (!vpcLink?.id.some((part) => part.kind === 'stageVariable')) return;
  const known = Object.keys(api.parts.http?.vpcLinks ?? {});
  for (const { name: stage, variables } of Object.values(api.stages)) {
    const id = vpcLink.id.map((part) => (part.kind === 'stageVariable' ? variables[part.name] ?? '' : part.kind === 'text' ? part.text : '')).join('');
    if (!known.includes(id)) reporter.report(diagnostics.UNKNOWN_VPC_LINK, origin, { id, stage, suggestion: closest(id, known), known: known.join(', ') });
  }
}
