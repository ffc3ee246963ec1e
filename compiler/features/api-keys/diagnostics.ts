import { diagnostic } from '../../diagnostics/define.js';

/** The variable that a key of that name would be read from. */
const variableOf = (name: string): string => `${name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(?=\d)/, '_').toUpperCase()}_KEY`;

export const INVALID_API_KEY = diagnostic<{ name: string; problem: string }>({
  code: 'GWC2741', severity: 'error',
  message: ({ name, problem }) => `API key '${name}' ${problem}`,
  hint: ({ name }) => `write value: env:${variableOf(name)} (read when the gateway starts) or value: sha256:<64 hex digits>`,
  help: '`x-gwc.apiKeys.<name>.value` says where a key comes from. `env:NAME` is read from the environment when the gateway starts; a gateway without the variable does not start. `sha256:<hex>` is the digest of the key, for instance of `printf %s "$KEY" | sha256sum`. Either way the key itself is not in the bundle.',
});

export const LITERAL_API_KEY = diagnostic<{ name: string }>({
  code: 'GWC2742', severity: 'warning',
  message: ({ name }) => `the value of API key '${name}' stands in the document, where everybody who can read the document can take it`,
  hint: ({ name }) => `write value: env:${variableOf(name)} and set that variable where the gateway runs`,
  help: 'A key is a secret: whoever has it spends its quota. A literal value works (the bundle holds its SHA-256 digest, not the value), but the document is kept in version control and read by many. `env:NAME` keeps it out.',
});

export const API_KEY_LENGTH = diagnostic<{ name: string; length: number }>({
  code: 'GWC2743', severity: 'warning',
  message: ({ name, length }) => `the value of API key '${name}' has ${length} characters`,
  hint: () => 'write a key of 20 to 128 characters; API Gateway generates 40 letters and digits',
  help: 'API Gateway refuses API keys shorter than 20 or longer than 128 characters. gwc takes any length, but short keys can be guessed. Write a key of 20 to 128 characters, best a random one: `openssl rand -hex 20`.',
});

export const DUPLICATE_API_KEY = diagnostic<{ name: string; other: string }>({
  code: 'GWC2744', severity: 'error',
  message: ({ name, other }) => `API keys '${other}' and '${name}' have the same value`,
  hint: () => 'give each client a key of its own',
  help: 'The value is how the gateway recognises a client. Two keys with the same value cannot be told apart; API Gateway refuses the second one. Give each key a `value` of its own.',
});

export const UNKNOWN_USAGE_PLAN = diagnostic<{ key: string; plan: string; suggestion: string | undefined }>({
  code: 'GWC2745', severity: 'error',
  message: ({ key, plan }) => `API key '${key}' names the usage plan '${plan}', which is not declared`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : 'declare it under x-gwc.usagePlans'),
  help: 'The usage plans of a key say which stages it opens and how much its owner may call them. They are declared under `x-gwc.usagePlans`.',
});

export const API_KEY_WITHOUT_PLAN = diagnostic<{ name: string; plans: readonly string[] }>({
  code: 'GWC2746', severity: 'warning',
  message: ({ name }) => `API key '${name}' is in no usage plan: requests with it are answered 403`,
  hint: ({ plans }) => (plans.length === 0 ? 'declare a plan, x-gwc: {usagePlans: {basic: {apiStages: [{stage: prod}]}}}, and add usagePlans: [basic] to the key' : `add usagePlans: [${plans[0]!}] to the key${plans.length > 1 ? ` (or ${plans.slice(1).join(', ')})` : ''}`),
  help: 'In a REST API a key opens a stage only through a usage plan that covers the stage. A key without a plan is like an unknown key: 403 `{"message":"Forbidden"}`. (An HTTP API has no usage plans on AWS: there a key without plans opens every stage without limits.)',
});

export const OVERLAPPING_PLANS = diagnostic<{ name: string; stage: string; plans: string }>({
  code: 'GWC2747', severity: 'error',
  message: ({ name, stage, plans }) => `API key '${name}' is in several usage plans of stage '${stage}': ${plans}`,
  hint: () => 'keep one of them: which limits apply would not be defined',
  help: 'A key may be in several usage plans, but only in one for each stage [AWS: "one key may reference several plans but for a given API stage only one"]. Keep one plan for each stage in `usagePlans` of the key, and remove the others.',
});

