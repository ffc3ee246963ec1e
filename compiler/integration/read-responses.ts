/** `responses` of an integration: pattern → status, headers and templates. Shared by every integration that maps its answers. */
import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Origin } from '../diagnostics/define.js';
import { INVALID_INTEGRATION_STATUS, INVALID_RESPONSE_MAPPING, INVALID_SELECTION_PATTERN } from './diagnostics.js';
import { parseSource } from '../expressions/parse-source.js';

export interface IntegrationResponse {
  /** Regular expression (Java) that the backend's status must match whole; null: the default. */
  readonly pattern: string | null;
  readonly status: number;
  readonly headers: readonly { readonly name: string; readonly source: string; readonly origin: Origin }[];
  /** MIME type → template text. */
  readonly templates: Readonly<Record<string, string>>;
  readonly origin: Origin;
}

export function readIntegrationResponses(integration: Node, reporter: Reporter): IntegrationResponse[] {
  const responses: IntegrationResponse[] = [];
  for (const [pattern, entry] of integration.get('responses')?.entries() ?? []) {
    const node = entry.follow();
    const status = node.get('statusCode');
    const text = status === undefined ? '200' : String(status.value);
    if (!/^[1-5]\d\d$/.test(text)) { reporter.report(INVALID_INTEGRATION_STATUS, (status ?? node).origin, { value: text }); continue; }
    if (pattern !== 'default' && pattern !== '') {
      try { new RegExp(pattern); } catch (error) {
        reporter.report(INVALID_SELECTION_PATTERN, entry.keyOrigin, { pattern, problem: (error as Error).message.replace(/^Invalid regular expression: \/.*\/\w*: /, '') });
        continue;
      }
    }
    const headers: { name: string; source: string; origin: Origin }[] = [];
    for (const [key, value] of node.get('responseParameters')?.entries() ?? []) {
      const name = /^method\.response\.header\.([!#$%&'*+.^_`|~0-9A-Za-z-]+)$/.exec(key)?.[1];
      const valid = typeof value.value === 'string' && (parseSource(value.value) !== undefined || /^integration\.response\.(multivalue)?header\.[^\s]+$|^integration\.response\.body(\.|$|\[)/.test(value.value));
      if (!name || !valid || /[\r\n\0]/.test(value.value as string)) { reporter.report(INVALID_RESPONSE_MAPPING, name ? value.origin : value.keyOrigin, { problem: name ? String(value.value) : key }); continue; }
      headers.push({ name, source: value.value as string, origin: value.origin });
    }
    const templates: Record<string, string> = {};
    for (const [mime, template] of node.get('responseTemplates')?.entries() ?? []) {
      // AWS exports write `null` or "" for an empty template: the payload passes through unchanged.
      if (typeof template.value === 'string') templates[mime] = template.value;
    }
    responses.push({ pattern: pattern === 'default' || pattern === '' ? null : pattern, status: Number(text), headers, templates, origin: node.origin });
  }
  // Patterns are tried in the order of their status codes [R]; the default answers last.
  return responses.sort((a, b) => Number(a.pattern === null) - Number(b.pattern === null) || a.status - b.status || (a.pattern! < b.pattern! ? -1 : 1));
}
