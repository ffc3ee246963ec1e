/** SecRules of the CRS as data; what is not in the subset says why. */
import { compilePattern } from '../pcre/compile.js';
import { parseActions, type Directive } from './directives.js';
import { CRS_TRANSFORMATIONS, PAIRED, SINGLE, type CrsLink, type CrsOperator, type CrsRule, type CrsSelector, type CrsTransformation, type CrsVariable, type RunnablePattern } from './ir.js';

export class NotInSubset extends Error {}

export interface Surroundings {
  /** `tx.name` → value, as 901 initialises them. */
  readonly settings: ReadonlyMap<string, string>;
  /** The lines of a data file beside the rules; undefined: there is none. */
  readonly dataFile: (name: string) => readonly string[] | undefined;
}

interface Gathered { readonly id: string; readonly paranoiaLevel: number; readonly directives: readonly { readonly directive: Directive; readonly actions: readonly [string, string][] }[] }

/** Rules with their chains. Those that steer the engine (skipAfter, SecAction) and those without a paranoia level are none that detect. */
export function gatherRules(directives: readonly Directive[]): Gathered[] {
  const found: Gathered[] = [];
  let chain: { id: string; level: number; directives: { directive: Directive; actions: [string, string][] }[] } | undefined;
  for (const directive of directives) {
    if (directive.name !== 'SecRule') continue;
    const actions = parseActions(directive.arguments[2] ?? '');
    const value = (name: string): string | undefined => actions.find(([each]) => each === name)?.[1];
    chain ??= { id: value('id') ?? '', level: Number(actions.find(([name, text]) => name === 'tag' && text.startsWith('paranoia-level/'))?.[1].slice('paranoia-level/'.length) ?? NaN), directives: [] };
    chain.directives.push({ directive, actions });
    if (value('chain') !== undefined) continue;
    if (chain.level >= 1 && chain.id !== '') found.push({ id: chain.id, paranoiaLevel: chain.level, directives: chain.directives });
    chain = undefined;
  }
  return found;
}

/** Throws NotInSubset. */
export function readRule({ id, paranoiaLevel, directives }: Gathered, surroundings: Surroundings): CrsRule {
  const links = directives.map(({ directive, actions }) => readLink(directive, actions, surroundings));
  if (links.some(({ variables }, index) => variables.some(({ kind }) => kind === 'matched') && (index === 0 || variables.length > 1))) throw new NotInSubset('MATCHED_VARS beside others');
  const scores = directives.flatMap(({ actions }) => actions.flatMap(([name, value]) => {
    const level = name === 'setvar' ? /^tx\.(?:inbound_)?anomaly_score_pl\d=\+%\{tx\.(\w+)\}$/i.exec(value)?.[1] : undefined;
    return level === undefined ? [] : [Number(surroundings.settings.get(level.toLowerCase()) ?? 5)];
  }));
  return { id, paranoiaLevel, links, score: Math.max(0, ...scores) };
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
  const { isNegated, ...read } = readOperator(operator, surroundings);
  return { variables: readVariables(variables), transformations, isMulti: actions.some(([name]) => name === 'multiMatch'), operator: read.operator, isNegated };
}

