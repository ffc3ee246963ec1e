/**
 * Runs patterns that could make a backtracking engine explode (ReDoS): every character of the text is read once, whatever the
 * pattern (Thompson 1968, as compiled by the schema engine). Matches exactly the texts the RegExp of the same source matches.
 */

/** Longest text a guarded pattern is run on, and most states times characters: what is longer fails the check. */
const MAX_TEXT = 100_000;
const MAX_WORK = 40_000_000;

export interface GuardedPattern { test(text: string): boolean }

/** RegExp up to `limit` UTF-16 units, the automaton beyond. */
export function guardedPattern(source: string, flags: string, limit: number, sets: readonly string[], program: readonly number[]): GuardedPattern {
  const regexp = new RegExp(source, flags);
  const test = automaton(sets, program, flags);
  const longest = Math.min(MAX_TEXT, Math.floor(MAX_WORK / (program.length / 3)));
  return { test: (text) => (text.length <= limit ? regexp.test(text) : text.length <= longest && test(text)) };
}

/** For a pattern no automaton can run: a text above `limit` UTF-16 units fails the check. */
export function cappedPattern(source: string, flags: string, limit: number): GuardedPattern {
  const regexp = new RegExp(source, flags);
  return { test: (text) => text.length <= limit && regexp.test(text) };
}

/** Operations: 0 match · 1 set a · 2 fork to a and b · 3 jump to a · 4 assert a (0 start, 1 end, 2 word boundary, 3 no boundary). */
export function automaton(sets: readonly string[], program: readonly number[], flags: string): (text: string) => boolean {
  const size = program.length / 3;
  const members = sets.map((set) => characterSet(set, flags));
  // Which step a state was last added in, so that it is added once per character.
  const added = new Uint32Array(size);
  let step = 0;
  let current: number[] = [];
  let next: number[] = [];
  const stack: number[] = [];

  return (text) => {
    if (step > 0xf0000000) { step = 0; added.fill(0); }
    current.length = 0;
    let before = -1;
    for (let at = 0; ; ) {
      const code = at < text.length ? text.codePointAt(at)! : -1;
      // The states reached so far, and, because a match may begin anywhere, the start.
      step++;
      let matched = false;
      const reached = next;
      reached.length = 0;
      for (let index = 0; index <= current.length && !matched; index++) {
        stack.push(index < current.length ? current[index]! : 0);
        while (stack.length > 0) {
          const state = stack.pop()!;
          if (added[state] === step) continue;
          added[state] = step;
          const operation = program[state * 3]!, a = program[state * 3 + 1]!;
          if (operation === 1) reached.push(state);
          else if (operation === 2) stack.push(program[state * 3 + 2]!, a);
          else if (operation === 3) stack.push(a);
          else if (operation === 0) { matched = true; stack.length = 0; }
          else if (holds(a, before, code)) stack.push(state + 1);
        }
      }
      if (matched) return true;
      if (code < 0) return false;
      next = current;
      current = reached;
      let kept = 0;
      for (let index = 0; index < current.length; index++) {
        const state = current[index]!;
        if (members[program[state * 3 + 1]!]!(code)) current[kept++] = state + 1;
      }
      current.length = kept;
      before = code;
      at += code > 0xffff ? 2 : 1;
    }
  };
}

function holds(assertion: number, before: number, after: number): boolean {
  if (assertion === 0) return before < 0;
  if (assertion === 1) return after < 0;
  return (isWord(before) !== isWord(after)) === (assertion === 2);
}

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

/** Whether a code point is in the set; ASCII is answered from a table. */
function characterSet(source: string, flags: string): (code: number) => boolean {
  const regexp = new RegExp(`^${source}$`, flags);
  const ascii = new Uint8Array(128);
  for (let code = 0; code < 128; code++) ascii[code] = regexp.test(String.fromCharCode(code)) ? 1 : 0;
  return (code) => (code < 128 ? ascii[code] === 1 : regexp.test(String.fromCodePoint(code)));
}
