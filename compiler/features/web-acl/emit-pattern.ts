import { code, helper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import type { RunnablePattern } from './ir.js';

const pattern = helper<typeof import('../../../runtime/waf/pattern.js')>();

/** The constant that has `test(text)`. */
export function emitPattern(compiled: RunnablePattern, unit: Unit): Code {
  if (compiled.kind === 'regexp') return unit.constant('PATTERN', code`/* @__PURE__ */ new RegExp(${compiled.source}, "u")`);
  return unit.constant('AUTOMATON', code`/* @__PURE__ */ ${pattern('waf/pattern', 'automatonPattern')}(${compiled.sets}, ${compiled.program})`);
}