function readVariables(text: string): CrsVariable[] {
  const found: CrsVariable[] = [];
  const exceptions: { of: string; selector: CrsSelector }[] = [];
  for (const part of split(text)) {
    const [, mark, name, selector] = /^([!&]?)([A-Z_]+)(?::(.*))?$/s.exec(part) ?? [];
    if (name === undefined) throw new NotInSubset(part);
    // Nothing here reads XML: of such a body rules see the bytes.
    if (name === 'XML' || name === 'MULTIPART_PART_HEADERS') continue;
    if (name === 'MATCHED_VARS' && mark === '' && selector === undefined) { found.push({ kind: 'matched' }); continue; }
    if ((SINGLE as readonly string[]).includes(name)) { found.push({ kind: 'single', of: name as (typeof SINGLE)[number] }); continue; }
    const isNames = name.endsWith('_NAMES');
    const of = (isNames ? name.slice(0, -6) : name) as (typeof PAIRED)[number];
    if (!(PAIRED as readonly string[]).includes(of)) throw new NotInSubset(name);
    const only = selector === undefined ? null : readSelector(selector);
    if (mark === '!') { if (only) exceptions.push({ of: name, selector: only }); continue; }
    found.push({ kind: 'pairs', of, take: mark === '&' ? 'count' : isNames ? 'names' : 'values', only, except: [] });
  }
  if (found.length === 0) throw new NotInSubset(text.slice(0, 30));
  return found.map((variable) => {
    if (variable.kind !== 'pairs') return variable;
    const name = variable.take === 'names' ? `${variable.of}_NAMES` : variable.of;
    return { ...variable, except: exceptions.filter(({ of }) => of === name).map(({ selector }) => selector) };
  });
}

/** At bars, but not inside of `/…/`. */
function split(text: string): string[] {
  return [...text.matchAll(/(?:[^|/]|\/(?:[^/\\]|\\[^])*\/|\/)+/g)].map(([part]) => part.trim()).filter((part) => part !== '');
}

function readSelector(text: string): CrsSelector {
  const pattern = /^'?\/(.*)\/'?$/s.exec(text)?.[1];
  return pattern === undefined ? { name: text.replace(/^'|'$/g, '').toLowerCase() } : { pattern: compile(pattern, true) };
}

function compile(source: string, ignoreCase = false): RunnablePattern {
  // libmodsecurity's own flags.
  const compiled = compilePattern(source, { dotAll: true, multiline: true, ignoreCase });
  if (compiled.kind === 'problem') throw new NotInSubset(compiled.message);
  return compiled;
}

function readOperator(text: string, { settings, dataFile }: Surroundings): { operator: CrsOperator; isNegated: boolean } {
  const [, mark, name = 'rx', rest] = /^(!?)(?:@(\w+)(?:\s+|$))?(.*)$/s.exec(text)!;
  const isNegated = mark === '!';
  const argument = name === 'rx' ? rest! : expand(rest!.trim(), settings);
  switch (name) {
    case 'rx': return { operator: { kind: 'rx', pattern: compile(rest!) }, isNegated };
    case 'pm': return { operator: { kind: 'pm', phrases: argument.split(/\s+/).map(phrase) }, isNegated };
    case 'pmFromFile': case 'pmf': {
      const phrases = argument.split(/\s+/).flatMap((file) => {
        const lines = dataFile(file);
        if (!lines) throw new NotInSubset(`no file ${file}`);
        return lines;
      });
      return { operator: { kind: 'pm', phrases: phrases.map((each) => each.toLowerCase()) }, isNegated };
    }
    case 'contains': case 'streq': case 'beginsWith': case 'endsWith': case 'within': return { operator: { kind: name, text: argument }, isNegated };
    case 'eq': case 'gt': case 'ge': case 'lt': case 'le': {
      const number = Number(argument);
      if (argument === '' || !Number.isFinite(number)) throw new NotInSubset(`@${name} ${argument}`);
      return { operator: { kind: name, number }, isNegated };
    }
    // Any byte outside of the ranges.
    case 'validateByteRange': return { operator: { kind: 'rx', pattern: compile(outside(argument)) }, isNegated };
    case 'validateUrlEncoding': return { operator: { kind: 'rx', pattern: compile('%(?:[^0-9A-Fa-f]|[0-9A-Fa-f][^0-9A-Fa-f]|[0-9A-Fa-f]?\\z)') }, isNegated };
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

function expand(text: string, settings: ReadonlyMap<string, string>): string {
  return text.replace(/%\{tx\.(\w+)\}/gi, (_, name: string) => {
    const value = settings.get(name.toLowerCase());
    if (value === undefined) throw new NotInSubset(`%{tx.${name}}`);
    return value;
  });
}