export const NO_API_KEYS = diagnostic<{ scheme: string }>({
  code: 'GWC2748', severity: 'warning',
  message: ({ scheme }) => `operations need an API key (security scheme '${scheme}') but no key is declared: they are answered 403`,
  hint: () => 'declare keys: x-gwc: {usagePlans: {basic: {apiStages: [{stage: prod}]}}, apiKeys: {partner-a: {value: env:PARTNER_A_KEY, usagePlans: [basic]}}}, or say with x-gwc: {admin: true} that they are made at run time',
  help: 'On AWS keys and usage plans live outside the document. gwc reads them from `x-gwc.apiKeys`, `x-gwc.apiKeysFile` and `x-gwc.usagePlans` at the root of the document or in an overlay, and they can be made while the gateway runs: `gwc keys create`, or the AWS command line against the admin port. `x-gwc.admin: true` says that keys come that way, and ends this warning; `x-gwc.admin: false` leaves the management out of the bundle. Until there is a key, no request can have a valid one, and the operations that need one answer 403 `{"message":"Forbidden"}` as on AWS.',
});

export const API_KEYS_UNUSED = diagnostic({
  code: 'GWC2749', severity: 'warning',
  message: () => 'API keys are declared but no operation asks for one: everybody gets in, and usage plans limit nobody',
  hint: () => 'define a security scheme {type: apiKey, in: header, name: x-api-key} and name it under `security`',
  help: 'An operation needs an API key when its `security` (or the document\'s) names a scheme of `type: apiKey`; in a REST API this is the header `x-api-key`.',
});

export const API_KEY_OPTIONAL = diagnostic<{ others: string }>({
  code: 'GWC2750', severity: 'warning',
  message: ({ others }) => `a request without an API key is passed on: the document accepts ${others} in its place, which only the backend can check`,
  hint: () => 'remove that alternative from `security`, or make sure that the backend refuses requests without credentials',
  help: '`security` lists alternatives. When one of them needs no API key, a request without a key may be one that uses that alternative. The gateway checks a key that is sent (a wrong one is answered 403) and leaves the rest to the backend.',
});

export const KEY_WITHOUT_AUTHORIZER = diagnostic<{ method: string; path: string }>({
  code: 'GWC2751', severity: 'warning',
  message: ({ method, path }) => `${method} ${path} needs an API key from its authorizer, but has no Lambda authorizer: requests are answered 403`,
  hint: () => 'add a Lambda authorizer that answers usageIdentifierKey, or take out x-amazon-apigateway-api-key-source: AUTHORIZER',
  help: 'With `x-amazon-apigateway-api-key-source: AUTHORIZER` the API key is what the operation\'s Lambda authorizer answers as `usageIdentifierKey`; the header x-api-key is ignored. An operation without such an authorizer never gets a key, so nobody gets in.',
});

export const INVALID_KEYS_FILE = diagnostic<{ path: string; problem: string }>({
  code: 'GWC2861', severity: 'error',
  message: ({ path, problem }) => `the API keys of ${path} cannot be read: ${problem}`,
  hint: () => 'write the file as API Gateway imports it: a first line Name,Key,Description,Enabled,UsagePlanIds, then a line for each key',
  help: '`x-gwc.apiKeysFile` names a file beside the document in the CSV format that API Gateway imports: columns `Name` and `Key`, and `Description`, `Enabled` and `UsagePlanIds` if wanted, in any order and case. The bundle holds the SHA-256 digests of the keys, not the keys; the file itself is not part of the build.',
});

export const INVALID_KEY_OF_FILE = diagnostic<{ path: string; line: number; problem: string }>({
  code: 'GWC2862', severity: 'error',
  message: ({ path, line, problem }) => `line ${line} of ${path} ${problem}`,
  hint: ({ line }) => `write line ${line} as Name,Key with a name and a key of its own, 20 to 128 characters`,
  help: 'Every line of the file of API keys (`x-gwc.apiKeysFile`) has a Name and a Key of its own, 20 to 128 characters long. `Enabled` is true or false, in any case; `UsagePlanIds` lists plans, separated by commas and in quotes when there are several.',
});

export const IGNORED_KEY_COLUMN = diagnostic<{ path: string; columns: string }>({
  code: 'GWC2863', severity: 'info',
  message: ({ path, columns }) => `columns of ${path} that are ignored: ${columns}`,
  hint: () => 'known are Name, Key, Description, Enabled and UsagePlanIds; remove the others',
  help: 'API Gateway knows the columns Name, Key, Description, Enabled and UsagePlanIds, in any order and case, and ignores all others. Remove the other columns, or leave them: they do no harm.',
});

export const UNKNOWN_PLAN_OF_FILE = diagnostic<{ path: string; line: number; plan: string; suggestion: string | undefined }>({
  code: 'GWC2864', severity: 'error',
  message: ({ path, line, plan }) => `line ${line} of ${path} names the usage plan '${plan}', which is not declared`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : 'declare it under x-gwc.usagePlans'),
  help: 'UsagePlanIds of a file of API keys (`x-gwc.apiKeysFile`) names plans of `x-gwc.usagePlans`, by their names there or by the ids that the control plane shows for them. Plans made at run time cannot be named: they are not known when the gateway is built.',
});
