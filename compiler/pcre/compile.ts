/** What runs a pattern on texts of clients in time that they cannot drive up. */
import { patternGuard } from '../schema/pattern-guard.js';
import { ambiguity } from '../schema/ambiguity.js';
import type { RegexNode } from '../schema/regex-syntax.js';
import { classOf, toJavaScript } from './to-javascript.js';
import { parsePattern } from './parse.js';
import type { Program } from '../thompson.js';
import { toCapturingProgram, toProgram } from './program.js';
import { PatternError, type Options, type Pattern } from './syntax.js';

/** regexp: JavaScript's engine, which has a bounded number of ways to try any text. automaton: reads every byte once. A problem says why there is neither. */
export type CompiledPattern =
  | { readonly kind: 'regexp'; readonly source: string }
  | ({ readonly kind: 'automaton' } & Program)
  | { readonly kind: 'problem'; readonly message: string };

export function compilePattern(source: string, options: Options = {}): CompiledPattern {
  let pattern: Pattern;
  let text: string;
  try {
    pattern = parsePattern(source, options);
    text = toJavaScript(pattern);
    new RegExp(text, 'u');
  } catch (error) {
    if (!(error instanceof PatternError)) return { kind: 'problem', message: (error as Error).message.slice(0, 200) };
    return { kind: 'problem', message: `${error.message} (at character ${error.offset + 1})` };
  }
  const tree = asTree(pattern);
  if (tree) {
    if (ambiguity(tree, 'u') === 'none') return { kind: 'regexp', source: text };
    const program = toProgram(pattern);
    return program ? { kind: 'automaton', ...program } : { kind: 'problem', message: 'it is too large for an automaton, and could take forever without' };
  }
  if (patternGuard({ source: text, flags: 'u' }) === 'none') return { kind: 'regexp', source: text };
  // Possessive repetitions of a set.
  const program = toProgram(pattern);
  return program ? { kind: 'automaton', ...program } : { kind: 'problem', message: 'it could take forever on some texts (catastrophic backtracking), and an automaton cannot run its lookaround, back-references or atomic groups' };
}

/** With the places of groups, for `runtime/waf/captures`; a text says why there is no program. */
export function compileCapturing(source: string, options: Options = {}): Program | string {
  try {
    return toCapturingProgram(parsePattern(source, options)) ?? 'it has groups that are to be remembered, and what an automaton cannot run or is too large for it';
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return error.message;
  }
}

/** For the judgement of how many ways there are; undefined with what only a backtracking engine can do. */
function asTree(pattern: Pattern): RegexNode | undefined {
  const all = (items: readonly Pattern[]): RegexNode[] | undefined => {
    const trees = items.map(asTree);
    return trees.includes(undefined) ? undefined : (trees as RegexNode[]);
  };
  switch (pattern.kind) {
    case 'set': return { kind: 'set', set: classOf(pattern.set) };
    case 'assert': return { kind: 'assert', what: pattern.what === 'start' ? '^' : pattern.what === 'end' ? '$' : 'b' };
    case 'sequence': case 'choice': { const items = all(pattern.items); return items && { kind: pattern.kind, items }; }
    case 'group': return pattern.atomic ? undefined : asTree(pattern.item);
    case 'repeat': { const item = pattern.mode === 'possessive' ? undefined : asTree(pattern.item); return item && { kind: 'repeat', item, min: pattern.min, max: pattern.max }; }
    default: return undefined;
  }
}
