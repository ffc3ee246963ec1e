import { diagnostic } from '../../diagnostics/define.js';

const variableOf = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(?=\d)/, '_').toUpperCase();

export const AUTHORIZER_WITHOUT_FUNCTION = diagnostic<{ scheme: string; problem: string }>({
  code: 'GWC2901', severity: 'warning',
  message: ({ scheme, problem }) => `the authorizer of '${scheme}' calls no function (${problem}): operations that need it answer 500`,
  hint: () => 'write authorizerUri: arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations',
  help: 'A Lambda authorizer (`type: token` or `request`) asks the function of its `authorizerUri` who may call. Published documents often have the uri taken out. Without it the gateway cannot ask anybody, so it lets nobody in: operations that need the authorizer answer 500 (AUTHORIZER_CONFIGURATION_ERROR). Put it back with an overlay; `x-gwc.functions` says where the function runs.',
});

export const INVALID_IDENTITY_SOURCE = diagnostic<{ scheme: string; problem: string; example: string }>({
  code: 'GWC2902', severity: 'error',
  message: ({ scheme, problem }) => `identitySource of '${scheme}': ${problem}`,
  hint: ({ example }) => `write ${example}`,
  help: 'Identity sources say where the caller\'s credentials are; their values are also what results are kept by. REST APIs: a list separated by commas of `method.request.header.X`, `method.request.querystring.X`, `stageVariables.X` and `context.X` (type token: exactly one header). HTTP APIs: `$request.header.X`, `$request.querystring.X`, `$stageVariables.X`, `$context.X`, as a list or separated by commas.',
});

export const MISSING_IDENTITY_SOURCE = diagnostic<{ scheme: string; ttl: number; example: string }>({
  code: 'GWC2903', severity: 'error',
  message: ({ scheme, ttl }) => `the authorizer of '${scheme}' keeps results for ${ttl} seconds but has no identitySource to keep them by`,
  hint: ({ example }) => `write ${example}, or authorizerResultTtlInSeconds: 0`,
  help: 'Results of an authorizer are kept per values of its identity sources. Without a source everybody would get the first caller\'s result; API Gateway refuses such an authorizer. `authorizerResultTtlInSeconds: 0` asks the function for every request.',
});

export const INVALID_TTL = diagnostic<{ scheme: string; value: string }>({
  code: 'GWC2904', severity: 'error',
  message: ({ scheme, value }) => `authorizerResultTtlInSeconds of '${scheme}' cannot be ${value}`,
  hint: () => 'write a whole number of seconds from 0 to 3600',
  help: 'How long the answer of a Lambda authorizer is kept: 0 (not at all) to 3600 seconds. Default: 300 for REST APIs, 0 for HTTP APIs. Write `authorizerResultTtlInSeconds: 300`.',
});

export const INVALID_IDENTITY_EXPRESSION = diagnostic<{ scheme: string; problem: string }>({
  code: 'GWC2905', severity: 'error',
  message: ({ scheme, problem }) => `identityValidationExpression of '${scheme}' is no regular expression: ${problem}`,
  hint: () => "write one for the whole token, e.g. 'Bearer [-0-9a-zA-Z._]+'",
  help: 'The expression (java.util.regex) must match the whole token; a token that does not match is answered 401 without asking the function. Write for instance `Bearer [-0-9a-zA-Z._]+`.',
});

export const SLOW_IDENTITY_EXPRESSION = diagnostic<{ scheme: string }>({
  code: 'GWC2906', severity: 'warning',
  message: ({ scheme }) => `identityValidationExpression of '${scheme}' can take very long on some tokens: it runs with a limit, and tokens that exceed it are refused`,
  hint: () => 'avoid repetitions inside repetitions such as (a+)+, and alternatives that overlap',
  help: 'Tokens come from anybody. A regular expression that backtracks lets a short token keep a processor busy for minutes (ReDoS). The gateway counts the steps of such an expression and answers 401 when a token takes too many.',
});

export const INVALID_AUTHORIZER_FORMAT = diagnostic<{ scheme: string; problem: string; hint?: string }>({
  code: 'GWC2907', severity: 'error',
  message: ({ scheme, problem }) => `authorizer of '${scheme}': ${problem}`,
  hint: ({ hint }) => hint ?? "write authorizerPayloadFormatVersion: '2.0' with enableSimpleResponses: true, or '1.0'",
  help: 'Lambda authorizers of HTTP APIs are of `type: request`, with `authorizerPayloadFormatVersion` "1.0" (answers with a policy) or "2.0" (a policy, or with `enableSimpleResponses: true` `{"isAuthorized": true}`). REST APIs have one format and ignore both fields.',
});

