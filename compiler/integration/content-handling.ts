/** `contentHandling` with `x-amazon-apigateway-binary-media-types` (integrations.md §3): read, and emitted for requests. */
import type { Node } from '../1-load/node.js';
import { code, EMPTY, helper, type Code } from '../code.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Operation, RawApi, Unit } from '../feature.js';
import type { Origin } from '../diagnostics/define.js';
import { readBinaryMediaTypes } from './binary-media-types.js';
import { TEMPLATE_ON_BYTES } from './diagnostics.js';

const handling = helper<typeof import('../../runtime/body/content-handling.js')>();

/** CONVERT_TO_TEXT, CONVERT_TO_BINARY, or as it comes. */
export type ContentHandling = 'text' | 'binary' | null;

/** Which payloads are bytes and what is made of them. */
export interface PayloadRules {
  readonly contentHandling: ContentHandling;
  /** Lower case. */
  readonly binaryMediaTypes: readonly string[];
}

/** Other values are reported where all fields are. */
export function readContentHandling(node: Node): ContentHandling {
  switch (node.string('contentHandling')?.toUpperCase()) {
    case 'CONVERT_TO_TEXT': return 'text';
    case 'CONVERT_TO_BINARY': return 'binary';
    default: return null;
  }
}

/** The rules of an integration's requests. HTTP APIs have none: everything passes as it is. */
export function readPayloadRules(integration: Node, raw: RawApi): PayloadRules {
  return raw.flavour === 'rest' ? { contentHandling: readContentHandling(integration), binaryMediaTypes: readBinaryMediaTypes(raw.root) } : { contentHandling: null, binaryMediaTypes: [] };
}

/** Reports request templates that can never be applied. */
export function checkTemplatesOnBytes(rules: PayloadRules, templates: readonly { readonly origin: Origin }[], kind: 'request' | 'response', reporter: Reporter): void {
  const reason = rules.contentHandling === 'text' ? undefined : everythingIsBinary(rules) ? '*/* is a binary media type' : rules.contentHandling === 'binary' ? 'contentHandling is CONVERT_TO_BINARY' : undefined;
  if (reason !== undefined && templates.length > 0) reporter.report(TEMPLATE_ON_BYTES, templates[0]!.origin, { kind, reason });
}

export interface RequestConversion {
  /** Statements that make `exchange.body` what templates and backend see; EMPTY when it is that already. */
  readonly convert: Code;
  /** Whether it is bytes then; code: known only when the request is there. */
  readonly binary: boolean | Code;
  /** Statements for a body that goes on without a template. */
  readonly pass: Code;
}

/** Every content type counts as binary. */
export function everythingIsBinary(rules: PayloadRules): boolean { return rules.binaryMediaTypes.includes('*/*'); }

/** `convert` declares `isBytes` when `binary` is code. */
export function emitRequestConversion(rules: PayloadRules, operation: Operation, unit: Unit): RequestConversion {
  const text = code`${handling('body/content-handling', 'textRequest')}(exchange);`;
  const encode = code`${handling('body/content-handling', 'encodeRequest')}(exchange);`;
  const decode = code`${handling('body/content-handling', 'decodeRequest')}(exchange, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)})`;
  if (rules.binaryMediaTypes.length === 0) {
    return rules.contentHandling === 'binary' ? { convert: code`if (!${decode}) return;`, binary: true, pass: EMPTY } : { convert: EMPTY, binary: false, pass: text };
  }
  if (everythingIsBinary(rules)) return rules.contentHandling === 'text' ? { convert: encode, binary: false, pass: EMPTY } : { convert: EMPTY, binary: true, pass: EMPTY };
  const isBytes = code`${handling('body/content-handling', 'isBinaryRequest')}(exchange, ${emitBinaryMediaTypes(rules, unit)})`;
  switch (rules.contentHandling) {
    case 'text': return { convert: code`if (${isBytes}) ${encode}`, binary: false, pass: text };
    case 'binary': return { convert: code`if (!${isBytes} && !${decode}) return;`, binary: true, pass: EMPTY };
    case null: return { convert: code`const isBytes = ${isBytes};`, binary: code`isBytes`, pass: code`if (!isBytes) ${text}` };
    default: return rules.contentHandling satisfies never;
  }
}

/** Statements before a request template is applied: it applies to text only. EMPTY when it is text. */
export function emitTextOnly(conversion: RequestConversion, operation: Operation, unit: Unit): Code {
  if (conversion.binary === false) return EMPTY;
  const refuse = code`return ${handling('body/content-handling', 'refuseBinaryRequest')}(exchange, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)});`;
  return conversion.binary === true ? refuse : code`if (${conversion.binary}) ${refuse}`;
}

export function emitBinaryMediaTypes(rules: Pick<PayloadRules, 'binaryMediaTypes'>, unit: Unit): Code {
  return unit.constant('BINARY_MEDIA_TYPES', code`${rules.binaryMediaTypes} as readonly string[]`);
}
