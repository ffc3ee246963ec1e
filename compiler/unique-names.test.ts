import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UniqueNames } from './unique-names.js';

const test = suite('unique names');

test('the first free of base, base_2, base_3…, as a search from the start finds it', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('a', 'a_2', 'a_3', 'a_2_2', 'b', 'b_3'), { maxLength: 40 }), (bases) => {
    const names = new UniqueNames(['b', 'a_4']);
    const taken = new Set(['b', 'a_4']);
    for (const base of bases) {
      let expected: string = base;
      for (let n = 2; taken.has(expected); n++) expected = `${base}_${n}`;
      taken.add(expected);
      assert.is(names.take(base), expected);
    }
    assert.equal([...names.taken].sort(), [...taken].sort());
  }));
});

test.run();
