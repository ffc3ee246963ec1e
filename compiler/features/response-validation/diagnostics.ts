import { diagnostic } from '../../diagnostics/define.js';

export const NO_DECLARED_RESPONSES = diagnostic({
  code: 'GWC2641',
  severity: 'info',
  message: () => 'responses are to be validated, but the operation declares none',
  hint: () => 'declare its responses with their schemas',
  help: '`x-gwc-validation: {response: …}` checks the status, header fields and body of what a backend answers against the operation\'s `responses`. An operation without responses has nothing to check against.',
});
