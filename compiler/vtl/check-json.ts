/**
 * Whether a template's text can be JSON: runs a JSON automaton over it with a set of possible states, taking every branch and every
 * number of loop rounds. A reference inside a string is some text; one in a value's place is a value or nothing; anywhere else it may be
 * anything and the automaton believes it. Only what is broken on every way is reported. On the way, references that go into a JSON string
 * unescaped are found.
 */
import * as D from './diagnostics.js';
import { finding } from './finding.js';
import type { Finding } from './finding.js';
import type { Reference, Statement, Template } from './parse.js';
import { Taint } from './taint.js';
import { visitStatements } from './visit.js';

/**
 * What may come next: a value, a value or `]`, a key or `}`, a key, `:`, `,` or the end of the container, inside a string, after a
 * backslash in one, inside a number or word, nothing (done), anything at all. `stack` has one letter per open container: `{` or `[`.
 */
type Mode = 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'after' | 'string' | 'key string' | 'escape' | 'key escape' | 'word' | 'anything';
interface State {
  readonly mode: Mode;
  readonly stack: string;
  /** Only reached when a loop runs no round. */
  readonly empty?: true;
}

const MAX_STATES = 200;
const MAX_ROUNDS = 8;
const ANYTHING: State = { mode: 'anything', stack: '' };

class Broken extends Error {
  constructor(readonly offset: number, readonly reason: string) { super(reason); }
}
class TooComplex extends Error {}

export function checkJson(template: Template): Finding[] {
  const findings: Finding[] = [];
  let dynamic = template.macros.size > 0;
  visitStatements(template.body, { statement(statement) { if (statement.kind === 'define' || statement.kind === 'evaluate') dynamic = true; } });
  if (dynamic || !template.source.trim()) return findings;
  const walker = new Walker(new Taint(template), findings);
  try {
    const states = walker.body(template.body, [{ mode: 'value', stack: '' }]);
    const finished = states.some(({ mode, stack }) => mode === 'anything' || (stack === '' && (mode === 'after' || mode === 'word' || mode === 'value')));
    if (!finished && !walker.stopped) findings.push(finding(D.NOT_JSON, { message: unfinished(states[0]!) }, { offset: template.source.trimEnd().length - 1, end: template.source.trimEnd().length }));
  } catch (error) {
    if (error instanceof Broken) findings.push(finding(D.NOT_JSON, { message: error.reason }, { offset: error.offset, end: error.offset + 1 }));
    else if (!(error instanceof TooComplex)) throw error;
  }
  return findings;
}

function unfinished({ mode, stack }: State): string {
  if (mode === 'string' || mode === 'key string') return 'it ends inside a string';
  return stack.endsWith('[') ? 'a "]" is missing at the end' : stack.endsWith('{') ? 'a "}" is missing at the end' : 'it ends too early';
}

class Walker {
  /** A #stop somewhere: the text after it need not be all there is. */
  stopped = false;
  private readonly reported = new Set<Reference>();
  constructor(private readonly taint: Taint, private readonly findings: Finding[]) {}

  body(body: readonly Statement[], from: readonly State[]): readonly State[] {
    let states = from;
    for (const statement of body) states = this.statement(statement, states);
    return states;
  }

  private statement(statement: Statement, states: readonly State[]): readonly State[] {
    switch (statement.kind) {
      case 'text': return this.text(statement.text, statement.offset, states);
      case 'call': return this.text(statement.literal, statement.offset, states);
      case 'reference': return this.reference(statement, states);
      case 'if': {
        const ends = statement.branches.map(({ body }) => this.attempt(body, states));
        ends.push(statement.otherwise ? this.attempt(statement.otherwise, states) : states);
        const alive = ends.filter((end) => !(end instanceof Broken)) as (readonly State[])[];
        if (alive.length === 0) throw ends[0];
        return distinct(alive.flat());
      }
      case 'foreach': {
        // Zero rounds are possible, but a text that is right only then is not meant.
        let all: readonly State[] = states.map((state) => ({ ...state, empty: true }));
        for (let round = 0; round < MAX_ROUNDS; round++) {
          const after = this.attempt(statement.body, round === 0 ? states : all);
          if (after instanceof Broken) {
            // A loop that breaks in its very first round can only be right when it never runs: worth saying.
            if (round === 0) throw after;
            break;
          }
          const more = distinct([...all, ...after]);
          const settled = more.length === all.length && round > 0;
          all = more;
          if (settled) break;
        }
        return all;
      }
      case 'stop': case 'break': this.stopped = true; return states;
      default: return states;
    }
  }

  private attempt(body: readonly Statement[], states: readonly State[]): readonly State[] | Broken {
    try {
      return this.body(body, states);
    } catch (error) {
      if (error instanceof Broken) return error;
      throw error;
    }
  }

