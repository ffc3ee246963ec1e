import { diagnostic } from '../diagnostics/define.js';

export const BUNDLE_FAULT = diagnostic<{ problem: string }>({
  code: 'GWC9501', severity: 'error',
  message: ({ problem }) => `internal: the generated gateway could not be bundled: ${problem}`,
  hint: () => 'this is a bug in gwc: please report it with the document',
  help: 'The generated code must bundle without warnings into one file that imports only Node\'s own modules. When it does not, gwc itself is at fault.',
});
