import { diagnostic } from '../../diagnostics/define.js';

export const INVALID_URI = diagnostic<{ problem: string; hint: string | undefined }>({
  code: 'GWC2301', severity: 'error',
  message: ({ problem }) => `integration uri ${problem}`,
  hint: ({ hint }) => hint ?? 'write an absolute URL, e.g. https://backend.example.com/pets/{petId}',
  help: 'The `uri` of an `http` or `http_proxy` integration is an absolute `http://` or `https://` URL. `{name}` in its path or query is replaced by the mapped path parameter, `${stageVariables.name}` anywhere by the stage variable. The host never depends on the request: a client could otherwise choose the backend.',
});

export const UNMAPPED_PLACEHOLDER = diagnostic<{ name: string }>({
  code: 'GWC2302', severity: 'warning',
  message: ({ name }) => `{${name}} in the integration uri has no mapping; it is sent as written`,
  hint: ({ name }) => `map it: requestParameters: {integration.request.path.${name}: method.request.path.${name}}`,
  help: 'API Gateway fills `{name}` in an integration uri from `integration.request.path.name` only. A placeholder without such a mapping goes to the backend literally.',
});

export const INVALID_TIMEOUT = diagnostic<{ value: string; maximum: number }>({
  code: 'GWC2306', severity: 'error',
  message: ({ value }) => `timeoutInMillis cannot be ${value}`,
  hint: ({ maximum }) => `write a whole number of milliseconds from 50 to ${maximum}`,
  help: 'How long the gateway waits for the backend. API Gateway takes 50 to 29000 ms for REST APIs (more by quota) and 50 to 30000 ms for HTTP APIs; gwc takes up to 900000 ms. Write a whole number of milliseconds: `timeoutInMillis: 10000`.',
});

export const UNKNOWN_STAGE_VARIABLE = diagnostic<{ name: string; stage: string; suggestion: string | undefined }>({
  code: 'GWC2308', severity: 'warning',
  message: ({ name, stage }) => `stage '${stage}' has no variable '${name}'; it is empty there`,
  hint: ({ suggestion, name, stage }) => (suggestion ? `did you mean '${suggestion}'?` : `add it under x-gwc.stages.${stage}.variables.${name}`),
  help: 'Stage variables are set per stage under `x-gwc.stages.<stage>.variables`. A missing one is the empty string, as on API Gateway; where it stands for the host, every call answers 500.',
});

export const NOT_COMPILED_FIELD = diagnostic<{ field: string; effect: string; hint?: string | undefined }>({
  code: 'GWC2309', severity: 'warning',
  message: ({ field, effect }) => `${field} is not compiled yet: ${effect}`,
  hint: ({ field, hint }) => hint ?? `remove ${field}, or leave it for AWS: it does no harm here`,
  help: 'gwc reads this field of the integration and knows what it means, but this version does not compile it. The message says what happens instead: if that will do, leave the field for AWS, else remove it or write what the hint says.',
});

export const INVALID_VPC_LINK = diagnostic<{ id: string; problem: string }>({
  code: 'GWC2310', severity: 'error',
  message: ({ id, problem }) => `VPC link '${id}' ${problem}`,
  hint: () => "write {targets: ['http://10.0.0.1:8080', 'unix:/run/app.sock'], healthCheck: {path: /health}}",
  help: 'What stands behind a VPC link is said in `x-gwc.vpcLinks.<connectionId>`. `targets` are `http://host:port`, `https://host`, `host:port` (then `https` uris and `tlsConfig.serverNameToVerify` mean TLS) and `unix:/path`. The least busy target that is up gets the next call; one that cannot be connected to is passed over. `healthCheck` asks each target: `path` (/), `intervalSeconds` (10), `timeoutSeconds` (5), `healthyThreshold` and `unhealthyThreshold` (2); an answer below 400 is good. `tls` names PEM files that the gateway reads when it connects: `ca` (instead of the public authorities), `cert` and `key` (a client certificate).',
});

export const UNKNOWN_VPC_LINK = diagnostic<{ id: string; stage: string | undefined; suggestion: string | undefined; known: string }>({
  code: 'GWC2311', severity: 'warning',
  message: ({ id, stage }) => `there is no VPC link '${id}'${stage === undefined ? '' : `, which stage '${stage}' names`}`,
  hint: ({ id, suggestion, known }) => (suggestion ? `did you mean '${suggestion}'?` : `add x-gwc.vpcLinks.${id || '<connectionId>'}: {targets: [http://host:port]}${known === '' ? '' : `; declared are ${known}`}`),
  help: 'An integration with `connectionType: VPC_LINK` calls the targets of `x-gwc.vpcLinks.<connectionId>`. Without them an integration whose uri is a URL calls that directly; one whose uri is the ARN of a load balancer or of a Cloud Map service, and one whose link a stage variable chooses, answers 500 (HTTP APIs: 503).',
});

export const INVALID_CLIENT_CERTIFICATE = diagnostic<{ id: string; problem: string }>({
  code: 'GWC2312', severity: 'error',
  message: ({ id, problem }) => `client certificate '${id}' ${problem}`,
  hint: () => 'write {cert: ./client.pem, key: ./client.key}',
  help: 'API Gateway keeps the client certificates of stages in the account; gwc takes them from PEM files that the gateway reads when it connects, relative to its working directory: `x-gwc.clientCertificates.<id>: {cert, key, ca}`. `ca` names the authorities that backends are checked against, instead of the public ones. Nothing of the files is in the bundle.',
});

export const UNKNOWN_CLIENT_CERTIFICATE = diagnostic<{ id: string; suggestion: string | undefined }>({
  code: 'GWC2313', severity: 'warning',
  message: ({ id }) => `there is no client certificate '${id}': backends see none`,
  hint: ({ id, suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : `add x-gwc.clientCertificates.${id}: {cert: ./client.pem, key: ./client.key}`),
  help: 'A stage\'s `clientCertificateId` names the certificate that the gateway shows to `https` backends of `http` and `http_proxy` integrations. Its files are written in `x-gwc.clientCertificates.<id>`.',
});