export const INVALID_ISSUER = diagnostic<{ scheme: string; problem: string }>({
  code: 'GWC2911', severity: 'error',
  message: ({ scheme, problem }) => `token issuer of '${scheme}': ${problem}`,
  hint: () => 'write issuer: https://issuer.example.com exactly as it stands in the tokens (iss)',
  help: 'The issuer is compared with the `iss` of every token, character by character, and its keys are found through `<issuer>/.well-known/openid-configuration` (or at `jwksUri`). It stands in `jwtConfiguration.issuer` of the authorizer or in `x-gwc-jwt.issuer`; schemes of type openIdConnect take it from `openIdConnectUrl`.',
});

export const MISSING_AUDIENCE = diagnostic<{ scheme: string }>({
  code: 'GWC2912', severity: 'error',
  message: ({ scheme }) => `'${scheme}' does not say for whom its tokens are: any token of the issuer, for whatever application, would let its bearer in`,
  hint: () => 'write audience: [<aud or client_id of the tokens>]',
  help: 'A token is made for an audience (`aud`; where tokens have none, `client_id`). A gateway that does not compare it accepts tokens that other applications of the same issuer were given, and so acts for users that never meant it to (RFC 8725 §3.9).',
});

export const INSECURE_ISSUER = diagnostic<{ scheme: string; url: string }>({
  code: 'GWC2913', severity: 'warning',
  message: ({ scheme, url }) => `keys of '${scheme}' are fetched from ${url} without TLS: who can answer in its place can sign tokens`,
  hint: () => 'use https, except on one machine or in a network nobody else can write to',
  help: 'The gateway trusts whoever signs with the keys it fetches. Over plain http they can be replaced on the way. API Gateway takes https issuers only; gwc takes http for local development. Write an `https` URL for everything that others use.',
});

export const INVALID_ALGORITHMS = diagnostic<{ scheme: string; value: string }>({
  code: 'GWC2914', severity: 'error',
  message: ({ scheme, value }) => `algorithms of '${scheme}': ${value} is none that the gateway verifies`,
  hint: () => 'write some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA',
  help: 'Only signatures with a public key are verified: whoever could verify an HMAC could also make one, and "none" is no signature. Authorizers of type jwt take RSA as API Gateway does. Write some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA, or leave `algorithms` out for all of them.',
});

export const INVALID_CLOCK_SKEW = diagnostic<{ scheme: string }>({
  code: 'GWC2915', severity: 'error',
  message: ({ scheme }) => `clockSkewSeconds of '${scheme}' is no whole number from 0 to 300`,
  hint: () => 'write clockSkewSeconds: 60, or leave it out for 0',
  help: 'By how many seconds the clock of the issuer may differ from the gateway\'s when `exp`, `nbf` and `iat` are compared. Default 0, as API Gateway.',
});

export const INVALID_USER_POOL = diagnostic<{ scheme: string; value: string }>({
  code: 'GWC2916', severity: 'warning',
  message: ({ scheme, value }) => (value === '' ? `'${scheme}' names no user pool: operations that need it answer 500` : `providerARNs of '${scheme}': '${value}' is no user pool: its tokens are not accepted`),
  hint: () => 'write arn:aws:cognito-idp:<region>:<account>:userpool/<region>_<id>',
  help: 'Authorizers of type cognito_user_pools accept tokens of the user pools in `providerARNs`. A pool is known by its region and id; stage variables and placeholders of templates that have no value in this build name none (give them one with --param). `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER` names an emulator at run time.',
});

export const AUTHORIZER_OPTIONAL = diagnostic<{ checked: string; others: string }>({
  code: 'GWC2917', severity: 'warning',
  message: ({ checked, others }) => `${checked} is not asked for: the document accepts ${others} in its place, which only the backend can check`,
  hint: () => 'remove that alternative from `security`, or make sure that the backend refuses requests without credentials',
  help: '`security` lists alternatives. When the gateway can check one of them and not another, a request that fails the first may be one that uses the other. The gateway lets all of them through and leaves it to the backend.',
});

