import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Api, Feature, Operation } from '../../feature.js';
import { checkCredentials, isAnonymous } from '../../integration/credentials/check.js';
import { credentialsText } from '../../integration/credentials/credentials.js';
import * as diagnostics from './diagnostics.js';
import { emitAwsService } from './emit.js';
import { emitAwsSubtype } from './emit-subtype.js';
import type { AwsServiceIntegration, AwsSubtypeIntegration } from './ir.js';
import { readAwsService } from './read.js';
import { readAwsSubtype } from './read-subtype.js';

/** `aws` integrations: actions and paths of AWS services, signed; functions are the lambda slice's. */
export const awsService: Feature<AwsServiceIntegration> = {
  key: 'awsService',
  stage: 'integrate',
  integrationKinds: ['aws_service'],
  diagnostics,
  readIntegration: readAwsService,
  check: checkStageVariables,
  // The signature covers the body.
  needsRequestBody: (part, operation) => answers(part, operation),
  summary: (part, operation) => (part.uri === undefined || !answers(part, operation) ? 'aws: answers 500' : `aws ${part.uri.name} ${part.uri.region || '(own region)'} ${part.httpMethod} ${part.uri.form}/${text(part.uri.target).replace(/^\//, '')} (${part.timeoutMs} ms)${credentialsText(part.credentials)}`),
  emit: emitAwsService,
};

/** First-class service integrations of HTTP APIs: `aws_proxy` with an `integrationSubtype`. */
export const awsSubtype: Feature<AwsSubtypeIntegration> = {
  key: 'awsSubtype',
  stage: 'integrate',
  integrationKinds: ['aws_subtype'],
  diagnostics: {},
  readIntegration: readAwsSubtype,
  needsRequestBody: (part) => part.parameters.some(({ value }) => value.some((item) => typeof item !== 'string' && item.kind === 'requestBody')),
  summary: (part) => `aws_proxy ${part.subtype} (${part.timeoutMs} ms)${credentialsText(part.credentials)}`,
  emit: emitAwsSubtype,
};

/** Whether the service can be called at all. */
function answers(part: AwsServiceIntegration, operation: Operation): boolean {
  return part.uri !== undefined && !isAnonymous(part, operation);
}

function text(parts: NonNullable<AwsServiceIntegration['uri']>['target']): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'placeholder' ? `{${part.name}}` : `\${stageVariables.${part.name}}`)).join('');
}

/** Every stage variable that an integration names must be set in every stage. */
function checkStageVariables(api: Api, reporter: Reporter): void {
  for (const operation of api.operations) {
    const { integration } = operation;
    if (integration.kind !== 'aws_service' && integration.kind !== 'aws_subtype') continue;
    const names = new Set<string>();
    checkCredentials(integration.credentials, operation, api, reporter);
    if (integration.kind === 'aws_service') namesOfService(integration, names);
    else for (const part of [...integration.parameters.flatMap(({ value }) => value), ...(integration.region ?? [])]) if (typeof part !== 'string' && part.kind === 'stageVariable') names.add(part.name);
    const stages = Object.keys(api.stages).length > 0 ? Object.values(api.stages) : [{ name: '$default', variables: {} }];
    for (const name of names) for (const stage of stages) {
      if (!Object.hasOwn(stage.variables, name)) reporter.report(diagnostics.UNKNOWN_SERVICE_VARIABLE, integration.origin, { name, stage: stage.name, suggestion: closest(name, Object.keys(stage.variables)) });
    }
  }
}

function namesOfService(integration: AwsServiceIntegration, names: Set<string>): void {
  for (const part of [...(integration.uri?.target ?? []), ...(integration.uri?.query ?? [])]) if (part.kind === 'stageVariable') names.add(part.name);
  for (const mapping of integration.requestParameters) {
    const source = parseSource(mapping.source);
    if (source?.kind === 'stageVariable') names.add(source.name);
  }
}
