import { code, join, type Code } from '../code.js';
import { type Emission, INDEX_OF_TEXT, MATCHES_TEXT, Position } from './emission.js';
import { FOLD, wireForms, type ByteTest } from './path-bytes.js';
import type { MixedSegment } from './route-tree.js';

/** Literal bytes of a mixed segment: before the first variable, between neighbours (possibly none), after the last. */
export interface MixedForm { readonly prefix: readonly ByteTest[]; readonly between: readonly (readonly ByteTest[])[]; readonly suffix: readonly ByteTest[] }

/**
 * A segment such as `{base}...{head}`. Text at its start and end is anchored there; text between two variables is taken where it
 * first occurs after at least one byte, which finds a match whenever there is one. `matched` runs when the segment matches.
 */
export function matchMixed(form: MixedForm, at: Position, stop: Code, matched: Code, emission: Emission): Code {
  const { prefix, between, suffix } = form;
  const least = prefix.length + suffix.length + between.reduce((sum, text) => sum + text.length + 1, 1);
  const tests: Code[] = [code`${stop} >= ${at.plus(least).code}`];
  prefix.forEach((byte, index) => tests.push(byteTest(at.plus(index), byte)));
  if (suffix.length > 0) tests.push(code`${MATCHES_TEXT}(target, ${stop} - ${suffix.length}, ${byteText(suffix)})`);
  const open: Code[] = [];
  let from = at.plus(prefix.length + 1);
  // Bytes that what follows a text takes at least.
  let rest = least - prefix.length - 1;
  for (const text of between) {
    rest -= text.length;
    const found = emission.names.next('found');
    open.push(code`const ${found} = ${INDEX_OF_TEXT}(target, ${from.code}, ${stop} - ${rest}, ${byteText(text)});\nif (${found} >= 0) {`);
    from = new Position(found, text.length + 1);
    rest--;
  }
  return code`if (${join(tests, ' && ')}) {\n${join([...open, matched, ...open.map(() => code`}`)], '\n')}\n}`;
}

/** The ways in which clients may send the segment's text: one, or two where it has characters that some encode and some do not. */
export function mixedForms(segment: MixedSegment): MixedForm[] {
  const texts = segment.parts.map((part) => (typeof part === 'string' ? wireForms(part) : undefined));
  const count = Math.max(...texts.map((forms) => forms?.length ?? 1));
  return Array.from({ length: count }, (_, form) => {
    const literals: ByteTest[][] = [[]];
    for (const forms of texts) {
      if (forms) literals.at(-1)!.push(...(forms[form] ?? forms[0]!));
      else literals.push([]);
    }
    return { prefix: literals[0]!, between: literals.slice(1, -1), suffix: literals.at(-1)! };
  });
}

/** Byte tests as a string literal, in the notation of `runtime/path-match.ts`. */
export function byteText(bytes: readonly ByteTest[]): string {
  return bytes.map((byte) => String.fromCharCode(byte)).join('');
}

export function byteTest(at: Position, byte: ByteTest): Code {
  return byte >= FOLD ? code`(${at.byte} & 223) === ${byte - FOLD}` : code`${at.byte} === ${byte}`;
}
