/**
 * Walks a parsed path through a value, as Jayway does with its default options: a definite path that leads nowhere has no result; an
 * indefinite one gives the list of what it finds, unless a definite step before its first indefinite one leads nowhere.
 */
import { compareNumbers, isNumber, toDouble } from '../arithmetic.js';
import { equals } from '../compare.js';
import { step as charge } from '../limits.js';
import { JavaDouble, JavaList, JavaMap } from '../values.js';
import type { ListClass, Value } from '../values.js';
import { matchesPattern } from '../java-regex/matches.js';
import type { Filter, JsonPath, Operand, PathStep } from './path.js';

/** No such value (null is a value). */
export const MISSING = undefined;

class PathNotFound extends Error {}

/** The value at `path` in `root`, or undefined. Results of indefinite paths are lists of class `lists`. */
export function evaluatePath(path: JsonPath, root: Value, lists: ListClass): Value | undefined {
  return evaluateIn(path, root, root, lists);
}

function evaluateIn(path: JsonPath, start: Value, root: Value, lists: ListClass): Value | undefined {
  const { steps } = path;
  const last = steps.at(-1);
  if (last?.kind === 'function') {
    const found = evaluateIn({ steps: steps.slice(0, -1), definite: isDefinite(steps.slice(0, -1)) }, start, root, lists);
    return found === undefined ? undefined : applyFunction(last.name, last.arguments, found, root, lists);
  }
  const results: Value[] = [];
  try {
    walk(steps, 0, start, root, true, results, lists);
  } catch (error) {
    if (error instanceof PathNotFound) return undefined;
    throw error;
  }
  if (path.definite) return results.length === 0 ? undefined : results[0]!;
  return new JavaList(results, lists);
}

function isDefinite(steps: readonly PathStep[]): boolean {
  return steps.every((step) => step.kind === 'property' || step.kind === 'index');
}

/** `definite`: every step so far leads to at most one value; then a step that does not fit ends the whole path. */
function walk(steps: readonly PathStep[], at: number, value: Value, root: Value, definite: boolean, results: Value[], lists: ListClass): void {
  charge(1);
  if (at === steps.length) { results.push(value); return; }
  const step = steps[at]!;
  const leaf = at === steps.length - 1;
  switch (step.kind) {
    case 'property':
      if (!(value instanceof JavaMap)) return misfit(definite);
      if (!value.has(step.name)) {
        // Further down every missing link of a definite path is an error; at its end there is simply no result.
        if (definite) throw new PathNotFound();
        return;
      }
      return walk(steps, at + 1, value.get(step.name), root, definite, results, lists);
    case 'properties':
      if (!(value instanceof JavaMap)) return misfit(definite);
      if (leaf) {
        const part = new JavaMap();
        for (const name of step.names) if (value.has(name)) part.put(name, value.get(name));
        results.push(part);
        return;
      }
      for (const name of step.names) if (value.has(name)) walk(steps, at + 1, value.get(name), root, false, results, lists);
      return;
    case 'index': case 'indexes': {
      if (!(value instanceof JavaList)) return misfit(definite);
      const indexes = step.kind === 'index' ? [step.index] : step.indexes;
      for (const index of indexes) {
        const item = value.items[index < 0 ? value.items.length + index : index];
        if (item !== undefined) walk(steps, at + 1, item, root, definite && step.kind === 'index', results, lists);
      }
      return;
    }
    case 'slice': {
      if (!(value instanceof JavaList)) return misfit(definite);
      const { length } = value.items;
      // With both bounds Jayway counts from the first to the second, negative ones from the end.
      const from = step.from ?? 0, between = step.from !== undefined && step.to !== undefined;
      const first = between || from >= 0 ? from : Math.max(0, length + from);
      const end = Math.min(length, step.to === undefined ? length : step.to < 0 && !between ? length + step.to : step.to);
      for (let i = Math.max(first, -length); i < end; i++) walk(steps, at + 1, value.items[i < 0 ? length + i : i]!, root, false, results, lists);
      return;
    }
    case 'wildcard':
      for (const item of children(value)) attempt(() => walk(steps, at + 1, item, root, false, results, lists));
      return;
    case 'filter':
      if (value instanceof JavaMap) {
        if (accepts(step.test, value, root, lists)) walk(steps, at + 1, value, root, false, results, lists);
        return;
      }
      if (!(value instanceof JavaList)) return misfit(definite);
      for (const item of value.items) if (accepts(step.test, item, root, lists)) walk(steps, at + 1, item, root, false, results, lists);
      return;
    case 'scan':
      return scan(steps, at, value, root, results, lists, 0);
    case 'function':
      // Only the last step is a function (the parser lets others through as properties would be).
      return misfit(true);
  }
}

function misfit(definite: boolean): void {
  if (definite) throw new PathNotFound();
}

function attempt(run: () => void): void {
  try { run(); } catch (error) { if (!(error instanceof PathNotFound)) throw error; }
}

function children(value: Value): readonly Value[] {
  return value instanceof JavaMap ? value.items() : value instanceof JavaList ? value.items : [];
}

/** The value itself and everything below it, parents first. */
function scan(steps: readonly PathStep[], at: number, value: Value, root: Value, results: Value[], lists: ListClass, depth: number): void {
  charge(1);
  if (depth > 600) return;
  const next = steps[at + 1];
  if (next === undefined) { results.push(value); }
  else if (next.kind === 'filter') {
    // Below `..` a filter asks objects, wherever they are.
    if (value instanceof JavaMap && accepts(next.test, value, root, lists)) attempt(() => walk(steps, at + 2, value, root, false, results, lists));
  } else if (fits(next, value)) attempt(() => walk(steps, at + 1, value, root, false, results, lists));
  for (const item of children(value)) scan(steps, at, item, root, results, lists, depth + 1);
}

