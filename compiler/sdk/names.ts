/** Names for SDKs: made from the document's, valid in every language up to keywords, unique without regard to case. */
import type { Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import { NAME_TAKEN, NAME_RESERVED } from './diagnostics.js';

/** Runs of letters and digits; everything else (quotes, slashes, bidirectional controls) only separates. */
function words(text: string): string[] {
  return text.normalize('NFC').match(/[\p{L}\p{Nd}\p{Mn}\p{Mc}]+/gu) ?? [];
}

/** `simple-user` → `SimpleUser`, `HTTPRoute` stays. */
export function pascalCase(text: string, fallback: string): string {
  const name = words(text).map((word) => word[0]!.toUpperCase() + word.slice(1)).join('').replace(/^[\p{Mn}\p{Mc}]+/u, '');
  return name === '' ? fallback : /^\p{Nd}/u.test(name) ? fallback[0]!.toUpperCase() + name : name;
}

/** `X-Request-Id` → `xRequestId`, `HTTPRoute` → `httpRoute`. */
export function camelCase(text: string, fallback: string): string {
  const [first = '', ...rest] = words(text);
  // Of a run of capitals in front of a small letter, the last one begins the next word.
  const start = first.replace(/^\p{Lu}+(?=\p{Lu}\p{Ll})|^\p{Lu}+/u, (capitals) => capitals.toLowerCase());
  const name = pascalCase([start, ...rest].join(' '), fallback);
  return start === '' || name === fallback || /^\p{Nd}/u.test(start) ? name[0]!.toLowerCase() + name.slice(1) : start[0] + name.slice(1);
}

const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * The property under which callers give a parameter or a credential: an identifier is kept as it is written, snake_case too, anything
 * else becomes one. What every object inherits (`constructor`) gets `suffix`.
 */
export function propertyKey(name: string, suffix: string): string {
  const key = /^[A-Za-z][A-Za-z0-9_]*$/.test(name) ? name : camelCase(name, suffix);
  return INHERITED.has(key) ? `${key}${suffix[0]!.toUpperCase()}${suffix.slice(1)}` : key;
}

/** Words that every SDK's core exports or uses: a schema with such a name gets `Model` at its end. */
const VOCABULARY = new Set([
  'AccessToken', 'AnyResult', 'ApiError', 'Auth', 'AwsCredentials', 'BaseClientOptions', 'BasicCredentials', 'Binary', 'BinaryBody', 'BodyOf', 'ByteStream', 'CallOptions', 'Client', 'ClientCredentialsOptions',
  'ClientErrorStatus', 'ClientOptions', 'ErrorOf', 'Failure', 'FieldFault', 'GatewayError', 'GatewayFault', 'GatewayFaultKind', 'HttpStatus', 'InformationalStatus', 'OtherNumber', 'OtherString', 'QuotaExceededError',
  'RedirectStatus', 'RequestRejectedError', 'RequestSigner', 'ResponseFormatError', 'ResultOf', 'RetryOptions', 'Secret', 'ServerErrorStatus', 'SigV4Options', 'SignableRequest', 'Success', 'SuccessStatus',
  'ThrottledError', 'TimeoutError', 'TransportError', 'Unexpected', 'UnknownTag', 'UnknownVariant',
].map((name) => name.toLowerCase()));

export function isVocabulary(name: string): boolean {
  return VOCABULARY.has(name.toLowerCase());
}

/** Names of one scope. The first to ask for a name gets it; who comes later is renamed, and told. */
export class Names {
  private readonly taken = new Map<string, string>();

  constructor(private readonly reporter: Reporter, private readonly what: 'type' | 'operation' | 'parameter' | 'credential') {}

  /** `original` is the document's name. `other` is tried before numbers are appended. */
  take(wanted: string, original: string, origin: Origin, other?: string): string {
    let name = wanted;
    if (this.what === 'type' && isVocabulary(name)) {
      name = `${wanted}Model`;
      // Where that is taken as well, the name that is given in the end is told.
      if (!this.taken.has(name.toLowerCase())) this.reporter.report(NAME_RESERVED, { ...origin, key: true }, { original, name });
    }
    const first = this.taken.get(name.toLowerCase());
    if (first !== undefined && other !== undefined) name = other;
    const stem = name;
    for (let n = 2; this.taken.has(name.toLowerCase()); n++) name = `${stem}${n}`;
    if (first !== undefined) this.reporter.report(NAME_TAKEN, { ...origin, key: true }, { what: this.what, original, first, name });
    this.taken.set(name.toLowerCase(), original);
    return name;
  }
}
