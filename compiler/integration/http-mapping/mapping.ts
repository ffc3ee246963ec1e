import type { Origin } from '../../diagnostics/define.js';
import type { HttpValue } from '../../expressions/parse-http-value.js';

/** One parameter mapping of an HTTP API: `append:header.x`, `overwrite:path`, `overwrite:statuscode` … */
export interface HttpMapping {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly place: 'header' | 'querystring' | 'path' | 'statuscode';
  /** '' for path and statuscode. */
  readonly name: string;
  readonly value: HttpValue;
  readonly origin: Origin;
}

/** What an integration of an HTTP API changes about the request it sends on and about the answers it gets. */
export interface HttpMappings {
  readonly request: readonly HttpMapping[];
  /** By the backend's status, 200 to 599. */
  readonly responses: readonly { readonly status: number; readonly mappings: readonly HttpMapping[] }[];
}
