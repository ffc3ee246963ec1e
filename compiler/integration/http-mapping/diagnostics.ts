import { diagnostic } from '../../diagnostics/define.js';

const KEYS = 'append|overwrite|remove:header.<name>, append|overwrite|remove:querystring.<name> and overwrite:path; of responses append|overwrite|remove:header.<name> and overwrite:statuscode';

/** `$request.headers.X` → `$request.header.X`, `$request.queryString.q` → `$request.querystring.q`, `${request.body..id}` → `${request.body.id}`. */
function didYouMean(value: string): string | undefined {
  const meant = value.replace(/((?:request|response)\.)(headers|query(?:string)?s?|(?:query|path)(?:string)?param(?:eter)?s?|params)(?=\.)/gi, (_, side: string, place: string) => `${side}${place.toLowerCase().startsWith('h') ? 'header' : place.toLowerCase().startsWith('path') ? 'path' : 'querystring'}`).replace(/(request\.body)\.\.+/g, '$1.');
  return meant === value ? undefined : `did you mean '${meant}'?`;
}

export const INVALID_HTTP_MAPPING = diagnostic<{ key: string; suggestion: string | undefined }>({
  code: 'GWC2521', severity: 'error',
  message: ({ key }) => `'${key}' is no parameter mapping`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}'?` : `keys are ${KEYS}`),
  help: `HTTP APIs change requests before they reach the integration, and answers before they reach the client. Keys of \`requestParameters\` and of each status in \`responseParameters\`: ${KEYS}.`,
});

export const INVALID_HTTP_VALUE = diagnostic<{ value: string; problem: string }>({
  code: 'GWC2522', severity: 'error',
  message: ({ value, problem }) => `'${value}' is no value of a parameter mapping: ${problem}`,
  hint: ({ value }) => didYouMean(value) ?? 'write text, $request.header.name, $request.querystring.name, $request.path, $request.path.name, $request.body.path, $context.name, $stageVariables.name or several as ${request.header.a} ${context.stage}; of responses also $response.header.name and $response.body.path',
  help: 'A parameter mapping of an HTTP API takes text, one variable, or text with variables in `${…}`. Paths into a body are plain: no `..` and no filters. A variable without a value skips the mapping; among others it is empty.',
});

export const RESERVED_HEADER = diagnostic<{ name: string }>({
  code: 'GWC2523', severity: 'error',
  message: ({ name }) => `header ${name} is reserved: no parameter mapping may name it`,
  hint: () => 'remove the mapping',
  help: 'Reserved headers of HTTP APIs: access-control-*, apigw-*, Authorization, Connection, Content-Encoding, Content-Length, Content-Location, Forwarded, Keep-Alive, Origin, Proxy-Authenticate, Proxy-Authorization, TE, Trailers, Transfer-Encoding, Upgrade, x-amz-*, x-amzn-*, X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto and Via. Remove the mapping, or use a header of another name.',
});

export const INVALID_MAPPED_STATUS = diagnostic<{ status: string }>({
  code: 'GWC2524', severity: 'error',
  message: ({ status }) => `'${status}' is no status of a backend`,
  hint: () => "write a status from 200 to 599, e.g. '404'",
  help: 'The keys of `responseParameters` are single status codes from 200 to 599, and `overwrite:statuscode` takes one: the answer of the backend with that status is changed. Write `\'404\': {\'overwrite:statuscode\': \'403\'}`.',
});
