import { diagnostic } from '../../diagnostics/define.js';

export const INVALID_SERVICE_URI = diagnostic<{ problem: string }>({
  code: 'GWC2801', severity: 'error',
  message: ({ problem }) => `invalid ARN specified in the request: ${problem}`,
  hint: () => 'write e.g. arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem or arn:aws:apigateway:eu-west-1:s3:path/{bucket}/{key}',
  help: 'The `uri` of an `aws` integration is `arn:aws:apigateway:<region>:<service>:action/<action>` or `…:<service>:path/<path>`; the service may have a sub-domain in front (`bucket.s3`). `{name}` in path or query is filled from `integration.request.path.name`, `${stageVariables.name}` by the stage variable; a stage variable alone may stand for all that follows the service. Region, service and action never depend on the request.',
});

export const UNKNOWN_ACTIONS = diagnostic<{ service: string }>({
  code: 'GWC2802', severity: 'warning',
  message: ({ service }) => `it is not known how actions of ${service} are called: the action is sent as ?Action=…`,
  hint: () => "use the path form, and for a JSON service map its target: integration.request.header.X-Amz-Target: \"'Prefix.Action'\"",
  help: 'Services take actions as `?Action=Name&Version=…` (the query protocol) or by an `X-Amz-Target` header and a JSON body. gwc knows which for the services that API Gateway documents are written for; this one is not among them. What the integration maps is sent in either case.',
});

export const INVALID_SERVICE_TIMEOUT = diagnostic<{ value: string; maximum: number }>({
  code: 'GWC2807', severity: 'error',
  message: ({ value }) => `timeoutInMillis cannot be ${value}`,
  hint: ({ maximum }) => `write a whole number of milliseconds from 50 to ${maximum}`,
  help: 'How long the gateway waits for the service. API Gateway takes 50 to 29000 ms for REST APIs (more by quota) and 50 to 30000 ms for HTTP APIs; gwc takes up to 900000 ms. Write a whole number of milliseconds: `timeoutInMillis: 10000`.',
});

export const UNMAPPED_SERVICE_PLACEHOLDER = diagnostic<{ name: string }>({
  code: 'GWC2808', severity: 'warning',
  message: ({ name }) => `{${name}} in the integration uri has no mapping; it is sent as written`,
  hint: ({ name }) => `map it: requestParameters: {integration.request.path.${name}: method.request.path.${name}}`,
  help: 'API Gateway fills `{name}` in an integration uri from `integration.request.path.name` only. A placeholder without such a mapping goes to the service literally.',
});

export const UNKNOWN_SERVICE_VARIABLE = diagnostic<{ name: string; stage: string; suggestion: string | undefined }>({
  code: 'GWC2809', severity: 'warning',
  message: ({ name, stage }) => `stage '${stage}' has no variable '${name}'; it is empty there`,
  hint: ({ suggestion, name, stage }) => (suggestion ? `did you mean '${suggestion}'?` : `add it under x-gwc.stages.${stage}.variables.${name}`),
  help: 'Stage variables are set per stage under `x-gwc.stages.<stage>.variables`. A missing one is the empty string, as on API Gateway; where it stands for the action or the role, every call answers 500.',
});

export const NOT_COMPILED_SERVICE_FIELD = diagnostic<{ field: string; effect: string }>({
  code: 'GWC2810', severity: 'warning',
  message: ({ field, effect }) => `${field} of an AWS integration is not compiled: ${effect}`,
  hint: ({ field }) => `remove ${field}, or leave it for AWS: it does no harm here`,
  help: 'gwc reads this field of the integration and knows what it means, but this version does not compile it for AWS integrations. The message says what happens instead: if that will do, leave the field for AWS, else remove it.',
});

export const UNKNOWN_SUBTYPE = diagnostic<{ subtype: string; suggestion: string | undefined; known: string }>({
  code: 'GWC2821', severity: 'error',
  message: ({ subtype }) => `integrationSubtype '${subtype}' does not exist`,
  hint: ({ suggestion, known }) => (suggestion ? `did you mean '${suggestion}'?` : `write one of ${known}`),
  help: 'HTTP APIs call some actions of AWS services directly: `type: aws_proxy` with an `integrationSubtype` such as SQS-SendMessage. A version may follow the action (`SQS-SendMessage-1.0`).',
});

