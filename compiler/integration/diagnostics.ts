import { diagnostic } from '../diagnostics/define.js';

/** `meant`: a literal, an expression or a key. */
const asHint = (meant: string): string => (meant.startsWith("'") ? `write a text in quotes of its own: "${meant}"` : `did you mean '${meant}'?`);

export const INVALID_MAPPING = diagnostic<{ problem: string; suggestion?: string | undefined }>({
  code: 'GWC2303', severity: 'error',
  message: ({ problem }) => `invalid mapping expression specified: ${problem}`,
  hint: ({ suggestion }) => suggestion !== undefined ? asHint(suggestion) : "keys: integration.request.{header|querystring|path}.<name>; values: method.request.{path|querystring|header|…}.<name>, context.<name>, stageVariables.<name> or 'literal'",
  help: '`requestParameters` map one value each, without concatenation: `integration.request.header.X-User: method.request.querystring.user`, or a text in quotes of its own, `"\'text\'"`. API Gateway refuses other expressions at import ("Invalid mapping expression specified"), and so does gwc.',
});

export const UNDECLARED_SOURCE = diagnostic<{ source: string; suggestion: string | undefined }>({
  code: 'GWC2304', severity: 'warning',
  message: ({ source }) => `${source} is not declared on the method`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : 'declare the parameter under `parameters`'),
  help: 'API Gateway wants the source of a mapping to be declared as a parameter of the method. gwc maps it all the same. Declare it under `parameters` of the method, or correct the name.',
});

export const OWN_TRACE_ID = diagnostic<{ name: string }>({
  code: 'GWC2892', severity: 'warning',
  message: ({ name }) => `the mapping of ${name} is left out: the gateway writes this header itself, with the same value`,
  hint: () => 'remove the mapping',
  help: 'Public documents map `context.xrayTraceId` to X-Amzn-Trace-Id. The gateway sends that header with every call anyway, and API Gateway may answer such calls with 500 "header already present". Remove the mapping.',
});

export const ILLEGAL_TARGET = diagnostic<{ name: string }>({
  code: 'GWC2305', severity: 'error',
  message: ({ name }) => `header ${name} cannot be set by a mapping: every call would answer 500 on API Gateway`,
  hint: () => 'remove the mapping',
  help: 'Content-Length, Transfer-Encoding, X-Amzn-Trace-Id and X-Amzn-Apigateway-Api-Id are written by the gateway; for integrations with AWS services Authorization, Connection, Expect, Proxy-Authenticate and TE, too. API Gateway accepts the mapping at import and then answers every call with 500 "header already present". Remove the mapping, or send the value in a header of another name.',
});

export const DROPPED_TARGET = diagnostic<{ name: string }>({
  code: 'GWC2326', severity: 'warning',
  message: ({ name }) => `the mapping to header ${name} has no effect: the backend never gets that header`,
  hint: () => 'remove the mapping, or send the value under another name',
  help: 'API Gateway takes mappings to Expect, Proxy-Authenticate, TE and Via (Referer, for integrations with AWS services) and sends the request without them. Remove the mapping, or send the value in a header of another name.',
});

export const UNKNOWN_CONTEXT = diagnostic<{ name: string; suggestion: string | undefined }>({
  code: 'GWC2307', severity: 'warning',
  message: ({ name }) => `context.${name} is no context variable; it is empty`,
  hint: ({ suggestion }) => (suggestion ? `did you mean 'context.${suggestion}'?` : 'some are context.requestId, context.stage, context.identity.sourceIp and context.authorizer.<name>'),
  help: 'The variables of `context` are those of API Gateway: requestId, identity.sourceIp, stage, httpMethod, path, resourcePath and so on. Write one of these, or a text in quotes of its own: `"\'text\'"`.',
});

export const INVALID_INTEGRATION_STATUS = diagnostic<{ value: string }>({
  code: 'GWC2321', severity: 'error',
  message: ({ value }) => `integration response statusCode '${value}' is no HTTP status`,
  hint: () => 'write three digits, the first from 1 to 5, e.g. "200"',
  help: 'Each entry of an integration\'s `responses` names the method response it leads to: `statusCode`, three digits. Write `statusCode: \'200\'`.',
});

