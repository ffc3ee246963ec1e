import { compilePattern } from './pattern.js';

/** Whether the whole of `input` matches (String.matches, JSONPath's `=~`). */
export function matchesPattern(source: string, ignoreCase: boolean, input: string): boolean {
  return compilePattern(source, ignoreCase).matches(input);
}
