import { diagnostic } from '../../diagnostics/define.js';

export const NO_DECLARED_RESPONSES = diagnostic({
  code: 'GWC2641',
  severity: 'info',
  message: () => 'responses are to be validated, but the operation declares none',
  hint: () => 'declare its responses with their schemas',
  help: '`x-gwc-validation: {response: …}` checks the status, header fields and body of what a backend answers against the operation\'s `responses`. An operation without responses has nothing to check against.',
});

export const STREAMED_RESPONSES = diagnostic<{ types: string }>({
  code: 'GWC2030',
  severity: 'warning',
  message: ({ types }) => `responses of this operation are not validated: ${types} is passed on while it arrives`,
  hint: () => 'take the operation out with `x-gwc-validation: {response: off}`, and check items where they are read',
  help: 'A stream of events or items (text/event-stream, application/jsonl, application/json-seq, multipart/mixed with an `itemSchema`) has no end that a gateway could wait for, and what has been passed on cannot be taken back. Responses of an operation that declares one are therefore passed on as they come, whatever their status; the clients gwc generates read their items with the types of `itemSchema`.',
});
