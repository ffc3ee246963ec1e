import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { CONTEXT_NAMES, contextVariable, ROUTE_VARIABLES } from '../../expressions/context-variables.js';
import { parseSource } from '../../expressions/parse-source.js';
import { suggestSource, suggestTarget } from '../../expressions/suggest-source.js';
import type { RawApi } from '../../feature.js';
import { GATEWAY_RESPONSE_TYPES } from './catalogue.js';
import { INVALID_HEADER, INVALID_STATUS, NO_PLACE_IN_RESPONSE, NOT_VTL, UNKNOWN_TYPE, UNKNOWN_VARIABLE } from './diagnostics.js';
import type { GatewayResponse, GatewayResponsesPart } from './ir.js';
import { parseTemplate } from './template.js';

export function readGatewayResponses(raw: RawApi, reporter: Reporter): GatewayResponsesPart | undefined {
  const node = raw.root.get('x-amazon-apigateway-gateway-responses');
  if (!node) return undefined;
  const byType: Record<string, GatewayResponse> = {};
  for (const [type, entry] of node.entries()) {
    if (!Object.hasOwn(GATEWAY_RESPONSE_TYPES, type)) {
      reporter.report(UNKNOWN_TYPE, entry.keyOrigin, { type, suggestion: closest(type, Object.keys(GATEWAY_RESPONSE_TYPES)) ?? Object.keys(GATEWAY_RESPONSE_TYPES).find((known) => type.length > 4 && known.includes(type.toUpperCase())) });
      continue;
    }
    byType[type] = readOne(type, entry.follow(), reporter);
  }
  return { byType };
}

function readOne(type: string, node: Node, reporter: Reporter): GatewayResponse {
  const status = node.get('statusCode');
  const statusText = status === undefined || status.value === null ? undefined : String(status.value);
  const valid = statusText !== undefined && /^[1-5]\d\d$/.test(statusText);
  if (statusText !== undefined && !valid) reporter.report(INVALID_STATUS, status!.origin, { value: statusText });

  const headers: Record<string, string> = {};
  for (const [key, value] of node.get('responseParameters')?.entries() ?? []) {
    const name = /^gatewayresponse\.header\.([!#$%&'*+.^_`|~0-9A-Za-z-]+)$/.exec(key)?.[1];
    if (/^gatewayresponse\.(?:path|querystring)\./.test(key)) reporter.report(NO_PLACE_IN_RESPONSE, value.keyOrigin, { key });
    else if (!name) reporter.report(INVALID_HEADER, value.keyOrigin, { problem: `'${key}' is no gatewayresponse.header.<name>`, hint: hintOf(suggestTarget(key, 'gatewayresponse')) });
    else if (typeof value.value !== 'string' || !parseSource(value.value)) reporter.report(INVALID_HEADER, value.origin, { problem: `'${String(value.value)}' is no mapping expression`, hint: hintOf(typeof value.value === 'string' ? suggestSource(value.value, 'request') : undefined) });
    else if (/^'[^]*[\r\n\0][^]*'$/.test(value.value)) reporter.report(INVALID_HEADER, value.origin, { problem: 'a header value cannot hold a line break', hint: 'write the value on one line' });
    else headers[name] = value.value;
  }

  const templates: Record<string, string> = {};
  for (const [mime, template] of node.get('responseTemplates')?.entries() ?? []) {
    if (typeof template.value !== 'string') continue;
    templates[mime] = template.value;
    checkTemplate(template, template.value, reporter);
  }
  return { type, statusCode: valid ? Number(statusText) : null, headers, templates, origin: node.origin };
}

function hintOf(meant: string | undefined): string | undefined {
  return meant === undefined ? undefined : meant.startsWith("'") ? `write a text in quotes of its own: "${meant}"` : `did you mean '${meant}'?`;
}

function checkTemplate(node: Node, text: string, reporter: Reporter): void {
  for (const part of parseTemplate(text)) {
    if (typeof part === 'string' || part.kind !== 'context') continue;
    if (contextVariable(part.name) !== undefined || ROUTE_VARIABLES.includes(part.name)) continue;
    const suggestion = closest(part.name, CONTEXT_NAMES);
    reporter.report(UNKNOWN_VARIABLE, { ...node.origin, inside: { offset: part.offset, length: part.length } }, { name: `$context.${part.name}`, suggestion: suggestion && `$context.${suggestion}` });
  }
  for (const match of text.matchAll(/\$!?\{?(?:util|input)\b[.\w]*|#(?:set|if|foreach|else|end)\b/g)) {
    reporter.report(NOT_VTL, { ...node.origin, inside: { offset: match.index, length: match[0].length } }, { text: match[0] });
  }
}
