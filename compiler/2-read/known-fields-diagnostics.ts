/** What known-fields reports: names, places and kinds of values. What a value means is each slice's business. */
import { clip } from '../diagnostics/escape.js';
import { diagnostic } from '../diagnostics/define.js';

const show = (text: string): string => `'${clip(text, 80)}'`;
const didYouMean = ({ suggestion, advice }: { suggestion?: string; advice?: string }): string | undefined => advice ?? (suggestion === undefined ? undefined : `did you mean ${show(suggestion)}?`);

export const UNKNOWN_EXTENSION = diagnostic<{ name: string; suggestion?: string; advice?: string }>({
  code: 'GWC2701', severity: 'warning',
  message: ({ name }) => `there is no extension ${show(name)}; it does nothing`,
  hint: (parameters) => didYouMean(parameters) ?? 'remove it',
  help: 'Keys that start with `x-amazon-apigateway-` belong to Amazon API Gateway and keys that start with `x-gwc` to gwc; this one is defined by neither. API Gateway ignores such a key without a word, so a misspelt extension looks as if it worked.\n\nThrottling, usage plans, API keys, caching, logging, stages and domain names are no extensions in AWS: they are written in `x-gwc` at the root of the document.',
});

export const MISPLACED_EXTENSION = diagnostic<{ name: string; place: string; levels: string }>({
  code: 'GWC2702', severity: 'warning',
  message: ({ name, place }) => `${show(name)} does nothing in ${article(place)}`,
  hint: ({ levels }) => `it belongs ${levels}`,
  help: 'Each extension has its place: `x-amazon-apigateway-integration` in an operation, `x-amazon-apigateway-authorizer` in a security scheme, `x-amazon-apigateway-gateway-responses` at the root. Elsewhere API Gateway ignores it, and so does gwc.',
});

export const UNKNOWN_EXTENSION_FIELD = diagnostic<{ name: string; owner: string; suggestion?: string; advice?: string }>({
  code: 'GWC2703', severity: 'warning',
  message: ({ name, owner }) => `there is no field ${show(name)} in ${article(owner)}; it is ignored`,
  hint: (parameters) => didYouMean(parameters) ?? 'remove it',
  help: 'API Gateway ignores unknown fields in its extensions without a word, so a misspelt one (`passthroughBehaviour`, `integrationResponses` inside an integration, `validateRequestHeaders`) looks as if it worked. Correct the name, or remove the field.',
});

export const UNKNOWN_FIELD = diagnostic<{ name: string; owner: string; suggestion?: string; advice?: string }>({
  code: 'GWC2704', severity: 'warning',
  message: ({ name, owner }) => `there is no field ${show(name)} in ${article(owner)}; it is ignored`,
  hint: (parameters) => didYouMean(parameters) ?? 'remove it, or start its name with x- if it is your own',
  help: 'The OpenAPI specification gives each object a fixed set of fields; a field of one\'s own starts with `x-`. An unknown field has no effect in any tool.',
});

export const UNKNOWN_KEYWORD = diagnostic<{ name: string; suggestion?: string; advice?: string }>({
  code: 'GWC2705', severity: 'warning',
  message: ({ name }) => `${show(name)} is no keyword of a schema; it checks nothing`,
  hint: didYouMean,
  help: 'JSON Schema ignores keywords it does not know, so a misspelt one (`requried`, `minLenght`) accepts everything. Only names that look like a known keyword are reported.',
});

export const OTHER_VERSION = diagnostic<{ name: string; owner: string; version: string; versions: string; instead?: string }>({
  code: 'GWC2706', severity: 'warning',
  message: ({ name, owner, version, versions }) => `${show(name)} in ${article(owner)} belongs to OpenAPI ${versions}; this document is ${version}`,
  hint: ({ instead, versions }) => {
    const first = versions.split(' ')[0]!;
    return instead ?? (first === '2.0' ? 'remove it' : `write openapi: ${first}.0 at the root if the document is meant to be of that version, else remove it`);
  },
  help: 'The field exists, but not in the version that the document says it follows. Tools of that version ignore it. Remove it, write what the hint says, or raise the version at the root: `openapi: 3.1.0`.',
});

export const WRONG_TYPE = diagnostic<{ name: string; expected: string; found: string }>({
  code: 'GWC2707', severity: 'error',
  message: ({ name, expected, found }) => `${show(name)} must be ${expected}, not ${found}`,
  hint: ({ name, expected, found }) => form(name, expected, found),
  help: 'The value has another JSON type than the specification gives this field, so nothing in it can be read. Write a value of the kind that the message names; in YAML mind the indentation and the `- ` of lists.',
});

export const ODD_TYPE = diagnostic<{ name: string; expected: string; found: string }>({
  code: 'GWC2708', severity: 'warning',
  message: ({ name, expected, found }) => `${show(name)} should be ${expected}, not ${found}`,
  hint: ({ name, expected, found }) => form(name, expected, found),
  help: 'The value has another JSON type than the specification gives this field. In YAML a text that looks like a number, `true`, `false` or `null` needs quotes.',
});

