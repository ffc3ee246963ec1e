import { diagnostic } from '../../diagnostics/define.js';

export const CREDENTIALS_FOR_EVERY_ORIGIN = diagnostic({
  code: 'GWC2103', severity: 'error',
  message: () => 'CORS cannot allow credentials for every origin',
  hint: () => 'list the origins, or remove allowCredentials',
  help: 'Browsers refuse `Access-Control-Allow-Credentials: true` together with `Access-Control-Allow-Origin: *`, and API Gateway refuses the configuration: "allow-credentials is not supported if \'allow-origin\' is *".',
});

export const INVALID_CORS = diagnostic<{ field: string; expected: string }>({
  code: 'GWC2104', severity: 'error',
  message: ({ field, expected }) => `${field} must be ${expected}`,
  help: '`x-amazon-apigateway-cors` has `allowOrigins`, `allowMethods`, `allowHeaders` and `exposeHeaders` (lists of strings), `allowCredentials` (boolean) and `maxAge` (seconds, -1 to 86400).',
});

export const INVALID_ORIGIN = diagnostic<{ value: string }>({
  code: 'GWC2105', severity: 'error',
  message: ({ value }) => `"${value}" is no origin`,
  hint: () => 'write scheme, host and port only, e.g. https://www.example.com, or `*`, `https://*`, `http://*`',
  help: 'An origin (RFC 6454) is scheme, host and optional port, without path or trailing slash; a `*` inside it (`https://*.example.com`) matches nothing. API Gateway also takes `*` and, for every origin of one scheme, `https://*` or `http://*`.',
});

export const CORS_IN_REST = diagnostic({
  code: 'GWC2106', severity: 'info',
  message: () => 'x-amazon-apigateway-cors in a REST API: API Gateway ignores it there, gwc applies it',
  help: 'On AWS only HTTP APIs answer CORS themselves; REST APIs need OPTIONS methods with mock integrations. gwc gives both flavours the union of the features.',
});
