/** Parses a Unicode-mode regular expression (ECMA-262 §22.2.1) into a tree; undefined for what an automaton cannot run. */

export type RegexNode =
  /** One code point out of a set; `set` is the source of a class or escape, e.g. `[a-z]`, `\d`, `x`. */
  | { readonly kind: 'set'; readonly set: string }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max: number }
  | { readonly kind: 'assert'; readonly what: '^' | '$' | 'b' | 'B' };

/**
 * Backreferences and lookaround are out of an automaton's reach: undefined. `source` is known to be valid with the `u` flag. With
 * `lookarounds`, what lookarounds hold is put there and an assertion stands in their place: enough to tell how many ways there are.
 */
export function parseRegex(source: string, lookarounds?: RegexNode[]): RegexNode | undefined {
  let at = 0;
  let depth = 0;
  let unsupported = false;
  let leading = source.startsWith('^') ? 1 : -1;

  function choice(): RegexNode {
    const items = [sequence()];
    while (source[at] === '|') { at++; items.push(sequence()); }
    return items.length === 1 ? items[0]! : { kind: 'choice', items };
  }

  function sequence(): RegexNode {
    const items: RegexNode[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')' && !unsupported) items.push(quantified(atom()));
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  function quantified(item: RegexNode): RegexNode {
    let node = item;
    const c = source[at];
    let min: number, max: number;
    if (c === '*') { min = 0; max = Infinity; at++; }
    else if (c === '+') { min = 1; max = Infinity; at++; }
    else if (c === '?') { min = 0; max = 1; at++; }
    else if (c === '{') {
      const match = /^\{(\d+)(,(\d*))?\}/.exec(source.slice(at, at + 40))!;
      min = Number(match[1]);
      max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]);
      at += match[0].length;
    } else return node;
    if (source[at] === '?') at++; // lazy or greedy: the same strings match
    node = { kind: 'repeat', item, min, max };
    return node;
  }

  function atom(): RegexNode {
    const c = source[at]!;
    if (c === '(') return group();
    if (c === '[') return set(classEnd(source, at));
    if (c === '^' || c === '$') { at++; return { kind: 'assert', what: c }; }
    if (c === '\\') {
      const next = source[at + 1]!;
      if (next === 'b' || next === 'B') { at += 2; return { kind: 'assert', what: next }; }
      if (/[1-9k]/.test(next)) { unsupported = true; at += 2; return { kind: 'sequence', items: [] }; }
      const long = /^\\(?:x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f]+\}|u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|c[A-Za-z]|[pP]\{[^}]*\})/.exec(source.slice(at, at + 80));
      return set(at + (long ? long[0].length : 2));
    }
    return set(at + String.fromCodePoint(source.codePointAt(at)!).length);
  }

  function set(end: number): RegexNode {
    const text = source.slice(at, end);
    at = end;
    return { kind: 'set', set: text };
  }

  function group(): RegexNode {
    at++;
    if (++depth > 100) unsupported = true;
    if (source[at] === '?') {
      const named = /^\?<[^=!][^>]*>/.exec(source.slice(at));
      const look = /^\?<?[=!]/.exec(source.slice(at, at + 3));
      if (look && lookarounds) {
        // Right behind the leading ^ it is tried once; elsewhere perhaps at every character.
        const isTriedOnce = at - 1 === leading;
        at += look[0].length;
        const inner = choice();
        lookarounds.push(isTriedOnce ? { kind: 'sequence', items: [{ kind: 'assert', what: '^' }, inner] } : inner);
        at++;
        if (isTriedOnce) leading = at;
        depth--;
        return { kind: 'assert', what: 'b' };
      }
      if (source.startsWith('?:', at)) at += 2;
      else if (named) at += named[0].length;
      else { unsupported = true; return { kind: 'sequence', items: [] }; }
    }
    const inner = unsupported ? { kind: 'sequence' as const, items: [] } : choice();
    at++; // ')'
    depth--;
    return inner;
  }

  const tree = choice();
  return unsupported || at < source.length ? undefined : tree;
}

function classEnd(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}
