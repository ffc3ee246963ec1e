import type { Api, Feature } from '../../feature.js';
import type { Origin } from '../../diagnostics/define.js';
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
    // Where each is named.
    const names = new Map<string, Origin>();
    for (const mapping of integration.requestParameters) {
      const source = parseSource(mapping.source);
      if (source?.kind === 'stageVariable') names.set(source.name, mapping.origin);
    }
    for (const part of integration.vpcLink?.id ?? []) if (part.kind === 'stageVariable') names.set(part.name, fieldOf(integration, 'connectionId'));
    if (typeof uri === 'object') for (const part of [...uri.origin, ...uri.path, ...uri.query]) if (part.kind === 'stageVariable') names.set(part.name, fieldOf(integration, 'uri'));
    checkLinks(integration, api, reporter);
    const stages = Object.keys(api.stages).length > 0 ? Object.values(api.stages) : [{ name: '$default', variables: {}, origin: integration.origin }];
    for (const [name, origin] of names) for (const stage of stages) {
      if (Object.hasOwn(stage.variables, name)) continue;
      const suggestion = closest(name, Object.keys(stage.variables));
      reporter.report(diagnostics.UNKNOWN_STAGE_VARIABLE, origin, { name, stage: stage.name, suggestion });
    }
  }
}

function fieldOf({ origin }: HttpIntegration, name: string): Origin { return { ...origin, pointer: `${origin.pointer}/${name}` }; }

/** A link that stage variables choose must exist in every stage. */
function checkLinks(integration: HttpIntegration, api: Api, reporter: Reporter): void {
  const { vpcLink } = integration;
  if (!vpcLink?.id.some((part) => part.kind === 'stageVariable')) return;
  const known = Object.keys(api.parts.http?.vpcLinks ?? {});
  for (const { name: stage, variables } of Object.values(api.stages)) {
    const id = vpcLink.id.map((part) => (part.kind === 'stageVariable' ? variables[part.name] ?? '' : part.kind === 'text' ? part.text : '')).join('');
    if (!known.includes(id)) reporter.report(diagnostics.UNKNOWN_VPC_LINK, fieldOf(integration, 'connectionId'), { id, stage, suggestion: closest(id, known), known: known.join(', ') });
  }
}
