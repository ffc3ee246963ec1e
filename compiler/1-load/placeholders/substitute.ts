import type { Json } from '../../code.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Reporter } from '../../diagnostics/report.js';
import { escapePointer } from '../node.js';
import { setOwn } from '../set-own.js';
import { zoneOf, type Zone } from '../zones.js';
import * as diagnostics from './diagnostics.js';
import type { Asked, Environment } from './environment.js';
import { branchOf, culprit, evaluate, evaluateInTemplate, intrinsicOf, isNoValue, whyNot } from './intrinsics.js';
import { mayHold, replaceInText, wholeValue } from './text.js';
import { typed } from './typed.js';

/** Texts for people, and mapping templates: `${name}` may be meant as it stands, so only names that have a value are replaced. */
const LENIENT = new Set(['description', 'summary', 'title', 'termsOfService', 'requestTemplates', 'responseTemplates']);

/** By part of a document: what it became, with everything that depends on. */
export type SubstitutionMemo = WeakMap<object, { readonly id: string; readonly result: Json; readonly asked: readonly Asked[] }>;

/** Down to `/paths/~1pets/get` and `/components/schemas/Pet`. */
const REMEMBERED_LEVELS = 3;

/** Pointer of a value whose key held placeholders → the pointer of where it is written. */
export type Renamed = Map<string, string>;

/** The place in the file of a place in the document whose keys had placeholders replaced. */
export function asWritten(origin: Origin, renamed: Renamed): Origin {
  for (let end = origin.pointer.length; end > 0; end = origin.pointer.lastIndexOf('/', end - 1)) {
    const written = renamed.get(origin.pointer.slice(0, end));
    if (written !== undefined) return { ...origin, pointer: written + origin.pointer.slice(end) };
  }
  return origin;
}

/**
 * `root` with placeholders and intrinsic functions replaced; parts without any are the same objects. `hasAliases`: an object may stand at several places, as
 * YAML's aliases make it; it is looked through once. `memo`: of the times before, where it may not.
 */
export function substitute(file: string, root: Json, environment: Environment, reporter: Reporter, hasAliases = true, memo?: SubstitutionMemo, renamed: Renamed = new Map()): Json {
  const remember = hasAliases || environment.template !== undefined ? undefined : memo;
  const values = remember && `${file} ${environment.values}`;
  const done = new Map<object, Json>();
  // Keys from the root to where we are, as written and as they are called afterwards: they become a pointer only where something is replaced.
  const path: string[] = [], names: string[] = [];
  // CloudFormation replaces nothing in keys; Terraform knows nothing but text.
  const hasNamesInKeys = environment.template === undefined;
  const here = (): string => path.map((key) => `/${escapePointer(key)}`).join('');
  const isAbsent = (value: Json): boolean => {
    if (environment.template === undefined) return false;
    if (isNoValue(value)) return true;
    const intrinsic = intrinsicOf(value);
    const branch = intrinsic?.name === 'Fn::If' ? branchOf(intrinsic.argument, environment) : undefined;
    return branch !== undefined && isAbsent((intrinsic!.argument as readonly Json[])[branch]!);
  };
  const visit = (value: Json, zone: Zone, lenient: boolean): Json => {
    if (typeof value === 'string') return mayHold(value) ? wholeValue(value, { file, pointer: here() }, environment) ?? replaceInText(value, { file, pointer: here() }, environment, { lenient }) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (remember && path.length > 0 && path.length <= REMEMBERED_LEVELS) return remembered(value, zone, lenient, remember);
    if (!hasAliases) return replaceContainer(value, zone, lenient);
    const known = done.get(value);
    if (known !== undefined) return known;
    const result = replaceContainer(value, zone, lenient);
    done.set(value, result);
    return result;
  };
  const remembered = (value: Json & object, zone: Zone, lenient: boolean, of: SubstitutionMemo): Json => {
    const id = `${zone} ${lenient} ${here()} ${values}`;
    const known = of.get(value);
    if (known?.id === id) {
      for (const asked of known.asked) environment.repeat(asked);
      return known.result;
    }
    const reported = reporter.diagnostics.length;
    const asked = environment.asked.length, named = renamed.size;
    const result = replaceContainer(value, zone, lenient);
    if (reporter.diagnostics.length === reported && renamed.size === named) of.set(value, { id, result, asked: environment.asked.slice(asked) });
    else of.delete(value);
    return result;
  };
  const below = (value: Json, keys: readonly string[], zone: Zone, lenient: boolean, name?: string): Json => {
    path.push(...keys);
    if (name === undefined) names.push(...keys);
    else names.push(name);
    const result = visit(value, zone, lenient);
    path.length -= keys.length;
    names.length -= keys.length;
    return result;
  };
  const nameOf = (key: string): string => {
    const name = replaceInText(key, { file, pointer: `${here()}/${escapePointer(key)}`, key: true }, environment, { lenient: false });
    if (name !== key) renamed.set([...names, name].map((each) => `/${escapePointer(each)}`).join(''), `${here()}/${escapePointer(key)}`);
    return name;
  };
  const replaceContainer = (value: Json & object, zone: Zone, lenient: boolean): Json => {
    const intrinsic = intrinsicOf(value);
    if (intrinsic) {
      const branch = intrinsic.name === 'Fn::If' ? branchOf(intrinsic.argument, environment) : undefined;
      if (branch !== undefined) return below((intrinsic.argument as readonly Json[])[branch]!, ['Fn::If', String(branch)], zone, lenient);
      const pointer = here();
      const result = intrinsic.kind === 'known' ? evaluate(intrinsic, { file, pointer }, environment) : evaluateInTemplate(intrinsic, { file, pointer }, environment);
      if (result !== undefined) return result;
      const broken = culprit(value as Json, { file, pointer }, environment);
      if (broken === undefined) reporter.report(diagnostics.brokenIntrinsic, { file, pointer }, { name: intrinsic.name });
      else reporter.report(diagnostics.needsTemplate, { file, pointer }, { name: broken.name, isInTemplate: environment.template !== undefined, ...whyNot(broken, { file, pointer }, environment) });
      return '';
    }
    if (Array.isArray(value)) {
      const items = value.map((item, index) => below(item as Json, [String(index)], zone, lenient)).filter((_, index) => !isAbsent(value[index] as Json));
      return items.length === value.length && items.every((item, index) => item === value[index]) ? value : items;
    }
    let copy: { [key: string]: Json } | undefined;
    const object = value as { readonly [key: string]: Json };
    for (const key in object) {
      const child = object[key]!;
      const name = hasNamesInKeys && key.includes('${') ? nameOf(key) : key;
      const isLeaf = typeof child !== 'string' && (typeof child !== 'object' || child === null);
      if (isLeaf && name === key) { if (copy) setOwn(copy, key, child); continue; }
      const inner = zoneOf(zone, key, child);
      // In a regular expression `${` is the end of the line and a quantifier.
      const stays = isLeaf || inner === 'data' || (zone === 'object' && key === 'pattern') || (typeof child === 'string' && !mayHold(child));
      const absent = !stays && isAbsent(child);
      const replaced = stays || absent ? child : below(child, [key], inner, lenient || (zone === 'object' && LENIENT.has(key)), name);
      if (replaced === child && !absent && name === key) { if (copy) setOwn(copy, key, child); continue; }
      if (!copy) {
        copy = {};
        for (const before in object) {
          if (before === key) break;
          setOwn(copy, before, object[before]!);
        }
      }
      if (!absent) setOwn(copy, name, zone === 'object' ? typed(key, replaced) : replaced);
    }
    return copy ?? value;
  };
  return visit(root, 'object', false);
}
