/** Mapping templates at work: rendering with API Gateway's failures, and the overrides a template leaves behind (integrations.md §5). */
import type { Exchange } from '../exchange.js';
import { requestId } from '../identifiers/request-id.js';
import { PayloadError, TemplateError } from '../vtl/limits.js';
import type { Render } from '../vtl/render.js';
import type { TemplateScope } from '../vtl/scope.js';
import { TemplateInput, inputQuery } from '../vtl/input.js';
import type { JsonPath } from '../vtl/jsonpath/path.js';
import { jsonText, textOf } from '../vtl/text.js';
import { JavaList, JavaMap, type Value } from '../vtl/values.js';

type Answer = (exchange: Exchange) => void;

/** The payload as a template sees it: UTF-8, invalid bytes as U+FFFD [R]. */
export function payloadText(body: Uint8Array | null): string {
  return body === null ? '' : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

/**
 * The template's output; null when it could not be rendered, and then the request has been answered: 400 when the payload starts
 * like JSON and is none, 500 (and a log line) otherwise.
 */
export function rendered(exchange: Exchange, render: Render, scope: TemplateScope, badPayload: Answer, broken: Answer): string | null {
  try {
    return render(scope);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    if (error instanceof PayloadError) {
      exchange.errorMessage = `Could not process payload${error.message}`;
      badPayload(exchange);
    } else {
      exchange.gateway.log(`(${requestId(exchange)}) Execution failed due to configuration error: Unable to transform: ${error.message}`);
      broken(exchange);
    }
    return null;
  }
}

/** The same for an answer: a backend's broken payload is no fault of the client's, so every failure is a 500. */
export function renderedAnswer(exchange: Exchange, render: Render, scope: TemplateScope, broken: Answer): string | null {
  try {
    return render(scope);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    exchange.gateway.log(`(${requestId(exchange)}) Execution failed due to configuration error: Unable to transform response: ${error.message}`);
    broken(exchange);
    return null;
  }
}

/** A request's body with a template in place of it. */
export function replaceBody(exchange: Exchange, text: string): void {
  exchange.body = Buffer.from(text, 'utf8');
}

/** `$context.<holder>.<place>` after a template ran, flat `[name, value…]`; a list gives the name several times. */
export function overrides(scope: TemplateScope, holder: 'requestOverride' | 'responseOverride', place: 'header' | 'querystring' | 'path'): string[] {
  const map = scope.context.get(holder);
  const entries = map instanceof JavaMap ? map.get(place) : null;
  const flat: string[] = [];
  if (!(entries instanceof JavaMap)) return flat;
  for (const key of entries.keys()) {
    const name = textOf(key) ?? '';
    const value = entries.get(key);
    for (const item of value instanceof JavaList ? value.items : [value]) {
      const text = item === null ? null : textOf(item);
      if (text !== null) flat.push(name, text);
    }
  }
  return flat;
}

/** `fields` with the overrides in place of same-named ones (matched without regard to case). */
export function overridden(fields: readonly (string | undefined)[], overrides: readonly string[]): (string | undefined)[] {
  if (overrides.length === 0) return [...fields];
  const names = new Set<string>();
  for (let i = 0; i < overrides.length; i += 2) names.add(overrides[i]!.toLowerCase());
  const result: (string | undefined)[] = [];
  for (let i = 0; i < fields.length; i += 2) if (!names.has(fields[i]!.toLowerCase())) result.push(fields[i], fields[i + 1]);
  result.push(...overrides);
  return result;
}

/** An override of path variable `name`, else `mapped`. */
export function overriddenPath(overrides: readonly string[], name: string, mapped: string | undefined): string | undefined {
  for (let i = 0; i < overrides.length; i += 2) if (overrides[i] === name) return overrides[i + 1];
  return mapped;
}

/** `name=value&…`: mapped query parameters with the overrides in place of same-named ones. */
export function queryWithOverrides(mapped: readonly (string | undefined)[], overrides: readonly string[]): string {
  const pairs: string[] = [];
  const names = new Set<string>();
  for (let i = 0; i < overrides.length; i += 2) names.add(overrides[i]!);
  const add = (name: string, value: string | undefined): void => { if (value !== undefined && value !== '') pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(wellFormed(value))}`); };
  for (let i = 0; i < mapped.length; i += 2) if (!names.has(mapped[i]!)) add(mapped[i]!, mapped[i + 1]);
  for (let i = 0; i < overrides.length; i += 2) add(overrides[i]!, overrides[i + 1]!);
  return pairs.join('&');
}

function wellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed();
}

/** `$context.responseOverride.status`: an integer from 100 to 599, else `status`. */
export function overriddenStatus(scope: TemplateScope, status: number): number {
  const map = scope.context.get('responseOverride');
  const value = map instanceof JavaMap ? map.get('status') : null;
  const number = value === null ? NaN : Number(textOf(value));
  // 1xx cannot be a final answer (RFC 9110 §15.2).
  return Number.isInteger(number) && number >= 200 && number <= 599 ? number : status;
}

/**
 * `method.request.body` or `integration.response.body` at a path, for a header or parameter: text as it is, objects as JSON. undefined
 * when there is none. Throws PayloadError when the payload starts like JSON and is none (integrations.md §4).
 */
export function bodyValue(input: TemplateInput, path: JsonPath | null): string | undefined {
  if (path === null) return input.body;
  const value: Value = inputQuery(input, path);
  if (value === null) return undefined;
  return value instanceof JavaMap || value instanceof JavaList ? jsonText(value) : (textOf(value) ?? undefined);
}

export function payloadInput(payload: string): TemplateInput {
  return new TemplateInput(payload, { path: new JavaMap(), querystring: new JavaMap(), header: new JavaMap() });
}

/** Whether sources may look into the payload; if not the request has been answered: 400 `Invalid JSON in request body` [R]. */
export function isReadable(exchange: Exchange, input: TemplateInput, badRequest: Answer): boolean {
  try {
    input.root();
    return true;
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    exchange.errorMessage = 'Invalid JSON in request body';
    badRequest(exchange);
    return false;
  }
}
