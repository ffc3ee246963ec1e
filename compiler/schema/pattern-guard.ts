/** Which patterns must not run on a backtracking engine with whatever a client sends, and what runs instead. */
import { createRequire } from 'node:module';
import { ambiguity } from './ambiguity.js';
import type { Program } from '../thompson.js';
import { compileAutomaton } from './automaton.js';
import type { Regex } from './pattern.js';
import { parseRegex, type RegexNode } from './regex-syntax.js';

/**
 * - none: at most a bounded number of ways to try any text; RegExp as it is.
 * - quadratic: their number grows as a power of the length: RegExp for short texts, the automaton for longer ones.
 * - unknown: too large to tell: the automaton from 16 characters on.
 * - automaton: can be exponential: likewise.
 * - refuse-long: as quadratic, but no automaton can run it: texts above 1000 characters fail the check.
 * - refuse: can be exponential and no automaton can run it: texts above 24 characters fail the check.
 */
export type Guard = 'none' | 'quadratic' | 'unknown' | 'automaton' | 'refuse-long' | 'refuse';

export const GUARD_HINT: Record<Exclude<Guard, 'none'>, string> = {
  quadratic: 'texts above 1000 characters are matched by an automaton',
  unknown: 'it is run as an automaton, which reads each character once',
  automaton: 'it is run as an automaton, which reads each character once',
  'refuse-long': 'texts above 1000 characters are refused, because an automaton cannot run it',
  refuse: 'texts above 24 characters are refused, because an automaton cannot run it',
};

/** Guards of patterns that cannot explode, only become slow. */
export const isSlowOnly = (guard: Guard): boolean => guard === 'quadratic' || guard === 'unknown' || guard === 'refuse-long';

/** Characters up to which RegExp runs a guarded pattern. */
export const NATIVE_LIMIT: Record<Exclude<Guard, 'none'>, number> = { quadratic: 1000, unknown: 16, automaton: 16, 'refuse-long': 1000, refuse: 24 };

interface Judgement { readonly guard: Guard; readonly automaton?: Program }
const judgements = new Map<string, Judgement>();

export const patternGuard = (regex: Regex): Guard => judge(regex).guard;

/** The program for `runtime/validate/automaton`; undefined where there is none. */
export const automatonOf = (regex: Regex): Program | undefined => judge(regex).automaton;

function judge(regex: Regex): Judgement {
  const key = `${regex.flags}/${regex.source}`;
  let judgement = judgements.get(key);
  if (!judgement) judgements.set(key, (judgement = examine(regex)));
  return judgement;
}

function examine(regex: Regex): Judgement {
  const { source, flags } = regex;
  const tree = flags.includes('u') ? parseRegex(source) : undefined;
  if (!tree) return { guard: examineWithoutAutomaton(regex) };
  const ways = ambiguity(tree, flags);
  if (ways === 'none') return { guard: 'none' };
  const automaton = compileAutomaton(tree);
  if (ways === undefined) return automaton ? { guard: 'unknown', automaton } : { guard: isSafe(source, flags) ? 'none' : 'refuse' };
  if (!automaton) return { guard: ways === 'polynomial' ? 'refuse-long' : 'refuse' };
  return { guard: ways === 'polynomial' ? 'quadratic' : 'automaton', automaton };
}

/** Lookaround is judged piece by piece; for backreferences there is only the detector, which plays the pattern through. */
function examineWithoutAutomaton({ source, flags }: Regex): Guard {
  const lookarounds: RegexNode[] = [];
  const tree = flags.includes('u') ? parseRegex(source, lookarounds) : undefined;
  const ways = tree && [tree, ...lookarounds].map((part) => ambiguity(part, flags));
  if (!ways || ways.includes(undefined)) return isSafe(source, flags) ? 'none' : 'refuse';
  if (ways.includes('exponential')) return 'refuse';
  return ways.includes('polynomial') ? 'refuse-long' : 'none';
}

type Detector = typeof import('redos-detector');
let detector: Detector | undefined;

function isSafe(source: string, flags: string): boolean {
  detector ??= createRequire(import.meta.url)('redos-detector') as Detector;
  try {
    // Steps, not time: the same document must give the same bundle on every machine.
    return detector.isSafePattern(source, { unicode: flags.includes('u'), caseInsensitive: flags.includes('i'), maxSteps: 1000, maxScore: 200 }).safe;
  } catch {
    return false; // beyond the detector (v-flag syntax, unusual property names)
  }
}
