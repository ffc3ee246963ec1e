/** java.util.regex for templates: replaceAll, replaceFirst, split, matches. Work is bounded whatever pattern and text are. */
import { bounded, growing, step, TemplateError } from '../limits.js';
import { BacktrackingMatcher } from './match.js';
import type { MatchSpans } from './match.js';
import { parseJavaRegex, RegexSyntaxError } from './parse.js';
import type { ParsedRegex, RegexNode } from './parse.js';
import { isLinear, javaToJs } from './to-js.js';

export interface Pattern {
  readonly parsed: ParsedRegex;
  /** The next match at or after `from`; `last`: where the one before ended. */
  find(input: string, from: number, last: number): MatchSpans | null;
  matches(input: string): boolean;
  /** The text it stands for, when it is nothing but (escaped) characters. */
  readonly plain: string | undefined;
}

const cache = /* @__PURE__ */ new Map<string, Pattern>();
const CACHE_SIZE = 200;

/** Throws TemplateError for a pattern Java would refuse. */
export function compilePattern(source: string, ignoreCase = false): Pattern {
  const key = ignoreCase ? `(?i)${source}` : source;
  let pattern = cache.get(key);
  if (!pattern) {
    try {
      pattern = makePattern(parseJavaRegex(key));
    } catch (error) {
      if (error instanceof RegexSyntaxError) throw new TemplateError(`not a regular expression: ${error.message}`);
      throw error;
    }
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(key, pattern);
  }
  return pattern;
}

function makePattern(parsed: ParsedRegex): Pattern {
  const matcher = new BacktrackingMatcher(parsed);
  const js = isLinear(parsed.root) ? javaToJs(parsed) : undefined;
  const search = js && new RegExp(js.source, parsed.groups > 0 ? 'gdv' : 'gv');
  const withIndices = parsed.groups > 0;
  return {
    parsed,
    plain: plainText(parsed.root),
    matches: (input) => matcher.find(input, 0, 0, true) !== null,
    find: search && js
      ? (input, from, last) => {
        // JavaScript would step back out of the middle of a surrogate pair.
        const c = input.charCodeAt(from);
        if (c >= 0xdc00 && c < 0xe000 && from > 0) return matcher.find(input, from, last);
        search.lastIndex = from;
        const found = search.exec(input);
        if (!found) return null;
        if (!withIndices) return [found.index, found.index + found[0].length];
        const indices = found.indices!;
        return js.groups.flatMap((number) => (number === undefined ? [-1, -1] : indices[number] ?? [-1, -1]));
      }
      : (input, from, last) => matcher.find(input, from, last),
  };
}

/** String.replaceAll / replaceFirst: `$1`, `${name}` and `\` in the replacement mean what they mean in Java. */
export function replace(input: string, source: string, replacement: string, all: boolean): string {
  step(1 + (input.length >> 8));
  if (isPlain(source) && source !== '' && !/[\\$]/.test(replacement)) return bounded(all ? replaceAllPlain(input, source, replacement) : replaceFirstPlain(input, source, replacement));
  const pattern = compilePattern(source);
  if (pattern.plain !== undefined && pattern.plain !== '' && !/[\\$]/.test(replacement)) return bounded(all ? replaceAllPlain(input, pattern.plain, replacement) : replaceFirstPlain(input, pattern.plain, replacement));
  let output = '';
  let done = 0;
  let from = 0;
  while (from <= input.length) {
    const match = pattern.find(input, from, done);
    if (!match) break;
    const [start, end] = match as [number, number];
    output = growing(output + input.slice(done, start) + expand(replacement, input, match, pattern));
    done = end;
    if (!all) break;
    step(1);
    from = end > start ? end : end + 1;
  }
  return bounded(output + input.slice(done));
}

function replaceAllPlain(input: string, search: string, replacement: string): string {
  if (replacement.length > search.length) {
    let count = 0;
    for (let at = input.indexOf(search); at >= 0; at = input.indexOf(search, at + search.length)) count++;
    if (input.length + count * replacement.length > 64 * 1024 * 1024) throw new TemplateError('the template makes a text that is too long');
  }
  return input.replaceAll(search, () => replacement);
}

function replaceFirstPlain(input: string, search: string, replacement: string): string {
  const at = input.indexOf(search);
  return at < 0 ? input : input.slice(0, at) + replacement + input.slice(at + search.length);
}

function expand(replacement: string, input: string, match: MatchSpans, pattern: Pattern): string {
  if (!/[\\$]/.test(replacement)) return replacement;
  let text = '';
  for (let i = 0; i < replacement.length; i++) {
    const c = replacement[i]!;
    if (c === '\\') {
      if (++i >= replacement.length) throw new TemplateError('character to be escaped is missing');
      text += replacement[i];
    } else if (c === '$') {
      let index: number;
      if (replacement[i + 1] === '{') {
        const end = replacement.indexOf('}', i);
        const name = replacement.slice(i + 2, end);
        const named = end < 0 ? undefined : pattern.parsed.names.get(name);
        if (named === undefined) throw new TemplateError('No group with name in the replacement');
        index = named;
        i = end;
      } else {
        if (!/^[0-9]$/.test(replacement[i + 1] ?? '')) throw new TemplateError('Illegal group reference');
        index = Number(replacement[++i]);
        if (index > pattern.parsed.groups) throw new TemplateError(`No group ${index}`);
        while (/^[0-9]$/.test(replacement[i + 1] ?? '') && index * 10 + Number(replacement[i + 1]) <= pattern.parsed.groups) index = index * 10 + Number(replacement[++i]);
      }
      const start = match[index * 2]!;
      if (start >= 0) text += input.slice(start, match[index * 2 + 1]);
    } else text += c;
  }
  return text;
}

/** String.split(regex, limit). */
export function split(input: string, source: string, limit: number): string[] {
  step(1 + (input.length >> 8));
  const parts: string[] = [];
  const find = isPlain(source) && source !== ''
    ? (from: number): readonly number[] | null => { const at = input.indexOf(source, from); return at < 0 ? null : [at, at + source.length]; }
    : (() => { const pattern = compilePattern(source); return (from: number, last: number): readonly number[] | null => pattern.find(input, from, last); })();
  let done = 0;
  let from = 0;
  let last = 0;
  while (from <= input.length && (limit <= 0 || parts.length < limit - 1)) {
    const match = find(from, last);
    if (!match) break;
    const start = match[0]!, end = match[1]!;
    step(1);
    from = end > start ? end : end + 1;
    last = end;
    // An empty match at the beginning gives no empty first part (Java 8).
    if (end === 0) continue;
    parts.push(input.slice(done, start));
    done = end;
  }
  if (parts.length === 0 && done === 0) return [input];
  parts.push(input.slice(done));
  if (limit === 0) while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}

function plainText(node: RegexNode): string | undefined {
  if (node.kind === 'sequence') {
    const parts = node.items.map(plainText);
    return parts.includes(undefined) ? undefined : parts.join('');
  }
  if (node.kind !== 'set' || node.set.kind !== 'ranges' || node.set.ranges.length !== 1) return undefined;
  const [[low, high]] = node.set.ranges as readonly [readonly [number, number]];
  return low === high && (low < 0xd800 || low > 0xdfff) ? String.fromCodePoint(low) : undefined;
}

/** A pattern without any special character stands for itself. */
function isPlain(source: string): boolean {
  return !/[\\^$.|?*+()[\]{}]/.test(source);
}
