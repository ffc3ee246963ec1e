import type { FunctionCall, FunctionTarget } from '../../functions/call.js';
import type { PayloadRules } from '../../integration/content-handling.js';
import type { HttpMappings } from '../../integration/http-mapping/mapping.js';
import type { RequestMapping } from '../../integration/read-request-parameters.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import type { MappingTemplate } from '../../integration/read-templates.js';

/** What every integration with a function says. */
export interface LambdaCall extends FunctionCall {
  readonly timeoutMs: number;
  /** REST APIs answer every call with 500 unless the integration's method is POST [R]. */
  readonly isCallable: boolean;
}

/** An `aws_proxy` integration with a Lambda function. */
export interface LambdaIntegration extends LambdaCall {
  readonly kind: 'aws_proxy';
  /** Event and answer format: REST APIs have one, HTTP APIs 1.0 and 2.0. */
  readonly format: 'rest' | '1.0' | '2.0';
  /** REST: the answer goes out as it comes (`responseTransferMode: STREAM`). */
  readonly streams: boolean;
  /** HTTP APIs: what is changed about the request before its event is made, and about the answer. */
  readonly mappings?: HttpMappings;
}

/** An `aws` integration with a Lambda function: templates make its event and the client's answer. */
export interface LambdaCustomIntegration extends LambdaCall {
  readonly kind: 'lambda';
  readonly requestParameters: readonly RequestMapping[];
  readonly requestTemplates: readonly MappingTemplate[];
  readonly passthrough: 'when_no_match' | 'when_no_templates' | 'never';
  /** contentHandling and binary media types. */
  readonly payload: PayloadRules;
  /** Patterns match the `errorMessage` of what the function gave. */
  readonly responses: readonly IntegrationResponse[];
}

export interface LambdaPart {
  readonly bindings: Readonly<Record<string, FunctionTarget>>;
  /** `x-amazon-apigateway-binary-media-types`, lower case. */
  readonly binaryMediaTypes: readonly string[];
}