export const SCOPE_TEXT = diagnostic<{ scope: string }>({
  code: 'GWC2918', severity: 'error',
  message: ({ scope }) => `'${scope}' is no scope`,
  hint: ({ scope }) => (/^[\w:./-]+(?:[ ,]+[\w:./-]+)+$/.test(scope) ? `write each scope as an entry of its own: [${scope.split(/[ ,]+/).map((each) => `'${each}'`).join(', ')}]` : 'write printable ASCII without blanks, quotes and backslashes'),
  help: 'RFC 6749 §3.3 says what a scope may consist of. Others cannot stand in a token and not in `WWW-Authenticate`.',
});

export const INVALID_CALLER = diagnostic<{ name: string; problem: string }>({
  code: 'GWC2961', severity: 'error',
  message: ({ name, problem }) => `caller '${name}' ${problem}`,
  hint: ({ name }) => `write {accessKeyId: 'env:${variableOf(name)}_KEY_ID', secretAccessKey: 'env:${variableOf(name)}_SECRET', arn: arn:aws:iam::123456789012:user/${name.replace(/[^\w+=,.@-]/g, '-')}, policy: {Version: '2012-10-17', Statement: […]}}`,
  help: 'Operations with AWS_IAM are called with requests signed by Signature Version 4. `x-gwc.callers.<name>` says whose signatures the gateway knows: `accessKeyId` (or `env:NAME`), `secretAccessKey` and for temporary keys `sessionToken` as `env:NAME`, read when the gateway starts; the secret itself never stands in a document or a bundle. A caller without keys takes them from the profile of its name in the file that `--iam-credentials` names. `arn` is who the caller is in policies, `policy` what it may do: without one only the API\'s resource policy can allow a call.',
});

export const NO_CALLERS = diagnostic({
  code: 'GWC2925', severity: 'warning',
  message: () => 'AWS_IAM: no caller is declared, so that every signature is refused unless the gateway is started with --iam-credentials',
  hint: () => "declare callers: x-gwc: {callers: {partner: {accessKeyId: 'env:PARTNER_KEY_ID', secretAccessKey: 'env:PARTNER_SECRET', policy: {…}}}}, or start with --iam-credentials FILE",
  help: 'Operations with AWS_IAM are for signed requests, and only who knows the secret key can verify a signature. The gateway knows the callers of `x-gwc.callers` and the profiles of the file given with `--iam-credentials`, in the format of ~/.aws/credentials: `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token`, and for policies `gwc_arn`, `gwc_policy` (a JSON file beside it), `gwc_user_id`, `gwc_org_id`, `gwc_tags`, `gwc_expiration`. A profile takes from a declared caller of the same name what it does not say itself. A gateway with a store (`x-gwc.store`) knows those of its store too, which `gwc iam create|import|list|enable|disable|delete --store …` manages while it runs.',
});

export const INVALID_BASIC = diagnostic<{ scheme: string; problem: string }>({
  code: 'GWC2929', severity: 'error',
  message: ({ scheme, problem }) => `x-gwc-basic of '${scheme}' ${problem}`,
  hint: () => "write x-gwc-basic: {realm: shop, users: {ann: 'env:ANN_HASH'}}, or give the users at start: --htpasswd FILE",
  help: "Users of an http basic scheme are `x-gwc-basic.users` (name → hash, or `env:NAME` that holds one) and the lines `name:hash` of the files given with `--htpasswd`. A hash is bcrypt, as `htpasswd -nB name` prints it (`$2y$…`, cost 4 to 14), or `$scrypt$ln=15,r=8,p=1$<salt>$<hash>` in base64; apr1 and SHA-1 hashes are refused. Files are read again when they change. Passwords themselves never stand in a document, and a hash that stands there is in everything that is published of it (the bundle, openapi.json): `env:NAME` and files are not. Without any user nobody is let in. Node makes one for scrypt: `const {scryptSync, randomBytes} = require('crypto'); const salt = randomBytes(16); const b64 = (bytes) => bytes.toString('base64').replace(/=+$/, ''); console.log('$scrypt$ln=15,r=8,p=1$' + b64(salt) + '$' + b64(scryptSync(process.argv[1], salt, 32, {N: 32768, r: 8, p: 1, maxmem: 2 ** 27})))`.",
});
