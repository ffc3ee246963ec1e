import type { Origin } from '../../diagnostics/define.js';

/** An `aws_proxy` integration with a Lambda function. */
export interface LambdaIntegration {
  readonly kind: 'aws_proxy';
  /** What bindings call the function: its name, or a template's logical id; with `${stageVariables.x}` as written. */
  readonly functionName: string;
  /** ARN or name, in parts: stage variables are known at run time only. */
  readonly reference: readonly ReferencePart[];
  /** Of the integration's uri; '' when it has none. */
  readonly region: string;
  /** Event and answer format: REST APIs have one, HTTP APIs 1.0 and 2.0. */
  readonly format: 'rest' | '1.0' | '2.0';
  readonly timeoutMs: number;
  /** Functions that run elsewhere than on AWS, by name: this integration's own, or every one when stage variables choose. */
  readonly targets: Readonly<Record<string, FunctionTarget>>;
  /** REST APIs answer every call with 500 unless the integration's method is POST [R]. */
  readonly isCallable: boolean;
  readonly origin: Origin;
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
