/** Exclusions that an administrator wrote beside the CRS, in the two files that it names: rules that are off, or that pass over an argument, always or for some requests. */
import { parseActions, type Directive } from './directives.js';
import { NotInSubset, type Gathered } from './rules.js';

/** Files of exclusions. Those that ship as examples end in `.example` and are none. */
export const BEFORE = /^REQUEST-900-EXCLUSION-RULES-BEFORE-CRS\.conf$/, AFTER = /^RESPONSE-999-EXCLUSION-RULES-AFTER-CRS\.conf$/;

/** What an exclusion does to the rules that `isMeant`: null turns them off, a target (`ARGS:password`) is passed over. */
export interface Exclusion { readonly isMeant: (rule: Gathered) => boolean; readonly target: string | null }

/** SecRuleRemoveById, -ByTag, SecRuleUpdateTargetById, -ByTag: always. Throws NotInSubset. */
export function lastingExclusion({ name, arguments: given }: Directive): Exclusion[] {
  switch (name) {
    case 'SecRuleRemoveById': return [{ isMeant: byIds(given.join(' ')), target: null }];
    case 'SecRuleRemoveByTag': return given.map((tag) => ({ isMeant: byTag(tag), target: null }));
    case 'SecRuleUpdateTargetById': case 'SecRuleUpdateTargetByTag': {
      const [which = '', targets = ''] = given;
      const isMeant = name.endsWith('Tag') ? byTag(which) : byIds(which);
      return targets.split('|').map((target) => {
        if (!target.startsWith('!')) throw new NotInSubset(`${name} ${which} "${targets}" adds a target`);
        return { isMeant, target: target.slice(1) };
      });
    }
    // Of the file before the rules: what it does it does to every request.
    case 'SecAction': {
      const found = exclusionsOf({ directives: [{ actions: parseActions(given[0] ?? '') }] });
      if (found.length === 0) throw new NotInSubset('no exclusion');
      return found;
    }
    default: throw new NotInSubset(name);
  }
}

/** `ctl:` of a rule that runs before the others. Throws NotInSubset. */
export function exclusionsOf({ directives }: { readonly directives: readonly { readonly actions: readonly [string, string][] }[] }): Exclusion[] {
  return directives.flatMap(({ actions }) => actions.flatMap(([action, value]): Exclusion[] => {
    if (action !== 'ctl') return [];
    const [, name, which, target] = /^(\w+)=([^;]*)(?:;(.*))?$/s.exec(value) ?? [];
    switch (name?.toLowerCase()) {
      case 'ruleremovebyid': return [{ isMeant: byIds(which!), target: null }];
      case 'ruleremovebytag': return [{ isMeant: byTag(which!), target: null }];
      case 'ruleremovetargetbyid': return [{ isMeant: byIds(which!), target: target ?? '' }];
      case 'ruleremovetargetbytag': return [{ isMeant: byTag(which!), target: target ?? '' }];
      case 'ruleengine': if (!/^off$/i.test(which!)) throw new NotInSubset(`ctl:${value}`); return [{ isMeant: () => true, target: null }];
      case 'auditlogparts': case 'auditengine': return [];
      default: throw new NotInSubset(`ctl:${value}`);
    }
  }));
}

/** `942100`, `941000-941999`, several of them. */
function byIds(text: string): Exclusion['isMeant'] {
  const ranges = text.split(/[\s,]+/).filter((part) => part !== '').map((part) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (from === undefined) throw new NotInSubset(`${part} is no id`);
    return [Number(from), Number(to)] as const;
  });
  return ({ id }) => ranges.some(([from, to]) => Number(id) >= from && Number(id) <= to);
}

function byTag(tag: string): Exclusion['isMeant'] {
  return ({ directives }) => directives[0]!.actions.some(([name, value]) => name === 'tag' && value.toLowerCase() === tag.toLowerCase());
}

/** The rule, which passes over `target`. A chain's first link alone has an id. */
export function without(rule: Gathered, target: string): Gathered {
  const [first, ...rest] = rule.directives;
  const [variables = '', ...others] = first!.directive.arguments;
  return { ...rule, directives: [{ ...first!, directive: { ...first!.directive, arguments: [`${variables}|!${target}`, ...others] } }, ...rest] };
}
