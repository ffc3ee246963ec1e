/** What an automaton remembers between texts is bounded, whatever the texts, and it answers the same when it has begun anew. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePattern } from '../../compiler/pcre/compile.js';
import { LazyDfa } from './lazy-dfa.js';

const test = suite('automata made state by state');

/** Of a and b, without a pattern. */
function noise(length: number, seed: number): string {
  let text = '';
  for (let at = 0, state = seed; at < length; at++) text += (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) & 0x10000 ? 'a' : 'b';
  return text;
}

test('texts that lead to ever new states fill no memory', () => {
  const compiled = compilePattern('(?:a|ab).{5,300}c');
  assert.is(compiled.kind, 'automaton');
  if (compiled.kind !== 'automaton') return;
  const dfa = new LazyDfa(compiled.sets, compiled.program);
  for (let seed = 1; seed <= 4; seed++) {
    assert.is(dfa.test(noise(30_000, seed)), false);
    assert.is(dfa.test(`${noise(20_000, seed)}a${'b'.repeat(50)}c`), true);
  }
  const { states } = dfa as unknown as { states: readonly { readonly kernel: readonly number[]; readonly next: Int32Array }[] };
  const bytes = states.reduce((sum, { kernel, next }) => sum + 8 * kernel.length + next.byteLength, 0);
  assert.ok(bytes < 50_000_000, `${bytes} bytes in ${states.length} states`);
});

test.run();
