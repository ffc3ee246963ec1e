import type { HttpValue } from '../../expressions/parse-http-value.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Credentials } from '../../integration/credentials/credentials.js';
import type { PayloadRules } from '../../integration/content-handling.js';
import type { HttpMappings } from '../../integration/http-mapping/mapping.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import type { RequestMapping } from '../../integration/read-request-parameters.js';
import type { MappingTemplate } from '../../integration/read-templates.js';
import type { ServiceUri } from './uri.js';

/** An `aws` integration with an action or a path of an AWS service. */
export interface AwsServiceIntegration {
  readonly kind: 'aws_service';
  /** Absent when the uri cannot be read: every call answers 500. */
  readonly uri?: ServiceUri;
  /** How the service is called; 'ANY' = the client's method. */
  readonly httpMethod: string;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly requestParameters: readonly RequestMapping[];
  readonly requestTemplates: readonly MappingTemplate[];
  readonly passthrough: 'when_no_match' | 'when_no_templates' | 'never';
  /** What is bytes and what text, and what is made of request bodies. */
  readonly payload: PayloadRules;
  readonly responses: readonly IntegrationResponse[];
  readonly origin: Origin;
}

/** A first-class service integration of an HTTP API. */
export interface AwsSubtypeIntegration {
  readonly kind: 'aws_subtype';
  /** `SQS-SendMessage`. */
  readonly subtype: string;
  readonly parameters: readonly ServiceParameter[];
  /** What `Region` says; without it the region is the queue's, the state machine's or the gateway's own. */
  readonly region?: HttpValue;
  readonly credentials: Credentials;
  /** What is changed about answers. */
  readonly mappings?: HttpMappings;
  readonly timeoutMs: number;
  readonly origin: Origin;
}

export interface ServiceParameter { readonly name: string; readonly value: HttpValue }
