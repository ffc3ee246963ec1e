/** The formats that are checked, and the runtime function that checks each. */

export interface Format {
  /** Values of another type pass. */
  readonly type: 'string' | 'number';
  /** Export of `runtime/validate/formats`; null: every value of the type passes. */
  readonly check: keyof typeof import('../../runtime/validate/formats.js') | null;
}

export const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['int32', { type: 'number', check: 'isInt32' }],
  ['int64', { type: 'number', check: 'isInt64' }],
  ['float', { type: 'number', check: null }],
  ['double', { type: 'number', check: null }],
  ['byte', { type: 'string', check: 'isBase64' }],
  ['binary', { type: 'string', check: null }],
  ['password', { type: 'string', check: null }],
  ['date', { type: 'string', check: 'isDate' }],
  ['date-time', { type: 'string', check: 'isDateTime' }],
  ['time', { type: 'string', check: 'isTime' }],
  ['duration', { type: 'string', check: 'isDuration' }],
  ['uuid', { type: 'string', check: 'isUuid' }],
  ['email', { type: 'string', check: 'isEmail' }],
  ['idn-email', { type: 'string', check: 'isIdnEmail' }],
  ['uri', { type: 'string', check: 'isUri' }],
  ['uri-reference', { type: 'string', check: 'isUriReference' }],
  ['uri-template', { type: 'string', check: 'isUriTemplate' }],
  ['iri', { type: 'string', check: 'isIri' }],
  ['iri-reference', { type: 'string', check: 'isIriReference' }],
  ['hostname', { type: 'string', check: 'isHostname' }],
  ['idn-hostname', { type: 'string', check: 'isIdnHostname' }],
  ['ipv4', { type: 'string', check: 'isIpv4' }],
  ['ipv6', { type: 'string', check: 'isIpv6' }],
  ['regex', { type: 'string', check: 'isRegex' }],
  ['json-pointer', { type: 'string', check: 'isJsonPointer' }],
  ['relative-json-pointer', { type: 'string', check: 'isRelativeJsonPointer' }],
]);
