import type { MediaType, Parameter, RequestBody } from '../../ir.js';

export interface RequestValidationPart {
  /** `aws`: a request validator's rules (required parameters are there, bodies match their model); `full`: everything the document says. */
  readonly rules: 'aws' | 'full';
  /** How a request that does not match is answered: a gateway response, or problem details (RFC 9457). */
  readonly errors: 'aws' | 'problem';
  readonly mode: 'enforce' | 'report';
  /** Parameters that are checked. */
  readonly parameters: readonly Parameter[];
  /** The body, where it is checked (`full`). */
  readonly body?: RequestBody;
  /** Content type → model (`aws`). */
  readonly models: readonly MediaType[];
}
