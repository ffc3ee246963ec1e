import { diagnostic } from '../diagnostics/define.js';

export const TOO_INTRICATE = diagnostic<{ doing: string; problem: string }>({
  code: 'GWC4111', severity: 'error',
  message: ({ doing, problem }) => `the document is nested or joined too intricately to ${doing} (${problem})`,
  hint: () => 'look for a oneOf or anyOf of thousands of alternatives, or for schemas that refer to one another thousands of times in a row, and split them',
  help: 'Schemas are followed into one another as far as they go; a `oneOf` or `anyOf` is checked one alternative inside the other. Real documents have some dozens of each. Where thousands come together, the checks that would have to be generated are deeper than a JavaScript engine can run, so nothing is generated.',
});
