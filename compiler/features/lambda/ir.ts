import type { Origin } from '../../diagnostics/define.js';
import type { HttpMappings } from '../../integration/http-mapping/mapping.js';
import type { RequestMapping } from '../../integration/read-request-parameters.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import type { MappingTemplate } from '../../integration/read-templates.js';

/** Which function an integration calls, and where it runs. */
export interface FunctionCall {
  /** What bindings call the function: its name, or a template's logical id; with `${stageVariables.x}` as written. */
  readonly functionName: string;
  /** ARN or name, in parts: stage variables are known at run time only. */
  readonly reference: readonly ReferencePart[];
  /** Of the integration's uri; '' when it has none. */
  readonly region: string;
  readonly timeoutMs: number;
  /** Functions that run elsewhere than on AWS, by name: this integration's own, or every one when stage variables choose. */
  readonly targets: Readonly<Record<string, FunctionTarget>>;
  /** REST APIs answer every call with 500 unless the integration's method is POST [R]. */
  readonly isCallable: boolean;
  readonly origin: Origin;
}

/** An `aws_proxy` integration with a Lambda function. */
export interface LambdaIntegration extends FunctionCall {
  readonly kind: 'aws_proxy';
  /** Event and answer format: REST APIs have one, HTTP APIs 1.0 and 2.0. */
  readonly format: 'rest' | '1.0' | '2.0';
  /** HTTP APIs: what is changed about the request before its event is made, and about the answer. */
  readonly mappings?: HttpMappings;
}

/** An `aws` integration with a Lambda function: templates make its event and the client's answer. */
export interface LambdaCustomIntegration extends FunctionCall {
  readonly kind: 'lambda';
  readonly requestParameters: readonly RequestMapping[];
  readonly requestTemplates: readonly MappingTemplate[];
  readonly passthrough: 'when_no_match' | 'when_no_templates' | 'never';
  /** Patterns match the `errorMessage` of what the function gave. */
  readonly responses: readonly IntegrationResponse[];
}

export type ReferencePart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'stageVariable'; readonly name: string };

/** Where a function runs. */
export type FunctionTarget =
  /** AWS, or what AWS_ENDPOINT_URL_LAMBDA says when the gateway starts. */
  | { readonly kind: 'aws'; readonly origin: Origin }
  | { readonly kind: 'endpoint'; readonly url: string; readonly origin: Origin }
  /** Compiled into the bundle. `file`: absolute; `written`: as the user wrote it. */
  | { readonly kind: 'module'; readonly file: string; readonly exportName: string; readonly written: string; readonly origin: Origin }
  /** A program that speaks the Lambda Runtime API, started by the gateway in its own working directory. */
  | { readonly kind: 'exec'; readonly command: readonly string[]; readonly maximum: number; readonly origin: Origin };

export interface LambdaPart {
  readonly bindings: Readonly<Record<string, FunctionTarget>>;
  /** `x-amazon-apigateway-binary-media-types`, lower case. */
  readonly binaryMediaTypes: readonly string[];
}
