import type { Origin } from '../../diagnostics/define.js';
import type { PayloadRules } from '../../integration/content-handling.js';
import type { HttpMappings } from '../../integration/http-mapping/mapping.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import type { RequestMapping } from '../../integration/read-request-parameters.js';
import type { UriPart } from '../../integration/uri-parts.js';
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
  /** `responseTransferMode: STREAM`: the answer goes out as it comes, neither converted nor compressed. */
  readonly streams: boolean;
  /** The operation had no integration of its own (`--upstream`, `servers`). */
  readonly implied: boolean;
  /** Implied, at a server of the operation's own, which knows nothing of `--basepath`: how many bytes of the path are not for it. */
  readonly withoutPrefix?: number;
  /** A private integration; absent: the uri's host is called. */
  readonly vpcLink?: VpcLinkReference;
  readonly insecureSkipVerification: boolean;
  readonly serverNameToVerify?: string;
  readonly origin: Origin;
}

export interface VpcLinkReference {
  /** A key of `HttpPart.vpcLinks`; stage variables may choose it. */
  readonly id: readonly UriPart[];
  /** The uri is the ARN of a listener or a Cloud Map service: the stage's name and the whole path of the request go to the target. */
  readonly isWholePath: boolean;
}

export interface HttpPart {
  readonly vpcLinks: Readonly<Record<string, VpcLinkSettings>>;
  /** By stage: what its `clientCertificateId` names in `x-gwc.clientCertificates`. */
  readonly clientCertificates: Readonly<Record<string, CertificateFiles>>;
}

/** Paths of PEM files, as the gateway finds them when it runs. */
export interface CertificateFiles { readonly ca?: string; readonly cert?: string; readonly key?: string }

/** As runtime/vpc-link.ts takes it. */
export interface VpcLinkSettings {
  readonly targets: readonly string[];
  readonly healthCheck?: HealthCheckSettings;
  readonly tls?: CertificateFiles;
}

export interface HealthCheckSettings { readonly path: string; readonly intervalMs: number; readonly timeoutMs: number; readonly healthyThreshold: number; readonly unhealthyThreshold: number }
