import { diagnostic } from '../diagnostics/define.js';

export const MISSING_PATHS = diagnostic({
  code: 'GWC2001', severity: 'error',
  message: () => 'the document has no paths: there is nothing to serve',
  hint: () => 'add a `paths` object with at least one operation',
  help: 'A gateway is built from the operations under `paths`. Documents that hold only `webhooks` or `components` describe no route.',
});

export const DUPLICATE_OPERATION_ID = diagnostic<{ id: string }>({
  code: 'GWC2002', severity: 'warning',
  message: ({ id }) => `operationId '${id}' is used twice; this operation gets a name with a number`,
  hint: () => 'give each operation an operationId of its own: handlers, client functions and logs are named by it',
  help: 'OpenAPI requires operationIds to be unique in the whole document; API Gateway does not care. gwc names the generated handler and the client function after it, so the second of two operations gets a number behind its name. Give each operation an `operationId` of its own.',
});

export const INVALID_PATH = diagnostic<{ path: string; problem: string; hint: string }>({
  code: 'GWC2003', severity: 'error',
  message: ({ path, problem }) => `the path '${path}' ${problem}`,
  hint: ({ hint }) => hint,
  help: 'A path starts with `/`. A variable is written `{name}`, a greedy variable `{name+}`; a greedy variable takes one or more whole segments and must stand last. Every variable of one path has its own name.',
});

export const UNREACHABLE_PATH = diagnostic<{ path: string; mark: '?' | '#' }>({
  code: 'GWC2908', severity: 'warning',
  message: ({ path, mark }) => `no request can have the path '${path}': ${mark === '?' ? "what follows '?' is the query" : "what follows '#' never leaves the client"}`,
  hint: ({ path, mark }) => (mark === '?' ? `write ${path.split('?')[0]}, and what follows as parameters with in: query` : `write ${path.split('#')[0]} once, and the variants as alternatives (oneOf) of its body and responses`),
  help: 'Some documents tell operations of one path apart by a fragment (`/files/{id}#add_shared_link`) or a query (`/?Action=ListQueues`). A path of OpenAPI has neither: a request for it arrives as `/files/{id}`, so the gateway answers it with the operation of that path, or with 403 or 404 when there is none. The operations are still in the clients, which call the path without its fragment.',
});

export const UNDECLARED_PATH_PARAMETER = diagnostic<{ name: string; path: string }>({
  code: 'GWC2004', severity: 'info',
  message: ({ name, path }) => `path variable {${name}} of ${path} has no parameter object; it is taken as a string`,
  hint: ({ name }) => `declare it: {name: ${name}, in: path, required: true, schema: {type: string}}`,
  help: 'API Gateway accepts a path variable without a parameter object; OpenAPI wants one. gwc takes such a variable as a non-empty string that is not validated further. Declare it to have it checked and typed: `{name: id, in: path, required: true, schema: {type: string}}`.',
});

export const UNUSED_PATH_PARAMETER = diagnostic<{ name: string; path: string; suggestion: string | undefined }>({
  code: 'GWC2005', severity: 'warning',
  message: ({ name, path }) => `the path parameter '${name}' does not occur in ${path}`,
  hint: ({ name, suggestion }) => (suggestion === undefined ? `write {${name}} in the path, or remove the parameter` : `did you mean '${suggestion}'?`),
  help: 'A parameter with `in: path` must name a variable of the path it belongs to. This one can never have a value; it is ignored.',
});

export const ASSUMED_API_KEY = diagnostic<{ isVersion2: boolean }>({
  code: 'GWC2891', severity: 'warning',
  message: () => "the security scheme 'api_key' is not defined; it is taken as API Gateway's API key, the header x-api-key",
  hint: ({ isVersion2 }) => `define it: ${isVersion2 ? 'securityDefinitions: {' : 'components: {securitySchemes: {'}api_key: {type: apiKey, name: x-api-key, in: header}}${isVersion2 ? '' : '}'}`,
  help: 'A `security` requirement refers by name to a security scheme of the same document. `api_key` is what API Gateway calls its API key in the documents that it exports, and it imports documents that leave the definition out. gwc asks for the key as if the scheme were defined; any other name that is not defined is an error. Define the scheme.',
});

export const UNKNOWN_SECURITY_SCHEME = diagnostic<{ name: string; suggestion: string | undefined; known: readonly string[] }>({
  code: 'GWC2007', severity: 'error',
  message: ({ name }) => `security requirement names the scheme '${name}', which is not defined`,
  hint: ({ suggestion, known }) => (suggestion ? `did you mean '${suggestion}'?` : `define it under components.securitySchemes (2.0: securityDefinitions)${known.length === 0 ? '' : `, or name one that is there: ${known.slice(0, 5).join(', ')}${known.length > 5 ? ', …' : ''}`}`),
  help: 'A `security` requirement refers by name to a security scheme of the same document. A name that is not defined would leave the operation open, so the build stops.',
});

