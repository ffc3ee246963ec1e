/** `responses` of an integration: pattern → status, headers and templates. Shared by every integration that maps its answers. */
import { parseJavaRegex } from '../../runtime/vtl/java-regex/parse.js';
import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Origin } from '../diagnostics/define.js';
import { INVALID_INTEGRATION_STATUS, INVALID_RESPONSE_MAPPING, INVALID_SELECTION_PATTERN, NEVER_SELECTED, UNDECLARED_STATUS } from './diagnostics.js';
import { parseResponseSource } from '../expressions/parse-source.js';
import { suggestSource, suggestTarget } from '../expressions/suggest-source.js';
import { readContentHandling, type ContentHandling } from './content-handling.js';
import { readTemplates, type MappingTemplate } from './read-templates.js';
import { matchesText } from './select-response.js';

export interface IntegrationResponse {
  /** Regular expression (Java) that the backend's status must match whole; null: the default. */
  readonly pattern: string | null;
  readonly status: number;
  readonly headers: readonly { readonly name: string; readonly source: string; readonly origin: Origin }[];
  readonly templates: readonly MappingTemplate[];
  readonly contentHandling: ContentHandling;
  /** The operation has a response of that status; else every such answer is 500. */
  readonly isDeclared: boolean;
  readonly origin: Origin;
}

/** Whether any status matches, those that are usual first. */
function matchesSome(pattern: string): boolean {
  if (/^[1-5]\d\d$/.test(pattern)) return true;
  for (const last of [0, 1, 2, 3, 4, 9]) for (const first of [2, 4, 5, 3, 1]) if (matchesText(pattern, `${first}0${last}`)) return true;
  for (let status = 100; status <= 599; status++) if (matchesText(pattern, String(status))) return true;
  return false;
}

/** `declared`: the operation's own responses, '200', '4XX', 'default'; empty when it declares none. `selectBy`: what patterns are matched against. */
export function readIntegrationResponses(integration: Node, declared: readonly { readonly status: string }[], reporter: Reporter, selectBy: 'status' | 'errorMessage' = 'status'): IntegrationResponse[] {
  const responses: IntegrationResponse[] = [];
  for (const [pattern, entry] of integration.get('responses')?.entries() ?? []) {
    const node = entry.follow();
    const status = node.get('statusCode');
    const text = status === undefined ? '200' : String(status.value);
    if (!/^[1-5]\d\d$/.test(text)) { reporter.report(INVALID_INTEGRATION_STATUS, (status ?? node).origin, { value: text }); continue; }
    if (pattern !== 'default' && pattern !== '') {
      try { parseJavaRegex(pattern); } catch (error) {
        reporter.report(INVALID_SELECTION_PATTERN, entry.keyOrigin, { pattern, problem: (error as Error).message });
        continue;
      }
      // One that never answers declares nothing either.
      if (selectBy === 'status' && !matchesSome(pattern)) {
        const meant = pattern.replace(/\\([[\]])/g, '$1').replace(/\bx+\b|(?<=^[1-5])x+$/gi, '\\d{2}');
        reporter.report(NEVER_SELECTED, entry.keyOrigin, { pattern, suggestion: meant !== pattern && matchesSome(meant) ? meant : undefined });
        continue;
      }
    }
    const isDeclared = declared.length === 0 || declared.some((response) => response.status === text || response.status === 'default' || response.status === `${text[0]}XX`);
    if (!isDeclared) reporter.report(UNDECLARED_STATUS, (status ?? node).origin, { status: text });
    const headers: { name: string; source: string; origin: Origin }[] = [];
    for (const [key, value] of node.get('responseParameters')?.entries() ?? []) {
      const name = /^method\.response\.header\.([!#$%&'*+.^_`|~0-9A-Za-z-]+)$/.exec(key)?.[1];
      const valid = typeof value.value === 'string' && parseResponseSource(value.value) !== undefined;
      if (!name || !valid || /[\r\n\0]/.test(value.value as string)) { reporter.report(INVALID_RESPONSE_MAPPING, name ? value.origin : value.keyOrigin, { problem: name ? String(value.value) : key, suggestion: name ? suggestSource(String(value.value), 'response') : suggestTarget(key, 'method.response') }); continue; }
      headers.push({ name, source: value.value as string, origin: value.origin });
    }
    const templates = readTemplates(node.get('responseTemplates'), reporter);
    responses.push({ pattern: pattern === 'default' || pattern === '' ? null : pattern, status: Number(text), headers, templates, contentHandling: readContentHandling(node), isDeclared, origin: node.origin });
  }
  // Patterns are tried in the order of their status codes [R]; the default answers last.
  return responses.sort((a, b) => Number(a.pattern === null) - Number(b.pattern === null) || a.status - b.status || (a.pattern! < b.pattern! ? -1 : 1));
}
