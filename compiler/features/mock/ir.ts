import type { Origin } from '../../diagnostics/define.js';
import type { PayloadRules } from '../../integration/content-handling.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import type { MappingTemplate } from '../../integration/read-templates.js';

/** A `mock` integration of the document: no backend; a request template gives the status that picks the answer. */
export interface MockIntegration {
  readonly kind: 'mock';
  readonly requestTemplates: readonly MappingTemplate[];
  /** Without a template for the request's content type. */
  readonly passthrough: 'when_no_match' | 'when_no_templates' | 'never';
  readonly payload: PayloadRules;
  readonly responses: readonly IntegrationResponse[];
  readonly origin: Origin;
}
