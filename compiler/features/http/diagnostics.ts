import { diagnostic } from '../../diagnostics/define.js';

export const INVALID_URI = diagnostic<{ problem: string }>({
  code: 'GWC2301', severity: 'error',
  message: ({ problem }) => `integration uri ${problem}`,
  hint: () => 'write an absolute URL, e.g. https://backend.example.com/pets/{petId}',
  help: 'The `uri` of an `http` or `http_proxy` integration is an absolute `http://` or `https://` URL. `{name}` in its path or query is replaced by the mapped path parameter, `${stageVariables.name}` anywhere by the stage variable. The host never depends on the request: a client could otherwise choose the backend.',
});

export const UNMAPPED_PLACEHOLDER = diagnostic<{ name: string }>({
  code: 'GWC2302', severity: 'warning',
  message: ({ name }) => `{${name}} in the integration uri has no mapping; it is sent as written`,
  hint: ({ name }) => `map it: requestParameters: {integration.request.path.${name}: method.request.path.${name}}`,
  help: 'API Gateway fills `{name}` in an integration uri from `integration.request.path.name` only. A placeholder without such a mapping goes to the backend literally.',
});

export const INVALID_MAPPING = diagnostic<{ problem: string }>({
  code: 'GWC2303', severity: 'error',
  message: ({ problem }) => `Invalid mapping expression specified: ${problem}`,
  hint: () => "keys: integration.request.{header|querystring|path}.<name>; values: method.request.{path|querystring|header|…}.<name>, context.<name>, stageVariables.<name> or 'literal'",
  help: 'requestParameters map one value each, without concatenation. API Gateway refuses other expressions at import, and so does gwc.',
});

export const UNDECLARED_SOURCE = diagnostic<{ source: string; suggestion: string | undefined }>({
  code: 'GWC2304', severity: 'warning',
  message: ({ source }) => `${source} is not declared on the method`,
  hint: ({ suggestion }) => (suggestion ? `did you mean ${suggestion}?` : 'declare the parameter under `parameters`'),
  help: 'API Gateway wants the source of a mapping to be declared as a parameter of the method. gwc maps it all the same.',
});

export const ILLEGAL_TARGET = diagnostic<{ name: string }>({
  code: 'GWC2305', severity: 'error',
  message: ({ name }) => `header ${name} cannot be set by a mapping: every call would answer 500 on API Gateway`,
  hint: () => 'remove the mapping',
  help: 'Content-Length, Transfer-Encoding, X-Amzn-Trace-Id and X-Amzn-Apigateway-Api-Id are written by the gateway. API Gateway accepts the mapping at import and then answers every call with 500 "header already present".',
});

export const INVALID_TIMEOUT = diagnostic<{ value: string; maximum: number }>({
  code: 'GWC2306', severity: 'error',
  message: ({ value }) => `timeoutInMillis is ${value}`,
  hint: ({ maximum }) => `write a whole number of milliseconds from 50 to ${maximum}`,
  help: 'How long the gateway waits for the backend. API Gateway takes 50 to 29000 ms for REST APIs (more by quota) and 50 to 30000 ms for HTTP APIs; gwc takes up to 900000 ms.',
});

export const UNKNOWN_CONTEXT = diagnostic<{ name: string; suggestion: string | undefined }>({
  code: 'GWC2307', severity: 'warning',
  message: ({ name }) => `context.${name} is no context variable; it is empty`,
  hint: ({ suggestion }) => (suggestion ? `did you mean context.${suggestion}?` : undefined),
  help: 'The variables of `context` are those of API Gateway: requestId, identity.sourceIp, stage, httpMethod, path, resourcePath and so on.',
});

export const UNKNOWN_STAGE_VARIABLE = diagnostic<{ name: string; stage: string; suggestion: string | undefined }>({
  code: 'GWC2308', severity: 'warning',
  message: ({ name, stage }) => `stage "${stage}" has no variable "${name}"; it is empty there`,
  hint: ({ suggestion, name, stage }) => (suggestion ? `did you mean "${suggestion}"?` : `add it under x-gwc.stages.${stage}.variables.${name}`),
  help: 'Stage variables are set per stage under `x-gwc.stages.<stage>.variables`. A missing one is the empty string, as on API Gateway; where it stands for the host, every call answers 500.',
});

export const NOT_COMPILED_FIELD = diagnostic<{ field: string; effect: string }>({
  code: 'GWC2309', severity: 'warning',
  message: ({ field, effect }) => `${field} is not compiled yet: ${effect}`,
  hint: () => undefined,
  help: 'gwc reads this field of the integration and knows what it means, but this version does not compile it. The message says what happens instead.',
});
