/** Every diagnostic gwc can report: the slices' own and the phases'. */
import * as load from '../1-load/diagnostics.js';
import * as overlay from '../1-load/overlay/diagnostics.js';
import * as placeholders from '../1-load/placeholders/diagnostics.js';
import * as template from '../1-load/template/diagnostics.js';
import * as validate from '../1-load/validate/diagnostics.js';
import * as read from '../2-read/diagnostics.js';
import * as knownFields from '../2-read/known-fields-diagnostics.js';
import * as emit from '../4-emit/diagnostics.js';
import * as bundle from '../5-bundle/diagnostics.js';
import * as router from '../router/diagnostics.js';
import * as schema from '../schema/diagnostics.js';
import * as credentials from '../integration/credentials/diagnostics.js';
import * as integrationResponses from '../integration/diagnostics.js';
import * as httpMappings from '../integration/http-mapping/diagnostics.js';
import * as vtl from '../vtl/diagnostics.js';
import { features } from '../features/index.js';
import * as sdk from '../sdk/diagnostics.js';
import type { DiagnosticDefinition } from './define.js';

export function allDiagnostics(): DiagnosticDefinition<never>[] {
  const groups: Readonly<Record<string, unknown>>[] = [load, overlay, placeholders, template, validate, read, knownFields, schema, vtl, sdk, router, integrationResponses, credentials, httpMappings, emit, bundle, ...features.map((feature) => feature.diagnostics)];
  const definitions = groups.flatMap((group) => Object.values(group)).filter(isDefinition);
  return definitions.sort((a, b) => (a.code < b.code ? -1 : 1));
}

function isDefinition(value: unknown): value is DiagnosticDefinition<never> {
  return typeof value === 'object' && value !== null && 'code' in value && 'help' in value;
}
