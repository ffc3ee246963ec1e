import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { translateJavaRegex } from '../../java-regex/translate.js';
import * as diagnostics from './diagnostics.js';

/** `identityValidationExpression`; null: there is none; undefined: it is no regular expression. */
export function readExpression(scheme: string, node: Node, reporter: Reporter): string | null | undefined {
  const field = node.get('identityValidationExpression');
  if (!field || typeof field.value !== 'string' || field.value === '') return null;
  const translation = translateJavaRegex(field.value, { whole: true });
  if (translation.kind === 'invalid') return void reporter.report(diagnostics.INVALID_IDENTITY_EXPRESSION, { ...field.origin, inside: { offset: translation.offset, length: 1 } }, { scheme, problem: translation.message });
  if (translation.kind === 'translated' && !translation.linear) reporter.report(diagnostics.SLOW_IDENTITY_EXPRESSION, field.origin, { scheme });
  return field.value;
}