  private reference(reference: Reference, states: readonly State[]): readonly State[] {
    const inString = states.every(({ mode }) => mode === 'string' || mode === 'key string');
    if (inString && !this.reported.has(reference)) {
      const danger = this.taint.of(reference);
      if (danger) {
        this.reported.add(reference);
        this.findings.push(finding(D.UNESCAPED, { reference: reference.source, json: danger === 'json' }, reference));
      }
    }
    return distinct(states.flatMap((state): State[] => {
      switch (state.mode) {
        case 'string': case 'key string': return [state];
        // $input.json is a value for certain, other references may also print nothing.
        case 'value': case 'first item': return this.taint.of(reference) === 'json' ? [{ ...state, mode: 'after' }] : [state, { ...state, mode: 'word' }];
        case 'word': return [state];
        default: return [ANYTHING];
      }
    }));
  }

  private text(text: string, offset: number, from: readonly State[]): readonly State[] {
    let states = from;
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!;
      const next = distinct(states.flatMap((state) => step(state, c)));
      if (next.length === 0) throw new Broken(offset + i, reason(states, c));
      if (next.every(({ empty }) => empty) && !states.every(({ empty }) => empty)) {
        this.findings.push(finding(D.NOT_JSON, { message: `after a round of the loop before it, ${reason(states.filter(({ empty }) => !empty), c)}` }, { offset: offset + i, end: offset + i + 1 }));
      }
      states = next;
    }
    return states;
  }
}

function distinct(states: readonly State[]): readonly State[] {
  if (states.some(({ mode }) => mode === 'anything')) return [ANYTHING];
  if (states.length === 1) return states;
  const seen = new Map<string, State>();
  for (const state of states) {
    const key = state.mode + state.stack;
    if (!state.empty || !seen.has(key)) seen.set(key, state);
  }
  if (seen.size > MAX_STATES) throw new TooComplex();
  return [...seen.values()];
}

function step(state: State, c: string): State[] {
  const next = follow(state, c);
  return state.empty ? next.map((following) => (following === state ? state : { ...following, empty: true as const })) : next;
}

function follow(state: State, c: string): State[] {
  const { mode, stack } = state;
  switch (mode) {
    case 'anything': return [state];
    case 'string': case 'key string':
      if (c === '"') return [{ mode: mode === 'string' ? 'after' : 'colon', stack }];
      if (c === '\\') return [{ mode: mode === 'string' ? 'escape' : 'key escape', stack }];
      return [state];
    case 'escape': return '"\\/bfnrtu'.includes(c) ? [{ mode: 'string', stack }] : [];
    case 'key escape': return '"\\/bfnrtu'.includes(c) ? [{ mode: 'key string', stack }] : [];
    case 'word': {
      if (/[-+.\w]/.test(c)) return [state];
      return follow({ mode: 'after', stack }, c);
    }
    default: break;
  }
  if (c === ' ' || c === '\n' || c === '\t' || c === '\r') return [state];
  switch (mode) {
    case 'value': case 'first item':
      if (c === '"') return [{ mode: 'string', stack }];
      if (c === '{') return [{ mode: 'first key', stack: stack + '{' }];
      if (c === '[') return [{ mode: 'first item', stack: stack + '[' }];
      if (c === ']' && mode === 'first item') return [{ mode: 'after', stack: stack.slice(0, -1) }];
      return /[-\dtfn]/.test(c) ? [{ mode: 'word', stack }] : [];
    case 'first key': case 'key':
      if (c === '"') return [{ mode: 'key string', stack }];
      return c === '}' && mode === 'first key' ? [{ mode: 'after', stack: stack.slice(0, -1) }] : [];
    case 'colon': return c === ':' ? [{ mode: 'value', stack }] : [];
    default:
      if (stack === '') return [];
      if (c === ',') return [{ mode: stack.endsWith('{') ? 'key' : 'value', stack }];
      return c === (stack.endsWith('{') ? '}' : ']') ? [{ mode: 'after', stack: stack.slice(0, -1) }] : [];
  }
}

function reason(states: readonly State[], c: string): string {
  const found = JSON.stringify(c);
  const [{ mode, stack }] = states as readonly [State];
  switch (mode) {
    case 'key': return c === '}' ? 'there is a comma before "}"' : `a key in double quotes is expected, not ${found}`;
    case 'first key': return `a key in double quotes is expected, not ${found}`;
    case 'colon': return `":" is expected after a key, not ${found}`;
    case 'value': return c === ']' ? 'there is a comma before "]"' : `a value is expected, not ${found}`;
    case 'first item': return `a value is expected, not ${found}`;
    case 'escape': case 'key escape': return `"\\${c}" is no JSON escape`;
    default: return stack === '' ? `${found} comes after the end of the JSON value` : `"," or "${stack.endsWith('{') ? '}' : ']'}" is expected, not ${found}`;
  }
}
