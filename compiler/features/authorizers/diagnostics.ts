import { diagnostic } from '../../diagnostics/define.js';

export const AUTHORIZER_WITHOUT_FUNCTION = diagnostic<{ scheme: string; problem: string }>({
  code: 'GWC2801', severity: 'warning',
  message: ({ scheme, problem }) => `the authorizer of "${scheme}" calls no function (${problem}): operations that need it answer 500`,
  hint: () => 'write authorizerUri: arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations',
  help: 'A Lambda authorizer (`type: token` or `request`) asks the function of its `authorizerUri` who may call. Published documents often have the uri taken out. Without it the gateway cannot ask anybody, so it lets nobody in: operations that need the authorizer answer 500 (AUTHORIZER_CONFIGURATION_ERROR). Put it back with an overlay; `x-gwc.functions` says where the function runs.',
});

export const INVALID_IDENTITY_SOURCE = diagnostic<{ scheme: string; problem: string; example: string }>({
  code: 'GWC2802', severity: 'error',
  message: ({ scheme, problem }) => `identitySource of "${scheme}": ${problem}`,
  hint: ({ example }) => `write ${example}`,
  help: 'Identity sources say where the caller\'s credentials are; their values are also what results are kept by. REST APIs: a list separated by commas of `method.request.header.X`, `method.request.querystring.X`, `stageVariables.X` and `context.X` (type token: exactly one header). HTTP APIs: `$request.header.X`, `$request.querystring.X`, `$stageVariables.X`, `$context.X`, as a list or separated by commas.',
});

export const MISSING_IDENTITY_SOURCE = diagnostic<{ scheme: string; ttl: number }>({
  code: 'GWC2803', severity: 'error',
  message: ({ scheme, ttl }) => `the authorizer of "${scheme}" keeps results for ${ttl} seconds but has no identitySource to keep them by`,
  hint: () => 'write identitySource, or authorizerResultTtlInSeconds: 0',
  help: 'Results of an authorizer are kept per values of its identity sources. Without a source everybody would get the first caller\'s result; API Gateway refuses such an authorizer. `authorizerResultTtlInSeconds: 0` asks the function for every request.',
});

export const INVALID_TTL = diagnostic<{ scheme: string; value: string }>({
  code: 'GWC2804', severity: 'error',
  message: ({ scheme, value }) => `authorizerResultTtlInSeconds of "${scheme}" is ${value}`,
  hint: () => 'write a whole number of seconds from 0 to 3600',
  help: 'How long the answer of a Lambda authorizer is kept: 0 (not at all) to 3600 seconds. Default: 300 for REST APIs, 0 for HTTP APIs.',
});

export const INVALID_IDENTITY_EXPRESSION = diagnostic<{ scheme: string; problem: string }>({
  code: 'GWC2805', severity: 'error',
  message: ({ scheme, problem }) => `identityValidationExpression of "${scheme}" is no regular expression: ${problem}`,
  hint: () => "write one for the whole token, e.g. 'Bearer [-0-9a-zA-Z._]+'",
  help: 'The expression (java.util.regex) must match the whole token; a token that does not match is answered 401 without asking the function.',
});

export const SLOW_IDENTITY_EXPRESSION = diagnostic<{ scheme: string }>({
  code: 'GWC2806', severity: 'warning',
  message: ({ scheme }) => `identityValidationExpression of "${scheme}" can take very long on some tokens: it runs with a limit, and tokens that exceed it are refused`,
  hint: () => 'avoid repetitions inside repetitions such as (a+)+, and alternatives that overlap',
  help: 'Tokens come from anybody. A regular expression that backtracks lets a short token keep a processor busy for minutes (ReDoS). The gateway counts the steps of such an expression and answers 401 when a token takes too many.',
});

export const INVALID_AUTHORIZER_FORMAT = diagnostic<{ scheme: string; problem: string }>({
  code: 'GWC2807', severity: 'error',
  message: ({ scheme, problem }) => `authorizer of "${scheme}": ${problem}`,
  hint: () => "write authorizerPayloadFormatVersion: '2.0' with enableSimpleResponses: true, or '1.0'",
  help: 'Lambda authorizers of HTTP APIs are of `type: request`, with `authorizerPayloadFormatVersion` "1.0" (answers with a policy) or "2.0" (a policy, or with `enableSimpleResponses: true` `{"isAuthorized": true}`). REST APIs have one format and ignore both fields.',
});

export const AUTHORIZER_CREDENTIALS = diagnostic<{ scheme: string }>({
  code: 'GWC2808', severity: 'info',
  message: ({ scheme }) => `authorizerCredentials of "${scheme}" is not used: functions are invoked with the gateway's own credentials`,
  help: 'On AWS, API Gateway assumes the role of `authorizerCredentials` to invoke the function. gwc signs invocations with the credentials of the environment the gateway runs in; give those permission to invoke it.',
});
