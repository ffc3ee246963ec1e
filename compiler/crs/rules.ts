/** SecRules of the CRS as data; what is not in the subset says why. */
import { compileCapturing, compilePattern } from '../pcre/compile.js';
import { parseAddress } from '../../runtime/waf/address.js';
import { parseActions, type Directive } from './directives.js';
import { CRS_TRANSFORMATIONS, PAIRED, SINGLE, type CrsLink, type CrsOperator, type CrsRule, type CrsSelector, type CrsSet, type CrsText, type CrsTransformation, type CrsVariable, type RunnablePattern } from './ir.js';

export class NotInSubset extends Error {}

export interface Surroundings {
  /** `tx.name` → value, as 901 initialises them. */
  readonly settings: ReadonlyMap<string, string>;
  /** Whether some rule sets `tx.name`. */
  readonly isSet: (name: string) => boolean;
  /** The lines of a data file beside the rules; undefined: there is none. */
  readonly dataFile: (name: string) => readonly string[] | undefined;
}

/** A rule with its chain, as it is written. */
export interface Gathered { readonly id: string; readonly paranoiaLevel: number; readonly directives: readonly { readonly directive: Directive; readonly actions: readonly [string, string][] }[] }

/** Rules with their chains. Those that steer the engine (skipAfter, SecAction) are none that detect; those without a paranoia level only where they set variables that others look at, or are wanted. */
export function gatherRules(directives: readonly Directive[], isWanted: (rule: Gathered) => boolean = () => false): Gathered[] {
  const found: Gathered[] = [];
  let chain: { id: string; level: number; directives: { directive: Directive; actions: [string, string][] }[] } | undefined;
  for (const directive of directives) {
    if (directive.name !== 'SecRule') continue;
    const actions = parseActions(directive.arguments[2] ?? '');
    const value = (name: string): string | undefined => actions.find(([each]) => each === name)?.[1];
    chain ??= { id: value('id') ?? '', level: Number(actions.find(([name, text]) => name === 'tag' && text.startsWith('paranoia-level/'))?.[1].slice('paranoia-level/'.length) ?? NaN), directives: [] };
    chain.directives.push({ directive, actions });
    if (value('chain') !== undefined) continue;
    const rule: Gathered = { id: chain.id, paranoiaLevel: chain.level, directives: chain.directives };
    const isHelper = Number.isNaN(chain.level) && (isWanted(rule) || (!chain.directives.some((each) => each.actions.some(([name]) => name === 'skipAfter')) && chain.directives.some((each) => each.actions.some(([name, text]) => name === 'setvar' && !/score/i.test(text)))));
    if ((chain.level >= 1 || isHelper) && chain.id !== '') found.push(isHelper ? { ...rule, paranoiaLevel: 1 } : rule);
    chain = undefined;
  }
  return found;
}

