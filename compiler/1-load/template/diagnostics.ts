import { clip } from '../../diagnostics/escape.js';
import { diagnostic } from '../../diagnostics/define.js';

const show = (text: string): string => `'${clip(text, 100)}'`;
const paramFlags = (names: readonly string[]): string => (names.length === 0 ? '--param NAME=value' : names.slice(0, 3).map((name) => `--param '${clip(name, 60)}=…'`).join(' '));

export const NO_API = diagnostic<{ found: string }>({
  code: 'GWC1160', severity: 'error',
  message: ({ found }) => `the template has no API${found}`,
  hint: () => 'gwc reads AWS::Serverless::Api and HttpApi, AWS::ApiGateway::RestApi, AWS::ApiGatewayV2::Api, and functions with events of type Api or HttpApi',
  help: 'gwc builds the API of a SAM or CloudFormation template: `AWS::Serverless::Api`, `AWS::Serverless::HttpApi`, `AWS::ApiGateway::RestApi` (with a `Body`, or defined resource by resource), `AWS::ApiGatewayV2::Api` (likewise), or the API that SAM makes of functions\' `Events` of type `Api` and `HttpApi`. A resource whose `Condition` does not hold is not there.',
});

export const WHICH_API = diagnostic<{ names: string; first: string }>({
  code: 'GWC1161', severity: 'error',
  message: ({ names }) => `the template has several APIs: ${clip(names, 300)}`,
  hint: ({ first }) => `choose one: --api ${clip(first, 100)}`,
  help: 'One gateway file is one API. `--api NAME` takes the logical id of the resource. The APIs that SAM makes of functions\' events are called `ServerlessRestApi` and `ServerlessHttpApi`, as SAM calls them.',
});

export const NO_SUCH_API = diagnostic<{ name: string; names: string; suggestion: string | undefined; condition: string | undefined }>({
  code: 'GWC1162', severity: 'error',
  message: ({ name, names, condition }) => (condition === undefined ? `the template has no API called ${show(name)}; it has ${clip(names, 300) || 'none'}` : `${show(name)} is not there in this build: its condition ${show(condition)} does not hold`),
  hint: ({ suggestion, condition }) => (condition !== undefined ? 'give the parameters that the condition compares other values: --param NAME=value' : suggestion === undefined ? 'write --api with the logical id of one of its APIs' : `did you mean '${suggestion}'?`),
  help: '`--api` takes the logical id of an API resource of the template. The APIs that SAM makes of functions\' events are called `ServerlessRestApi` and `ServerlessHttpApi`.',
});

export const NOT_IN_TEMPLATE = diagnostic<{ name: string }>({
  code: 'GWC1163', severity: 'warning',
  message: ({ name }) => `--api ${clip(name, 100)}: this is an OpenAPI document, there is nothing to choose`,
  hint: () => 'leave --api out, or name the template',
  help: '`--api` chooses one of several APIs of a SAM or CloudFormation template, by its logical id. An OpenAPI document is one API: leave the option out.',
});

export const UNREADABLE_DEFINITION = diagnostic<{ what: string; found: string; parameter?: string }>({
  code: 'GWC1164', severity: 'error',
  message: ({ what, found }) => `${what} is ${found}, which a build cannot read`,
  hint: ({ what, parameter }) => (parameter === undefined ? `name a file relative to the template (${what}: ./openapi.yaml), or put the definition in the template` : `give the parameter a file relative to the template: --param '${clip(parameter, 60)}=./openapi.yaml'`),
  help: '`DefinitionUri`, `BodyS3Location` and the location of `AWS::Include` name the OpenAPI document. In a template as it is written they are paths of local files, which `sam package` and `aws cloudformation package` replace by places in S3; give gwc the template as it is written.',
});

export const UNKNOWN_CONDITION = diagnostic<{ name: string; parameters: readonly string[] }>({
  code: 'GWC1165', severity: 'warning',
  message: ({ name }) => `whether the condition ${show(name)} holds depends on a value that this build has not; it is taken as true`,
  hint: ({ parameters }) => `give what it compares: ${paramFlags(parameters)}`,
  help: 'A `Condition` of the template compares parameters. Those without a `Default` have no value in a build unless `--param` or `--params` gives one.',
});

export const NO_OPERATIONS = diagnostic<{ name: string; kind: 'rest' | 'http' }>({
  code: 'GWC1173', severity: 'error',
  message: ({ name }) => `the API ${show(name)} has no operations: it has no definition, and no event, method or route of the template belongs to it`,
  hint: ({ name, kind }) => (kind === 'rest' ? `name it in events (RestApiId: !Ref ${clip(name, 60)}) or in AWS::ApiGateway::Method resources, or give it a DefinitionUri or a Body` : `name it in events (ApiId: !Ref ${clip(name, 60)}) or in AWS::ApiGatewayV2::Route resources, or give it a DefinitionUri or a Body`),
  help: 'An API of a template gets its operations from a definition (`Body`, `BodyS3Location`, `DefinitionBody`, `DefinitionUri`), from events of functions that name it (`RestApiId`, `ApiId`), or from resources that belong to it (`AWS::ApiGateway::Method`, `AWS::ApiGatewayV2::Route`). This one has none of them in this build: mind conditions, and logical ids that are misspelt.',
});