export const INVALID_FLAVOUR = diagnostic<{ value: string }>({
  code: 'GWC2008', severity: 'error',
  message: ({ value }) => `x-gwc-flavour cannot be '${value}'`,
  hint: ({ value }) => (/rest|v1/i.test(value) ? 'write rest' : /http|v2/i.test(value) ? 'write http' : 'write rest or http'),
  help: '`x-gwc-flavour: rest` gives the behaviour of API Gateway REST APIs, `http` that of HTTP APIs. Without it gwc infers the flavour from the extensions the document uses.',
});

export const INVALID_STAGE = diagnostic<{ problem: string; hint: string }>({
  code: 'GWC2009', severity: 'error',
  message: ({ problem }) => problem,
  hint: ({ hint }) => hint,
  help: 'Stages live under `x-gwc.stages.<name>`. A name has letters, digits, `_` and `-` (or is `$default`); `variables` maps names (letters, digits, `_`) to strings.',
});

export const UNKNOWN_STAGE = diagnostic<{ name: string; known: string; suggestion: string | undefined }>({
  code: 'GWC2010', severity: 'error',
  message: ({ name }) => `--stage ${name}: the document declares no such stage`,
  hint: ({ known, suggestion }) => (suggestion === undefined ? `declared are ${known}; write --stage with one of them, or declare it here` : `did you mean --stage ${suggestion}?`),
  help: '`--stage` picks one of the stages under `x-gwc.stages`; its name and variables become `$context.stage` and `stageVariables`. Give one that is declared, or declare it there: `x-gwc: {stages: {prod: {variables: {…}}}}`. In a document without stages any name will do.',
});

export const NO_INTEGRATION = diagnostic<{ method: string; path: string }>({
  code: 'GWC2011', severity: 'error',
  message: ({ method, path }) => `${method} ${path} has no integration, and no upstream is known`,
  hint: () => 'build with --upstream URL (or --mock), or add an absolute URL under `servers`, or an x-amazon-apigateway-integration',
  help: 'Every operation needs something that answers it: an `x-amazon-apigateway-integration`, the backend given with `--upstream URL`, the document\'s first absolute `servers` URL, or `--mock`, which answers from the document\'s examples.',
});

export const NO_RESPONSES = diagnostic<{ method: string; path: string }>({
  code: 'GWC2014', severity: 'info',
  message: ({ method, path }) => `${method} ${path} declares no responses`,
  hint: () => "declare at least `responses: {'200': {description: …}}`: clients and mocks are generated from it",
  help: 'API Gateway accepts operations without responses. The gateway works the same; the generated client types every answer as unknown. Declare at least `responses: {\'200\': {description: ok}}`.',
});

export const NO_BASE_PATH = diagnostic<{ handling: string }>({
  code: 'GWC2016', severity: 'warning',
  message: ({ handling }) => `--basepath ${handling}: the document has no base path, so its paths stay as they are`,
  hint: () => 'say it: basePath: /v1 in OpenAPI 2.0, a server URL with a path or a server variable called basePath in 3.x',
  help: 'As on import into API Gateway, the base path is `basePath` of OpenAPI 2.0. In 3.x it is the default of the first server variable called `basePath`, even where no URL refers to it, else the path of the first server URL.',
});

export const INVALID_BASE_PATH = diagnostic<{ basePath: string }>({
  code: 'GWC2017', severity: 'error',
  message: ({ basePath }) => `the base path '${basePath}' cannot stand in front of paths`,
  hint: () => 'write segments of letters, digits and any of -._~!$&\'()*+,;=:@, and give each server variable in it a default',
  help: '`--basepath prepend` and `split` make the document\'s base path part of every route. It cannot have variables without a default, empty segments, or characters that need an escape.',
});

export const INVALID_BASEPATH = diagnostic<{ value: string }>({
  code: 'GWC2018', severity: 'error',
  message: ({ value }) => `x-gwc.basepath is '${value}'`,
  hint: () => 'write ignore, prepend or split',
  help: 'What happens to the base path of the document, as on import into API Gateway: `ignore` (the default) leaves it out, `prepend` puts it in front of every path, `split` does so without its first segment, which is the stage or the base path of a domain (`--base-path` of the gateway). `--basepath` on the command line wins.',
});

