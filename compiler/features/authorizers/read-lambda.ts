import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Source } from '../../expressions/parse-source.js';
import { parseFunctionUri, parseReference } from '../../functions/uri.js';
import { readCredentials } from '../../integration/credentials/read.js';
import type { Flavour, SecurityScheme } from '../../ir.js';
import * as diagnostics from './diagnostics.js';
import type { LambdaAuthorizer } from './ir.js';
import { parseSources } from './identity-sources.js';
import { readExpression } from './read-expression.js';

/** undefined: it cannot work, which has been reported. */
export function readLambdaAuthorizer(scheme: string, definition: SecurityScheme, node: Node, flavour: Flavour, reporter: Reporter): LambdaAuthorizer | undefined {
  const isRest = flavour === 'rest';
  const type = node.string('type')?.toLowerCase() === 'token' ? 'token' : 'request';
  if (type === 'token' && !isRest) return void reporter.report(diagnostics.INVALID_AUTHORIZER_FORMAT, node.at('type')!.origin, { scheme, problem: 'HTTP APIs have no authorizers of type token', hint: "write type: request and authorizerPayloadFormatVersion: '2.0'" });
  const uri = node.get('authorizerUri');
  const parsed = typeof uri?.value === 'string' ? parseFunctionUri(uri.value) : { problem: 'it has no authorizerUri' };
  if (parsed === 'other' || 'problem' in parsed) return void reporter.report(diagnostics.AUTHORIZER_WITHOUT_FUNCTION, (uri ?? node).origin, { scheme, problem: parsed === 'other' ? 'its uri is no invocation of a function' : parsed.problem });
  const format = isRest ? 'rest' : readFormat(scheme, node, reporter);
  const simple = !isRest && (node.boolean('enableSimpleResponses') === true || node.string('enableSimpleResponses') === 'true');
  if (simple && format === '1.0') return void reporter.report(diagnostics.INVALID_AUTHORIZER_FORMAT, node.at('enableSimpleResponses')!.origin, { scheme, problem: 'enableSimpleResponses needs authorizerPayloadFormatVersion 2.0', hint: "write authorizerPayloadFormatVersion: '2.0', or take enableSimpleResponses out" });
  const ttl = readTtl(scheme, node, isRest, reporter);
  const sources = readSources(scheme, type, definition, node, flavour, reporter);
  const expression = type === 'token' ? readExpression(scheme, node, reporter) : null;
  if (format === undefined || ttl === undefined || sources === undefined || expression === undefined) return undefined;
  if (ttl > 0 && sources.length === 0) return void reporter.report(diagnostics.MISSING_IDENTITY_SOURCE, node.origin, { scheme, ttl, example: exampleOf(flavour) });
  const reference = parseReference(parsed.reference);
  return {
    scheme, type, format, simple, sources, expression, ttl,
    call: { functionName: reference.name, reference: reference.parts, region: parsed.region, credentials: readCredentials(node, reporter, 'authorizerCredentials'), origin: uri!.origin },
    // "When caching is off, API Gateway doesn't validate [identity sources] before invoking" [D], for REST APIs; a token must be there in any case.
    sourcesRequired: !isRest || type === 'token' || ttl > 0,
  };
}

function readFormat(scheme: string, node: Node, reporter: Reporter): '1.0' | '2.0' | undefined {
  const version = node.get('authorizerPayloadFormatVersion');
  const text = version === undefined ? undefined : typeof version.value === 'number' ? version.value.toFixed(1) : String(version.value);
  if (text === '1.0' || text === '2.0') return text;
  return void reporter.report(diagnostics.INVALID_AUTHORIZER_FORMAT, (version ?? node).origin, { scheme, problem: text === undefined ? 'authorizerPayloadFormatVersion is missing' : `authorizerPayloadFormatVersion '${text}' does not exist` });
}

function readTtl(scheme: string, node: Node, isRest: boolean, reporter: Reporter): number | undefined {
  const field = node.get('authorizerResultTtlInSeconds');
  if (!field) return isRest ? 300 : 0;
  const value = typeof field.value === 'string' && /^\d+$/.test(field.value) ? Number(field.value) : field.value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 3600) return value;
  return void reporter.report(diagnostics.INVALID_TTL, field.origin, { scheme, value: JSON.stringify(field.value) });
}

const exampleOf = (flavour: Flavour): string => (flavour === 'http' ? 'identitySource: [$request.header.Authorization]' : 'identitySource: method.request.header.Authorization');

/** A REST authorizer without `identitySource` takes the scheme's own header, as on import [R]; `Unused` stands for none. */
function readSources(scheme: string, type: 'token' | 'request', definition: SecurityScheme, node: Node, flavour: Flavour, reporter: Reporter): readonly Source[] | undefined {
  const field = node.get('identitySource');
  const example = exampleOf(flavour);
  const problem = (text: string): undefined => void reporter.report(diagnostics.INVALID_IDENTITY_SOURCE, (field ?? node).origin, { scheme, problem: text, example });
  let sources: readonly Source[] = [];
  if (field) {
    const texts = Array.isArray(field.value) ? field.items().map((item) => item.value) : String(field.value).split(',');
    const parsed = parseSources(texts, flavour);
    if (typeof parsed === 'string') return problem(parsed);
    sources = parsed;
  } else if (flavour === 'rest' && definition.kind === 'apiKey' && definition.in === 'header' && definition.name !== '' && definition.name.toLowerCase() !== 'unused') {
    sources = [{ kind: 'header', name: definition.name }];
  }
  if (type === 'token' && (sources.length !== 1 || sources[0]!.kind !== 'header')) return problem('an authorizer of type token has exactly one header');
  return sources;
}
