/** What is wrong with a template, found without running it: names, methods, variables, conditions, patterns; JSON in check-json.ts. */
import { closest } from '../diagnostics/suggest.js';
import { parseJavaRegex, RegexSyntaxError } from '../../runtime/vtl/java-regex/parse.js';
import { parseJsonPath } from '../../runtime/vtl/jsonpath/parse.js';
import { JsonPathError } from '../../runtime/vtl/jsonpath/path.js';
import { ANY_METHODS, METHOD_TABLE } from '../../runtime/vtl/method-table.js';
import { checkJson } from './check-json.js';
import { CONTEXT_NAMES } from './context-names.js';
import type { NameTree } from './context-names.js';
import * as D from './diagnostics.js';
import { UTIL_FUNCTIONS } from './emit-builtin.js';
import { finding } from './finding.js';
import type { Finding } from './finding.js';
import { checkOverrides } from './check-overrides.js';
import type { Expression, Reference, Statement, Step, Template } from './parse.js';
import { BUILTINS } from './survey.js';
import { visitStatements } from './visit.js';

export interface CheckOptions {
  /** The output is JSON (the template's content type says so): its text is checked too. Default false. */
  readonly json?: boolean;
}

/** Every finding, in the order of the text. Never throws. */
export function check(template: Template, options: CheckOptions = {}): Finding[] {
  if (template.problems.length > 0) {
    return template.problems.map(({ message, offset, length }) => finding(D.SYNTAX, { message }, { offset, end: offset + length }));
  }
  const findings: Finding[] = [];
  const bytes = Buffer.byteLength(template.source);
  if (bytes > 300 * 1024) findings.push(finding(D.TOO_LARGE, { bytes }, { offset: 0, end: 1 }));
  const assigned = assignedNames(template);
  visitStatements(template.body, {
    statement: (statement) => checkStatement(statement, template, findings),
    reference: (reference, use) => checkReference(reference, use, assigned, findings),
  });
  checkReachable(template.body, findings);
  checkOverrides(template.body, new Set(), findings);
  if (options.json) findings.push(...checkJson(template));
  return findings.sort((a, b) => a.offset - b.offset);
}

function assignedNames(template: Template): ReadonlySet<string> {
  const names = new Set<string>(['foreach', 'velocityCount', 'velocityHasNext', 'bodyContent', 'null', ...BUILTINS]);
  visitStatements(template.body, {
    statement(statement) {
      if (statement.kind === 'set' && statement.target.steps.length === 0) names.add(statement.target.root);
      if (statement.kind === 'foreach') names.add(statement.variable);
      if (statement.kind === 'define') names.add(statement.name);
      if (statement.kind === 'macro') for (const parameter of statement.parameters) names.add(parameter);
    },
  });
  return names;
}

const MISSPELLINGS: { readonly [name: string]: string } = {
  endif: 'end', endfor: 'end', endforeach: 'end', endIf: 'end', fi: 'end', elif: 'elseif', elsif: 'elseif', elseIf: 'elseif', elseiff: 'elseif', for: 'foreach', each: 'foreach', forEach: 'foreach',
  If: 'if', Else: 'else', End: 'end', Set: 'set', Foreach: 'foreach', esle: 'else', foreah: 'foreach', foeach: 'foreach', return: 'stop', exit: 'stop', continue: 'if',
};

function checkStatement(statement: Statement, template: Template, findings: Finding[]): void {
  if (statement.kind === 'foreach' && statement.malformed) findings.push(finding(D.MALFORMED_FOREACH, {}, { offset: statement.offset, end: statement.offset + '#foreach'.length }));
  if (statement.kind === 'call' && !template.macros.has(statement.name) && Object.hasOwn(MISSPELLINGS, statement.name)) {
    findings.push(finding(D.MISSPELLED_DIRECTIVE, { name: statement.name, suggestion: MISSPELLINGS[statement.name]! }, { offset: statement.offset, end: statement.offset + statement.name.length + 1 }));
  }
  if (statement.kind === 'set' && statement.target.steps.length === 0 && statement.name !== statement.target.root) {
    findings.push(finding(D.ASSIGNS_NOTHING, { reference: statement.target.source, name: statement.target.root }, statement.target));
  }
}

