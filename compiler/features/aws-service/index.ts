import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Api, Feature } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import { emitAwsService } from './emit.js';
import type { AwsServiceIntegration } from './ir.js';
import { readAwsService } from './read.js';

/** `aws` integrations: actions and paths of AWS services, signed; functions are the lambda slice's. */
export const awsService: Feature<AwsServiceIntegration> = {
  key: 'awsService',
  stage: 'integrate',
  integrationKinds: ['aws_service'],
  diagnostics,
  readIntegration: readAwsService,
  check: checkStageVariables,
  // The signature covers the body.
  needsRequestBody: (part) => part.uri !== undefined && part.credentials.kind !== 'caller',
  summary: (part) => (part.uri === undefined || part.credentials.kind === 'caller' ? 'aws: answers 500' : `aws ${part.uri.name} ${part.uri.region} ${part.httpMethod} ${part.uri.form}/${text(part.uri.target).replace(/^\//, '')} (${part.timeoutMs} ms)${part.credentials.kind === 'role' ? `, as ${text(part.credentials.arn)}` : ''}`),
  emit: emitAwsService,
};

function text(parts: NonNullable<AwsServiceIntegration['uri']>['target']): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'placeholder' ? `{${part.name}}` : `\${stageVariables.${part.name}}`)).join('');
}

/** Every stage variable that an integration names must be set in every stage. */
function checkStageVariables(api: Api, reporter: Reporter): void {
  for (const { integration } of api.operations) {
    if (integration.kind !== 'aws_service') continue;
    const names = new Set<string>();
    for (const part of [...(integration.uri?.target ?? []), ...(integration.uri?.query ?? []), ...(integration.credentials.kind === 'role' ? integration.credentials.arn : [])]) if (part.kind === 'stageVariable') names.add(part.name);
    for (const mapping of integration.requestParameters) {
      const source = parseSource(mapping.source);
      if (source?.kind === 'stageVariable') names.add(source.name);
    }
    const stages = Object.keys(api.stages).length > 0 ? Object.values(api.stages) : [{ name: '$default', variables: {} }];
    for (const name of names) for (const stage of stages) {
      if (!Object.hasOwn(stage.variables, name)) reporter.report(diagnostics.UNKNOWN_SERVICE_VARIABLE, integration.origin, { name, stage: stage.name, suggestion: closest(name, Object.keys(stage.variables)) });
    }
  }
}
