/** A web ACL as straight-line code: its rules in order, each one `if`. */
import { code, EMPTY, helper, join, typeHelper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import { emitStatement, looksAtBody } from './emit-statement.js';
import { REQUEST } from './emit-inspection.js';
import type { Action, Rule, WebAcl, WebAclsPart } from './ir.js';

const runtime = helper<typeof import('../../../runtime/waf/request.js')>();
const inserted = helper<typeof import('../../../runtime/waf/inserted-fields.js')>();
const outcome = helper<typeof import('../../../runtime/waf/outcome.js')>();
const prefix = helper<typeof import('../../../runtime/waf/body-prefix.js')>();
const PARAMETERS = code`exchange: ${typeHelper('exchange', 'Exchange')}, next: ${typeHelper('waf/request', 'Next')}`;

/** Statements of the dispatcher: the ACL of the stage goes on with `next`, or answers. */
export function emitWebAcls({ acls, every, byStage, isTold }: WebAclsPart, unit: Unit, next: Code): Code {
  const functions = acls.map((acl) => emitWebAcl(acl, isTold, unit));
  const call = (index: number | null): Code => (index === null ? code`return ${next}(exchange);` : code`return ${functions[index]!}(exchange, ${next});`);
  const stages = Object.entries(byStage).sort(([a], [b]) => (a < b ? -1 : 1));
  if (stages.length === 0) return call(every);
  return code`switch (exchange.gateway.stage) {
${join(stages.map(([stage, index]) => code`  case ${stage}: ${call(index)}`), '\n')}
  default: ${call(every)}
}`;
}

/** What ends the evaluation: how a request is let in, and whether the outcome is kept for `$context`. */
interface Ends { readonly letIn: Code; readonly isTold: boolean }

/** What needs no body is judged at the end of the head: who is blocked by it sends none. */
function emitWebAcl(acl: WebAcl, isTold: boolean, unit: Unit): Code {
  const first = acl.rules.findIndex(ruleLooksAtBody);
  const inserts = acl.rules.some(ruleInserts) || (acl.defaultAction.kind === 'allow' && acl.defaultAction.insert.length > 0);
  const letIn: Code = inserts ? code`${inserted('waf/inserted-fields', 'letInWithFields')}` : code`${runtime('waf/request', 'letIn')}`;
  const ends: Ends = { letIn, isTold };
  const emit = (rules: readonly Rule[]): Code[] => rules.map((rule) => emitRule(rule, acl, null, ends, unit));
  const end = acl.defaultAction.kind === 'allow' ? emitAction(acl.defaultAction, null, ends, unit) : code`${emitTell(acl.visibility.metric, `web ACL ${acl.name} BLOCK by default`)}${emitAction(acl.defaultAction, null, ends, unit)}`;
  const begin = code`const request = ${runtime('waf/request', 'beginJudging')}(exchange, next);${isTold ? code`\n${outcome('waf/outcome', 'beginOutcome')}(request, ${acl.arn});` : EMPTY}`;
  const hint = `webAcl ${acl.name}`, doc = `Web ACL "${acl.name}"`;
  if (first < 0) return unit.func(hint, PARAMETERS, code`void`, join([begin, ...emit(acl.rules), end], '\n'), doc);
  const rest = unit.func(`${hint} body`, REQUEST, code`void`, join([...emit(acl.rules.slice(first)), end], '\n'), `${doc}: from the first rule that looks at the body`);
  return unit.func(hint, PARAMETERS, code`void`, join([begin, ...emit(acl.rules.slice(0, first)), code`${prefix('waf/body-prefix', 'readBodyPrefix')}(request, ${acl.bodyLimit}, ${rest});`], '\n'), doc);
}

function ruleLooksAtBody({ does }: Rule): boolean {
  return does.kind === 'group' ? does.rules.some(ruleLooksAtBody) : looksAtBody(does.statement);
}

function ruleInserts({ does, action }: Rule): boolean {
  return does.kind === 'group' ? does.rules.some(ruleInserts) : action.kind !== 'block' && action.insert.length > 0;
}

/** `group`: the label of the block that a rule ends whose group only counts. */
function emitRule(rule: Rule, acl: WebAcl, group: Code | null, ends: Ends, unit: Unit): Code {
  if (rule.does.kind === 'group') {
    const { rules, asCount, name } = rule.does;
    // A group's own labels and counts are those of its rules.
    if (!asCount) return join(rules.map((each) => emitRule(each, acl, null, ends, unit)), '\n');
    const label = unit.name(`group ${name}`);
    return code`${label}: {\n${join(rules.map((each) => emitRule(each, acl, label, ends, unit)), '\n')}\n}`;
  }
  const { action } = rule;
  const labels = rule.labels.map((label) => code`  ${runtime('waf/request', 'addLabel')}(request, ${label});\n`);
  const isCount = action.kind === 'count' || group !== null;
  const told = emitTell(rule.visibility.metric, `web ACL ${acl.name} ${isCount ? 'COUNT' : action.kind.toUpperCase()} by rule ${rule.name}`);
  return code`if (${emitStatement(rule.does.statement, acl, unit)}) {\n${labels.length > 0 ? join(labels, '\n') : EMPTY}${told}${emitAction(action, group, ends, unit)}\n}`;
}

function emitTell(metric: string | null, what: string): Code {
  return metric === null ? EMPTY : code`  ${runtime('waf/request', 'tell')}(request, ${`${what} metric=${metric}`});\n`;
}

function emitAction(action: Action, group: Code | null, ends: Ends, unit: Unit): Code {
  const decided = (status: number): Code => (ends.isTold ? code`  ${outcome('waf/outcome', 'decided')}(request, ${status});\n` : EMPTY);
  if (action.kind === 'block') {
    if (group !== null) return code`  break ${group};`;
    if (action.response === null) return code`${decided(403)}  return ${unit.gatewayResponse('WAF_FILTERED')}(request.exchange);`;
    const { status, fields, body } = action.response;
    return code`${decided(status === 200 ? 403 : status)}  return ${runtime('waf/request', 'sendCustom')}(request.exchange, ${status}, ${fields}, ${body});`;
  }
  const insert = action.insert.length === 0 ? EMPTY : code`  ${inserted('waf/inserted-fields', 'insertFields')}(request, ${action.insert});\n`;
  if (action.kind === 'count') return insert;
  return group !== null ? code`${insert}  break ${group};` : code`${insert}${decided(200)}  return ${ends.letIn}(request);`;
}