/** Names, in lower case, of the variables that rules look at. */
export function variablesAsked(rules: readonly Gathered[]): ReadonlySet<string> {
  const texts = rules.flatMap(({ directives }) => directives.map(({ directive }) => directive.arguments.join(' ')));
  return new Set(texts.flatMap((text) => [...text.matchAll(/(?:\bTX:|%\{tx\.)(\w+)/gi)].map(([, name]) => name!.toLowerCase())));
}

/** Whether some rule sets `tx.name`. Of a name with macros in it what stands before the first one counts. */
export function variablesSet(rules: readonly Gathered[]): (name: string) => boolean {
  const names = rules.flatMap(({ directives }) => directives.flatMap(({ actions }) => actions.flatMap(([action, value]) => (action === 'setvar' ? [/^tx\.([^=%]*)(%?)/i.exec(value)] : []))));
  return (name) => names.some((found) => found !== null && !/score/i.test(found[1]!) && (found[2] === '%' ? name.startsWith(found[1]!.toLowerCase()) : name === found[1]!.toLowerCase()));
}

/** Throws NotInSubset. A rule whose setting is not made (`&TX:MAX_NUM_ARGS`) never holds: null. */
export function readRule({ id, paranoiaLevel, directives }: Gathered, surroundings: Surroundings): CrsRule | null {
  const links: CrsLink[] = [], isCapturing: boolean[] = [];
  for (const { directive, actions } of directives) {
    const link = readLink(directive, actions, surroundings);
    const constant = valueOfSettings(link, surroundings);
    if (constant === false) return null;
    if (constant !== undefined) continue;
    links.push(link);
    isCapturing.push(isCapture(actions));
  }
  if (links.length === 0) throw new NotInSubset('settings only');
  const isMatched = ({ variables }: CrsLink): boolean => variables.some(({ kind }) => kind === 'matched');
  if (links.some((link, index) => isMatched(link) && (index === 0 || link.variables.length > 1))) throw new NotInSubset('MATCHED_VARS beside others');
  const isDynamic = links.some((link, index) => link.sets.length > 0 || usesMacros(link.operator) || link.variables.some((each) => each.kind === 'tx' || (each.kind === 'matched' && (each.isLast || each.take === 'names' || index === 0))));
  if (isDynamic && links.some(({ isMulti }) => isMulti)) throw new NotInSubset('multiMatch with variables of its own');
  if (links.some(asksForGroups) && links.some(({ operator }, index) => operator.kind === 'rx' && operator.groups === null && isCapturing[index]!)) throw new NotInSubset('groups that no automaton can remember');
  const scores = directives.flatMap(({ actions }) => actions.flatMap(([name, value]) => {
    const level = name === 'setvar' ? /^tx\.(?:inbound_)?anomaly_score_pl\d=\+%\{tx\.(\w+)\}$/i.exec(value)?.[1] : undefined;
    return level === undefined ? [] : [Number(surroundings.settings.get(level.toLowerCase()) ?? 5)];
  }));
  // What groups match is kept where something asks for it.
  const kept = isDynamic ? links : links.map((link) => (link.operator.kind === 'rx' ? { ...link, operator: { ...link.operator, groups: null } } : link));
  return { id, paranoiaLevel, links: kept, score: Math.max(0, ...scores), isDynamic, offBy: [], variants: [] };
}

const isCapture = (actions: readonly [string, string][]): boolean => actions.some(([name]) => name === 'capture');

/** TX:1, %{tx.1}: without what groups matched, such a rule would never hold. */
function asksForGroups({ variables, operator, sets }: CrsLink): boolean {
  const texts = [...('text' in operator ? [operator.text] : []), ...sets.flatMap(({ name, value }) => [name, value])];
  return variables.some((each) => each.kind === 'tx' && 'name' in each.only && /^\d$/.test(each.only.name)) || texts.some((text) => text.some((part) => typeof part !== 'string' && 'tx' in part && /^\d$/.test(part.tx)));
}

function usesMacros(operator: CrsOperator): boolean {
  return ('text' in operator && operator.text.some((part) => typeof part !== 'string')) || ('number' in operator && typeof operator.number !== 'number');
}

/** What a link comes to that asks only whether a setting is made, or how. */
function valueOfSettings({ variables, operator, isNegated }: CrsLink, { settings, isSet }: Surroundings): boolean | undefined {
  const [variable, ...others] = variables;
  if (variable?.kind !== 'tx' || others.length > 0 || !('name' in variable.only) || /^\d$/.test(variable.only.name) || isSet(variable.only.name)) return undefined;
  const setting = settings.get(variable.only.name);
  if (setting === undefined && variable.take === 'values') return false;
  const text = variable.take === 'count' ? (setting === undefined ? '0' : '1') : setting!;
  const number = parseInt(text, 10) || 0;
  const holds = 'number' in operator && typeof operator.number === 'number'
    ? { eq: number === operator.number, gt: number > operator.number, ge: number >= operator.number, lt: number < operator.number, le: number <= operator.number }[operator.kind]
    : operator.kind === 'streq' ? text === operator.text.join('') : undefined;
  return holds === undefined ? undefined : holds !== isNegated;
}

function readLink(directive: Directive, actions: readonly [string, string][], surroundings: Surroundings): CrsLink {
  const [variables = '', operator = ''] = directive.arguments;
  const transformations: CrsTransformation[] = [];
  for (const [name, value] of actions) {
    if (name !== 't') continue;
    if (value === 'none') { transformations.length = 0; continue; }
    const known = CRS_TRANSFORMATIONS.find((each) => each.toLowerCase() === value.toLowerCase().replace('normalise', 'normalize'));
    if (!known) throw new NotInSubset(`t:${value}`);
    transformations.push(known);
  }
  const has = (name: string): boolean => actions.some(([each]) => each === name);
  const { isNegated, ...read } = readOperator(operator, isCapture(actions), surroundings);
  return { variables: readVariables(variables), transformations, isMulti: has('multiMatch'), operator: read.operator, isNegated, sets: actions.flatMap(([name, value]) => (name === 'setvar' ? readSet(value, surroundings) : [])) };
}

/** Scores are added up by other means (`CrsRule.score`). */
function readSet(text: string, surroundings: Surroundings): CrsSet[] {
  const [, name, sign, value] = /^tx\.([^=]+)=([+-]?)(.*)$/is.exec(text) ?? [];
  if (name === undefined || /score|%\{rule\./i.test(name)) return [];
  if (sign === '-') throw new NotInSubset(`setvar:${text}`);
  return [{ name: readText(name.toLowerCase(), surroundings), value: readText(value!, surroundings), isSum: sign === '+' }];
}

/** Settings are filled in; what is known at run time only stays. */
function readText(text: string, { settings, isSet }: Surroundings): CrsText {
  const parts: CrsText[number][] = [];
  let at = 0;
  for (const macro of text.matchAll(/%\{([^}]*)\}/g)) {
    if (macro.index > at) parts.push(text.slice(at, macro.index));
    at = macro.index + macro[0].length;
    const name = macro[1]!.toLowerCase();
    const tx = /^tx\.(\w+)$/.exec(name)?.[1], header = /^request_headers\.([\w-]+)$/.exec(name)?.[1];
    if (tx !== undefined && settings.has(tx) && !isSet(tx)) parts.push(settings.get(tx)!);
    else if (tx !== undefined && (/^\d$/.test(tx) || isSet(tx))) parts.push({ tx });
    else if (header !== undefined) parts.push({ header });
    else if (name === 'matched_var_name') parts.push({ matched: 'name' });
    else if (name === 'matched_var') parts.push({ matched: 'value' });
    else throw new NotInSubset(macro[0]);
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts.every((part) => typeof part === 'string') ? (parts.length === 0 ? [] : [parts.join('')]) : parts;
}

function readVariables(text: string): CrsVariable[] {
  const found: CrsVariable[] = [];
  const exceptions: { of: string; selector: CrsSelector }[] = [];
  const gone = new Set<string>();
  for (const part of split(text)) {
    const [, mark, name, selector] = /^([!&]?)([A-Z_]+)(?::(.*))?$/s.exec(part) ?? [];
    if (name === undefined) throw new NotInSubset(part);
    if (mark === '!' && (selector === undefined || name === 'XML')) { gone.add(name); continue; }
    const matched = /^MATCHED_VAR(S?)(_NAMES?)?$/.exec(name);
    if (matched && mark === '' && selector === undefined) { found.push({ kind: 'matched', take: matched[2] === undefined ? 'values' : 'names', isLast: matched[1] === '' }); continue; }
    // Attributes are not looked at.
    if (name === 'XML' && mark === '') { if (selector === '/*') found.push({ kind: 'xml' }); continue; }
    if (name === 'TX' && mark !== '!' && selector !== undefined) { found.push({ kind: 'tx', take: mark === '&' ? 'count' : 'values', only: readSelector(selector) }); continue; }
    if ((SINGLE as readonly string[]).includes(name) && mark === '' && selector === undefined) { found.push({ kind: 'single', of: name as (typeof SINGLE)[number] }); continue; }
    const isNames = name.endsWith('_NAMES');
    const of = (isNames ? name.slice(0, -6) : name) as (typeof PAIRED)[number];
    if (!(PAIRED as readonly string[]).includes(of)) throw new NotInSubset(name);
    const only = selector === undefined ? null : readSelector(selector);
    if (mark === '!') { if (only) exceptions.push({ of: name, selector: only }); continue; }
    found.push({ kind: 'pairs', of, take: mark === '&' ? 'count' : isNames ? 'names' : 'values', only, except: [] });
  }
  const left = found.filter((variable) => !gone.has(nameOf(variable)));
  if (left.length === 0) throw new NotInSubset(text.slice(0, 30));
  return left.map((variable) => {
    if (variable.kind !== 'pairs') return variable;
    const name = nameOf(variable);
    return { ...variable, except: exceptions.filter(({ of }) => of === name).map(({ selector }) => selector) };
  });
}

function nameOf(variable: CrsVariable): string {
  if (variable.kind === 'pairs') return variable.take === 'names' ? `${variable.of}_NAMES` : variable.of;
  return variable.kind === 'single' ? variable.of : variable.kind.toUpperCase();
}

/** At bars, but not inside of `/…/`. */
function split(text: string): string[] {
  return [...text.matchAll(/(?:[^|/]|\/(?:[^/\\]|\\[^])*\/|\/)+/g)].map(([part]) => part.trim()).filter((part) => part !== '');
}

function readSelector(text: string): CrsSelector {
  const pattern = /^'?\/(.*)\/'?$/s.exec(text)?.[1];
  return pattern === undefined ? { name: text.replace(/^'|'$/g, '').toLowerCase() } : { pattern: compile(pattern, true) };
}

/** libmodsecurity's own. */
const FLAGS = { dotAll: true, multiline: true };

function compile(source: string, ignoreCase = false): RunnablePattern {
  const compiled = compilePattern(source, { ...FLAGS, ignoreCase });
  if (compiled.kind === 'problem') throw new NotInSubset(compiled.message);
  return compiled;
}

function readOperator(text: string, captures: boolean, surroundings: Surroundings): { operator: CrsOperator; isNegated: boolean } {
  const { dataFile } = surroundings;
  const [, mark, name = 'rx', rest] = /^(!?)(?:@(\w+)(?:\s+|$))?(.*)$/s.exec(text)!;
  const isNegated = mark === '!';
  const known = (): string => expand(rest!.trim(), surroundings);
  switch (name) {
    case 'rx': {
      const source = /%\{tx\./i.test(rest!) ? expand(rest!, surroundings) : rest!;
      const groups = captures ? compileCapturing(source, FLAGS) : null;
      return { operator: { kind: 'rx', pattern: compile(source), groups: typeof groups === 'string' ? null : groups }, isNegated };
    }
    case 'pm': return { operator: { kind: 'pm', phrases: known().split(/\s+/).map(phrase) }, isNegated };
    case 'pmFromFile': case 'pmf': {
      const phrases = known().split(/\s+/).flatMap((file) => {
        const lines = dataFile(file);
        if (!lines) throw new NotInSubset(`no file ${file}`);
        return lines;
      });
      return { operator: { kind: 'pm', phrases: phrases.map((each) => each.toLowerCase()) }, isNegated };
    }
    case 'contains': case 'streq': case 'beginsWith': case 'endsWith': case 'within': return { operator: { kind: name, text: readText(rest!.trim(), surroundings) }, isNegated };
    case 'eq': case 'gt': case 'ge': case 'lt': case 'le': {
      const text = readText(rest!.trim(), surroundings);
      if (text.some((part) => typeof part !== 'string')) return { operator: { kind: name, number: text }, isNegated };
      const number = Number(text.join(''));
      if (text.length === 0 || !Number.isFinite(number)) throw new NotInSubset(`@${name} ${rest!}`);
      return { operator: { kind: name, number }, isNegated };
    }
    case 'ipMatch': {
      const ranges = known().split(/[\s,]+/).filter((range) => range !== '');
      if (ranges.length === 0 || !ranges.every(isRange)) throw new NotInSubset(`@ipMatch ${rest!}`);
      return { operator: { kind: 'ip', ranges }, isNegated };
    }
    case 'detectSQLi': return { operator: { kind: 'sqlInjection' }, isNegated };
    case 'detectXSS': return { operator: { kind: 'crossSiteScripting' }, isNegated };
    case 'validateUtf8Encoding': return { operator: { kind: 'noUtf8' }, isNegated };
    // Any byte outside of the ranges.
    case 'validateByteRange': return { operator: { kind: 'rx', pattern: compile(outside(known())), groups: null }, isNegated };
    case 'validateUrlEncoding': return { operator: { kind: 'rx', pattern: compile('%(?:[^0-9A-Fa-f]|[0-9A-Fa-f][^0-9A-Fa-f]|[0-9A-Fa-f]?\\z)'), groups: null }, isNegated };
    default: throw new NotInSubset(`@${name}`);
  }
}

/** `|41 42|` are bytes. */
function phrase(text: string): string {
  return text.replace(/\|((?:[0-9A-Fa-f]{2}\s*)+)\|/g, (_, digits: string) => Buffer.from(digits.replace(/\s/g, ''), 'hex').toString('latin1')).toLowerCase();
}

function outside(ranges: string): string {
  const parts = ranges.split(',').map((range) => range.trim().split('-').map(Number));
  if (parts.some(([from, to = from]) => !(from! >= 0 && to! <= 255 && from! <= to!))) throw new NotInSubset(`@validateByteRange ${ranges}`);
  const hex = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;
  return `[^${parts.map(([from, to = from]) => `${hex(from!)}-${hex(to!)}`).join('')}]`;
}

function expand(text: string, surroundings: Surroundings): string {
  const parts = readText(text, surroundings);
  if (parts.some((part) => typeof part !== 'string')) throw new NotInSubset(text.slice(0, 40));
  return parts.join('');
}

/** An address, or one with as many leading bits as it has: more would be a range that nobody is in. */
function isRange(text: string): boolean {
  const [, address, bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return address !== undefined && parseAddress(address) !== null && Number(bits ?? 0) <= (address.includes(':') ? 128 : 32);
}
