/**
 * Regular expressions in time linear in the text, whatever the pattern: a deterministic automaton over bytes, made state by state as texts need them
 * (as RE2 does). Texts are byte strings. Programs come from `compiler/pcre/program`.
 */

/** Words of four bytes that a pattern's states may always take, and that all patterns' may take together: beyond both, a pattern begins anew, so that no text can make them grow. */
const OWN_WORDS = 400_000, SHARED_WORDS = 12_000_000;
/** What a state takes besides its cells, and what one of its places in the program does, with the key that it is found by. */
const STATE_WORDS = 60, PLACE_WORDS = 3;
let allWords = 0;
const UNKNOWN = -1, MATCH = -2;

/** What stood before a place. */
export const AT_START = 0;
const AFTER_NEWLINE = 1, AFTER_WORD = 2, AFTER_OTHER = 3;

interface State { readonly kernel: readonly number[]; readonly before: number; readonly next: Int32Array }

export class LazyDfa {
  /** Byte → class of bytes that no set of the pattern tells apart. */
  private readonly classOf = new Uint8Array(256);
  /** One byte of each class; the last class is the end of the text. */
  private readonly sample: number[] = [];
  /** Set → class → is it in there? */
  private readonly members: Uint8Array[] = [];
  private readonly end: number;
  private readonly asserts: boolean;
  private states: State[] = [];
  private words = 0;
  private index = new Map<string, number>();
  private readonly marks: Uint32Array;
  private mark = 0;
  private readonly stack: number[] = [];

  constructor(sets: readonly string[], private readonly program: readonly number[]) {
    this.asserts = program.some((operation, at) => at % 3 === 0 && operation === 4);
    const all = sets.map(bytesOf);
    const kinds = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const key = all.map((set) => set[byte]!).join('') + (this.asserts ? kindOf(byte) : '');
      let number = kinds.get(key);
      if (number === undefined) {
        kinds.set(key, (number = kinds.size));
        this.sample.push(byte);
      }
      this.classOf[byte] = number;
    }
    this.end = this.sample.length;
    for (const set of all) this.members.push(Uint8Array.from(this.sample, (byte) => set[byte]!));
    this.marks = new Uint32Array(program.length / 3);
    this.state([], AT_START);
  }

  test(text: string): boolean {
    let state = 0;
    for (let at = 0; at <= text.length; at++) {
      const kind = at < text.length ? this.classOf[text.charCodeAt(at) & 0xff]! : this.end;
      let next = this.states[state]!.next[kind]!;
      if (next === UNKNOWN) {
        if (this.words > OWN_WORDS && allWords > SHARED_WORDS) {
          const { kernel, before } = this.states[state]!;
          this.states = [];
          allWords -= this.words;
          this.words = 0;
          this.index = new Map();
          this.state([], AT_START);
          state = this.state(kernel, before);
        }
        // A newline that ends the text is no class of its own: whether it does is seen here.
        next = this.step(this.states[state]!, kind, at === text.length - 1 && text.charCodeAt(at) === 10);
      }
      if (next === MATCH) return true;
      state = next;
    }
    return false;
  }

  private state(kernel: readonly number[], before: number): number {
    const key = `${before}:${kernel.join()}`;
    let number = this.index.get(key);
    if (number === undefined) {
      number = this.states.push({ kernel, before, next: new Int32Array(this.end + 1).fill(UNKNOWN) }) - 1;
      this.index.set(key, number);
      const words = STATE_WORDS + PLACE_WORDS * kernel.length + this.end + 1;
      this.words += words;
      allWords += words;
    }
    return number;
  }

  private step(state: State, kind: number, isLastNewline: boolean): number {
    const { program, stack, marks } = this;
    if (++this.mark > 0xfffffff0) { marks.fill(0); this.mark = 1; }
    const byte = kind === this.end ? -1 : this.sample[kind]!;
    const reached: number[] = [];
    let dependsOnLast = false;
    // A match may begin anywhere.
    for (let from = -1; from < state.kernel.length; from++) {
      stack.push(from < 0 ? 0 : state.kernel[from]!);
      while (stack.length > 0) {
        const at = stack.pop()!;
        if (marks[at] === this.mark) continue;
        marks[at] = this.mark;
        const operation = program[at * 3]!, a = program[at * 3 + 1]!;
        if (operation === 1) {
          if (byte >= 0 && this.members[a]![kind] === 1) reached.push(at + 1);
        } else if (operation === 2) stack.push(program[at * 3 + 2]!, a);
        else if (operation === 3) stack.push(a);
        else if (operation === 6) { if (byte < 0 || this.members[a]![kind] !== 1) stack.push(at + 1); }
        else if (operation === 0) {
          stack.length = 0;
          if (!dependsOnLast) state.next[kind] = MATCH;
          return MATCH;
        } else {
          if ((a === 6 || a === 4) && byte === 10) dependsOnLast = true;
          if (holds(a, state.before, byte, isLastNewline)) stack.push(at + 1);
        }
      }
    }
    const next = this.state(reached.sort((x, y) => x - y), !this.asserts || byte < 0 ? AFTER_OTHER : kindOf(byte));
    if (!dependsOnLast) state.next[kind] = next;
    return next;
  }
}

export function kindOf(byte: number): number {
  if (byte === 10) return AFTER_NEWLINE;
  return isWord(byte) ? AFTER_WORD : AFTER_OTHER;
}

function isWord(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte === 95;
}

/** `byte` -1: the end of the text. Assertions in the order of `compiler/pcre/program`. */
export function holds(assertion: number, before: number, byte: number, isLastNewline: boolean): boolean {
  switch (assertion) {
    case 0: return before === AT_START;
    case 1: return byte < 0;
    case 2: return (before === AFTER_WORD) !== isWord(byte);
    case 3: return (before === AFTER_WORD) === isWord(byte);
    case 4: return before === AT_START || (before === AFTER_NEWLINE && byte >= 0);
    case 5: return byte < 0 || byte === 10;
    default: return byte < 0 || isLastNewline;
  }
}

export function bytesOf(pairs: string): Uint8Array {
  const set = new Uint8Array(256);
  for (let at = 0; at < pairs.length; at += 2) set.fill(1, pairs.charCodeAt(at), pairs.charCodeAt(at + 1) + 1);
  return set;
}
