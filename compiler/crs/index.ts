/** The OWASP core rule set from its own files: ModSecurity's rules, of which a documented subset becomes code. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseActions, parseDirectives, type Directive } from './directives.js';
import { AFTER, BEFORE, exclusionsOf, lastingExclusion, without, type Exclusion } from './exclusions.js';
import type { CrsCheck, CrsRule, CrsRuleSet, CrsVariant } from './ir.js';
import { gatherRules, NotInSubset, readRule, variablesAsked, variablesSet, type Gathered, type Surroundings } from './rules.js';

/** Protocol, scanners, injection, sessions. Not: reputation of addresses (910), denial of service (912), responses (95x). */
const REQUEST_FILES = /^REQUEST-(?:911|913|920|921|922|930|931|932|933|934|941|942|943|944)-.*\.conf$/;
const INITIALIZATION = /^REQUEST-901-.*\.conf$/;
const MOST_BYTES = 10_000_000;
/** Such a rule is off where crs-setup.conf says nothing of it. */
const SETTING_NOT_MADE = 'its setting is not made';

/** The rule set that a build was given. */
export interface Crs {
  /** Rules of a family (`942`) up to a paranoia level, as checks of one text. */
  checks(family: string, paranoiaLevel: number): readonly CrsCheck[];
  /** All request rules of the chosen paranoia level but `excluded`, by id. */
  rules(excluded: ReadonlySet<string>): CrsRuleSet;
  /** Of the chosen paranoia level. */
  readonly notCompiled: readonly { readonly id: string; readonly reason: string }[];
  readonly total: number;
}

/** `own`: variables as crs-setup.conf sets them (`max_num_args`), lower case. */
export interface CrsSettings { readonly paranoiaLevel: number; readonly threshold: number; readonly own?: ReadonlyMap<string, string> }

