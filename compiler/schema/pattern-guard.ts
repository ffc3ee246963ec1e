/** Which patterns must not run on a backtracking engine with whatever a client sends, and what runs instead. */
import { createRequire } from 'node:module';
import { compileAutomaton, type Automaton } from './automaton.js';
import type { Regex } from './pattern.js';
import { parseRegex, type RegexNode } from './regex-syntax.js';

/**
 * - none: at most a bounded number of ways to match any text; RegExp as it is.
 * - quadratic: many ways, but no repetition of more than single characters: RegExp for short texts, the automaton for longer ones.
 * - automaton: can be exponential: the automaton from 16 characters on.
 * - refuse: can be exponential and no automaton can run it: texts above 24 characters fail the check.
 */
export type Guard = 'none' | 'quadratic' | 'automaton' | 'refuse';

export const GUARD_HINT: Record<Exclude<Guard, 'none'>, string> = {
  quadratic: 'texts above 1000 characters are matched by an automaton',
  automaton: 'it is run as an automaton, which reads each character once',
  refuse: 'texts above 24 characters are refused, because an automaton cannot run it',
};

/** Characters up to which RegExp runs a guarded pattern. */
export const NATIVE_LIMIT: Record<Exclude<Guard, 'none'>, number> = { quadratic: 1000, automaton: 16, refuse: 24 };

interface Judgement { readonly guard: Guard; readonly automaton?: Automaton }
const judgements = new Map<string, Judgement>();

export const patternGuard = (regex: Regex): Guard => judge(regex).guard;

/** The program for `runtime/validate/automaton`; undefined where there is none. */
export const automatonOf = (regex: Regex): Automaton | undefined => judge(regex).automaton;

function judge(regex: Regex): Judgement {
  const key = `${regex.flags}/${regex.source}`;
  let judgement = judgements.get(key);
  if (!judgement) judgements.set(key, (judgement = examine(regex)));
  return judgement;
}

function examine({ source, flags }: Regex): Judgement {
  const tree = flags.includes('u') ? parseRegex(source) : undefined;
  if (tree && isPlain(tree)) return { guard: 'none' };
  if (isSafe(source, flags)) return { guard: 'none' };
  const automaton = tree && compileAutomaton(tree);
  if (tree && repeatsOnlyCharacters(tree)) return automaton ? { guard: 'quadratic', automaton } : { guard: 'refuse' };
  return automaton ? { guard: 'automaton', automaton } : { guard: 'refuse' };
}

/** The common case, told without the detector: no unbounded repetition but one of single characters behind `^`, and nothing large. */
function isPlain(tree: RegexNode): boolean {
  const items = tree.kind === 'sequence' ? tree.items : [tree];
  const anchored = items[0]?.kind === 'assert' && items[0].what === '^';
  let flexible = 0;
  for (const item of items) {
    if (item.kind === 'set' || item.kind === 'assert') continue;
    if (item.kind === 'repeat' && item.item.kind === 'set') {
      if (item.min !== item.max) flexible++;
      else if (item.max > 1000) return false;
    } else return false;
  }
  return flexible === 0 || (anchored && flexible === 1);
}

/** Repetition only of single characters: the number of ways to match grows as a power of the length, never exponentially. */
function repeatsOnlyCharacters(node: RegexNode): boolean {
  switch (node.kind) {
    case 'set': case 'assert': return true;
    case 'sequence': return node.items.filter(isFlexible).length <= 3 && node.items.every(repeatsOnlyCharacters);
    case 'choice': return node.items.every(repeatsOnlyCharacters);
    case 'repeat': return node.item.kind === 'set';
  }
}

const isFlexible = (node: RegexNode): boolean => node.kind === 'choice' || (node.kind === 'repeat' && node.min !== node.max) || (node.kind === 'sequence' && node.items.some(isFlexible));

type Detector = typeof import('redos-detector');
let detector: Detector | undefined;

function isSafe(source: string, flags: string): boolean {
  detector ??= createRequire(import.meta.url)('redos-detector') as Detector;
  try {
    // Steps, not time: the same document must give the same bundle on every machine.
    return detector.isSafePattern(source, { unicode: flags.includes('u'), caseInsensitive: flags.includes('i'), maxSteps: 3000, maxScore: 200 }).safe;
  } catch {
    return false; // beyond the detector (v-flag syntax, unusual property names)
  }
}
