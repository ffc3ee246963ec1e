import { diagnostic } from '../../diagnostics/define.js';

export const CALLER_CREDENTIALS = diagnostic<{ operation: string }>({
  code: 'GWC2803', severity: 'warning',
  message: ({ operation }) => `${operation} passes on the caller's identity (arn:aws:iam::*:user/*), but nothing tells who calls: every call answers 500`,
  hint: () => 'let callers sign (x-amazon-apigateway-auth: {type: AWS_IAM} and x-gwc.callers), name a role, or leave credentials out to call with the credentials of the gateway',
  help: "`credentials: arn:aws:iam::*:user/*` has API Gateway call the service or the function with the client's own IAM identity. A gateway elsewhere can do that for callers whose keys it has: those of `x-gwc.callers`, on operations with AWS_IAM. Where nobody signs there is no such identity, and calling with the gateway's rights instead would give every client more than it has: such an operation answers 500.",
});

export const CALLER_KEYS = diagnostic<{ operation: string }>({
  code: 'GWC2827', severity: 'info',
  message: ({ operation }) => `${operation} is called on with the caller's own keys, those of x-gwc.callers`,
  hint: () => 'the keys have to be valid on AWS too, and allowed to call the service; an emulator takes any',
  help: "`credentials: arn:aws:iam::*:user/*` has the integration called with the identity of whoever signed the request (AWS_IAM). AWS hands that identity over inside; gwc signs the call with the caller's keys, which it has in `x-gwc.callers`. A request that another alternative let in (a token, say) has no such keys: it is answered 500 (API_CONFIGURATION_ERROR).",
});

export const ROLE_ASSUMED = diagnostic<{ role: string }>({
  code: 'GWC2804', severity: 'info',
  message: ({ role }) => `the role ${role} is assumed with the gateway's own credentials`,
  hint: () => "let the role's trust policy name them beside apigateway.amazonaws.com, or leave credentials out to call with them directly",
  help: "On AWS, API Gateway assumes the role as a service. A gateway elsewhere calls `sts:AssumeRole` with the credentials it finds as the AWS SDKs do (environment, web identity, profile, container, instance); the role's trust policy has to allow that. The keys are kept and renewed before they expire. When what is called is an emulator (`AWS_ENDPOINT_URL_<SERVICE>`, an Invoke endpoint) and STS is not, no role is assumed: emulators take any key.",
});

export const INVALID_ROLE = diagnostic<{ value: string }>({
  code: 'GWC2805', severity: 'error',
  message: ({ value }) => `credentials '${value}' is no ARN of a role`,
  hint: () => 'write arn:aws:iam::123456789012:role/name',
  help: 'The `credentials` of an integration with AWS (and `authorizerCredentials`) are the ARN of a role; `${stageVariables.name}` may stand in it. Without `credentials` the gateway calls with its own.',
});

export const UNRESOLVED_ROLE = diagnostic<{ placeholder: string }>({
  code: 'GWC2806', severity: 'warning',
  message: ({ placeholder }) => `it is not known which role \${${placeholder}} is: the call is made with the gateway's own credentials`,
  hint: ({ placeholder }) => `give its ARN: --param '${placeholder}=arn:aws:iam::123456789012:role/name'`,
  help: 'The `credentials` of the integration hold a placeholder of a template that has no value in this build. With its value the role is assumed; without, the gateway calls with the credentials it finds as the AWS SDKs do.',
});

export const LOCAL_CREDENTIALS = diagnostic<{ name: string; field: string }>({
  code: 'GWC2828', severity: 'info',
  message: ({ name, field }) => `${field} has no effect: function ${name} runs on this machine`,
  hint: () => 'what the function itself may do on AWS is up to the credentials in its environment',
  help: 'The role of an integration (or authorizer) lets API Gateway invoke a function on AWS. A function that is compiled into the gateway or run by it as a program is not invoked over AWS, so no role is assumed for it. Remove it, or keep it for AWS; on this machine the function has the credentials of its environment.',
});

export const UNKNOWN_ROLE_VARIABLE = diagnostic<{ name: string; stage: string; suggestion: string | undefined }>({
  code: 'GWC2829', severity: 'warning',
  message: ({ name, stage }) => `stage '${stage}' has no variable '${name}': there the role is none, and every call answers 500`,
  hint: ({ suggestion, name, stage }) => (suggestion ? `did you mean '${suggestion}'?` : `add it under x-gwc.stages.${stage}.variables.${name}`),
  help: 'Stage variables are set per stage under `x-gwc.stages.<stage>.variables`. A missing one is the empty string, as on API Gateway; an ARN without it names no role.',
});