export const INVALID_RESPONSE_MAPPING = diagnostic<{ problem: string; suggestion?: string | undefined }>({
  code: 'GWC2322', severity: 'error',
  message: ({ problem }) => `invalid mapping expression specified: ${problem}`,
  hint: ({ suggestion }) => suggestion !== undefined ? asHint(suggestion) : "keys: method.response.header.<name>; values: integration.response.header.<name>, integration.response.body.<path>, context.<name>, stageVariables.<name> or 'literal'",
  help: '`responseParameters` map one value to one response header each, without concatenation: `method.response.header.Location: integration.response.header.Location`, or a text in quotes of its own, `"\'*\'"`. API Gateway refuses other expressions at import.',
});

export const INVALID_SELECTION_PATTERN = diagnostic<{ pattern: string; problem: string }>({
  code: 'GWC2323', severity: 'error',
  message: ({ pattern, problem }) => `selection pattern '${pattern}' is no regular expression: ${problem}`,
  hint: () => "write a Java regular expression for the whole status, e.g. '4\\d{2}', or default",
  help: 'A key of an integration\'s `responses` is a Java regular expression that must match the backend\'s status code (or a Lambda\'s errorMessage) as a whole; `default` is the answer when no pattern matches. Write for instance `4\\d{2}`, `5..` or `.*NotFound.*`.',
});

export const NEVER_SELECTED = diagnostic<{ pattern: string; suggestion: string | undefined }>({
  code: 'GWC2327', severity: 'warning',
  message: ({ pattern }) => `selection pattern '${pattern}' matches no status: this response is never sent`,
  hint: ({ suggestion }) => (suggestion === undefined ? "write an expression for the whole status, e.g. '4\\d{2}' or '404'" : `did you mean '${suggestion}'?`),
  help: "The key of an integration response is a Java regular expression that must match the backend's status, three digits, as a whole. API Gateway takes any expression at import; one that no status from 100 to 599 matches, such as `\\[45\\]\\d{2}` with its escaped brackets, leaves its answers to the others. Write `[45]\\d{2}`. For Lambda functions called with `type: aws` the expression is matched against the `errorMessage` instead.",
});

export const UNDECLARED_STATUS = diagnostic<{ status: string }>({
  code: 'GWC2325', severity: 'warning',
  message: ({ status }) => `the integration answers with status ${status}, which the operation does not declare: the client gets 500`,
  hint: ({ status }) => `add '${status}' to the operation's responses`,
  help: 'Every `statusCode` of an integration\'s `responses` must be one of the operation\'s `responses`. API Gateway answers 500 "Internal server error" at run time and logs "Output mapping refers to an invalid method response"; so does gwc. A `default` or `4XX` response declares every status it stands for.',
});

export const TEMPLATE_ON_BYTES = diagnostic<{ kind: 'request' | 'response'; reason: string }>({
  code: 'GWC2324', severity: 'warning',
  message: ({ kind, reason }) => `the ${kind} templates meet bytes: ${reason}, so every ${kind === 'request' ? 'call' : 'answer'} that selects one ends in 500`,
  hint: ({ kind }) => (kind === 'request' ? 'add contentHandling: CONVERT_TO_TEXT to the integration' : 'add contentHandling: CONVERT_TO_TEXT to the integration response'),
  help: 'Mapping templates apply to text. A payload counts as bytes when its content type is one of x-amazon-apigateway-binary-media-types (*/* is every content type, an empty body included) unless contentHandling is CONVERT_TO_TEXT, and after CONVERT_TO_BINARY. API Gateway answers 500 "Internal server error" then: the usual reason why a mock, an OPTIONS method for instance, stops working once */* is a binary media type. Add `contentHandling: CONVERT_TO_TEXT`, or list the binary media types one by one.',
});