export const SUBTYPE_OF_REST_API = diagnostic<{ subtype: string }>({
  code: 'GWC2822', severity: 'warning',
  message: ({ subtype }) => `integrationSubtype ${subtype} belongs to HTTP APIs; API Gateway refuses it in a REST API`,
  hint: () => 'write x-gwc-flavour: http, or an aws integration with the uri of the action',
  help: 'First-class service integrations exist in HTTP APIs only. REST APIs call the same actions with `type: aws` and `uri: arn:aws:apigateway:<region>:<service>:action/<action>`. gwc calls the service in either case.',
});

export const UNKNOWN_SERVICE_PARAMETER = diagnostic<{ subtype: string; name: string; suggestion: string | undefined; known: string }>({
  code: 'GWC2823', severity: 'error',
  message: ({ subtype, name }) => `${subtype} has no parameter ${name}`,
  hint: ({ suggestion, known }) => (suggestion ? `did you mean '${suggestion}'?` : `its parameters are ${known}`),
  help: 'The `requestParameters` of a first-class integration are the parameters of the action, by name, in the spelling of the integration subtype reference. Correct the name, or remove the parameter.',
});

export const MISSING_SERVICE_PARAMETER = diagnostic<{ subtype: string; name: string }>({
  code: 'GWC2824', severity: 'error',
  message: ({ subtype, name }) => `${subtype} needs the parameter ${name}`,
  hint: ({ name }) => `add requestParameters: {${name}: …}`,
  help: 'API Gateway does not create a first-class integration without the required parameters of its action. Add it to `requestParameters`, with a text or an expression such as `$request.body.id`.',
});

/** What is wrong → what to write. */
const WRITE: readonly (readonly [RegExp, string])[] = [
  [/whole number$/, 'write a whole number such as 5, or an expression such as $request.querystring.delay'],
  [/region$/, 'write a region such as eu-west-1'],
  [/time$/, 'write seconds since 1970 or a time such as 2026-01-31T12:00:00Z, or an expression'],
  [/JSON object$/, 'write the object as JSON text: \'{"name": {"DataType": "String", "StringValue": "x"}}\''],
  [/JSON array/, 'write the list as JSON text: \'["a", "b"]\''],
  [/which the route does not have$/, 'write the variable as it stands in the path of the operation, {name} as $request.path.name'],
  [/no context variable$/, 'some are $context.requestId, $context.stage and $context.identity.sourceIp'],
  [/a path into a body/, 'write names and indexes: $request.body.pets[0].id'],
];

export const INVALID_SERVICE_PARAMETER = diagnostic<{ name: string; problem: string }>({
  code: 'GWC2825', severity: 'error',
  message: ({ name, problem }) => `parameter ${name} ${problem}`,
  hint: ({ problem }) => WRITE.find(([of]) => of.test(problem))?.[1] ?? 'write a text, $request.header.name, $request.querystring.name, $request.path.name, $request.body.name, $context.name or $stageVariables.name; several as ${request.header.a} ${context.b}',
  help: 'A parameter of a first-class integration is static text or a reference into the request, the context or the stage variables. Numbers, lists (`["a","b"]`) and objects are written as JSON text; JSONPath into the body has neither `..` nor filters.',
});

export const NO_ROLE = diagnostic<{ subtype: string }>({
  code: 'GWC2826', severity: 'info',
  message: ({ subtype }) => `${subtype} is called with the gateway's own credentials; API Gateway wants credentials here`,
  hint: () => 'add credentials: arn:aws:iam::123456789012:role/name',
  help: 'First-class integrations of HTTP APIs need a role on AWS. Without one gwc calls the service with the credentials it finds as the AWS SDKs do. Add `credentials: arn:aws:iam::123456789012:role/name` if the document also goes to AWS.',
});