export const UNREAD_QUERY_STRING = diagnostic<{ name: string; problem: string }>({
  code: 'GWC2019', severity: 'warning',
  message: ({ name, problem }) => `the parameter '${name}' with \`in: querystring\` ${problem}`,
  hint: ({ problem }) => (problem.startsWith('stands beside') ? 'make the parameters properties of its schema, or write all of them with in: query' : 'write content: {application/x-www-form-urlencoded: {schema: …}} with the schema of an object, or parameters with in: query'),
  help: '`in: querystring` of OpenAPI 3.2 describes the whole query as one value with a media type. As `application/x-www-form-urlencoded` its properties are query parameters, written as in a form of that type (`encoding` says how each one is); as `application/json` or `text/plain` the whole query is one percent-encoded value. The gateway checks it, and clients take it as one parameter. In other media types the query goes to the backend as it came. An operation has one of them, and no parameter with `in: query` beside it.',
});

export const UNKNOWN_TAG = diagnostic<{ name: string; parent: string; problem: 'missing' | 'circular'; suggestion: string | undefined }>({
  code: 'GWC2020', severity: 'warning',
  message: ({ name, parent, problem }) => (problem === 'missing' ? `the tag '${name}' has the parent '${parent}', which is no tag` : `the tag '${name}' is above itself, by its parent '${parent}'`),
  hint: ({ problem, suggestion }) => (problem === 'circular' ? 'leave parent out of the tag at the top' : suggestion === undefined ? 'declare it under tags' : `did you mean '${suggestion}'?`),
  help: '`parent` of a tag (OpenAPI 3.2) is the name of another tag of the same document. Tags make a tree: nothing is above itself.',
});

export const NO_ADDITIONAL_OPERATION = diagnostic<{ method: string; problem: string; hint: string }>({
  code: 'GWC2021', severity: 'error',
  message: ({ method, problem }) => `'${method}' cannot be one of additionalOperations: ${problem}`,
  hint: ({ hint }) => hint,
  help: '`additionalOperations` (OpenAPI 3.2) holds operations of methods that have no field of their own, such as LINK or COPY, by the method as it is sent. HTTP methods are case-sensitive (RFC 9110 §9.1), and a gateway takes those that are tokens of capital letters, digits and hyphens.',
});

export const BESIDE_REFERENCE = diagnostic<{ field: string; problem: 'both' | 'shared' | 'ignored' }>({
  code: 'GWC2022', severity: 'warning',
  message: ({ field, problem }) => {
    if (problem === 'both') return `${field} is beside the path item's $ref and behind it; the one beside it is taken`;
    return problem === 'shared' ? `${field} beside the path item's $ref are for the operations beside it, not for those behind it` : `${field} beside the path item's $ref are ignored`;
  },
  hint: ({ field, problem }) => (problem === 'both' ? `remove one of them` : `move ${field} into the path item that $ref leads to, or into the operations`),
  help: 'A path item can be a `$ref` to another one with more fields beside it. Operations of both are served. OpenAPI does not say what happens to a field that both have: gwc takes the one beside the `$ref`, and applies parameters and servers to the operations they stand with.',
});

export const SERVED_UNDER = diagnostic<{ basePath: string }>({
  code: 'GWC2023', severity: 'info',
  message: ({ basePath }) => `the gateway is served under ${basePath}, as the domain name says`,
  hint: () => "start it with --base-path '' to serve it at the root, or with another path",
  help: '`x-gwc.domainNames.<name>.basePathMappings` (of a template: `Domain`, `AWS::ApiGateway::BasePathMapping`, `AWS::ApiGatewayV2::ApiMapping`) says under which path a domain name serves the API. It is what `--base-path` of the gateway is when it is not given.',
});

export const SEVERAL_BASE_PATHS = diagnostic<{ basePaths: string }>({
  code: 'GWC2024', severity: 'info',
  message: ({ basePaths }) => `the API has several base paths: ${basePaths}; the gateway is served at the root`,
  hint: () => 'start a gateway for each of them: --base-path /PATH',
  help: 'A gateway is served under one path, which `--base-path` says when it is started. Where the base path mappings of `x-gwc.domainNames` or of a template agree on one, it is the default.',
});

export const INVALID_MAPPING_PATH = diagnostic<{ basePath: string }>({
  code: 'GWC2025', severity: 'error',
  message: ({ basePath }) => `the base path '${basePath}' of a domain name has characters that a path has to escape`,
  hint: () => "write letters, digits and any of -._~!$&'()*+,;=:@ between slashes",
  help: 'API Gateway allows letters, digits and some punctuation in base path mappings, and so does `--base-path` of a gateway. Write segments of such characters between slashes: `basePath: shop/v1`.',
});
