import { diagnostic } from '../../diagnostics/define.js';

const URI = 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:Name/invocations';

export const INVALID_FUNCTION_URI = diagnostic<{ problem: string }>({
  code: 'GWC2501', severity: 'error',
  message: ({ problem }) => `invalid ARN specified in the request: ${problem}`,
  hint: () => `write ${URI}`,
  help: 'The `uri` of a Lambda proxy integration (`aws_proxy`) is `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function>[:alias]/invocations`; HTTP APIs take the function\'s ARN alone too. `${stageVariables.name}` may stand in the function\'s part.',
});

export const WRONG_METHOD = diagnostic<{ method: string }>({
  code: 'GWC2502', severity: 'warning',
  message: ({ method }) => `httpMethod of a Lambda integration is ${method}: every call answers 500`,
  hint: () => 'write httpMethod: POST; it is how Lambda is called, not what clients send',
  help: 'Lambda functions are invoked with POST whatever the client\'s method is. A REST API takes another `httpMethod` at import and then answers every call with 500 `{"message": "Internal server error"}`; gwc does the same.',
});

export const INVALID_BINDING = diagnostic<{ name: string; problem: string }>({
  code: 'GWC2503', severity: 'error',
  message: ({ name, problem }) => `function ${name}: ${problem}`,
  hint: () => "write one of {handler: './src/users.ts#list'}, {endpoint: 'http://localhost:9001'}, {exec: './bootstrap'}",
  help: 'Where a function runs is said per function, in `x-gwc.functions` or with `--function NAME=TARGET`: `handler` names a module (relative to the document, with `--function` to the working directory) and its export, which is compiled into the gateway, with `isolate: true` or `memory: <MB>` (128) to run in at most `maxConcurrency` threads of its own (10), so that a crash, a busy loop or a heap that grows too large costs one answer; `endpoint` the URL of an Invoke endpoint (an emulator, a proxy, a container), called as it is when it has a path; `exec` a program that speaks the Lambda Runtime API, which the gateway starts in its working directory, at most `maxConcurrency` of them (10). As flags: `./src/users.ts#list`, `isolated:./src/users.ts#list`, `https://…`, `exec:./bootstrap`, and `aws` to undo what the document says. A function without a binding is invoked on AWS.',
});

export const UNUSED_BINDING = diagnostic<{ name: string; suggestion: string | undefined; known: string }>({
  code: 'GWC2504', severity: 'warning',
  message: ({ name }) => `no integration calls a function '${name}'`,
  hint: ({ suggestion, known }) => (suggestion ? `did you mean '${suggestion}'?` : known === '' ? 'no integration calls a function' : `the functions are ${known}`),
  help: 'A binding in `x-gwc.functions` or `--function` names a function by the name in its ARN, without alias, or by its logical id where the uri still holds a placeholder such as `${ListUsers.Arn}`. Correct the name, or remove the binding.',
});

export const INVOKED_ON_AWS = diagnostic<{ name: string }>({
  code: 'GWC2505', severity: 'info',
  message: ({ name }) => `function ${name} is invoked on AWS, with the credentials and region of the gateway's environment`,
  hint: ({ name }) => `run it elsewhere: --function '${name}=./src/handler.ts#handler', '${name}=http://localhost:9001' or '${name}=exec:./bootstrap'`,
  help: 'A function that is bound nowhere is invoked on AWS over the Invoke API, signed with the credentials that the AWS SDKs would find when the gateway runs (environment, web identity, profile, container, instance), in the region of its ARN, else AWS_REGION. `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL` name another Invoke endpoint at run time. `--function NAME=TARGET` and `x-gwc.functions` bind it at build time.',
});

export const UNRESOLVED_FUNCTION = diagnostic<{ name: string; placeholder: string }>({
  code: 'GWC2506', severity: 'warning',
  message: ({ name, placeholder }) => `it is not known which function \${${placeholder}} is: every call of ${name} answers 500`,
  hint: ({ name, placeholder }) => `give its ARN (--param '${placeholder}=arn:aws:lambda:…') or say where it runs (--function '${name}=./src/handler.ts#handler')`,
  help: 'The integration\'s uri holds a placeholder of a template that has no value in this build, and the function is not bound. With a value the function is invoked on AWS; with a binding it runs where that says.',
});

export const INVALID_PAYLOAD_FORMAT = diagnostic<{ value: string }>({
  code: 'GWC2507', severity: 'error',
  message: ({ value }) => `payloadFormatVersion '${value}' does not exist`,
  hint: () => 'write "1.0" or "2.0"',
  help: 'HTTP APIs send Lambda functions events of format "1.0" (that of REST APIs, with a version) or "2.0". REST APIs have one format and ignore the field. Write `payloadFormatVersion: \'2.0\'`.',
});

export const IGNORED_FIELD = diagnostic<{ field: string; effect: string; hint?: string | undefined }>({
  code: 'GWC2508', severity: 'warning',
  message: ({ field, effect }) => `${field} of a Lambda integration is not compiled: ${effect}`,
  hint: ({ field, hint }) => hint ?? `remove ${field}, or leave it for AWS: it does no harm here`,
  help: 'gwc reads this field of the integration and knows what it means, but this version does not compile it for Lambda integrations. The message says what happens instead: if that will do, leave the field for AWS, else remove it or write what the hint says.',
});

export const ILLEGAL_TARGET = diagnostic<{ name: string }>({
  code: 'GWC2509', severity: 'error',
  message: ({ name }) => `header ${name} cannot be set by a mapping: every call would answer 500 on API Gateway`,
  hint: () => 'remove the mapping; a Lambda proxy integration does not use requestParameters anyway',
  help: 'A Lambda proxy integration gets the whole request, so API Gateway ignores its `requestParameters`. A mapping to a header that only the gateway writes makes it answer every call with 500 all the same.',
});

export const INVALID_LAMBDA_TIMEOUT = diagnostic<{ value: string; maximum: number }>({
  code: 'GWC2510', severity: 'error',
  message: ({ value }) => `timeoutInMillis cannot be ${value}`,
  hint: ({ maximum }) => `write a whole number of milliseconds from 50 to ${maximum}`,
  help: 'How long the gateway waits for the function. API Gateway takes 50 to 29000 ms for REST APIs (more by quota) and 50 to 30000 ms for HTTP APIs; gwc takes up to 900000 ms. Write a whole number of milliseconds: `timeoutInMillis: 10000`.',
});

export const NOT_STREAMING = diagnostic<{ problem: string; hint: string }>({
  code: 'GWC2511', severity: 'error',
  message: ({ problem }) => problem,
  hint: ({ hint }) => hint,
  help: 'A REST API streams a function\'s answer when `responseTransferMode` is STREAM and the uri names the response-streaming API. The function writes a prelude (`awslambda.HttpResponseStream.from` does), eight NULs and the body.',
});

export const NOT_VALIDATED = diagnostic<{ operation: string }>({
  code: 'GWC2512', severity: 'warning',
  message: ({ operation }) => `answers of ${operation} stream: they are not validated`,
  hint: () => 'take x-gwc-validation.response out for this operation, or responseTransferMode: STREAM',
  help: 'Validating a response needs the whole of it. An integration with `responseTransferMode: STREAM` sends its answer as it comes. Write `x-gwc-validation: {response: off}` in the operation if streaming is meant, or leave the mode out if validation is.',
});
