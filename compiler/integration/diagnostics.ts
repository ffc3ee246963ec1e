import { diagnostic } from '../diagnostics/define.js';

export const INVALID_INTEGRATION_STATUS = diagnostic<{ value: string }>({
  code: 'GWC2321', severity: 'error',
  message: ({ value }) => `integration response statusCode "${value}" is no HTTP status`,
  hint: () => 'write three digits, the first from 1 to 5, e.g. "200"',
  help: 'Each entry of an integration\'s `responses` names the method response it leads to: `statusCode`, three digits.',
});

export const INVALID_RESPONSE_MAPPING = diagnostic<{ problem: string }>({
  code: 'GWC2322', severity: 'error',
  message: ({ problem }) => `Invalid mapping expression specified: ${problem}`,
  hint: () => "keys: method.response.header.<name>; values: integration.response.header.<name>, integration.response.body.<path>, context.<name>, stageVariables.<name> or 'literal'",
  help: 'responseParameters map one value to one response header each, without concatenation.',
});

export const INVALID_SELECTION_PATTERN = diagnostic<{ pattern: string; problem: string }>({
  code: 'GWC2323', severity: 'error',
  message: ({ pattern, problem }) => `selection pattern "${pattern}" is no regular expression: ${problem}`,
  help: 'A key of an integration\'s `responses` is a Java regular expression that must match the backend\'s status code (or a Lambda\'s errorMessage) as a whole; `default` is the answer when no pattern matches.',
});

export const UNDECLARED_STATUS = diagnostic<{ status: string }>({
  code: 'GWC2325', severity: 'warning',
  message: ({ status }) => `the integration answers with status ${status}, which the operation does not declare`,
  hint: ({ status }) => `add '${status}' to the operation's responses: API Gateway answers 500 for a status without a method response`,
  help: 'Every `statusCode` of an integration\'s `responses` must be one of the operation\'s `responses`. API Gateway answers 500 "Output mapping refers to an invalid method response" at run time; gwc sends the answer all the same.',
});
