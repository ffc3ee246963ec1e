/** Rules of the OWASP CRS whose links know of each other by variables and names (`capture`, `setvar`, TX, MATCHED_VAR): each a function of its own over names and texts. */
import { code, helper, join, type Code } from '../../code.js';
import type { CrsLink, CrsRule, CrsSelector, CrsVariable } from '../../crs/ir.js';
import type { Unit } from '../../feature.js';
import { composed, emitOperator, emitSelected, emitSingle, emitText } from './emit-crs.js';
import { REQUEST } from './emit-inspection.js';
import { emitPattern } from './emit-pattern.js';

const collections = helper<typeof import('../../../runtime/waf/crs-collections.js')>();
const variables = helper<typeof import('../../../runtime/waf/crs-variables.js')>();
const captures = helper<typeof import('../../../runtime/waf/captures.js')>();

/** The call that says whether the rule holds. */
export function emitDynamicRule({ id, links }: CrsRule, unit: Unit): Code {
  const lines = links.flatMap((link, index) => [
    code`const matched${index} = ${variables('waf/crs-variables', 'holding')}(${emitNamedTexts(link, index, unit)}, (text, name) => {\n${emitTest(link, unit)}\n});`,
    code`if (matched${index}.length === 0) return false;`,
  ]);
  return code`${unit.func(`crs ${id}`, REQUEST, code`boolean`, join([code`const tx = ${variables('waf/crs-variables', 'variablesOf')}(request);`, ...lines, code`return true;`], '\n'))}(request)`;
}

/** Statements of a function over `text` and `name`: what is set where it holds. */
function emitTest({ operator, isNegated, sets }: CrsLink, unit: Unit): Code {
  const holds = operator.kind === 'rx' && operator.groups !== null
    // Most texts do not match, and that is seen sooner without groups.
    ? code`${emitPattern(operator.pattern, unit)}.test(text) && ${variables('waf/crs-variables', 'execute')}(tx, ${unit.constant('GROUPS', code`/* @__PURE__ */ new ${captures('waf/captures', 'CapturingPattern')}(${operator.groups.sets}, ${operator.groups.program})`)}, text)`
    : emitOperator(operator, code`text`, unit);
  if (sets.length === 0) return code`void name;\nreturn ${isNegated ? code`!(${holds})` : holds};`;
  const set = sets.map(({ name, value, isSum }) => code`${variables('waf/crs-variables', isSum ? 'addToVariable' : 'setVariable')}(tx, ${emitText(name)}, ${emitText(value)});`);
  return join([code`void name;`, code`if (${isNegated ? holds : code`!(${holds})`}) return false;`, ...set, code`return true;`], '\n');
}

function emitNamedTexts({ variables: all, transformations }: CrsLink, index: number, unit: Unit): Code {
  const lists = all.map((variable) => emitNamed(variable, index, unit));
  const list = lists.length === 1 ? lists[0]! : code`[${join(lists.map((each) => code`...${each}`), ', ')}]`;
  return transformations.length === 0 ? list : code`${variables('waf/crs-variables', 'transformTexts')}(${list}, (text) => ${composed(code`text`, transformations)})`;
}

function emitNamed(variable: CrsVariable, index: number, unit: Unit): Code {
  switch (variable.kind) {
    case 'single': return code`[${variable.of}, ${emitSingle(variable.of)}]`;
    case 'xml': return code`${collections('waf/crs-collections', 'xmlTexts')}(request).flatMap((text) => ["XML", text])`;
    case 'matched': {
      const previous = code`matched${index - 1}`;
      const some = variable.isLast ? code`${previous}.slice(-2)` : previous;
      return variable.take === 'names' ? code`${variables('waf/crs-variables', 'namesOf')}(${some})` : some;
    }
    case 'tx': {
      const found = emitVariables(variable.only, unit);
      return variable.take === 'count' ? code`${variables('waf/crs-variables', 'keyedCount')}("TX", ${found})` : found;
    }
    case 'pairs': {
      const pairs = emitSelected(variable, unit);
      const take = variable.take === 'names' ? 'keyedNames' : variable.take === 'count' ? 'keyedCount' : 'keyed';
      return code`${variables('waf/crs-variables', take)}(${variable.take === 'names' ? `${variable.of}_NAMES` : variable.of}, ${pairs})`;
    }
  }
}

function emitVariables(only: CrsSelector, unit: Unit): Code {
  return 'name' in only ? code`${variables('waf/crs-variables', 'variableNamed')}(tx, ${only.name})` : code`${variables('waf/crs-variables', 'variablesLike')}(tx, ${emitPattern(only.pattern, unit)})`;
}
