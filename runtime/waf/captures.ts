/**
 * What the groups of a pattern matched, in time linear in the text (a Pike VM): all ways are followed at once, in the order in which an engine that goes back would try
 * them, each with the places it remembers. Programs come from `compiler/pcre/program`.
 */
import { AT_START, bytesOf, holds, kindOf } from './lazy-dfa.js';

/** One way: where in the program, and what it remembers. */
interface Thread { readonly at: number; readonly places: readonly number[] }

export class CapturingPattern {
  private readonly sets: readonly Uint8Array[];
  private readonly marks: Uint32Array;
  private mark = 0;

  constructor(sets: readonly string[], private readonly program: readonly number[]) {
    this.sets = sets.map(bytesOf);
    this.marks = new Uint32Array(program.length / 3);
  }

  /** The match and its groups, as RegExp.prototype.exec gives them; null: none. */
  exec(text: string): (string | undefined)[] | null {
    let threads: Thread[] = [];
    let found: readonly number[] | null = null;
    for (let place = 0; place <= text.length; place++) {
      const byte = place < text.length ? text.charCodeAt(place) & 0xff : -1;
      // A match that begins here comes after all that began before.
      const starts = found === null ? [...threads, { at: 0, places: [] }] : threads;
      if (starts.length === 0) break;
      const next: Thread[] = [];
      if (++this.mark > 0xfffffff0) { this.marks.fill(0); this.mark = 1; }
      const before = place === 0 ? AT_START : kindOf(text.charCodeAt(place - 1) & 0xff);
      for (const thread of starts) {
        const matched = this.follow(thread, place, byte, before, place === text.length - 1 && byte === 10, next);
        // What comes after it in the order would have been tried later.
        if (matched !== null) { found = matched; break; }
      }
      threads = next;
    }
    return found === null ? null : groupsOf(text, found);
  }

  /** All that `from` leads to before the next byte is taken, into `next`. A match ends it: its places. */
  private follow(from: Thread, place: number, byte: number, before: number, isLastNewline: boolean, next: Thread[]): readonly number[] | null {
    const { program, marks, sets } = this;
    const stack: Thread[] = [from];
    while (stack.length > 0) {
      const { at, places } = stack.pop()!;
      if (marks[at] === this.mark) continue;
      marks[at] = this.mark;
      const a = program[at * 3 + 1]!;
      switch (program[at * 3]) {
        case 0: return places;
        case 1: if (byte >= 0 && sets[a]![byte] === 1) next.push({ at: at + 1, places }); break;
        case 2: stack.push({ at: program[at * 3 + 2]!, places }, { at: a, places }); break;
        case 3: stack.push({ at: a, places }); break;
        case 4: if (holds(a, before, byte, isLastNewline)) stack.push({ at: at + 1, places }); break;
        case 5: { const own = places.slice(); own[a] = place; stack.push({ at: at + 1, places: own }); break; }
        default: if (byte < 0 || sets[a]![byte] !== 1) stack.push({ at: at + 1, places });
      }
    }
    return null;
  }
}

function groupsOf(text: string, places: readonly number[]): (string | undefined)[] {
  const groups: (string | undefined)[] = [];
  for (let at = 0; at < places.length; at += 2) groups.push(places[at] === undefined || places[at + 1] === undefined ? undefined : text.slice(places[at], places[at + 1]));
  return groups;
}
