import { kindOf, parseRange } from '../../checks/media-types.js';
import { validationSettings } from '../../checks/validation-settings.js';
import type { Node } from '../../1-load/node.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawOperation } from '../../feature.js';
import type { MediaType } from '../../ir.js';
import { IDLE_VALIDATOR, UNCHECKED_BODY, UNKNOWN_VALIDATOR } from './diagnostics.js';
import type { RequestValidationPart } from './ir.js';

const VALIDATOR = 'x-amazon-apigateway-request-validator';
const VALIDATORS = 'x-amazon-apigateway-request-validators';

/**
 * REST: what a request validator asks for, in API Gateway's way, unless `x-gwc-validation.request` asks for more. HTTP APIs and
 * documents without AWS extensions: everything.
 */
export function readRequestValidation(raw: RawOperation, reporter: Reporter): RequestValidationPart | undefined {
  const { flavour, root } = raw.api;
  const settings = validationSettings(root, raw.node, flavour);
  const validator = flavour === 'rest' ? readValidator(raw, reporter) : undefined;
  if (settings.request === 'off') return undefined;
  if (flavour === 'rest' && settings.request === undefined) return validator && readAwsRules(raw, validator, settings.errors);
  const body = raw.requestBody;
  for (const media of body?.content ?? []) reportUnchecked(media, reporter);
  if (raw.parameters.length === 0 && !body) return undefined;
  return { rules: 'full', errors: settings.errors, mode: settings.request ?? 'enforce', parameters: raw.parameters, ...(body ? { body } : {}), models: [] };
}

interface Validator { readonly body: boolean; readonly parameters: boolean }

/** The operation's validator, else the root's; API Gateway knows none on path items. */
function readValidator(raw: RawOperation, reporter: Reporter): Validator | undefined {
  const node = raw.node.at(VALIDATOR) ?? raw.api.root.at(VALIDATOR);
  if (!node || typeof node.value !== 'string') return undefined;
  const declared = raw.api.root.get(VALIDATORS);
  const validator = declared?.get(node.value);
  const known = declared?.entries().map(([name]) => name) ?? [];
  if (!validator) {
    // API Gateway's exports write "" where there is none.
    if (node.value !== '') reporter.report(UNKNOWN_VALIDATOR, node.origin, { name: node.value, closest: closest(node.value, known), known });
    return undefined;
  }
  const body = isTrue(validator, 'validateRequestBody'), parameters = isTrue(validator, 'validateRequestParameters');
  if (!body && !parameters) reporter.report(IDLE_VALIDATOR, validator.origin, { name: node.value });
  return { body, parameters };
}

/** API Gateway takes "true" as well as true. */
function isTrue(node: Node, key: string): boolean {
  const value = node.get(key)?.value;
  return value === true || value === 'true';
}

function readAwsRules(raw: RawOperation, validator: Validator, errors: 'aws' | 'problem'): RequestValidationPart | undefined {
  // Models are JSON schemas; API Gateway knows no parameters in cookies, and a path that matched has its variables.
  const parameters = validator.parameters ? raw.parameters.filter((parameter) => parameter.required && parameter.in !== 'cookie' && !parameter.querystring) : [];
  const models = validator.body ? (raw.requestBody?.content ?? []).filter((media) => media.schema !== undefined && isJson(media)) : [];
  if (parameters.length === 0 && models.length === 0) return undefined;
  return { rules: 'aws', errors, mode: 'enforce', parameters, models };
}

function isJson(media: MediaType): boolean {
  const range = parseRange(media.type);
  return range !== undefined && kindOf(range) === 'json';
}

function reportUnchecked(media: MediaType, reporter: Reporter): void {
  const range = parseRange(media.type);
  if (!range) return;
  // What is described item by item is meant to go on as it comes.
  if (media.itemSchema !== undefined && typeof media.itemSchema !== 'boolean') return reporter.report(UNCHECKED_BODY, media.origin, { type: media.type, isItems: true });
  if (media.schema === undefined || typeof media.schema === 'boolean') return;
  const { type = 'array' } = media.schema;
  const isSeries = kindOf(range) === 'series' && (Array.isArray(type) ? type : [type]).includes('array');
  if (isSeries || (kindOf(range) !== 'other' && kindOf(range) !== 'series')) return;
  // A file, or no more than "a string": nothing to check.
  const tells = Object.keys(media.schema).filter((keyword) => !['type', 'format', 'description', 'title', 'examples', 'contentMediaType', 'contentEncoding'].includes(keyword));
  if (tells.length > 0) reporter.report(UNCHECKED_BODY, media.origin, { type: media.type, isItems: false });
}
