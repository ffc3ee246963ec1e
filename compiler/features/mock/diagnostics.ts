import { diagnostic } from '../../diagnostics/define.js';

export const NO_STATUS = diagnostic<{ problem: string }>({
  code: 'GWC2332', severity: 'warning',
  message: ({ problem }) => `the mock's request template yields no integer statusCode (${problem}): every call answers 500`,
  hint: () => 'write {"statusCode": 200}',
  help: 'API Gateway runs the request template of a mock and takes the integer `statusCode` of its output to pick the integration response. The parser is lenient about quotes and commas, but the value must be an integer: `"200"` in quotes answers 500.',
});

export const NO_RESPONSES = diagnostic({
  code: 'GWC2333', severity: 'warning',
  message: () => 'the mock has no integration responses: every call answers 500',
  hint: () => "add responses: {default: {statusCode: '200'}}",
  help: 'A mock integration answers with one of its `responses`; without a matching entry or a `default`, API Gateway answers 500 "Internal server error". Write `responses: {default: {statusCode: \'200\'}}`.',
});