/** How a value of another kind is written. */
function form(name: string, expected: string, found: string): string | undefined {
  const key = clip(name, 40);
  if (expected === 'a text') return found === 'a number' || found === 'a boolean' ? 'put it in quotes' : `write one text: ${key}: …`;
  if (expected === 'true or false' || expected === 'a number') return found === 'a text' ? `write ${expected} without quotes` : `write ${key}: ${expected === 'a number' ? '1' : 'true'} or remove it`;
  if (expected === 'a list') return `write ${key}: [ … ], or each item on a line of its own after "- "`;
  return expected === 'an object' ? `write ${key}: { … }, or its fields on lines of their own, indented` : `write ${key}: with ${expected}, or remove it`;
}

export const MISSING_FIELD = diagnostic<{ name: string; owner: string }>({
  code: 'GWC2709', severity: 'error',
  message: ({ name, owner }) => `${article(owner)} needs the field ${show(name)}`,
  hint: ({ name, owner }) => MISSING_HINTS[`${owner}.${name}`] ?? `add ${name}`,
  help: 'The specification requires this field, and the object means nothing without it. Add the field as the hint says, or remove the object.',
});

const MISSING_HINTS: Readonly<Record<string, string>> = {
  'parameter.in': 'add in: path, query, header or cookie',
  'parameter.name': 'add name, or a $ref to a parameter',
  'request body.content': 'add content: {application/json: {schema: …}}',
  'security scheme.type': 'add type: apiKey, http, oauth2 or openIdConnect',
};

export const ODD_ABSENCE = diagnostic<{ name: string; owner: string }>({
  code: 'GWC2710', severity: 'info',
  message: ({ name, owner }) => `${article(owner)} should have the field ${show(name)}`,
  hint: ({ name }) => `add ${clip(name, 40)}: … for other tools; gwc does without it`,
  help: 'The specification requires this field. Neither API Gateway nor gwc depends on it, but other tools may refuse the document. Add it if the document is for other tools too.',
});

export const EMPTY_FIELD = diagnostic<{ name: string }>({
  code: 'GWC2711', severity: 'info',
  message: ({ name }) => `${show(name)} is empty and is read as absent`,
  hint: ({ name }) => `give ${clip(name, 40)} a value, or remove it`,
  help: 'A key without a value is `null` in YAML, which this field cannot be. Remove the key, or give it a value.',
});

export const NOT_ALLOWED = diagnostic<{ name: string; value: string; allowed: string; suggestion?: string }>({
  code: 'GWC2712', severity: 'error',
  message: ({ name, value }) => `${show(name)} cannot be ${show(value)}`,
  hint: ({ suggestion, allowed }) => (suggestion === undefined ? `one of ${allowed}` : `did you mean ${show(suggestion)}?`),
  help: 'The specification lists the values that this field can have. Write one of those that the hint names; upper and lower case count.',
});

export const ODD_VALUE = diagnostic<{ name: string; value: string; allowed: string; suggestion?: string }>({
  code: 'GWC2713', severity: 'warning',
  message: ({ name, value }) => `${show(name)} has no value ${show(value)}`,
  hint: ({ suggestion, allowed }) => (suggestion === undefined ? `one of ${allowed}` : `did you mean ${show(suggestion)}?`),
  help: 'The field takes one of a few values; this one is written differently or does not exist. Write one of those that the hint names.',
});

export const ODD_KEY = diagnostic<{ name: string; owner: string; expected: string }>({
  code: 'GWC2714', severity: 'warning',
  message: ({ name, owner }) => `${show(name)} cannot be a key of ${owner}`,
  hint: ({ expected }) => `write ${expected}`,
  help: 'The keys of this object have a form of their own, and this one has not. Rename the key as the hint says, or start it with `x-` if it is your own.',
});

export const WRONG_KIND = diagnostic<{ reference: string; expected: string; found: string }>({
  code: 'GWC2715', severity: 'error',
  message: ({ reference, expected, found }) => `$ref ${show(reference)} leads to ${found}; ${article(expected)} is needed here`,
  hint: () => 'refer to another component, or write the object here',
  help: 'The reference was found, but what stands there is of another kind: a schema where a parameter is needed, for instance. A schema is referred to as `schema: {$ref: …}`.',
});

export const REFERENCE_IN_EXTENSION = diagnostic<{ reference: string }>({
  code: 'GWC2716', severity: 'warning',
  message: ({ reference }) => `the integration is the $ref ${show(reference)}: gwc follows it, API Gateway does not`,
  hint: () => 'write the integration here, or for HTTP APIs under components.x-amazon-apigateway-integrations',
  help: 'API Gateway takes `x-amazon-apigateway-integration` as it is written. The one place that it may refer to is `#/components/x-amazon-apigateway-integrations/<name>`, in HTTP APIs; any other `$ref` is an integration without a `type` for it. Write the integration in the place of the `$ref`, or bundle the document before it is imported.',
});

function article(noun: string): string {
  if (/^(?:info|paths|components|responses|x-|CORS|mutual|method settings|route settings|access log|canary|external|response parameters|OAuth flows|auth$|tlsConfig|jwtConfiguration|documentation$)/.test(noun)) return noun;
  return /^(?!us)[aeiouAEIOU]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
