import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closest } from './suggest.js';

const test = suite('did you mean');
const check = (word: string, candidates: readonly string[], expected: string | undefined): void => { test(`${word} of ${candidates.join(', ')}`, () => assert.is(closest(word, candidates), expected)); };

check('passthroughBehaviour', ['passthroughBehavior', 'requestParameters'], 'passthroughBehavior');
check('sumary', ['summary', 'security'], 'summary');
check('PetID', ['petId'], 'petId');
check('teh', ['the', 'tea'], 'the');
check('colour', ['banana', 'apple'], undefined);
check('x', ['constructor', '__proto__'], undefined);
check('anything', [], undefined);
test.run();
