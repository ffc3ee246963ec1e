import { diagnostic } from '../../diagnostics/define.js';

export const CREDENTIALS_FOR_EVERY_ORIGIN = diagnostic({
  code: 'GWC2103', severity: 'error',
  message: () => 'CORS cannot allow credentials for every origin',
  hint: () => 'list the origins, or remove allowCredentials',
  help: 'Browsers refuse `Access-Control-Allow-Credentials: true` together with `Access-Control-Allow-Origin: *`, and API Gateway refuses the configuration: "allow-credentials is not supported if \'allow-origin\' is *". List the origins, `allowOrigins: [https://www.example.com]`, or remove `allowCredentials`.',
});

export const INVALID_CORS = diagnostic<{ field: string; expected: string; hint?: string | undefined }>({
  code: 'GWC2104', severity: 'error',
  message: ({ field, expected }) => `${field} must be ${expected}`,
  hint: ({ hint }) => hint,
  help: '`x-amazon-apigateway-cors` has `allowOrigins`, `allowMethods`, `allowHeaders` and `exposeHeaders` (lists of strings), `allowCredentials` (boolean) and `maxAge` (seconds, -1 to 86400). Write `{allowOrigins: [\'https://www.example.com\'], allowMethods: [GET, POST], maxAge: 300}`.',
});

export const INVALID_ORIGIN = diagnostic<{ value: string }>({
  code: 'GWC2105', severity: 'error',
  message: ({ value }) => `'${value}' is no origin`,
  hint: () => 'write scheme, host and port only, e.g. https://www.example.com, or `*`, `https://*`, `http://*`',
  help: 'An origin (RFC 6454) is scheme, host and optional port, without path or trailing slash; a `*` inside it (`https://*.example.com`) matches nothing. API Gateway also takes `*` and, for every origin of one scheme, `https://*` or `http://*`.',
});

export const CORS_IN_REST = diagnostic({
  code: 'GWC2106', severity: 'info',
  message: () => 'x-amazon-apigateway-cors in a REST API: API Gateway ignores it there, gwc applies it',
  hint: () => 'write x-gwc-flavour: http if this is an HTTP API; for a REST API on AWS write OPTIONS methods with mock integrations',
  help: 'On AWS only HTTP APIs answer CORS themselves; REST APIs need OPTIONS methods with mock integrations. gwc gives both flavours the union of the features. Write `x-gwc-flavour: http` if the API is an HTTP API; if it also goes to AWS as a REST API, write OPTIONS methods there.',
});

export const PREFLIGHT_GUARDED = diagnostic<{ path: string; by: string }>({
  code: 'GWC2926', severity: 'warning',
  message: ({ path, by }) => `OPTIONS ${path} needs ${by}: browsers send preflights without credentials, so that none will succeed`,
  hint: () => 'write security: [] in the OPTIONS operation',
  help: 'A CORS preflight carries neither Authorization nor cookies nor own headers (Fetch standard, "CORS-preflight fetch"). An OPTIONS method with an authorizer, a signature or an API key refuses it, and the browser does not send the request itself. `security` at the root of the document holds for OPTIONS operations too unless they say `security: []`.',
});

export const ERRORS_WITHOUT_CORS = diagnostic<{ types: string }>({
  code: 'GWC2927', severity: 'warning',
  message: ({ types }) => `answers of the gateway itself have no Access-Control-Allow-Origin (${types}): scripts of other origins see no status of them`,
  hint: () => "write x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {responseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: \"'*'\"}}, DEFAULT_5XX: {…}}",
  help: 'Methods of this API answer with CORS headers, so scripts of other origins call it. What the gateway answers itself (401, 403, 429, 504 …) carries only the headers of its gateway responses; without `Access-Control-Allow-Origin` a browser reports a network error instead of the status.',
});

export const ANSWERS_WITHOUT_CORS = diagnostic<{ method: string; path: string; statuses: string }>({
  code: 'GWC2928', severity: 'warning',
  message: ({ method, path, statuses }) => `${method} ${path} sends no Access-Control-Allow-Origin with ${statuses}, though OPTIONS ${path} allows other origins`,
  hint: () => "add responseParameters: {method.response.header.Access-Control-Allow-Origin: \"'*'\"} to these integration responses, and the header to the method's responses",
  help: 'The preflight promises that other origins may call the method, but its own answers lack the header without which the browser keeps them from the script. With mapped integrations (mock, http, aws) every integration response has to set it; with proxy integrations the backend sends it. Add `method.response.header.Access-Control-Allow-Origin: "\'*\'"` to `responseParameters` of these responses.',
});
