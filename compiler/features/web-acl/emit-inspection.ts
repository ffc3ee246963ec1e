/** Parts of the request with their transformations, as expressions over `request: WafRequest`. */
import { code, helper, typeHelper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import type { Field, Inspection, NameSelection, Transformation } from './ir.js';

const fields = helper<typeof import('../../../runtime/waf/fields.js')>();
const json = helper<typeof import('../../../runtime/waf/json-body.js')>();
const white = helper<typeof import('../../../runtime/waf/transform/white-space.js')>();
const escapes = helper<typeof import('../../../runtime/waf/transform/escapes.js')>();
const hex = helper<typeof import('../../../runtime/waf/transform/hex.js')>();
const path = helper<typeof import('../../../runtime/waf/transform/path.js')>();
const base64 = helper<typeof import('../../../runtime/waf/transform/base64.js')>();
const url = helper<typeof import('../../../runtime/waf/transform/url.js')>();

export const REQUEST = code`request: ${typeHelper('waf/request', 'WafRequest')}`;

export const TRANSFORMATIONS: Readonly<Record<Transformation, Code>> = {
  COMPRESS_WHITE_SPACE: code`${white('waf/transform/white-space', 'compressWhiteSpace')}`,
  REMOVE_NULLS: code`${white('waf/transform/white-space', 'removeNulls')}`,
  REPLACE_NULLS: code`${white('waf/transform/white-space', 'replaceNulls')}`,
  HTML_ENTITY_DECODE: code`${helper<typeof import('../../../runtime/waf/transform/html.js')>()('waf/transform/html', 'htmlEntityDecode')}`,
  LOWERCASE: code`${helper<typeof import('../../../runtime/waf/transform/case.js')>()('waf/transform/case', 'lowercase')}`,
  CMD_LINE: code`${helper<typeof import('../../../runtime/waf/transform/command-line.js')>()('waf/transform/command-line', 'commandLine')}`,
  URL_DECODE: code`${url('waf/transform/url', 'urlDecode')}`,
  URL_DECODE_UNI: code`${url('waf/transform/url', 'urlDecodeUni')}`,
  BASE64_DECODE: code`${base64('waf/transform/base64', 'base64Decode')}`,
  BASE64_DECODE_EXT: code`${base64('waf/transform/base64', 'base64DecodeExt')}`,
  HEX_DECODE: code`${hex('waf/transform/hex', 'hexDecode')}`,
  SQL_HEX_DECODE: code`${hex('waf/transform/hex', 'sqlHexDecode')}`,
  MD5: code`${helper<typeof import('../../../runtime/waf/transform/md5.js')>()('waf/transform/md5', 'md5')}`,
  REPLACE_COMMENTS: code`${helper<typeof import('../../../runtime/waf/transform/comments.js')>()('waf/transform/comments', 'replaceComments')}`,
  ESCAPE_SEQ_DECODE: code`${escapes('waf/transform/escapes', 'escapeSequenceDecode')}`,
  CSS_DECODE: code`${escapes('waf/transform/escapes', 'cssDecode')}`,
  JS_DECODE: code`${escapes('waf/transform/escapes', 'jsDecode')}`,
  NORMALIZE_PATH: code`${path('waf/transform/path', 'normalizePath')}`,
  NORMALIZE_PATH_WIN: code`${path('waf/transform/path', 'normalizePathWin')}`,
  UTF8_TO_UNICODE: code`${helper<typeof import('../../../runtime/waf/transform/utf8.js')>()('waf/transform/utf8', 'utf8ToUnicode')}`,
};

export function transformed(text: Code, transformations: readonly Transformation[]): Code {
  return transformations.reduce((inner, each) => code`${TRANSFORMATIONS[each]}(${inner})`, text);
}

/** Is there one text, always, or a list of texts of which one is enough? */
export const isList = ({ kind }: Field): boolean => kind === 'header' || kind === 'queryArgument' || kind === 'queryArguments' || kind === 'headers' || kind === 'cookies' || kind === 'jsonBody';

export const needsBody = ({ kind }: Field): boolean => kind === 'body' || kind === 'jsonBody';

const slots = new WeakMap<Unit, Map<string, number>>();

/** The place in a request's memory for what `key` stands for. */
export function slotOf(key: unknown, unit: Unit): number {
  let known = slots.get(unit);
  if (!known) slots.set(unit, (known = new Map()));
  const text = JSON.stringify(key);
  let slot = known.get(text);
  if (slot === undefined) known.set(text, (slot = known.size));
  return slot;
}

/** The expression for the text (`string`) or texts (`readonly string[]`); what takes work is done once per request. */
export function emitTexts({ field, transformations }: Inspection, unit: Unit): Code {
  const plain = emitField(field, unit);
  if (transformations.length === 0 && !['queryArguments', 'queryArgument', 'headers', 'cookies', 'jsonBody', 'headerOrder'].includes(field.kind)) return plain;
  const slot = slotOf([field, transformations], unit);
  const names = [field.kind, ...('name' in field ? [field.name] : []), ...transformations.map((each) => each.toLowerCase())].join(' ');
  if (!isList(field)) return code`${unit.func(names, REQUEST, code`string`, code`return request.texts[${slot}] ??= ${transformed(plain, transformations)};`)}(request)`;
  const list = transformations.length === 0 ? plain : code`${plain}.map((text) => ${transformed(code`text`, transformations)})`;
  return code`${unit.func(names, REQUEST, code`readonly string[]`, code`return request.lists[${slot}] ??= ${list};`)}(request)`;
}

function emitField(field: Field, unit: Unit): Code {
  switch (field.kind) {
    case 'header': return code`${fields('waf/fields', 'header')}(request, ${field.name})`;
    case 'queryArgument': return code`${fields('waf/fields', 'queryArguments')}(request, ${field.name})`;
    case 'queryArguments': return code`${fields('waf/fields', 'queryArguments')}(request, null)`;
    case 'uriPath': return code`${fields('waf/fields', 'uriPath')}(request)`;
    case 'queryString': return code`${fields('waf/fields', 'queryString')}(request)`;
    case 'method': return code`${fields('waf/fields', 'method')}(request)`;
    case 'body': return code`request.body`;
    case 'uriFragment': return code`""`;
    case 'headerOrder': return code`${fields('waf/fields', 'headerOrder')}(request)`;
    case 'headers': return code`${fields('waf/fields', 'headers')}(request, ${emitSelection(field.select, unit)}, ${field.scope})`;
    case 'cookies': return code`${fields('waf/fields', 'cookies')}(request, ${emitSelection(field.select, unit)}, ${field.scope})`;
    case 'jsonBody': {
      const texts = code`${json('waf/json-body', 'jsonTexts')}(request, ${field.paths === null ? null : unit.constant('JSON_PATHS', code`${field.paths}`)}, ${field.scope})`;
      return field.invalid === 'EVALUATE_AS_STRING' ? code`(${json('waf/json-body', 'jsonIsInvalid')}(request) ? [request.body] : ${texts})` : texts;
    }
  }
}

function emitSelection(select: NameSelection, unit: Unit): Code {
  return select === null ? code`null` : unit.constant('NAMES', code`{ names: /* @__PURE__ */ new Set<string>(${select.names}), isExcluded: ${select.isExcluded} }`);
}

/** `test` with what OversizeHandling and InvalidFallbackBehavior say. */
export function withLimits(field: Field, test: Code): Code {
  if (field.kind === 'uriFragment') return code`${field.fallback}`;
  let result = test;
  if (field.kind === 'jsonBody' && (field.invalid === 'MATCH' || field.invalid === 'NO_MATCH')) {
    const invalid = code`${json('waf/json-body', 'jsonIsInvalid')}(request)`;
    result = field.invalid === 'MATCH' ? code`(${invalid} || ${result})` : code`(!${invalid} && ${result})`;
  }
  if (!('oversize' in field) || field.oversize === 'CONTINUE') return result;
  const cut = field.kind === 'cookies' ? code`${fields('waf/fields', 'cookiesAreCut')}(request)` : needsBody(field) ? code`request.bodyIsCut` : code`${fields('waf/fields', 'headersAreCut')}(request)`;
  return field.oversize === 'MATCH' ? code`(${cut} || ${result})` : code`(!${cut} && ${result})`;
}
