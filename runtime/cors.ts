/** CORS by the gateway, as HTTP APIs do it (http-api.md §4; Fetch standard, "HTTP extensions"). */
import type { Exchange } from './exchange.js';
import { addField, send } from './send.js';

export interface CorsOptions {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAge: number | null;
}

export interface CorsSettings extends CorsOptions {
  readonly every: boolean;
  readonly origins: ReadonlySet<string>;
  readonly schemes: readonly string[];
  readonly methods: string;
  readonly headers: string;
  readonly expose: string;
}

/** Works out once what every request needs. */
export function corsSettings(options: CorsOptions): CorsSettings {
  return {
    ...options,
    every: options.allowOrigins.includes('*'),
    origins: new Set(options.allowOrigins.map((origin) => origin.toLowerCase())),
    schemes: options.allowOrigins.filter((origin) => origin.endsWith('://*')).map((origin) => origin.slice(0, -1).toLowerCase()),
    methods: options.allowMethods.join(','),
    headers: options.allowHeaders.join(','),
    expose: options.exposeHeaders.join(','),
  };
}

/** The value of Access-Control-Allow-Origin for this request's Origin, '' when it is not allowed. */
function allowedOrigin(settings: CorsSettings, origin: string): string {
  if (settings.every) return '*';
  const lower = origin.toLowerCase();
  return settings.origins.has(lower) || settings.schemes.some((scheme) => lower.startsWith(scheme) && lower.length > scheme.length) ? origin : '';
}

/** Answers a preflight (OPTIONS with Origin and Access-Control-Request-Method): 204, with CORS fields only when origin and method are allowed. */
export function answerPreflight(exchange: Exchange, settings: CorsSettings): boolean {
  if (exchange.method !== 'OPTIONS') return false;
  const method = exchange.head.get('access-control-request-method');
  if (method === undefined) return false;
  const origin = allowedOrigin(settings, exchange.head.get('origin')!);
  const fields: string[] = [];
  const methodAllowed = settings.allowMethods.includes('*') || settings.allowMethods.includes(method.toUpperCase());
  if (origin !== '' && methodAllowed) {
    fields.push('access-control-allow-origin', origin);
    if (settings.methods !== '') fields.push('access-control-allow-methods', settings.methods);
    if (settings.headers !== '') fields.push('access-control-allow-headers', settings.headers);
    if (settings.expose !== '') fields.push('access-control-expose-headers', settings.expose);
    if (settings.maxAge !== null) fields.push('access-control-max-age', String(settings.maxAge));
    if (settings.allowCredentials) fields.push('access-control-allow-credentials', 'true');
  }
  // The answer depends on Origin even when that origin gets no CORS fields: caches must know.
  if (!settings.every) fields.push('vary', 'origin');
  send(exchange, 204, fields, null);
  return true;
}

/** Puts the CORS fields of an actual request on its answer, gateway errors included [O]. */
export function applyCors(exchange: Exchange, settings: CorsSettings): void {
  const origin = allowedOrigin(settings, exchange.head.get('origin')!);
  if (origin === '') return;
  addField(exchange, 'access-control-allow-origin', origin);
  if (!settings.every) addField(exchange, 'vary', 'origin');
  if (settings.allowCredentials) addField(exchange, 'access-control-allow-credentials', 'true');
  if (settings.expose !== '') addField(exchange, 'access-control-expose-headers', settings.expose);
}
