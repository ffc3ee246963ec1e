import type { Parameter, RequestBody, Schema } from '../../ir.js';

export interface RequestValidationPart {
  /** `aws`: a request validator's rules and messages; `problem`: everything, RFC 9457 bodies. */
  readonly errors: 'aws' | 'problem';
  readonly mode: 'enforce' | 'report';
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody;
  /** AWS style: content type → model. */
  readonly models?: Readonly<Record<string, Schema>>;
}
