import { code, type Code } from '../../code.js';
import type { CrsCheck, CrsRuleSet } from '../../crs/ir.js';
import type { Unit } from '../../feature.js';
export function emitCheck(_check: CrsCheck, _text: Code, _unit: Unit): Code { return code`false`; }
export function emitCrsRules(_rules: CrsRuleSet, _unit: Unit): Code { return code`false`; }
