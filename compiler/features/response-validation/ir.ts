import type { Response } from '../../ir.js';

export interface ResponseValidationPart {
  readonly mode: 'enforce' | 'report';
  /** How the client is answered instead: a gateway response, or problem details (RFC 9457). */
  readonly errors: 'aws' | 'problem';
  readonly responses: readonly Response[];
}
