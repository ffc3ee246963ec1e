/** Sample strings: for a format, for a pattern, of a length. */
import { matcherOf } from './match-pattern.js';
import type { Regex } from './pattern.js';
import { parseRegex, type RegexNode } from './regex-syntax.js';

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date': '2024-01-15', 'date-time': '2024-01-15T09:30:00Z', 'time': '09:30:00Z', 'duration': 'P1D', 'uuid': '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  'email': 'user@example.com', 'idn-email': 'user@example.com', 'uri': 'https://example.com', 'uri-reference': '/example', 'uri-template': '/example/{id}', 'iri': 'https://example.com',
  'iri-reference': '/example', 'hostname': 'example.com', 'idn-hostname': 'example.com', 'ipv4': '192.0.2.1', 'ipv6': '2001:db8::1', 'byte': 'Z3dj', 'regex': '^a$',
  'json-pointer': '/example', 'relative-json-pointer': '0',
};

export const sampleOfFormat = (format: string): string | undefined => (Object.prototype.hasOwnProperty.call(BY_FORMAT, format) ? BY_FORMAT[format] : undefined);

/** `word` repeated or cut to between `min` and `max` characters; at most 10 000. */
export function ofLength(word: string, min: number, max: number): string {
  const length = Math.min(Math.max(word.length, min), max, 10_000);
  return word.repeat(Math.ceil(length / word.length) || 0).slice(0, length);
}

/** A text the pattern matches, at least `min` characters long where it allows that; undefined when none was found. */
export function sampleOfPattern(regex: Regex, min: number, max: number): string | undefined {
  // What lookarounds ask for is left to luck: most forbid what is rare.
  const tree = regex.flags.includes('u') ? parseRegex(regex.source, []) : undefined;
  const expression = matcherOf(regex);
  if (tree) {
    for (const extra of [0, 1, 2, 3, 5, 8, 13, 20, min, min + 1]) {
      const text = write(tree, Math.min(extra, 1000), regex);
      if (text === undefined || text.length > 10_000) continue;
      const padded = text.length < min && !regex.source.endsWith('$') ? text + 'a'.repeat(min - text.length) : text;
      if (padded.length >= min && padded.length <= max && expression.test(padded)) return padded;
    }
  }
  // Beyond that (lookaround, \b between letters): what such patterns mostly ask for.
  return ['Abcdef1!', 'Abcdefgh1234!', 'a', 'A', '1', 'abc', 'ABC', '123', 'a1', 'example', '2024-01-15', ''].map((text) => (text.length < min ? ofLength(text || 'a', min, max) : text))
    .find((text) => text.length <= max && expression.test(text));
}

/** Every repetition its least number of times, and `extra` more where it may. */
function write(node: RegexNode, extra: number, regex: Regex): string | undefined {
  switch (node.kind) {
    case 'set': return memberOf(node.set, regex);
    case 'assert': return '';
    case 'choice': return write(node.items[0]!, extra, regex);
    case 'sequence': {
      let text = '';
      for (const item of node.items) {
        const part = write(item, extra, regex);
        if (part === undefined || text.length > 10_000) return undefined;
        text += part;
      }
      return text;
    }
    case 'repeat': {
      const count = Math.min(node.min + extra, node.max);
      if (count === 0) return '';
      const part = write(node.item, Math.min(extra, 2), regex);
      return part === undefined || part.length * count > 10_000 ? undefined : part.repeat(count);
    }
  }
}

const CANDIDATES = [...'a1A-_ .0bZz9@/:,;!#$%&*+=?()[]{}<>|~^"\'`\\\n\té€漢🙂'];

function memberOf(set: string, regex: Regex): string | undefined {
  const single = new RegExp(`^${set}$`, regex.flags);
  const found = CANDIDATES.find((char) => single.test(char));
  if (found !== undefined) return found;
  for (let code = 0; code < 0x3000; code++) if (single.test(String.fromCodePoint(code))) return String.fromCodePoint(code);
  return undefined;
}
