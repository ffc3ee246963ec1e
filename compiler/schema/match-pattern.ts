/** Patterns of a document matched at build time, as guarded as in the gateway: the document's own examples and defaults are hostile texts too. */
import { cappedPattern, guardedPattern, type GuardedPattern } from '../../runtime/validate/automaton.js';
import { automatonOf, NATIVE_LIMIT, patternGuard } from './pattern-guard.js';
import { regexOf, type Regex } from './pattern.js';

const known = new Map<string, GuardedPattern>();

/** Whether `text` matches; a pattern that is no regular expression matches everything. */
export function matchesPattern(pattern: string, text: string): boolean {
  const regex = regexOf(pattern);
  return typeof regex === 'string' || matcherOf(regex).test(text);
}

export function matcherOf(regex: Regex): GuardedPattern {
  const key = `${regex.flags}/${regex.source}`;
  let matcher = known.get(key);
  if (!matcher) known.set(key, (matcher = compile(regex)));
  return matcher;
}

function compile(regex: Regex): GuardedPattern {
  const { source, flags } = regex;
  const guard = patternGuard(regex);
  if (guard === 'none') return new RegExp(source, flags);
  const automaton = automatonOf(regex);
  return automaton ? guardedPattern(source, flags, NATIVE_LIMIT[guard], automaton.sets, automaton.program) : cappedPattern(source, flags, NATIVE_LIMIT[guard]);
}
