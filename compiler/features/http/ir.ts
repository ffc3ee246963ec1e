import type { Origin } from '../../diagnostics/define.js';
import type { PayloadRules } from '../../integration/content-handling.js';
import type { HttpMappings } from '../../integration/http-mapping/mapping.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import type { RequestMapping } from '../../integration/read-request-parameters.js';
import type { MappingTemplate } from '../../integration/read-templates.js';

/** An `http` or `http_proxy` integration, or an operation that goes to `--upstream`. */
export interface HttpIntegration {
  readonly kind: 'http' | 'http_proxy';
  /** Backend verb; 'ANY' = the client's. */
  readonly httpMethod: string;
  /** As written: `{variable}` and `${stageVariables.x}` inside. */
  readonly uri: string;
  readonly timeoutMs: number;
  /** `integration.request.<location>.<name>` ← source expression. */
  readonly requestParameters: readonly RequestMapping[];
  /** HTTP APIs: `append:header.x`, `overwrite:path` … */
  readonly mappings?: HttpMappings;
  /** `http`: how the request's body is mapped, and what happens to content types without a template. */
  readonly requestTemplates: readonly MappingTemplate[];
  readonly passthrough: 'when_no_match' | 'when_no_templates' | 'never';
  readonly payload: PayloadRules;
  /** `http`: how the backend's answers are mapped. */
  readonly responses: readonly IntegrationResponse[];
  /** The operation had no integration of its own (`--upstream`, `servers`). */
  readonly implied: boolean;
  readonly insecureSkipVerification: boolean;
  readonly serverNameToVerify?: string;
  readonly origin: Origin;
}