export const TOO_MANY_COPIES = diagnostic({
  code: 'GWC1177', severity: 'error',
  message: () => 'the loops of this template make more than is ever meant',
  hint: () => 'make them go through fewer values: at most 5 000 copies with 1 000 000 values in all',
  help: '`Fn::ForEach` copies its body for each value of its collection, and loops in loops multiply. A template that makes more than 5 000 copies is no template that CloudFormation takes (it has 500 resources at most). Split the template, or shorten the collections.',
});

export const FAILS_ON_WARNINGS = diagnostic({
  code: 'GWC1191', severity: 'info',
  message: () => 'FailOnWarnings has no effect here: what fails a build is said on the command line',
  hint: () => 'build with --strict: warnings fail the build then',
  help: '`FailOnWarnings: true` makes an import of API Gateway fail when it has warnings. What fails a build of gwc is said where it runs: `gwc build --strict`.',
});

export const NOT_READ = diagnostic<{ name: string; owner: string; hint: string }>({
  code: 'GWC1166', severity: 'warning',
  message: ({ name, owner }) => `${clip(name, 60)} of ${clip(owner, 60)} is not read from a template yet`,
  hint: ({ hint }) => hint,
  help: 'The property changes how the deployed API behaves, and gwc does not take it over from the template. What it does can usually be said in the OpenAPI document, or in an overlay (`--overlay`).',
});

export const BAD_PROPERTY = diagnostic<{ name: string; expected: string; hint?: string }>({
  code: 'GWC1167', severity: 'error',
  message: ({ name, expected }) => `${clip(name, 60)} must be ${expected}`,
  hint: ({ hint }) => hint,
  help: 'The property of the resource does not have the form that CloudFormation or SAM gives it, so what it says cannot be built. Write it as the message says; values that are known only when the template is deployed get one with `--param NAME=value`.',
});

export const WEBSOCKET_API = diagnostic({
  code: 'GWC1168', severity: 'error',
  message: () => 'this is a WebSocket API, which gwc does not compile yet',
  hint: () => 'choose a REST or HTTP API of the template with --api NAME',
  help: 'gwc compiles REST and HTTP APIs. A WebSocket API has routes over messages instead of paths and methods. If the template has another API, choose it: `--api NAME`.',
});

export const UNKNOWN_AUTHORIZER = diagnostic<{ name: string; suggestion?: string }>({
  code: 'GWC1169', severity: 'error',
  message: ({ name }) => `the API has no authorizer called ${show(name)}`,
  hint: ({ suggestion }) => (suggestion === undefined ? 'declare it under Auth.Authorizers of the API, or write NONE or AWS_IAM' : `did you mean '${suggestion}'?`),
  help: '`Authorizer` of an event and `DefaultAuthorizer` of an API name an entry of `Auth.Authorizers` of the API, or `NONE` or `AWS_IAM`. Correct the name, or declare it: `Auth: {Authorizers: {Users: {UserPoolArn: …}}}`.',
});

export const NOT_LOCAL = diagnostic<{ name: string; reason: string }>({
  code: 'GWC1170', severity: 'warning',
  message: ({ name, reason }) => `the function ${show(name)} cannot run in the gateway: ${clip(reason, 200)}`,
  hint: ({ name }) => `say where it runs: --function '${clip(name, 60)}=./src/handler.ts#handler', '${clip(name, 60)}=exec:./bootstrap' or '${clip(name, 60)}=http://localhost:9001'`,
  help: '`--local-functions` compiles the functions of a template into the gateway: those with a Node.js `Runtime` whose `Handler` is a module under `CodeUri`. Others run as programs on the Lambda Runtime API (`exec:`) or behind an Invoke endpoint.',
});

export const KEY_FROM_ENVIRONMENT = diagnostic<{ name: string; variable: string }>({
  code: 'GWC1171', severity: 'info',
  message: ({ name, variable }) => `the value of the API key ${show(name)} comes from the environment: ${clip(variable, 100)}`,
  hint: ({ variable }) => `set ${clip(variable, 100)} where the gateway starts`,
  help: 'A template declares an API key, and AWS makes up its value when the key is created. A gateway of gwc reads the value from an environment variable when it starts, and does not start without it; `x-gwc.apiKeys` in an overlay can say otherwise.',
});

export const EVENT_LEFT_OUT = diagnostic<{ operation: string }>({
  code: 'GWC1172', severity: 'warning',
  message: ({ operation }) => `${clip(operation, 100)} is not in the API's definition: this event adds nothing to it`,
  hint: ({ operation }) => `write ${clip(operation, 100)} into the definition, or MergeDefinitions: true into the API`,
  help: 'SAM makes operations of events only for an API without a definition of its own, or with `MergeDefinitions: true`. An event of an API with a `DefinitionBody` or `DefinitionUri` only allows the API to call the function.',
});

export const UNKNOWN_DOMAIN = diagnostic<{ parameters: readonly string[] }>({
  code: 'GWC1190', severity: 'error',
  message: () => 'this domain name asks clients for certificates, and the build does not know its name',
  hint: ({ parameters }) => `give what it is made of: ${paramFlags(parameters)}`,
  help: 'Mutual TLS belongs to a domain name (`MutualTlsAuthentication`). Its `DomainName` depends on parameters without a value in this build; a gateway that did not know for which name to ask for certificates would be open.',
});
