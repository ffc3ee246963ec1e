/** Java regular expressions (java.util.regex) of documents, e.g. `selectionPattern`, as JavaScript ones, at build time. */
import { parseJavaRegex, RegexSyntaxError } from '../../runtime/vtl/java-regex/parse.js';
import { isLinear, javaToJs } from '../../runtime/vtl/java-regex/to-js.js';

export type Translation =
  | {
    readonly kind: 'translated';
    /** For `new RegExp(source, 'v')` or a literal with the flag `v`. */
    readonly source: string;
    /**
     * Matching takes time linear in the text, whatever the text. When false, text of a client or backend can make JavaScript's engine
     * run for ages: use `matchesPattern` (runtime/vtl/java-regex/matches.ts), which counts its steps and fails instead.
     */
    readonly linear: boolean;
  }
  /** JavaScript cannot say it (`\G`, a back-reference that ignores case): use `matchesPattern`. */
  | { readonly kind: 'untranslatable' }
  /** Not a pattern in Java either. `offset` is a UTF-16 offset in the pattern. */
  | { readonly kind: 'invalid'; readonly message: string; readonly offset: number };

/** `whole`: the pattern must match the whole text (String.matches, selectionPattern), else anywhere in it. */
export function translateJavaRegex(pattern: string, { whole }: { readonly whole: boolean }): Translation {
  try {
    const parsed = parseJavaRegex(pattern);
    const js = javaToJs(parsed);
    if (!js) return { kind: 'untranslatable' };
    return { kind: 'translated', source: whole ? `^(?:${js.source})$` : js.source, linear: isLinear(parsed.root) };
  } catch (error) {
    if (error instanceof RegexSyntaxError) return { kind: 'invalid', message: error.message, offset: Math.min(error.offset, pattern.length) };
    throw error;
  }
}
