import { diagnostic } from '../../diagnostics/define.js';

export const UNKNOWN_TYPE = diagnostic<{ type: string; suggestion: string | undefined }>({
  code: 'GWC2201', severity: 'warning',
  message: ({ type }) => `'${type}' is no gateway response type; it is ignored`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : 'the types are in `gwc explain GWC2201`; DEFAULT_4XX and DEFAULT_5XX stand for all others'),
  help: `A gateway response customises an answer the gateway gives itself. The types are ACCESS_DENIED, API_CONFIGURATION_ERROR, AUTHORIZER_CONFIGURATION_ERROR, AUTHORIZER_FAILURE, BAD_REQUEST_PARAMETERS, BAD_REQUEST_BODY, DEFAULT_4XX, DEFAULT_5XX, EXPIRED_TOKEN, INTEGRATION_FAILURE, INTEGRATION_TIMEOUT, INVALID_API_KEY, INVALID_SIGNATURE, MISSING_AUTHENTICATION_TOKEN, QUOTA_EXCEEDED, REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, THROTTLED, UNAUTHORIZED, UNSUPPORTED_MEDIA_TYPE and WAF_FILTERED. Write one of them as the key: \`DEFAULT_4XX: {statusCode: 400}\`.`,
});

export const INVALID_STATUS = diagnostic<{ value: string }>({
  code: 'GWC2202', severity: 'error',
  message: ({ value }) => `statusCode '${value}' is no HTTP status`,
  hint: () => 'write three digits, the first from 1 to 5, e.g. "404"',
  help: 'API Gateway takes a gateway response statusCode as a string or number that matches `[1-5]\\d\\d`. Write `statusCode: 404`.',
});

export const INVALID_HEADER = diagnostic<{ problem: string; hint: string | undefined }>({
  code: 'GWC2203', severity: 'error',
  message: ({ problem }) => problem,
  hint: ({ hint }) => hint ?? "write e.g. `gatewayresponse.header.Access-Control-Allow-Origin: \"'*'\"`",
  help: "Keys of a gateway response's responseParameters are `gatewayresponse.header.<name>`; values are a literal in single quotes, `method.request.header|querystring|path.<name>`, `context.<name>` or `stageVariables.<name>`. Write `gatewayresponse.header.Access-Control-Allow-Origin: \"'*'\"`.",
});

export const NO_PLACE_IN_RESPONSE = diagnostic<{ key: string }>({
  code: 'GWC2890', severity: 'warning',
  message: ({ key }) => `'${key}' does nothing: an answer has headers, but no path and no query`,
  hint: () => 'remove it, or set a header: gatewayresponse.header.<name>',
  help: 'API Gateway takes `gatewayresponse.path.<name>` and `gatewayresponse.querystring.<name>` (in SAM `ResponseParameters.Paths` and `QueryStrings`), but an answer has neither path nor query to put them in. Remove them, or set a header instead.',
});

export const UNKNOWN_VARIABLE = diagnostic<{ name: string; suggestion: string | undefined }>({
  code: 'GWC2204', severity: 'warning',
  message: ({ name }) => `${name} has no value in a gateway response; it renders empty`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : 'templates of gateway responses know $context.*, $stageVariables.* and $method.request.{header|querystring|path}.*'),
  help: 'Templates of gateway responses are not VTL: only `$context.<name>`, `$stageVariables.<name>` and `$method.request.{header|querystring|path}.<name>` are replaced, nothing else (`#if`, `$util`, `$input` stay as text). Write one of these variables, or the text itself.',
});

export const NOT_VTL = diagnostic<{ text: string }>({
  code: 'GWC2205', severity: 'warning',
  message: ({ text }) => `${text} stays as text: gateway response templates are not VTL`,
  hint: () => 'use only $context.*, $stageVariables.* and $method.request.*',
  help: 'API Gateway substitutes variables in a gateway response template, it does not run Velocity there: directives, `$util` and `$input` go out literally. Write text and variables only: `{"message": $context.error.messageString}`.',
});
