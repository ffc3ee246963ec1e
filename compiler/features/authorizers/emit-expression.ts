import { code, helper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import { translateJavaRegex } from '../../java-regex/translate.js';

const pattern = helper<typeof import('../../../runtime/access/identity-pattern.js')>();

/** Whether the whole of `text` matches the Java regular expression. */
export function emitExpression(expression: string, text: Code, unit: Unit): Code {
  const translation = translateJavaRegex(expression, { whole: true });
  if (translation.kind === 'translated' && translation.linear) return code`${unit.constant('IDENTITY_PATTERN', code`new RegExp(${translation.source}, "v")`)}.test(${text})`;
  return code`${pattern('access/identity-pattern', 'matchesIdentity')}(${expression}, ${text})`;
}