/** `path` is relative to `cwd`. A string says why there is no rule set. */
export function loadCrs(path: string, cwd: string, { paranoiaLevel, threshold, own = new Map() }: CrsSettings): Crs | string {
  const folder = resolve(cwd, path);
  let names: string[];
  try { names = readdirSync(folder).sort(); } catch { return 'there is no such folder'; }
  if (!names.some((name) => REQUEST_FILES.test(name))) return 'the folder holds no rules of the CRS';
  try {
    const read = (name: string): string => {
      const file = join(folder, name);
      if (statSync(file).size > MOST_BYTES) throw new Error(`${name} is too large`);
      return readFileSync(file, 'latin1');
    };
    const directives = (pattern: RegExp): Directive[] => names.filter((name) => pattern.test(name)).flatMap((name) => parseDirectives(read(name)));
    const settings = settingsOf(directives(INITIALIZATION));
    const notCompiled: { id: string; reason: string; level: number }[] = [];
    const attempt = <T>(id: string, level: number, work: () => T): T | undefined => {
      try { return work(); } catch (error) {
        if (!(error instanceof NotInSubset)) throw error;
        notCompiled.push({ id, reason: error.message.slice(0, 80), level });
        return undefined;
      }
    };
    let gathered = gatherRules(directives(REQUEST_FILES));
    for (const directive of [...directives(BEFORE).filter(({ name }) => name === 'SecAction'), ...directives(AFTER)]) {
      for (const { isMeant, target } of attempt(`${directive.name} ${directive.arguments[0] ?? ''}`, 1, () => lastingExclusion(directive)) ?? []) {
        gathered = target === null ? gathered.filter((rule) => !isMeant(rule)) : gathered.map((rule) => (isMeant(rule) ? without(rule, target) : rule));
      }
    }
    const asked = variablesAsked(gathered);
    for (const [name, value] of own) {
      if (!asked.has(name) && !settings.has(name)) return `no rule asks for tx.${name}`;
      settings.set(name, value);
    }
    const isSet = variablesSet(gathered);
    const dataFile = (name: string): string[] | undefined => (/^[\w.-]+$/.test(name) && names.includes(name) ? read(name).split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#')) : undefined);
    const surroundings = { settings, isSet, dataFile };
    const conditions: CrsRule[] = [], exclusions: { readonly by: number; readonly exclusion: Exclusion }[] = [];
    for (const each of gatherRules(directives(BEFORE), ({ directives: [first] }) => first !== undefined)) {
      attempt(each.id, 1, () => {
        const found = exclusionsOf(each), rule = found.length === 0 ? null : readRule(each, surroundings);
        if (rule === null) throw new NotInSubset('no exclusion');
        const by = conditions.push(rule) - 1;
        exclusions.push(...found.map((exclusion) => ({ by, exclusion })));
      });
    }
    const compiled: CrsRule[] = [];
    for (const each of gathered) {
      // SqliMatch's SensitivityLevel HIGH asks for level 2.
      if (each.paranoiaLevel > Math.max(paranoiaLevel, 2)) continue;
      const rule = attempt(each.id, each.paranoiaLevel, () => readRule(each, surroundings));
      if (rule === null) notCompiled.push({ id: each.id, reason: SETTING_NOT_MADE, level: each.paranoiaLevel });
      if (!rule) continue;
      const narrowed = attempt(each.id, each.paranoiaLevel, () => withExclusions(rule, each, exclusions.filter(({ exclusion }) => exclusion.isMeant(each)), surroundings));
      if (narrowed) compiled.push(narrowed);
    }
    const chosen = compiled.filter((rule) => rule.paranoiaLevel <= paranoiaLevel);
    const missing = notCompiled.filter(({ level }) => level <= paranoiaLevel);
    return {
      total: chosen.length + missing.length,
      notCompiled: missing.map(({ id, reason }) => ({ id, reason })),
      rules: (excluded) => ({ rules: chosen.filter(({ id, score, links }) => (score > 0 || links.some(({ sets }) => sets.length > 0)) && !excluded.has(id)), conditions, threshold }),
      checks: (family, level) => compiled.filter(({ id, paranoiaLevel: own }) => id.startsWith(family) && own <= level).flatMap(asCheck),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

/** Combinations of more targets that a rule passes over for some requests are not had. */
const MOST_NARROWED = 3;

function withExclusions(rule: CrsRule, source: Gathered, meant: readonly { readonly by: number; readonly exclusion: Exclusion }[], surroundings: Surroundings): CrsRule {
  const narrowing = new Map<number, string[]>();
  for (const { by, exclusion: { target } } of meant) if (target !== null) narrowing.set(by, [...(narrowing.get(by) ?? []), target]);
  if (narrowing.size > MOST_NARROWED) throw new NotInSubset(`${narrowing.size} exclusions for some requests`);
  let subsets: number[][] = [[]];
  for (const by of narrowing.keys()) subsets = [...subsets.map((subset) => [...subset, by]), ...subsets];
  const variants = subsets.filter((when) => when.length > 0).sort((a, b) => b.length - a.length).map((when): CrsVariant => {
    const narrowed = when.flatMap((by) => narrowing.get(by)!).reduce(without, source);
    try { return { when, rule: readRule(narrowed, surroundings) }; } catch (error) {
      if (!(error instanceof NotInSubset)) throw error;
      return { when, rule: null };
    }
  });
  return { ...rule, offBy: meant.filter(({ exclusion }) => exclusion.target === null).map(({ by }) => by), variants };
}

/** A rule about arguments that stands alone can be asked about any text. */
function asCheck({ id, links }: CrsRule): CrsCheck[] {
  const [link, ...chain] = links;
  if (chain.length > 0 || link!.isNegated || link!.sets.length > 0 || !link!.variables.some((variable) => variable.kind === 'pairs' && variable.of === 'ARGS' && variable.take === 'values')) return [];
  return [{ id, transformations: link!.transformations, isMulti: link!.isMulti, operator: link!.operator }];
}

/** What 901 sets where the administrator has set nothing. */
function settingsOf(directives: readonly Directive[]): Map<string, string> {
  const settings = new Map<string, string>();
  for (const { name, arguments: [, , actions = ''] } of directives) {
    if (name !== 'SecRule') continue;
    for (const [action, value] of parseActions(actions)) {
      const assignment = action === 'setvar' ? /^tx\.(\w+)=(.*)$/is.exec(value) : null;
      if (assignment && !settings.has(assignment[1]!.toLowerCase())) settings.set(assignment[1]!.toLowerCase(), assignment[2]!);
    }
  }
  return settings;
}