function checkReference(reference: Reference, use: string, assigned: ReadonlySet<string>, findings: Finding[]): void {
  if (reference.runt || reference.escaped || !reference.computable) return;
  const [first] = reference.steps;
  switch (reference.root) {
    case 'util': if (first && !checkUtil(first, findings)) return; break;
    case 'input': if (first && !checkInput(first, findings)) return; break;
    case 'context': checkContext(reference, findings); break;
    case 'method':
      if (!assigned.has('method')) {
        findings.push(finding(D.PARAMETER_MAPPING_NAME, { reference: reference.source.replace(/^\$!?\{?/, '').replace(/\}$/, '') }, reference));
        return;
      }
      break;
    default:
      if (use !== 'assign' && !assigned.has(reference.root)) {
        findings.push(finding(D.UNDEFINED_VARIABLE, { name: reference.root, suggestion: closest(reference.root, [...assigned].filter((name) => name !== 'null' && name !== 'bodyContent')) }, reference));
        return;
      }
  }
  const own = reference.root === 'util' || reference.root === 'input' ? 1 : 0;
  for (const step of reference.steps.slice(own)) {
    if (step.kind !== 'method') continue;
    checkMethod(step, findings);
    checkPattern(step, findings);
  }
}

const APPSYNC: ReadonlySet<string> = new Set(['error', 'appendError', 'validate', 'unauthorized', 'time', 'map', 'list', 'dynamodb', 'rds', 'http', 'xml', 'autoId', 'autoUlid', 'autoKsuid', 'toJson', 'isNull', 'isNullOrEmpty', 'isNullOrBlank', 'defaultIfNull', 'defaultIfNullOrEmpty', 'isString', 'isNumber', 'isBoolean', 'isList', 'isMap', 'typeOf', 'matches', 'quiet', 'qr', 'transform', 'math', 'str', 'log']);

/** Whether it exists: of what does not, nothing more needs to be said. */
function checkUtil(step: Step, findings: Finding[]): boolean {
  if (step.kind === 'index') return true;
  const exists = step.kind === 'method' && Object.hasOwn(UTIL_FUNCTIONS, step.name) && step.arguments.length === 1;
  if (!exists) findings.push(finding(D.UNKNOWN_UTIL, { name: step.name, suggestion: closest(step.name, Object.keys(UTIL_FUNCTIONS)), appSync: APPSYNC.has(step.name), isMisused: Object.hasOwn(UTIL_FUNCTIONS, step.name) }, step));
  return exists;
}

function checkInput(step: Step, findings: Finding[]): boolean {
  const name = step.kind === 'index' ? '[…]' : step.name;
  const count = step.kind === 'method' ? step.arguments.length : -1;
  const exists = step.kind === 'property' ? step.name === 'body' || step.name === 'Body' : step.kind === 'method' && ((name === 'params' && count <= 1) || ((name === 'json' || name === 'path') && count === 1) || (name === 'getBody' && count === 0));
  if (!exists) { findings.push(finding(D.UNKNOWN_INPUT, { name: step.kind === 'method' ? `${name}()` : name }, step)); return false; }
  const [argument] = step.kind === 'method' ? step.arguments : [];
  if ((name === 'json' || name === 'path') && argument?.kind === 'string') {
    try {
      parseJsonPath(argument.value);
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      findings.push(finding(D.BAD_JSON_PATH, { path: argument.value, message: error.message }, argument));
    }
  }
  return true;
}

function checkContext(reference: Reference, findings: Finding[]): void {
  let known: NameTree | null = CONTEXT_NAMES;
  const names: string[] = [];
  for (const step of reference.steps) {
    const name = step.kind === 'property' ? step.name : step.kind === 'index' && step.index.kind === 'string' ? step.index.value : undefined;
    if (name === undefined || known === null || known === true) return;
    names.push(name);
    if (!Object.hasOwn(known, name)) {
      const prefix = names.slice(0, -1).map((part) => `${part}.`).join('');
      const suggestion = closest(name, Object.keys(known));
      findings.push(finding(D.UNKNOWN_CONTEXT, { name: names.join('.'), suggestion: suggestion && prefix + suggestion }, step));
      return;
    }
    known = known[name]!;
  }
}