function fits(step: PathStep, value: Value): boolean {
  switch (step.kind) {
    case 'property': return value instanceof JavaMap && value.has(step.name);
    case 'properties': return value instanceof JavaMap && step.names.every((name) => value.has(name));
    case 'index': case 'indexes': case 'slice': return value instanceof JavaList;
    default: return true;
  }
}

function accepts(test: Filter, item: Value, root: Value, lists: ListClass): boolean {
  switch (test.kind) {
    case 'and': return accepts(test.left, item, root, lists) && accepts(test.right, item, root, lists);
    case 'or': return accepts(test.left, item, root, lists) || accepts(test.right, item, root, lists);
    case 'not': return !accepts(test.operand, item, root, lists);
    case 'exists': return evaluateIn(test.path, test.root ? root : item, root, lists) !== undefined;
    case 'compare': {
      const right = test.right;
      const left = operandValue(test.left, item, root, lists);
      if (right.kind === 'pattern') return typeof left === 'string' && matchesPattern(right.source, right.ignoreCase, left);
      return compare(test.operator, left, operandValue(right, item, root, lists));
    }
  }
}

function operandValue(operand: Operand, item: Value, root: Value, lists: ListClass): Value | undefined {
  switch (operand.kind) {
    case 'literal': return operand.value;
    case 'path': return evaluateIn(operand.path, operand.root ? root : item, root, lists);
    case 'pattern': return operand.source;
  }
}

function compare(operator: string, left: Value | undefined, right: Value | undefined): boolean {
  switch (operator) {
    case '==': return same(left, right);
    case '!=': return !same(left, right);
    case '<': case '<=': case '>': case '>=': {
      if (left === undefined || right === undefined) return false;
      const order = isNumber(left) && isNumber(right) ? compareNumbers(left, right) : typeof left === 'string' && typeof right === 'string' ? (left < right ? -1 : left > right ? 1 : 0) : NaN;
      return operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order >= 0;
    }
    case 'in': return right instanceof JavaList && right.items.some((item) => same(left, item));
    case 'nin': return right instanceof JavaList && !right.items.some((item) => same(left, item));
    case 'contains': return left instanceof JavaList ? left.items.some((item) => same(item, right)) : typeof left === 'string' && typeof right === 'string' && left.includes(right);
    case 'all': return left instanceof JavaList && right instanceof JavaList && right.items.every((item) => left.items.some((other) => same(item, other)));
    case 'subsetof': return left instanceof JavaList && right instanceof JavaList && left.items.every((item) => right.items.some((other) => same(item, other)));
    case 'anyof': return left instanceof JavaList && right instanceof JavaList && left.items.some((item) => right.items.some((other) => same(item, other)));
    case 'noneof': return left instanceof JavaList && right instanceof JavaList && !left.items.some((item) => right.items.some((other) => same(item, other)));
    case 'size': return right !== undefined && isNumber(right!) && sizeOf(left) === toDouble(right);
    case 'empty': return sizeOf(left) !== undefined && (sizeOf(left) === 0) === (right === true);
    default: return false;
  }
}

function same(left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return isNumber(left!) && isNumber(right!) ? compareNumbers(left, right) === 0 : equals(left!, right!);
}

function sizeOf(value: Value | undefined): number | undefined {
  return value instanceof JavaList ? value.items.length : typeof value === 'string' ? value.length : undefined;
}

function applyFunction(name: string, args: readonly Operand[], value: Value, root: Value, lists: ListClass): Value | undefined {
  const extra = args.map((argument) => operandValue(argument, root, root, lists)).filter((item) => item !== undefined) as Value[];
  switch (name) {
    case 'length': case 'size': return value instanceof JavaMap ? value.size : value instanceof JavaList ? value.items.length : typeof value === 'string' ? value.length : null;
    case 'keys': return value instanceof JavaMap ? new JavaList(value.keys(), lists) : null;
    case 'first': return value instanceof JavaList ? value.items[0] : undefined;
    case 'last': return value instanceof JavaList ? value.items.at(-1) : undefined;
    case 'index': return value instanceof JavaList && typeof extra[0] === 'number' ? value.items.at(extra[0]) : undefined;
    case 'append': return value instanceof JavaList ? new JavaList([...value.items, ...extra], lists) : value;
    case 'concat': return [...(value instanceof JavaList ? value.items : []), ...extra].filter((item) => typeof item === 'string').join('');
    default: {
      const numbers = [...(value instanceof JavaList ? value.items : []), ...extra].filter((item) => isNumber(item)).map((item) => toDouble(item as number));
      if (numbers.length === 0) return undefined;
      const sum = numbers.reduce((a, b) => a + b, 0);
      switch (name) {
        case 'min': return new JavaDouble(numbers.reduce((a, b) => Math.min(a, b)));
        case 'max': return new JavaDouble(numbers.reduce((a, b) => Math.max(a, b)));
        case 'sum': return new JavaDouble(sum);
        case 'avg': return new JavaDouble(sum / numbers.length);
        default: {
          const squares = numbers.reduce((a, b) => a + b * b, 0);
          return new JavaDouble(Math.sqrt(squares / numbers.length - (sum * sum) / numbers.length / numbers.length));
        }
      }
    }
  }
}
