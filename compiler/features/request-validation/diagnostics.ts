import { diagnostic } from '../../diagnostics/define.js';

export const UNKNOWN_VALIDATOR = diagnostic<{ name: string; closest?: string; known: readonly string[] }>({
  code: 'GWC2631',
  severity: 'warning',
  message: ({ name }) => `there is no request validator '${name}'; requests are not validated here`,
  hint: ({ closest, known }) => (closest ? `did you mean '${closest}'?` : known.length > 0 ? `the document declares ${known.join(', ')}` : 'declare it under x-amazon-apigateway-request-validators at the root'),
  help: '`x-amazon-apigateway-request-validator` names one of the validators under `x-amazon-apigateway-request-validators`, each `{validateRequestBody, validateRequestParameters}`. API Gateway leaves the method without a validator when the name is unknown, so nothing is checked.',
});

export const IDLE_VALIDATOR = diagnostic<{ name: string }>({
  code: 'GWC2632',
  severity: 'info',
  message: ({ name }) => `request validator '${name}' checks neither body nor parameters`,
  hint: () => 'set validateRequestBody or validateRequestParameters to true',
  help: 'A request validator with both settings false (or absent) validates nothing. Write `validateRequestBody: true` or `validateRequestParameters: true`, or remove the validator.',
});

export const NESTED_ITEMS = diagnostic<{ name: string }>({
  code: 'GWC2634',
  severity: 'warning',
  message: ({ name }) => `no style says how the items of the parameter '${name}', lists or objects themselves, are written; they are passed on unchecked`,
  hint: () => 'write content: {application/json: {schema: …}} in place of schema (2.0: items: {type: string}), and the value is checked',
  help: 'A parameter that is a list is taken apart by its style (2.0: collectionFormat). For lists of lists and lists of objects OpenAPI leaves open how the inner values are written, so each of them is passed on as the text that came, and only the number of items is checked. A parameter with `content: {application/json: {schema: …}}` is JSON, and is checked as a whole.',
});

export const UNCHECKED_BODY = diagnostic<{ type: string; isItems: boolean }>({
  code: 'GWC2633',
  severity: 'info',
  message: ({ type }) => `bodies of type ${type} are passed on unchecked`,
  hint: ({ isItems, type }) => (isItems && /json/i.test(type) ? 'to have a whole body checked before it is passed on, write schema: {type: array, items: …} instead of itemSchema' : 'JSON, JSON lines, form-urlencoded, multipart/form-data and text bodies are checked'),
  help: 'gwc checks bodies that are JSON (`application/json`, `…+json`), series of JSON (`application/jsonl`, `application/x-ndjson`, `application/json-seq`, as the list that `schema` describes), `application/x-www-form-urlencoded`, `multipart/form-data` and `text/…` against their schema. A schema for another type (XML, for instance) describes the document to clients, but requests of that type are only checked for being allowed. So are streams that `itemSchema` describes item by item: they go on to the backend piece by piece, as they come.',
});