let allMethods: ReadonlySet<string> | undefined;
/** Methods of the engine's own objects. */
const SPECIAL_METHODS = ['hasNext', 'getIndex', 'getCount', 'getHasNext', 'isFirst', 'isLast', 'getFirst', 'getLast', 'getParent', 'getTopmost', 'stop', 'getName', 'path', 'json', 'params'];

function checkMethod(step: Step & { kind: 'method' }, findings: Finding[]): void {
  allMethods ??= new Set([...Object.keys(ANY_METHODS), ...Object.values(METHOD_TABLE).flatMap((methods) => Object.keys(methods!)), ...SPECIAL_METHODS, ...Object.keys(UTIL_FUNCTIONS)]);
  if (!allMethods.has(step.name)) findings.push(finding(D.UNKNOWN_METHOD, { name: step.name, suggestion: JAVA_NAMES[step.name] ?? closest(step.name, allMethods) }, step));
}

/** What other languages call it. */
const JAVA_NAMES: { readonly [name: string]: string } = { push: 'add', includes: 'contains', slice: 'substring', toLower: 'toLowerCase', toUpper: 'toUpperCase', has: 'containsKey', keys: 'keySet', entries: 'entrySet', count: 'size', len: 'length', append: 'add', strip: 'trim', toInteger: 'intValue' };

function checkPattern(step: Step & { kind: 'method' }, findings: Finding[]): void {
  if (!['replaceAll', 'replaceFirst', 'split', 'matches'].includes(step.name)) return;
  const [pattern] = step.arguments;
  if (pattern?.kind !== 'string') return;
  try {
    parseJavaRegex(pattern.value);
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    findings.push(finding(D.BAD_PATTERN, { pattern: pattern.value, message: error.message }, pattern));
  }
}

/** Branches whose condition is settled, and what stands behind #stop and #break. */
function checkReachable(body: readonly Statement[], findings: Finding[]): void {
  body.forEach((statement, at) => {
    if (statement.kind === 'stop' || statement.kind === 'break') {
      const rest = body.slice(at + 1).find((next) => next.kind !== 'macro' && !(next.kind === 'text' && next.text.trim() === ''));
      if (rest) findings.push(finding(D.UNREACHABLE, { why: `#${statement.kind} comes before it` }, { offset: rest.offset, end: body.at(-1)!.end }));
    }
    if (statement.kind === 'if') {
      let settled = false;
      for (const { test, body: inner } of statement.branches) {
        const value = settledTest(test);
        if (settled) findings.push(finding(D.UNREACHABLE, { why: 'an earlier condition is always true' }, test));
        else if (value === false) findings.push(finding(D.UNREACHABLE, { why: 'its condition is never true' }, test));
        settled ||= value === true;
        checkReachable(inner, findings);
      }
      if (statement.otherwise) {
        if (settled && statement.otherwise.length > 0) findings.push(finding(D.UNREACHABLE, { why: 'an earlier condition is always true' }, { offset: statement.otherwise[0]!.offset, end: statement.otherwise.at(-1)!.end }));
        checkReachable(statement.otherwise, findings);
      }
    }
    if (statement.kind === 'foreach' || statement.kind === 'define' || statement.kind === 'macro') checkReachable(statement.body, findings);
  });
}

/** Whether a condition is always true or always false; undefined when it depends. */
export function settledTest(test: Expression): boolean | undefined {
  switch (test.kind) {
    case 'reference': return undefined;
    case 'boolean': return test.value;
    case 'not': { const operand = settledTest(test.operand); return operand === undefined ? undefined : !operand; }
    case 'binary': {
      const { operator } = test;
      if ('+-*/%'.includes(operator)) return false;
      if (operator === '&&' || operator === '||') {
        const left = settledTest(test.left), right = settledTest(test.right);
        const decisive = operator === '||';
        return left === decisive || right === decisive ? decisive : left === undefined || right === undefined ? undefined : !decisive;
      }
      const literal = (side: Expression): string | undefined => (side.kind === 'string' ? side.value : side.kind === 'integer' ? side.text : undefined);
      const left = literal(test.left), right = literal(test.right);
      if (left === undefined || right === undefined || test.left.kind !== test.right.kind || (operator !== '==' && operator !== '!=')) return undefined;
      return (left === right) === (operator === '==');
    }
    default: return false;
  }
}
