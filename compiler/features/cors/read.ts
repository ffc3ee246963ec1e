import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawApi } from '../../feature.js';
import { CORS_IN_REST, CREDENTIALS_FOR_EVERY_ORIGIN, INVALID_CORS, INVALID_ORIGIN } from './diagnostics.js';
import type { CorsPart } from './ir.js';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export function readCors(raw: RawApi, reporter: Reporter): CorsPart | undefined {
  const node = raw.root.get('x-amazon-apigateway-cors');
  if (!node) return undefined;
  if (!node.isObject) { reporter.report(INVALID_CORS, node.origin, { field: 'x-amazon-apigateway-cors', expected: 'an object', hint: "write x-amazon-apigateway-cors: {allowOrigins: ['https://www.example.com']}" }); return undefined; }
  if (raw.flavour === 'rest') reporter.report(CORS_IN_REST, node.keyOrigin, {});
  const allowOrigins = strings(node, 'allowOrigins', reporter).filter((origin, index) => {
    const valid = /^(\*|https?:\/\/\*|[a-z][a-z0-9+.-]*:\/\/[^/?#\s\\*]+|null)$/i.test(origin);
    if (!valid) reporter.report(INVALID_ORIGIN, node.get('allowOrigins')!.at(index)?.origin ?? node.get('allowOrigins')!.origin, { value: origin });
    return valid;
  });
  const tokens = (field: string): string[] => strings(node, field, reporter).filter((value, index) => {
    const parts = value.split(/[\s,;]+/).filter((part) => part !== '');
    const hint = parts.length > 1 && parts.every((part) => TOKEN.test(part)) ? `write each as an entry of its own: ${field}: [${parts.join(', ')}]` : undefined;
    if (!TOKEN.test(value)) reporter.report(INVALID_CORS, (node.get(field)!.at(index) ?? node.get(field)!).origin, { field, expected: `a list of names, which '${value}' is not`, hint });
    return TOKEN.test(value);
  });
  const allowCredentials = node.get('allowCredentials');
  if (allowCredentials && typeof allowCredentials.value !== 'boolean') reporter.report(INVALID_CORS, allowCredentials.origin, { field: 'allowCredentials', expected: 'true or false', hint: 'write it without quotes: allowCredentials: true' });
  if (allowCredentials?.value === true && allowOrigins.includes('*')) {
    reporter.report(CREDENTIALS_FOR_EVERY_ORIGIN, node.at('allowCredentials')!.keyOrigin, {}, [{ message: 'every origin is allowed here', origin: node.at('allowOrigins')!.keyOrigin }]);
  }
  const maxAge = node.get('maxAge');
  const validAge = maxAge === undefined || (Number.isInteger(maxAge.value) && (maxAge.value as number) >= -1 && (maxAge.value as number) <= 86400);
  if (!validAge) reporter.report(INVALID_CORS, maxAge!.origin, { field: 'maxAge', expected: 'a whole number of seconds from -1 to 86400', hint: 'write maxAge: 86400 for a day' });
  return {
    allowOrigins,
    allowMethods: tokens('allowMethods').map((method) => method.toUpperCase()),
    allowHeaders: tokens('allowHeaders').map((name) => name.toLowerCase()),
    exposeHeaders: tokens('exposeHeaders').map((name) => name.toLowerCase()),
    allowCredentials: allowCredentials?.value === true,
    maxAge: maxAge && validAge ? (maxAge.value as number) : null,
  };
}

function strings(node: Node, field: string, reporter: Reporter): string[] {
  const list = node.get(field);
  if (!list) return [];
  if (typeof list.value === 'string') return [list.value];
  const odd = list.isArray ? list.items().find((item) => typeof item.value !== 'string') : list;
  if (odd !== undefined) {
    reporter.report(INVALID_CORS, odd.origin, { field, expected: 'a list of texts', hint: list.isArray ? `put ${JSON.stringify(odd.value)} in quotes, or take it out` : `write ${field}: [ … ]` });
    return [];
  }
  return list.items().map((item) => item.value as string);
}
