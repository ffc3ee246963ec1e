/**
 * SQL injection, by rules of our own over tokens: would the text, put into a statement bare or between quotes, change what the statement does? As libinjection does it tries all three
 * places, but it keeps no table of fingerprints.
 */
import { sqlTokens, type SqlTokens } from './sql-tokens.js';

/** Longer texts are looked at as far as this. */
const MOST_BYTES = 65_536;

/** SensitivityLevel LOW, and @detectSQLi. */
export function isSqlInjection(text: string): boolean {
  return isInjection(text, isAttack);
}

/** SensitivityLevel HIGH: also what only begins like an attack. */
export function maybeSqlInjection(text: string): boolean {
  return isInjection(text, (tokens, isQuoted) => isAttack(tokens, isQuoted) || isSuspicious(tokens, isQuoted));
}

function isInjection(text: string, isFound: typeof isAttack): boolean {
  const looked = text.length > MOST_BYTES ? text.slice(0, MOST_BYTES) : text;
  if (!/[^\w\s.,:@-]|--|\b(?:union|select|insert|update|delete|drop|exec|waitfor|and|or|having|order|group|limit|xor|like)\b/i.test(looked)) return false;
  if (isFound(sqlTokens(looked, ''), false)) return true;
  for (const quote of ["'", '"'] as const) {
    if (!looked.includes(quote)) continue;
    const tokens = sqlTokens(looked, quote);
    if (tokens.isClosed && isFound(tokens, true)) return true;
  }
  return false;
}

/** Calls, values in parentheses and lists come down to one value. */
function folded(kinds: string): string {
  let text = kinds.replace(/n(?:\.[nkftEUTo*])+/g, 'n').replace(/[{}]/g, '');
  for (let turn = 0; turn < 20; turn++) {
    const next = text
      .replace(/[fF]\([^()EU]*\)/g, 'F')
      .replace(/([^fFn1sv)]|^)\(([1svF])\)/g, '$1$2')
      .replace(/([1svnF])(?:,o*[1svnF])+/g, '$1')
      .replace(OPERATORS, oneOperator)
      .replace(/&{2,}/g, '&')
      .replace(/s{2,}/g, 's')
      .replace(/([1svnF])tA?n?|A[nk]/g, '$1');
    if (next === text) return text;
    text = next;
  }
  return text;
}

/** All operators before a value. Looked for from the first of them only: from each on it would take the square of their number. */
const OPERATORS = /(?<!o)o+(?=[1svnF(])/g;

/** Signs before a value say nothing where one may begin; elsewhere one operator stands for all. */
function oneOperator(_: string, at: number, kinds: string): string {
  return at === 0 || '&(,EUkB='.includes(kinds[at - 1]!) ? '' : 'o';
}

/** In SQL's own order, behind the value that the application meant. `isQuoted`: that value is the text before the first quote. */
function isAttack({ kinds, texts }: SqlTokens, isQuoted: boolean): boolean {
  const plain = kinds.replace(/C/g, '');
  const line = folded(plain);
  if (line.length < 2 && line !== 'F') return false;
  // A comment that only MySQL runs stands in no harmless text.
  if (kinds.includes('C') && /[EUTf&]/.test(kinds)) return true;
  // Another query behind this one's.
  if (/U[k(]*E/.test(line) || /^[1snvF)]\)*U[k(]*(?:[1vF]|E)/.test(line)) return true;
  // A command behind a semicolon.
  if (/(?:^|[1svnFc)]);+(?:E[1svnkFo(]|T[1svnkFtTE(]|k*U)/.test(line) && !/^n;E[nk]*$/.test(line)) return true;
  if (/^[1sv)]\)*;+(?:c|T(?:c|;|$))/.test(line)) return true;
  if (/^[1sv)]\)*kks/.test(line) && texts.some((each) => /^(?:out|dump)file$/i.test(each))) return true;
  // A subquery, a call that is worth something.
  if (/\(E[1svnFo(kEt]/.test(line) && /[&o,=(U]|^\(/.test(line.slice(0, line.indexOf('(E') + 1))) return true;
  if (/^F$|^F[&oc,;]|[&o,;(=]F|^[1s]F/.test(line)) return true;
  if (/^[1sv)]\)*o?Tk?[1svFt]|^[1s)]\)*Tn?F/.test(line)) return true;
  if (/^Eo?[1svFno]*k[n1sv(]/.test(line) && /o/.test(line) && texts.some((each) => each === '*' || /^\d/.test(each))) return !isProse(line);
  // The condition goes on: `1 or 1=1`, `' or 'a'='a`, `') and 1`.
  if (isQuoted ? /^s\)*&\(*[1svF]/.test(line) : /^(?:[1v)]\)*&\(*(?:F|[1sv]\)*[oc;])|s&\(*[1sv]o)/.test(line)) return true;
  if (isQuoted ? /^s\)*&\(*n(?:o[1svnF(k&]|c)/.test(line) : /^[1v)]\)*&\(*(?:no[1svnF(k]|s(?:$|c))/.test(line)) return true;
  if (/^[sv1)]\)*&\(*[Ek]/.test(line)) return isQuoted || /o|\(|c/.test(line);
  if (/^[1sn)]\)*B[1svF(n]/.test(line) && (isQuoted || /c|;|^1/.test(line))) return true;
  if (/^[n1s][)]*&\(*[1s]o[1s]/.test(line) || /^n&[1s]o?[1s]?c/.test(line)) return true;
  // A quote, then an operator between values: `'='`, `' like '%`, `'+'`, `'-0-'`.
  if (isQuoted && /^so[1svnF(]/.test(line) && /^so\(*(?:s|1|v|F)(?:[oc&;),]|$)/.test(line)) return true;
  // The rest of the statement is commented out.
  if (isQuoted && /^s[);]*c/.test(line)) return true;
  if (!isQuoted && /^1[);]*c/.test(line) && /^(?:--|#|\/\*)/.test(texts[plain.indexOf('c')] ?? '') && texts[0]!.length <= 10) return /^1\)*c/.test(line) && /^\d+[)\s]*(?:--|#|\/\*)/.test(texts.join(''));
  return false;
}

/** Words between that no statement has. */
function isProse(line: string): boolean {
  return /nnn/.test(line);
}

function isSuspicious({ kinds }: SqlTokens, isQuoted: boolean): boolean {
  const line = folded(kinds.replace(/C/g, ''));
  if (/U[(k]*[E1]|E[^;]*k[n(]|[F(]E|;[ET]|F/.test(line)) return true;
  return isQuoted ? /^s\)*(?:[&;,|BUTE]|o[^n]|c)/.test(line) : /^[1v]\)*(?:&|B|U|T|;|c)/.test(line);
}
