/** Request validation as API Gateway's request validators do it (rest-pipeline.md §4). */
import { NotJson, requestJson } from '../body/json.js';
import type { Exchange } from '../exchange.js';
import type { MessageFault, Validate } from './message-faults.js';
import { sentence } from './problem.js';
import { awsFaults } from '../validate/aws-message.js';

/** A required parameter must be there and not blank [D]. */
export function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

/** Sets the message of BAD_REQUEST_PARAMETERS. `names` in the order header, path, querystring, alphabetical inside [R]. */
export function missingParameters(exchange: Exchange, names: readonly string[]): void {
  exchange.errorMessage = `Missing required request parameters: [${names.join(', ')}]`;
}

/** Checks the body against a model; an empty one counts as `{}` [R]. false: the message details are on the exchange. */
export function matchesModel(exchange: Exchange, validate: Validate): boolean {
  const isEmpty = exchange.body === null || exchange.body.length === 0;
  const value = isEmpty ? {} : requestJson(exchange);
  if (value instanceof NotJson) {
    exchange.validationError = `[${value.reason}]`;
    return false;
  }
  const errors = validate(value);
  if (errors === null) return true;
  exchange.validationError = awsFaults(errors, value);
  return false;
}

/** Puts the faults of full validation where gateway responses look for them: 'parameters', 'body' or 'type' says which response applies. */
export function describeFaults(exchange: Exchange, faults: readonly MessageFault[]): 'parameters' | 'body' | 'type' {
  exchange.validationError = `[${faults.map(sentence).join(', ')}]`;
  const parameters = faults.filter((fault) => fault.in !== 'body');
  if (parameters.length === 0) return faults.some((fault) => fault.keyword === 'contentType' && fault.pointer === '') ? 'type' : 'body';
  const missing = parameters.filter((fault) => fault.keyword === 'required');
  const names = (missing.length > 0 ? missing : parameters).map((fault) => fault.parameter!);
  exchange.errorMessage = `${missing.length > 0 ? 'Missing required' : 'Invalid'} request parameters: [${[...new Set(names)].join(', ')}]`;
  return 'parameters';
}
