/** @pm: is one of many phrases in a text? Each byte is read once (Aho & Corasick 1975). */
import type { TextPattern } from './pattern.js';

/** `phrases` in lower case; ASCII letters match in both cases. */
export function anyPhrase(phrases: readonly string[]): TextPattern {
  const next: Map<number, number>[] = [new Map()];
  const ends: boolean[] = [false];
  const fail: number[] = [0];
  for (const phrase of phrases) {
    if (phrase === '') continue;
    let state = 0;
    for (let at = 0; at < phrase.length; at++) {
      const unit = phrase.charCodeAt(at);
      let to = next[state]!.get(unit);
      if (to === undefined) {
        to = next.push(new Map()) - 1;
        ends.push(false);
        fail.push(0);
        next[state]!.set(unit, to);
      }
      state = to;
    }
    ends[state] = true;
  }
  const queue = [...next[0]!.values()];
  for (let i = 0; i < queue.length; i++) {
    const state = queue[i]!;
    for (const [unit, to] of next[state]!) {
      let back = fail[state]!;
      while (back !== 0 && !next[back]!.has(unit)) back = fail[back]!;
      const target = next[back]!.get(unit);
      fail[to] = target === undefined || target === to ? 0 : target;
      if (ends[fail[to]!]) ends[to] = true;
      queue.push(to);
    }
  }
  return {
    test(text) {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        let unit = text.charCodeAt(at);
        if (unit >= 65 && unit <= 90) unit += 32;
        let to = next[state]!.get(unit);
        while (to === undefined && state !== 0) { state = fail[state]!; to = next[state]!.get(unit); }
        state = to ?? 0;
        if (ends[state]) return true;
      }
      return false;
    },
  };
}
